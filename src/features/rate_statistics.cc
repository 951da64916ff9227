#include "features/rate_statistics.h"

#include <algorithm>

namespace logdetect {
namespace {

// The invented lines of the prior, and the companions of each.
constexpr double kPriorLines = 5;
constexpr double kPriorCompanions = 2;
constexpr double kDayToDayVariance = 0.16;  // squared relative deviation
constexpr double kUnseenLines = 0.5;        // what a template never seen is taken to have had
constexpr double kMinBins = 3;              // below three window lengths of training nothing is known of the rate
constexpr double kMaxLines = 1e15;

}  // namespace

void RateStatistics::close(Cell& cell) {
  cell.sum += cell.open;
  // Each line of the bin has all others of the bin as companions.
  cell.companions += cell.open * (cell.open - 1);
  cell.open = 0;
}

void RateStatistics::add(std::size_t id, const std::int64_t* bins) {
  if (id >= size()) {
    resize(id + 1);
  }
  for (std::size_t w = 0; w < windows_; ++w) {
    Cell& cell = cells_[id * windows_ + w];
    if (cell.bin != bins[w]) {
      if (cell.open > 0) {
        close(cell);
      }
      cell.bin = bins[w];
    }
    cell.open += 1;
  }
}

void RateStatistics::close() {
  for (Cell& cell : cells_) {
    if (cell.open > 0) {
      close(cell);
    }
  }
}

BurstModel RateStatistics::burst_model(std::size_t id, std::size_t w, double bins) const {
  if (!(bins >= kMinBins)) {
    return {};
  }
  double lines = 0;
  double companions = 0;
  if (id < size()) {
    const Cell& cell = cells_[id * windows_ + w];
    lines = cell.sum;
    companions = cell.companions;
  }
  const double mean = (lines + kUnseenLines) / bins;
  const double weight = lines + kPriorLines;
  // m / r: the companions of a line, beyond the m that chance alone gives it.
  double extra = (companions + kPriorLines * kPriorCompanions) / weight - mean * lines / weight;
  // The two doubts of the rate: days differ, and few lines tell little of it.
  extra = std::max(extra, 0.0) + mean * (kDayToDayVariance + 1 / (lines + 1));
  // The others in the window: mean m + m / r and size r + 1, where r = mean / extra.
  return {static_cast<float>(mean + extra), static_cast<float>(mean / extra + 1)};
}

void RateStatistics::save(ByteWriter& out) const {
  for (const Cell& cell : cells_) {
    out.i64(cell.bin);
    out.f64(cell.open);
    out.f64(cell.sum);
    out.f64(cell.companions);
    out.u32(cell.most);
  }
}

void RateStatistics::load(ByteReader& in, std::size_t templates) {
  cells_.assign(templates * windows_, Cell{});
  for (Cell& cell : cells_) {
    cell.bin = in.i64();
    cell.open = in.f64();
    cell.sum = in.f64();
    cell.companions = in.f64();
    cell.most = in.u32();
    if (!(cell.open >= 0 && cell.open <= kMaxLines && cell.sum >= 0 && cell.sum <= kMaxLines && cell.companions >= 0 &&
          cell.companions <= kMaxLines * kMaxLines)) {
      in.fail("rate out of range");
    }
    if (!in.ok()) {
      return;
    }
  }
}

}  // namespace logdetect
