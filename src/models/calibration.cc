#include "logdetect/models/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxKnots = 512;
constexpr double kTailShare = 0.02;     // the tail is fitted to what exceeds the 98th percentile
constexpr double kMaxNats = 1e4;        // keeps every value finite
constexpr double kLeastSpread = 0.01;   // of max(1, |score|): scale of the tail when the sample has no spread at all
constexpr double kLeastExcess = 1e-12;  // of max(1, |score|)

// Ranks to keep: the lower half of the knots evenly by rank, the upper half evenly in nats, where verdicts are made.
std::vector<std::size_t> knot_ranks(std::size_t n) {
  std::vector<std::size_t> ranks;
  if (n <= kMaxKnots) {
    ranks.resize(n);
    std::iota(ranks.begin(), ranks.end(), std::size_t{0});
    return ranks;
  }
  constexpr std::size_t kHalf = kMaxKnots / 2;
  const double last = static_cast<double>(n - 1);
  for (std::size_t i = 0; i < kHalf; ++i) {
    const double position = static_cast<double>(i) / static_cast<double>(kHalf - 1);
    ranks.push_back(static_cast<std::size_t>(std::lround(position * last)));
    ranks.push_back(n - static_cast<std::size_t>(std::lround(std::pow(static_cast<double>(n), 1 - position))));
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return ranks;
}

// Mean of (score - base) over the scores above `base`; 0 when there is none.
double mean_excess(std::span<const float> sorted, float base) {
  double sum = 0;
  std::size_t count = 0;
  for (auto it = std::upper_bound(sorted.begin(), sorted.end(), base); it != sorted.end(); ++it) {
    sum += static_cast<double>(*it) - static_cast<double>(base);
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

// Scale of the exponential tail: mean excess over the 98th percentile; over the median when ties or a small sample
// leave nothing above that; a hundredth of the score itself when all scores are equal.
double tail_scale(std::span<const float> sorted) {
  const double unit = std::max(1.0, std::abs(static_cast<double>(sorted.back())));
  const auto percentile = static_cast<std::size_t>((1 - kTailShare) * static_cast<double>(sorted.size()));
  for (const std::size_t rank : {std::min(percentile, sorted.size() - 1), sorted.size() / 2, std::size_t{0}}) {
    if (const double excess = mean_excess(sorted, sorted[rank]); excess > unit * kLeastExcess) {
      return excess;
    }
  }
  return unit * kLeastSpread;
}

}  // namespace

Calibration Calibration::fit(std::span<const float> raw) {
  LD_CHECK(!raw.empty(), "calibration needs scores");
  std::vector<float> sorted;
  sorted.reserve(raw.size());
  std::copy_if(raw.begin(), raw.end(), std::back_inserter(sorted), [](float x) { return std::isfinite(x); });
  Calibration result;
  if (sorted.empty()) {
    return result;
  }
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  for (const std::size_t rank : knot_ranks(sorted.size())) {
    if (!result.scores_.empty() && sorted[rank] <= result.scores_.back()) {
      continue;
    }
    const auto first = std::lower_bound(sorted.begin(), sorted.end(), sorted[rank]);
    const auto at_least = static_cast<double>(sorted.end() - first);
    result.scores_.push_back(sorted[rank]);
    result.surprise_.push_back(static_cast<float>(-std::log(at_least / n)));
  }
  result.surprise_.front() = 0;  // not -0
  result.tail_slope_ = static_cast<float>(1 / tail_scale(sorted));
  return result;
}

float Calibration::surprise(float raw) const {
  if (scores_.empty() || !(raw > scores_.front())) {
    return 0;
  }
  if (raw >= scores_.back()) {
    const double beyond = static_cast<double>(raw) - static_cast<double>(scores_.back());
    const double nats = static_cast<double>(surprise_.back()) + beyond * static_cast<double>(tail_slope_);
    return static_cast<float>(std::min(nats, kMaxNats));
  }
  const auto above = static_cast<std::size_t>(std::upper_bound(scores_.begin(), scores_.end(), raw) - scores_.begin());
  const double span = static_cast<double>(scores_[above]) - static_cast<double>(scores_[above - 1]);
  const double part = (static_cast<double>(raw) - static_cast<double>(scores_[above - 1])) / span;
  const auto low = static_cast<double>(surprise_[above - 1]);
  return static_cast<float>(low + part * (static_cast<double>(surprise_[above]) - low));
}

void Calibration::save(ByteWriter& out) const {
  out.u64(scores_.size());
  out.f32s(scores_);
  out.f32s(surprise_);
  out.f32(tail_slope_);
}

Result<Calibration> Calibration::load(ByteReader& in) {
  Calibration result;
  const std::size_t knots = in.count(8, kMaxKnots);
  result.scores_.resize(knots);
  result.surprise_.resize(knots);
  in.f32s(result.scores_);
  in.f32s(result.surprise_);
  result.tail_slope_ = in.f32();
  const auto not_rising = [](float a, float b) { return a >= b; };
  const bool rising =
      std::adjacent_find(result.scores_.begin(), result.scores_.end(), not_rising) == result.scores_.end() &&
      std::is_sorted(result.surprise_.begin(), result.surprise_.end());
  if (!rising || result.tail_slope_ < 0 || (knots > 0 && result.surprise_.front() < 0)) {
    in.fail("a calibration does not rise");
  }
  if (knots > 0 && static_cast<double>(result.surprise_.back()) > kMaxNats) {
    in.fail("a calibration is out of range");
  }
  if (!in.ok()) {
    return in.finish().error();
  }
  return result;
}

}  // namespace logdetect
