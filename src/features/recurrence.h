#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// In how many slices of the training every template was seen. A nightly backup is rare by its share of lines, yet it
/// was there in slice after slice, and its coming again is no news; what was seen as often but in one slice alone is.
///
/// The training so far is cut into 16 to 32 slices of equally many events; when there would be more, neighbours become
/// one. One bit per slice and template: 4 bytes a template, O(1) per event, O(templates) at each doubling.
class Recurrence {
 public:
  static constexpr std::uint32_t kMostSlices = 32;

  /// Counts one event of template `id`.
  void add(std::size_t id) {
    if (events_ == std::uint64_t{kMostSlices} * slice_length_) {
      halve();
    }
    if (id >= seen_.size()) {
      seen_.resize(id + 1);
    }
    seen_[id] |= 1U << static_cast<std::uint32_t>(events_ / slice_length_);
    ++events_;
  }

  /// `into` counts as seen wherever `from` was, which is forgotten.
  void fold(std::size_t from, std::size_t into) {
    if (from < seen_.size()) {
      seen_.resize(std::max(seen_.size(), into + 1));
      seen_[into] |= std::exchange(seen_[from], 0U);
    }
  }

  /// Slices so far, the begun one included.
  [[nodiscard]] std::uint32_t slices() const {
    return static_cast<std::uint32_t>((events_ + slice_length_ - 1) / slice_length_);
  }
  /// Slices that held template `id`.
  [[nodiscard]] std::uint32_t slices_with(std::size_t id) const {
    return id < seen_.size() ? static_cast<std::uint32_t>(std::popcount(seen_[id])) : 0;
  }
  /// Slices from the first to the last that held template `id`.
  [[nodiscard]] std::uint32_t span(std::size_t id) const {
    const std::uint32_t seen = id < seen_.size() ? seen_[id] : 0;
    return seen == 0
               ? 0
               : static_cast<std::uint32_t>(std::bit_width(seen)) - static_cast<std::uint32_t>(std::countr_zero(seen));
  }
  /// True for what comes now and then: it was in a fifth of the slices, or in `fewest` and more that span half of them.
  /// False while there are fewer than 8 slices.
  [[nodiscard]] bool is_habit(std::size_t id, std::uint32_t fewest) const;
  /// Share of the slices that held template `id`; 0 while there are fewer than 8.
  [[nodiscard]] double share(std::size_t id) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in, std::size_t templates);

 private:
  void halve();

  std::vector<std::uint32_t> seen_;  ///< [templates], bit s: seen in slice s
  std::uint64_t events_ = 0;
  std::uint64_t slice_length_ = 16;  ///< events; doubles whenever the slices are used up
};

}  // namespace logdetect
