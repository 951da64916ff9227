#include "features/quantile_sketch.h"

#include <algorithm>
#include <cmath>

namespace logdetect {
namespace {

// The ends, the three percentiles, and a marker halfway between each two of them (Raatikainen 1987).
constexpr std::array<double, QuantileSketch::kMarkers> kShares = {0, .005, .01, .255, .5, .745, .99, .995, 1};

}  // namespace

void QuantileSketch::add(double value) {
  if (count_ == ~std::uint32_t{0}) {
    return;
  }
  // Few values are kept as they are, in order.
  if (count_ < kMarkers) {
    const auto place = std::upper_bound(heights_.begin(), heights_.begin() + count_, value);
    std::copy_backward(place, heights_.begin() + count_, heights_.begin() + count_ + 1);
    *place = value;
    positions_[count_] = count_ + 1;
    ++count_;
    return;
  }
  ++count_;
  std::size_t cell = 0;  // markers above it move up
  // A new extreme becomes the outermost marker.
  if (value < heights_.front()) {
    heights_.front() = value;
  } else if (value >= heights_.back()) {
    heights_.back() = value;
    cell = kMarkers - 2;
  } else {
    cell = static_cast<std::size_t>(std::upper_bound(heights_.begin(), heights_.end(), value) - heights_.begin()) - 1;
  }
  for (std::size_t i = cell + 1; i < kMarkers; ++i) {
    ++positions_.at(i);
  }
  for (std::size_t i = 1; i + 1 < kMarkers; ++i) {
    move(i, 1 + static_cast<double>(count_ - 1) * kShares.at(i));
  }
}

// Moves an inner marker one rank towards the rank it should have, by a parabola through its neighbours, else by a line.
void QuantileSketch::move(std::size_t i, double wanted) {
  const auto before = static_cast<double>(positions_.at(i - 1));
  const auto here = static_cast<double>(positions_.at(i));
  const auto after = static_cast<double>(positions_.at(i + 1));
  const double off = wanted - here;
  const bool up = off >= 1 && after - here > 1;
  if (!up && !(off <= -1 && before - here < -1)) {
    return;
  }
  const double step = up ? 1 : -1;
  const double below = heights_.at(i - 1);
  const double height = heights_.at(i);
  const double above = heights_.at(i + 1);
  const double parabola = height + step / (after - before) *
                                       ((here - before + step) * (above - height) / (after - here) +
                                        (after - here - step) * (height - below) / (here - before));
  // The heights must stay in order, which the parabola does not promise.
  if (below < parabola && parabola < above) {
    heights_.at(i) = parabola;
  } else {
    const double target = up ? above : below;
    const double rank = up ? after : before;
    heights_.at(i) = height + step * (target - height) / (rank - here);
  }
  positions_.at(i) = static_cast<std::uint32_t>(here + step);
}

double QuantileSketch::at(std::size_t marker) const {
  if (count_ == 0) {
    return 0;
  }
  if (count_ >= kMarkers) {
    return heights_.at(marker);
  }
  return heights_.at(static_cast<std::size_t>(std::lround(kShares.at(marker) * (count_ - 1))));
}

void QuantileSketch::save(ByteWriter& out) const {
  out.u32(count_);
  for (std::size_t i = 0; i < kMarkers; ++i) {
    out.f64(heights_.at(i));
    out.u32(positions_.at(i));
  }
}

void QuantileSketch::load(ByteReader& in, double bound) {
  count_ = in.u32();
  const std::size_t used = std::min<std::size_t>(count_, kMarkers);
  for (std::size_t i = 0; i < kMarkers; ++i) {
    heights_.at(i) = in.f64();
    positions_.at(i) = in.u32();
    const bool rising =
        i == 0 || i >= used || (heights_.at(i - 1) <= heights_.at(i) && positions_.at(i - 1) < positions_.at(i));
    if (!(std::abs(heights_.at(i)) <= bound) || !rising || positions_.at(i) > count_) {
      in.fail("quantiles out of range");
    }
  }
}

}  // namespace logdetect
