// Any bytes through every encoder: JSON re-parses to the valid form of the text, CSV stays one field, the terminal gets
// no byte it would act upon; and the reader of saved results survives the bytes as a result.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "logdetect/base/check.h"
#include "logdetect/base/text.h"
#include "logdetect/report/encode.h"
#include "logdetect/report/explain.h"
#include "report/render.h"

namespace logdetect {
namespace {

void check_json(std::string_view text) {
  std::string encoded;
  append_json_string(encoded, text);
  const nlohmann::json parsed = nlohmann::json::parse(encoded, nullptr, false);
  LD_CHECK(parsed.is_string() && parsed.get_ref<const std::string&>() == to_valid_utf8(text), "JSON reads back");
  LD_CHECK(escape_for_terminal(encoded) == encoded, "JSON is safe to look at");
}

// Follows RFC 4180 over one encoded field.
void check_csv(std::string_view text, bool guard) {
  std::string field;
  append_csv_field(field, text, guard);
  LD_CHECK(to_valid_utf8(field) == field, "CSV is UTF-8");
  const bool quoted = !field.empty() && field.front() == '"';
  if (!quoted) {
    LD_CHECK(field.find_first_of(",\"\r\n") == std::string::npos, "a bare field holds nothing special");
  } else {
    LD_CHECK(field.size() >= 2 && field.back() == '"', "quotes are closed");
    for (std::size_t i = 1; i + 1 < field.size(); ++i) {
      if (field[i] == '"') {
        LD_CHECK(field[i + 1] == '"' && i + 2 < field.size(), "inner quotes are doubled");
        ++i;
      }
    }
  }
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    LD_CHECK(byte >= 0x20 || c == '\t' || c == '\n' || c == '\r', "no control character");
  }
}

void check_text(std::string_view text, bool plain) {
  Finding finding;
  finding.id = "F-0123456789ab";
  finding.message = text;
  finding.template_text = text;
  finding.source = text;
  finding.nearest_template = text;
  Reason reason;
  reason.kind = reasons::kNewTemplate;
  reason.feature = text;
  reason.sentence = text;
  finding.reasons = {reason};
  finding.context_before = {std::string(text)};
  ReportOptions options;
  options.plain = plain;
  std::string shown = finding_block(finding, {}, {}, Style(options), Detail::kFull);
  std::erase(shown, '\n');
  LD_CHECK(escape_for_terminal(shown) == shown, "the terminal gets nothing it would act upon");
}

}  // namespace
}  // namespace logdetect

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  logdetect::check_json(text);
  logdetect::check_csv(text, false);
  logdetect::check_csv(text, true);
  logdetect::check_text(text, false);
  logdetect::check_text(text, true);
  for (const std::string_view id : {"F-0123456789ab", "I-00112233aabb"}) {
    (void)logdetect::explain_from_result(text, id, {}).ok();
  }
  return 0;
}
