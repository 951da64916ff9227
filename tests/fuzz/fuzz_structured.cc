// JSON and logfmt lines, and format patterns, from arbitrary bytes: nothing crashes, and a message never outgrows its
// line by more than escapes can explain.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logdetect/parsing/header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  using namespace logdetect;                                               // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes are bytes
  for (const HeaderPlan::Kind kind : {HeaderPlan::Kind::kJson, HeaderPlan::Kind::kLogfmt}) {
    HeaderPlan plan;
    plan.kind = kind;
    HeaderParser parser(plan);
    Arena arena;
    Header header;
    ParsedTime parsed;
    parser.parse(text, arena, header, parsed);
    // Nested keys repeat the outer one, quotes are escaped, numbers may be written out in full.
    if (header.message.size() > 32 * size + size * size) {
      std::abort();
    }
  }
  FormatSpec spec;
  spec.name = "fuzz";
  spec.pattern = std::string(text.substr(0, text.find('\n')));
  spec.samples.emplace_back();
  spec.samples.back().line = std::string(text);
  (void)compile_format(spec);
  return 0;
}
