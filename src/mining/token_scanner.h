#pragma once

#include <cstddef>
#include <vector>

#include "logdetect/mining/masker.h"

namespace logdetect {

/// What the scanner has to know of the options.
struct ScanRules {
  std::size_t max_tokens = 0;
  bool quoted_values = false;
  std::vector<MaskName> names;  ///< of the user's masks, then of pinned placeholders
};

/// Cuts out.text into out.tokens in one pass. out.scratch holds the matches of the user's masks,
/// sorted and disjoint: begin, end, index into `rules.names`. What scanning finds depends on how many digits there are
/// and where, never on which ones ("0x" aside): ShapeMemo rests on that. Cost: O(|text|). Thread-safe with a message
/// per thread.
void scan_tokens(MaskedMessage& out, const ScanRules& rules);

}  // namespace logdetect
