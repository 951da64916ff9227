// Any bytes: what is shown on a terminal has no control character, what goes into JSON is valid UTF-8, and neither
// depends on what was cut off before.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/base/check.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

bool is_valid(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (!point.valid) {
      return false;
    }
    text.remove_prefix(point.length);
  }
  return true;
}

void check_shown(std::string_view shown) {
  while (!shown.empty()) {
    const CodePoint point = decode_utf8(shown);
    LD_CHECK(point.valid, "escaped text is not UTF-8");
    LD_CHECK(point.value >= 0x20 && point.value != 0x7F && (point.value < 0x80 || point.value >= 0xA0),
             "a control character got through");
    LD_CHECK(point.value != 0x200B && point.value != 0xFEFF && (point.value < 0x202A || point.value > 0x202E),
             "a hidden character got through");
    shown.remove_prefix(point.length);
  }
}

}  // namespace
}  // namespace logdetect

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  using namespace logdetect;  // NOLINT(google-build-using-namespace): a page of code
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string shown = escape_for_terminal(text);
  check_shown(shown);
  const std::string valid = to_valid_utf8(text);
  LD_CHECK(is_valid(valid), "to_valid_utf8 gave invalid bytes");
  LD_CHECK(valid == text || !is_valid(text), "valid text was changed");
  const std::size_t columns = size % 17;
  LD_CHECK(display_width(ellipsize(shown, columns)) <= columns, "ellipsize is too wide");
  return 0;
}
