#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"

namespace logdetect {

/// "This is normal": what a person said of a message.
struct AllowRule {
  std::string id;         ///< "A-" + 12 hex digits, or a name of the user's own
  std::string pattern;    ///< a message; <*> or <NAME> stands for any text, at the ends of words too
  std::string host;       ///< only on this host; empty: anywhere
  std::string component;  ///< only from this component; empty: any
  std::string reason;
  std::string author;
  Micros added = 0;
  std::optional<Micros> expires;  ///< events from this time on are reported again
};

/// Id of a rule: the same for the same pattern, host and component.
[[nodiscard]] std::string allow_rule_id(const AllowRule& rule);

/// Whether `text` is an instance of `pattern`, where <*> and <NAME> (capitals and digits) stand for any text, even
/// none. Cost: O(|pattern| + |text|) for one placeholder, O(|pattern| x |text|) at worst.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text);

/// The rules in force. Const calls are thread-safe.
class AllowList {
 public:
  AllowList() = default;
  explicit AllowList(std::vector<AllowRule> rules);

  /// Index of the first rule that allows this event: its template is the rule's pattern, or its message an instance of
  /// it, and host, component and time fit. Events without a time meet rules whatever their expiry.
  /// Cost: O(rules x |message|).
  [[nodiscard]] std::optional<std::size_t> find(std::string_view template_text, std::string_view message,
                                                std::string_view host, std::string_view component,
                                                std::optional<Micros> time) const;
  [[nodiscard]] const std::vector<AllowRule>& rules() const { return rules_; }

 private:
  std::vector<AllowRule> rules_;
};

}  // namespace logdetect
