#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// Something about a user's mask that is not as it says, or hardly meant.
struct MaskProblem {
  std::size_t mask = 0;  ///< index into MinerOptions::masks
  int line = 0;          ///< of the sample in the configuration file; 0: the mask as a whole
  std::string message;
  std::string hint;
  bool failed = false;  ///< a sample that does not hold; otherwise a warning
};

/// Tries every sample of every mask: `masked` samples with all masks in order and the built-in ones, as a line would
/// be; `matches` and `not_matches` with the mask's own pattern. Warns of a mask that matches the empty text or
/// everything. Errors: kConfig for a pattern RE2 refuses. Cost: O(bytes of patterns and samples).
Result<std::vector<MaskProblem>> check_masks(const MinerOptions& options);

/// What is wrong with a template of MinerOptions::templates ("has no literal text"), empty if nothing is: 1 to
/// kMaxPatternBytes bytes, at most kMaxPlaceholders placeholders (`<*>`, `<IP>`, `<NAME>`), literal text between any
/// two.
[[nodiscard]] std::string check_pinned_template(std::string_view text);

}  // namespace logdetect
