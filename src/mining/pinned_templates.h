#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/mining/masker.h"

namespace logdetect {

/// The templates a user wrote down: literal text with placeholders. `<*>` takes any text, `<IP>`, `<NUM>` and the other
/// names of mask_name() take a value of that kind, any other `<NAME>` text without blanks; each takes the shortest text
/// up to the literal behind it, the last one all that is left. Immutable; thread-safe.
class PinnedTemplates {
 public:
  /// Errors: kConfig for a template that check_pinned_template() refuses.
  static Result<PinnedTemplates> create(const std::vector<std::string>& templates);

  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  /// Cuts `message` by the first template that matches: literals become delimiters, placeholders values. False, and
  /// `tokens` untouched, if none does. Cost: O(templates + bytes of those whose beginning matches).
  bool match(std::string_view message, std::vector<Token>& tokens) const;
  /// Names of the placeholders that are no mask's, with their hashes.
  [[nodiscard]] const std::vector<MaskName>& names() const { return names_; }

 private:
  struct Piece {
    MaskKind kind = MaskKind::kNone;
    bool any = false;        ///< of the placeholder: takes blanks
    std::uint64_t name = 0;  ///< hash of the placeholder's name if it is no mask's
    std::string literal;     ///< behind the placeholder
    std::uint64_t hash = 0;  ///< of the literal
  };
  struct Pattern {
    std::string head;  ///< before the first placeholder
    std::uint64_t head_hash = 0;
    std::vector<Piece> pieces;
  };

  static bool cut(const Pattern& pattern, std::string_view message, std::vector<Token>& tokens);

  std::vector<Pattern> patterns_;
  std::vector<MaskName> names_;
};

}  // namespace logdetect
