#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logdetect {

/// Messages that training shall leave out, by patterns as in allow rules (matches_pattern), and how many there were.
/// Runs of blanks in a message count as one, as they do in templates. Not thread-safe.
class Exclusion {
 public:
  explicit Exclusion(std::vector<std::string> patterns);

  /// Index of the first pattern that matches. O(patterns), a comparison of a few bytes for nearly all of them.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view message);
  /// The same, and counts it.
  bool take(std::string_view message);

  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }  ///< [patterns]

 private:
  std::vector<std::string> patterns_;
  std::vector<std::uint64_t> counts_;
  std::string one_blank_;  // scratch
};

/// The pattern to give to --exclude for a template: itself where it can be typed; bytes that cannot, and what is longer
/// than 400 bytes, become <*>. Empty when it would match every message.
[[nodiscard]] std::string exclusion_pattern(std::string_view template_text);

}  // namespace logdetect
