#include "cli/ack_text.h"

#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {

Result<std::optional<Micros>> read_expiry(const std::string& text, Micros now) {
  if (text.empty()) {
    return std::optional<Micros>();
  }
  Micros time = 0;
  if (!parse_time_argument(text, now, time) || text.ends_with("ago")) {
    return make_error(ErrorCode::kUsage, "--expires must be a date or a time from now, not '" + text + "'", "",
                      "2024-12-31, 30d, 12h");
  }
  // "30d" is thirty days ago to the flags that look back; an expiry looks forward.
  const bool relative = text.size() < 5 || text[4] != '-';
  time = relative ? now + (now - time) : time;
  time = time / kMicrosPerSecond * kMicrosPerSecond;  // people read and edit it
  if (time <= now) {
    return make_error(ErrorCode::kUsage, "the rule would expire in the past: " + text, "--expires");
  }
  return std::optional<Micros>(time);
}

std::string rule_text(const AllowRule& rule, Micros now) {
  std::string out = escape_for_terminal(rule.id) + "  " + escape_for_terminal(rule.pattern) + "\n";
  std::string facts;
  const auto fact = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) {
      facts += (facts.empty() ? "" : ", ") + std::string(name) + escape_for_terminal(value);
    }
  };
  fact("component ", rule.component);
  fact("host ", rule.host);
  fact("by ", rule.author);
  fact("on ", rule.added == 0 ? "" : format_rfc3339(rule.added).substr(0, 10));  // the date
  const bool over = rule.expires && *rule.expires <= now;
  fact(over ? "expired " : "until ", rule.expires ? format_rfc3339(*rule.expires) : "");
  fact("because: ", rule.reason);
  return out + (facts.empty() ? "" : "    " + facts + "\n");
}

}  // namespace logdetect
