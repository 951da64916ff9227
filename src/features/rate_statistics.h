#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// How many further lines of a template to expect in a window that holds one already: negative binomial with this mean
/// and size. mean 0: nothing can be said yet, bursts are silent.
struct BurstModel {
  float mean = 0;
  float size = 1;
};

/// Counts of every template in consecutive bins as long as each window, and what they say of bursts.
///
/// A burst is judged from the point of view of an event: given this line, how many others does the window hold? If
/// counts per bin are negative binomial with mean m and size r, the others are negative binomial with mean m + m / r
/// and size r + 1. m comes from the count over the observed time; m / r from the mean number of companions of a line
/// in its bin, sum c(c - 1) / sum c, less m. So a template that always comes thirty at a time is no burst when it does
/// so again, however rare it is. Three doubts widen the model: a few invented lines with two companions each, the
/// uncertainty of a rate known from few lines, and a relative deviation of 40 % between days. O(1) per event.
/// Source: Slivnyak-Mecke (Palm distributions of point processes).
class RateStatistics {
 public:
  explicit RateStatistics(std::size_t windows) : windows_(windows) {}

  /// Counts one event of template `id` in bin `bin` of every window; bins[w] = present / window length.
  void add(std::size_t id, const std::int64_t* bins);
  /// Closes the open bins of every template.
  void close();
  /// The sliding window `w` holds `count` lines of template `id`, which add() has seen.
  void note(std::size_t id, std::size_t w, std::uint32_t count) {
    if (count > cells_[id * windows_ + w].most) {
      cells_[id * windows_ + w].most = count;
    }
  }
  /// Most lines of template `id` in any window `w` of training.
  [[nodiscard]] std::uint32_t most(std::size_t id, std::size_t w) const {
    return id < size() ? cells_[id * windows_ + w].most : 0;
  }
  /// Model for template `id` (also one never seen) in window `w`, after `bins` bins of observation.
  [[nodiscard]] BurstModel burst_model(std::size_t id, std::size_t w, double bins) const;
  /// Templates with a row.
  [[nodiscard]] std::size_t size() const { return windows_ == 0 ? 0 : cells_.size() / windows_; }
  void resize(std::size_t templates) { cells_.resize(templates * windows_); }

  void save(ByteWriter& out) const;
  void load(ByteReader& in, std::size_t templates);

 private:
  struct Cell {
    std::int64_t bin = 0;
    double open = 0;         ///< lines in the open bin
    double sum = 0;          ///< lines in closed bins
    double companions = 0;   ///< sum over closed bins of c (c - 1)
    std::uint32_t most = 0;  ///< lines in a sliding window
  };
  static void close(Cell& cell);

  std::size_t windows_;
  std::vector<Cell> cells_;  ///< [templates x windows]
};

}  // namespace logdetect
