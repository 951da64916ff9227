#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "logdetect/base/hash.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// The level a message without a level column begins with: "error: ...", "[WARN] ...". O(1).
[[nodiscard]] Level level_in_front(std::string_view message);

/// Remembers level_in_front() by the bytes it looks at: messages begin alike. Not thread-safe.
class FrontLevels {
 public:
  [[nodiscard]] Level of(std::string_view message) {
    constexpr std::size_t kLookedAt = 16;  // as level_in_front() does: two words of eight bytes
    if (message.size() < kLookedAt) {
      return level_in_front(message);
    }
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, message.data(), sizeof low);
    std::memcpy(&high, message.data() + sizeof low, sizeof high);
    Entry& entry = entries_[hash_mix(low, high) % entries_.size()];
    if (entry.low != low || entry.high != high) {
      entry = {low, high, level_in_front(message)};
    }
    return entry.level;
  }

 private:
  struct Entry {
    std::uint64_t low = 0;  // sixteen NULs are no level either
    std::uint64_t high = 0;
    Level level = Level::kUnknown;
  };
  std::array<Entry, 64> entries_;  // fronts are few; 1.5 KiB stay in the first-level cache
};

}  // namespace logdetect
