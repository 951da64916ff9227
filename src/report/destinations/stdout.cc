#include <unistd.h>

#include "logdetect/base/file.h"
#include "report/buffered_output.h"

namespace logdetect {
namespace {

Result<std::unique_ptr<Output>> open(const std::string& rest, OutputMode /*mode*/) {
  if (!rest.empty() && rest != "-") {
    return make_error(ErrorCode::kUsage, "standard output has no places: '" + rest + "'", "--output", "write -");
  }
  return std::unique_ptr<Output>(std::make_unique<BufferedOutput>(STDOUT_FILENO, "standard output"));
}

// `> app.log` makes it that file, which may be an input or another output.
std::string place(const std::string& /*rest*/) {
  const std::string file = descriptor_identity(STDOUT_FILENO);
  return file.empty() ? "-" : file;
}

}  // namespace

const OutputEntry& stdout_output_entry() {
  static const OutputEntry entry{kStandardOutputScheme, "-", "standard output", "", open, place};
  return entry;
}

}  // namespace logdetect
