#pragma once

#include <cstdint>
#include <vector>

#include "logdetect/mining/masker.h"
#include "mining/flat_map.h"
#include "mining/template.h"

namespace logdetect {

/// Which templates hold a word: finds the template most like a message that matches none. Immutable; thread-safe.
class WordIndex {
 public:
  WordIndex() = default;
  explicit WordIndex(const std::vector<Template>& templates);

  /// The template with the largest share of words in common (2 x common / (words of both)), the earlier one on a tie;
  /// FlatMap::kNone if none has a word in common. Words that more than 4096 templates hold are not looked up.
  [[nodiscard]] std::uint32_t nearest(const MaskedMessage& message) const;

 private:
  FlatMap words_;  // hash of a word -> index into holders_
  std::vector<std::vector<std::uint32_t>> holders_;
  std::vector<std::uint32_t> word_counts_;  // literal words per template
};

}  // namespace logdetect
