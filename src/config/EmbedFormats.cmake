# Writes OUTPUT, a source file that holds each of FILES (joined by '|') as bytes. Run by `cmake -P` at build time.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1', " hex "${hex}")
  string(APPEND arrays "const char kBytes${index}[] = {\n${hex}'\\0'};\n")
  string(APPEND rows "    EmbeddedFile{\"${name}\", std::string_view(kBytes${index}, ${size})},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}.new" "// Generated from configs/formats by EmbedFormats.cmake.
#include \"config/embedded_formats.h\"

#include <array>

namespace logdetect {
namespace {

${arrays}
const std::array<EmbeddedFile, ${index}> kFiles = {
${rows}};

}  // namespace

std::span<const EmbeddedFile> embedded_formats() {
  return kFiles;
}

}  // namespace logdetect
")
execute_process(COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${OUTPUT}.new" "${OUTPUT}")
file(REMOVE "${OUTPUT}.new")
