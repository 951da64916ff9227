#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace logdetect {

/// Hash map from well-mixed 64-bit keys to 32-bit values: open addressing, linear probing, one cache line a look-up.
/// Erasing is not offered; overwrite with kNone instead. Not thread-safe while written to.
class FlatMap {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  FlatMap() { clear(); }

  /// The value, or kNone. O(1).
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const {
    for (std::size_t i = key & mask_;; i = (i + 1) & mask_) {
      const Slot& slot = slots_[i];
      if (slot.key == key && slot.used) {
        return slot.value;
      }
      if (!slot.used) {
        return kNone;
      }
    }
  }

  /// Asks for the cache line that find() or put() of this key will touch, so that several keys wait for memory at once.
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[key & mask_]); }

  /// Sets the value, inserting the key if needed. Amortised O(1).
  void put(std::uint64_t key, std::uint32_t value) {
    // Three quarters full: beyond that, linear probing looks at many slots.
    if ((size_ + 1) * 4 > slots_.size() * 3) {
      grow();
    }
    for (std::size_t i = key & mask_;; i = (i + 1) & mask_) {
      Slot& slot = slots_[i];
      if (!slot.used) {
        slot = {key, value, true};
        ++size_;
        return;
      }
      if (slot.key == key) {
        slot.value = value;
        return;
      }
    }
  }

  /// Calls visit(key, value) for every key, in no particular order.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.used) {
        visit(slot.key, slot.value);
      }
    }
  }

  /// Keys held, overwritten ones included.
  [[nodiscard]] std::size_t size() const { return size_; }

  void clear() {
    constexpr std::size_t kInitial = 64;  // slots, a power of two
    slots_.assign(kInitial, {});
    mask_ = kInitial - 1;
    size_ = 0;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t value = kNone;
    bool used = false;
  };

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    size_ = 0;
    for (const Slot& slot : old) {
      if (slot.used) {
        put(slot.key, slot.value);
      }
    }
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t size_ = 0;
};

}  // namespace logdetect
