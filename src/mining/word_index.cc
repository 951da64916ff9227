#include "mining/word_index.h"

#include <algorithm>

namespace logdetect {
namespace {
constexpr std::size_t kTooCommon = 4096;  // templates that hold a word; it then tells none of them apart
}

WordIndex::WordIndex(const std::vector<Template>& templates) {
  word_counts_.reserve(templates.size());
  for (std::uint32_t id = 0; id < templates.size(); ++id) {
    std::uint32_t words = 0;
    for (const TemplateToken& token : templates[id].tokens) {
      if (!token.literal()) {
        continue;
      }
      ++words;
      std::uint32_t slot = words_.find(token.hash);
      if (slot == FlatMap::kNone) {
        slot = static_cast<std::uint32_t>(holders_.size());
        words_.put(token.hash, slot);
        holders_.emplace_back();
      }
      std::vector<std::uint32_t>& holders = holders_[slot];
      // One more than allowed is kept, which tells nearest() that the word is too common.
      if (holders.size() <= kTooCommon && (holders.empty() || holders.back() != id)) {
        holders.push_back(id);
      }
    }
    word_counts_.push_back(words);
  }
}

std::uint32_t WordIndex::nearest(const MaskedMessage& message) const {
  std::vector<std::uint32_t> hits;
  std::size_t words = 0;
  for (const Token& token : message.tokens) {
    if (token.kind != Token::Kind::kWord) {
      continue;
    }
    ++words;
    const std::uint32_t slot = words_.find(token.hash);
    if (slot != FlatMap::kNone && holders_[slot].size() <= kTooCommon) {
      hits.insert(hits.end(), holders_[slot].begin(), holders_[slot].end());
    }
  }
  std::sort(hits.begin(), hits.end());
  std::uint32_t best = FlatMap::kNone;
  double best_share = 0;
  for (std::size_t i = 0; i < hits.size();) {
    std::size_t j = i;
    while (j < hits.size() && hits[j] == hits[i]) {
      ++j;
    }
    const double share = 2.0 * static_cast<double>(j - i) / static_cast<double>(words + word_counts_[hits[i]]);
    if (share > best_share) {
      best_share = share;
      best = hits[i];
    }
    i = j;
  }
  return best;
}

}  // namespace logdetect
