#include "features/column_sample.h"

#include <algorithm>

namespace logdetect {

void ColumnSample::add(std::span<const float> row) {
  if (seen_ == 0) {
    columns_ = row.size();
  }
  ++seen_;
  if (seen_ <= kRows) {
    rows_.insert(rows_.end(), row.begin(), row.end());
    return;
  }
  // The newest of n rows is kept with a chance of kRows / n, as each row before it was.
  const std::uint64_t place = rng_.below(seen_);
  if (place < kRows) {
    std::copy(row.begin(), row.end(), rows_.begin() + static_cast<std::ptrdiff_t>(place * columns_));
  }
}

std::vector<ColumnSample::Quantiles> ColumnSample::quantiles() const {
  std::vector<Quantiles> result;
  if (seen_ == 0 || columns_ == 0) {
    return result;
  }
  const std::size_t rows = rows_.size() / columns_;
  std::vector<float> values(rows);
  const auto at = [&values, rows](std::size_t percent) { return values[std::min(rows - 1, (rows * percent) / 100)]; };
  for (std::size_t column = 0; column < columns_; ++column) {
    for (std::size_t i = 0; i < rows; ++i) {
      values[i] = rows_[i * columns_ + column];
    }
    std::sort(values.begin(), values.end());
    constexpr std::size_t kMedianPercent = 50;
    constexpr std::size_t kHighPercent = 99;
    result.push_back({at(1), at(kMedianPercent), at(kHighPercent)});
  }
  return result;
}

}  // namespace logdetect
