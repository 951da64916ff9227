// Structured lines of every kind, the plan found for them, and format patterns, from arbitrary bytes: nothing crashes,
// and a message never outgrows its line by more than escapes can explain.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/mining/masker.h"
#include "logdetect/parsing/header.h"

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  using namespace logdetect;                                               // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes are bytes
  for (const HeaderPlan::Kind kind :
       {HeaderPlan::Kind::kNone, HeaderPlan::Kind::kJson, HeaderPlan::Kind::kLogfmt, HeaderPlan::Kind::kContainer,
        HeaderPlan::Kind::kSyslog, HeaderPlan::Kind::kCef, HeaderPlan::Kind::kJournal}) {
    HeaderPlan plan;
    plan.kind = kind;
    HeaderParser parser(plan);
    Arena arena;
    Header header;
    ParsedTime parsed;
    parser.parse(text, arena, header, parsed);
    // Nested keys repeat the outer one, quotes are escaped, numbers may be written out in full.
    if (header.message.size() > 32 * size + size * size || header.extra_bytes > header.message.size()) {
      std::abort();
    }
  }
  const std::vector<std::string_view> lines = lines_of(text);
  HeaderParser parser(detect_header(lines));
  static const auto masker = Masker::create({});
  MaskedMessage masked;
  Arena arena;
  for (const std::string_view line : lines) {
    Header header;
    ParsedTime parsed;
    parser.parse(line, arena, header, parsed);
    if (parser.stated_bytes() + header.extra_bytes > header.message.size()) {
      std::abort();
    }
    // The extra pairs stay inside their part of the message.
    masker->mask(header.message, header.extra_bytes, masked);
    const char* const end = header.message.data() + header.message.size();
    for (const Parameter& pair : masked.extras) {
      if (pair.text.data() < end - header.extra_bytes || pair.text.data() + pair.text.size() > end ||
          pair.name_bytes == 0 || pair.name_bytes > pair.text.size()) {
        std::abort();
      }
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
