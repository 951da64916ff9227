#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "features/columns.h"
#include "logdetect/base/clock.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// What the last seconds of event time hold, for each of several window lengths, with the present event.
///
/// A window is a ring of kBuckets buckets of length/kBuckets, so it spans between 11/12 of its length and the whole:
/// the buckets of the present and the eleven before, counted from the epoch. Templates get counters of their own when
/// they show up and lose them when they have been gone for longer than every window; at most 200,000 at a time have
/// some, and the count of any other template is that of the present event alone.
/// Cost: O(windows) per event, amortised. Not thread-safe.
class WindowCounters {
 public:
  static constexpr std::int64_t kBuckets = 12;
  static constexpr std::size_t kMaxTracked = 200'000;  ///< templates

  struct Counts {
    std::uint32_t same = 0;      ///< events of this template
    std::uint32_t events = 0;    ///< of any template
    std::uint32_t errors = 0;    ///< ERROR and worse
    std::uint32_t warnings = 0;  ///< WARNING
    std::uint32_t distinct = 0;  ///< templates
    std::uint32_t fresh = 0;     ///< first sights of a template
    float observed = 1;          ///< share of the window that was observed since restart(), in [1/12, 1]
  };

  /// `seconds` as from usable_windows().
  explicit WindowCounters(std::span<const std::int64_t> seconds);

  /// Empties every window. O(windows).
  void restart(Micros now);
  /// Moves the present forward; `now` never goes back between restarts.
  void advance(Micros now);
  /// Counts an event of the present and says what every window holds with it. `out` has one element per window.
  void add(TemplateId id, Level level, bool first_sight, std::span<Counts> out);

 private:
  using Ring = std::array<std::uint32_t, static_cast<std::size_t>(kBuckets)>;
  struct Window {
    Micros length = 0;
    Micros bucket_length = 1;
    std::int64_t bucket = 0;  ///< of the present
    Micros bucket_end = 0;    ///< first moment of the next bucket
    std::size_t head = 0;     ///< its place in the rings
    Ring events{};
    Ring errors{};
    Ring warnings{};
    Ring fresh{};
    Ring last_seen{};  ///< templates whose last event lies in this bucket
    Counts total;
  };
  /// One template in one window: a cache line.
  struct Cell {
    std::int64_t bucket = INT64_MIN;  ///< of the last event
    std::uint32_t total = 0;
    std::uint32_t epoch = 0;  ///< restart the counts belong to
    Ring counts{};
  };
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  static void open_bucket(Window& window, std::int64_t bucket);
  static void expire(Window& window, std::int64_t bucket);
  std::uint32_t count(Window& window, Cell& cell) const;
  [[nodiscard]] std::uint32_t record_of(std::uint32_t id);
  [[nodiscard]] bool gone(std::uint32_t record) const;

  std::vector<Window> windows_;
  std::vector<std::uint32_t> records_;  ///< by template id
  std::vector<std::uint32_t> owners_;   ///< template id by record
  std::vector<Cell> cells_;             ///< [records x windows]
  std::uint32_t hand_ = 0;              ///< next record to look at for re-use
  std::uint32_t epoch_ = 1;
  Micros now_ = 0;
  Micros since_ = 0;
};

}  // namespace logdetect
