#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/hash.h"
#include "mining/flat_map.h"

namespace logdetect {

/// Which template an id given out stands for. Templates live in slots that are used again after an eviction; ids are
/// not: an id names one template, or what that template was merged into, for as long as it is known. While nothing was
/// evicted the two are equal and nothing is kept. Bounded by the slots and `most_aliases`. const calls are thread-safe.
class TemplateIds {
 public:
  static constexpr std::uint32_t kNone = FlatMap::kNone;

  /// `most_aliases`: ids of merged templates remembered beyond an eviction, the latest ones.
  explicit TemplateIds(std::size_t most_aliases) : most_aliases_(most_aliases) {}

  /// A new id for the template in `slot`. Ids begin again after 2^31 of them, without those still in use.
  std::uint32_t give(std::uint32_t slot);
  /// The id of the template in a slot in use.
  [[nodiscard]] std::uint32_t id_of(std::uint32_t slot) const { return moved_ ? id_of_[slot] : slot; }
  /// The slot an id stands for, perhaps of a template merged since; kNone if it was evicted or never given. O(1).
  [[nodiscard]] std::uint32_t slot(std::uint32_t id) const {
    if (moved_) {
      return slots_.find(key(id));
    }
    return id < next_ ? id : kNone;
  }
  /// Before slots are freed: `roots[s]` is the slot of the template that slot s was merged into, s itself for a live
  /// one, kNone for one that goes. Slots that are not their own root are free afterwards. O(slots + aliases).
  void settle(std::span<const std::uint32_t> roots);
  /// Ids 0..count-1 are slots 0..count-1 again; ids given before are void.
  void restart(std::size_t count);
  [[nodiscard]] std::size_t aliases() const { return aliases_.size(); }

 private:
  struct Alias {
    std::uint32_t id;
    std::uint32_t slot;
  };
  static std::uint64_t key(std::uint32_t id) { return hash_mix(id, 1); }

  std::size_t most_aliases_;
  std::uint32_t next_ = 0;
  bool moved_ = false;                // ids and slots differ
  std::vector<std::uint32_t> id_of_;  // by slot, once moved_
  FlatMap slots_;                     // id -> slot, once moved_
  std::vector<Alias> aliases_;        // of merged templates whose slot was freed, by id
};

}  // namespace logdetect
