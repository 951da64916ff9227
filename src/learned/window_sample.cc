#include "logdetect/learned/window_sample.h"

#include <algorithm>

namespace logdetect {

WindowSample::WindowSample(std::size_t capacity, std::uint64_t events_expected, bool keep_events, std::uint64_t seed)
    : capacity_(std::max<std::size_t>(capacity / kStrata, 1)),
      expected_(std::max<std::uint64_t>(events_expected, 1)),
      keep_events_(keep_events),
      rng_(seed),
      strata_(kStrata) {}

void WindowSample::offer(const WindowBatch& windows, std::size_t w, std::uint64_t position,
                         std::span<const Event> events, const FeatureMatrix& rows) {
  length_ = windows.length;
  columns_ = rows.columns();
  // Not position * kStrata / expected_: that may overflow.
  const double share = static_cast<double>(position) / static_cast<double>(expected_);
  // The stream may be longer than was expected. What comes then falls into the last stratum.
  Stratum& stratum = strata_[std::min(static_cast<std::size_t>(share * kStrata), kStrata - 1)];
  const std::uint64_t arrival = arrivals_++;
  // A full stratum takes the window in place of a random one, or not at all.
  const std::uint64_t place = stratum.offered < capacity_ ? stratum.offered : rng_.below(stratum.offered + 1);
  ++stratum.offered;
  if (place >= capacity_) {
    return;
  }
  if (place == stratum.kept.size()) {
    stratum.kept.emplace_back();
  }
  Window& window = stratum.kept[place];
  window.arrival = arrival;
  const auto begin = static_cast<std::ptrdiff_t>(w * length_);
  const auto end = static_cast<std::ptrdiff_t>((w + 1) * length_);
  constexpr auto kNumbers = static_cast<std::ptrdiff_t>(WindowBatch::kNumbers);
  window.templates.assign(windows.templates.begin() + begin, windows.templates.begin() + end);
  window.values.assign(windows.values.begin() + begin * kNumbers, windows.values.begin() + end * kNumbers);
  // Windows to learn from need no rows, which are most of the memory.
  if (!keep_events_) {
    return;
  }
  window.events.clear();
  window.rows.clear();
  for (const std::uint32_t i : std::span(windows.events).subspan(windows.first[w], windows.fresh(w))) {
    window.events.push_back(events[i]);
    window.rows.insert(window.rows.end(), rows.row(i).begin(), rows.row(i).end());
  }
}

void WindowSample::finish() {
  std::vector<Window> kept;
  for (Stratum& stratum : strata_) {
    std::move(stratum.kept.begin(), stratum.kept.end(), std::back_inserter(kept));
  }
  strata_.clear();
  std::sort(kept.begin(), kept.end(), [](const Window& a, const Window& b) { return a.arrival < b.arrival; });
  windows_.length = length_;
  std::vector<float> rows;
  for (Window& window : kept) {
    windows_.first.push_back(static_cast<std::uint32_t>(events_.size()));
    windows_.templates.insert(windows_.templates.end(), window.templates.begin(), window.templates.end());
    windows_.values.insert(windows_.values.end(), window.values.begin(), window.values.end());
    for (const Event& event : window.events) {
      windows_.events.push_back(static_cast<std::uint32_t>(events_.size()));
      events_.push_back(event);
    }
    rows.insert(rows.end(), window.rows.begin(), window.rows.end());
    // Its memory goes at once, so that the sample is not there twice.
    window = Window{};
  }
  rows_.resize(events_.size(), columns_);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * columns_), columns_, rows_.row(i).begin());
  }
}

}  // namespace logdetect
