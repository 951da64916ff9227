#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/windows.h"

namespace logdetect {

/// A sample of windows from a stream, in the order they came, with the events they score. The stream is cut into 64
/// stretches of equal length and each is sampled uniformly, so that a busy hour does not crowd out the rest.
/// Memory is bounded by the capacity. Deterministic by seed. Not thread-safe.
/// Source: Vitter, "Random sampling with a reservoir", 1985, algorithm R, in each stratum.
class WindowSample {
 public:
  /// `events_expected`: length of the stream. With `keep_events` the sample can be scored, else only be learnt from.
  WindowSample(std::size_t capacity, std::uint64_t events_expected, bool keep_events, std::uint64_t seed);

  /// Offers window `w` of a batch; `position` is the number of its newest event in the stream.
  void offer(const WindowBatch& windows, std::size_t w, std::uint64_t position, std::span<const Event> events,
             const FeatureMatrix& rows);
  /// Puts the sample in order. Call once, after the last offer.
  void finish();

  [[nodiscard]] std::uint64_t offered() const { return arrivals_; }
  [[nodiscard]] std::size_t size() const { return windows_.first.size(); }
  /// After finish(). With kept events, WindowBatch::events counts in events().
  [[nodiscard]] const WindowBatch& windows() const { return windows_; }
  [[nodiscard]] std::span<const Event> events() const { return events_; }
  [[nodiscard]] const FeatureMatrix& rows() const { return rows_; }

 private:
  static constexpr std::size_t kStrata = 64;  // of a day, each is 22 minutes

  struct Window {
    std::uint64_t arrival = 0;
    std::vector<std::uint32_t> templates;
    std::vector<float> values;
    std::vector<Event> events;
    std::vector<float> rows;
  };
  struct Stratum {
    std::uint64_t offered = 0;
    std::vector<Window> kept;
  };

  std::size_t capacity_;  // of a stratum
  std::uint64_t expected_;
  bool keep_events_;
  Rng rng_;
  std::uint64_t arrivals_ = 0;
  std::size_t length_ = 0;
  std::size_t columns_ = 0;
  std::vector<Stratum> strata_;
  WindowBatch windows_;
  std::vector<Event> events_;
  FeatureMatrix rows_;
};

}  // namespace logdetect
