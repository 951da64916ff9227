#include "logdetect/learned/row_sample.h"

#include <algorithm>
#include <numeric>

namespace logdetect {

void RowSample::offer(const Event& event, std::span<const float> row) {
  const std::uint64_t arrival = offered_++;
  columns_ = row.size();
  if (events_.size() < capacity_) {
    values_.insert(values_.end(), row.begin(), row.end());
    events_.push_back(event);
    order_.push_back(arrival);
    return;
  }
  // The newest of n rows is kept with a chance of capacity / n, as each row before it was.
  const std::uint64_t place = rng_.below(offered_);
  if (place < capacity_) {
    std::copy(row.begin(), row.end(), values_.begin() + static_cast<std::ptrdiff_t>(place * columns_));
    events_[place] = event;
    order_[place] = arrival;
  }
}

void RowSample::finish() {
  // Rows that took the place of others stand out of order; `order_` tells when each came.
  std::vector<std::size_t> sorted(events_.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::sort(sorted.begin(), sorted.end(), [this](std::size_t a, std::size_t b) { return order_[a] < order_[b]; });
  matrix_.resize(sorted.size(), columns_);
  std::vector<Event> events;
  events.reserve(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto from = values_.begin() + static_cast<std::ptrdiff_t>(sorted[i] * columns_);
    std::copy(from, from + static_cast<std::ptrdiff_t>(columns_), matrix_.row(i).begin());
    events.push_back(events_[sorted[i]]);
  }
  events_ = std::move(events);
  // Frees the memory: from now on the rows are in the matrix.
  values_ = {};
}

}  // namespace logdetect
