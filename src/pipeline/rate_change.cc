#include "pipeline/rate_change.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace logdetect {

double rate_change_p_value(std::uint64_t before, std::uint64_t after, double exposure, double dispersion) {
  const auto first = static_cast<double>(before);
  const auto second = static_cast<double>(after);
  const double sum = first + second;
  if (!(sum > 0)) {
    return 1;
  }
  // If both came at one rate, the sum divides by the lengths of observation.
  const double expected = sum / (1 + exposure);
  // Counts are whole numbers: half of one is taken off the distance, or few of them would look too sure.
  const double shift = std::clamp(expected - first, -0.5, 0.5);
  const auto part = [](double seen, double usual) { return seen > 0 ? seen * std::log(seen / usual) : 0.0; };
  const double ratio = 2 * (part(first + shift, expected) + part(second - shift, sum - expected));
  return std::erfc(
      std::sqrt(std::max(ratio, 0.0) / std::max(dispersion, 1.0) / 2));  // chi-square with one degree of freedom
}

std::vector<bool> discoveries(std::span<const double> p_values, double false_share) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::size_t believed = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double bound = false_share * static_cast<double>(i + 1) / static_cast<double>(order.size());
    // The largest p-value below its bound decides, though some before it may lie above theirs.
    believed = p_values[order[i]] <= bound ? i + 1 : believed;
  }
  std::vector<bool> out(p_values.size(), false);
  for (std::size_t i = 0; i < believed; ++i) {
    out[order[i]] = true;
  }
  return out;
}

double median_of(std::vector<double> values, double otherwise) {
  if (values.empty()) {
    return otherwise;
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace logdetect
