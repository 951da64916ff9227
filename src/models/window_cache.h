#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "logdetect/base/hash.h"

namespace logdetect {

/// Errors of windows that were scored before, by the hash of their content: logs repeat themselves far beyond a batch.
/// What it holds changes no score, only when it is computed. A fixed table, in which a window displaces another of the
/// same place: 28 + 4 L bytes an entry, 3.5 MB for the default at L = 20, allocated with the first put(). Thread-safe.
class WindowCache {
 public:
  static constexpr std::size_t kEntries = std::size_t{1} << 15;

  /// `length`: positions of a window, L. `entries`: a power of two.
  explicit WindowCache(std::size_t length, std::size_t entries = kEntries) : length_(length), entries_(entries) {}

  /// Fills `last` with the errors of the window's last positions. False when they are not all known; `last` is then
  /// unspecified. O(L).
  bool find(const Hash128& content, std::span<float> last) const;
  void put(const Hash128& content, std::span<const float> last);

 private:
  struct Entry {
    Hash128 content;
    std::uint32_t known = 0;  // last positions stored; 0: empty
  };

  const std::size_t length_;
  const std::size_t entries_;
  mutable std::mutex mutex_;
  std::vector<Entry> table_;   // guarded by mutex_, like the next
  std::vector<float> errors_;  // [entries x L], each entry's at the end of its row
};

}  // namespace logdetect
