#include "features/recurrence.h"

#include <algorithm>

namespace logdetect {
namespace {

// With fewer slices nothing is said of habits. A slice of 2^40 events is longer than any training.
constexpr std::uint32_t kFewestSlices = 8;
constexpr std::uint64_t kMaxSliceLength = std::uint64_t{1} << 40;

// Every second bit moves next to the one before it: neighbours become one slice.
std::uint32_t join_neighbours(std::uint32_t seen) {
  std::uint32_t joined = 0;
  for (std::uint32_t pair = 0; pair < Recurrence::kMostSlices / 2; ++pair) {
    joined |= ((seen >> (2 * pair)) & 3U) != 0 ? 1U << pair : 0U;
  }
  return joined;
}

}  // namespace

void Recurrence::halve() {
  std::transform(seen_.begin(), seen_.end(), seen_.begin(), join_neighbours);
  slice_length_ *= 2;
}

double Recurrence::share(std::size_t id) const {
  const std::uint32_t all = slices();
  return all < kFewestSlices ? 0 : static_cast<double>(slices_with(id)) / static_cast<double>(all);
}

bool Recurrence::is_habit(std::size_t id, std::uint32_t fewest) const {
  constexpr double kOften = 0.2;  // every day of a week is about a quarter of the slices
  const std::uint32_t all = slices();
  // The span tells what comes now and then from what came a few times in one night.
  return share(id) >= kOften || (all >= kFewestSlices && slices_with(id) >= fewest && 2 * span(id) >= all);
}

void Recurrence::save(ByteWriter& out) const {
  out.u64(events_);
  out.u64(slice_length_);
  out.u64(seen_.size());
  for (const std::uint32_t seen : seen_) {
    out.u32(seen);
  }
}

void Recurrence::load(ByteReader& in, std::size_t templates) {
  events_ = in.u64();
  slice_length_ = in.u64();
  // More events than slices hold would make add() shift beyond the 32 bits.
  if (slice_length_ == 0 || slice_length_ > kMaxSliceLength || events_ > kMostSlices * slice_length_) {
    in.fail("slices of training out of range");
    slice_length_ = 1;
    events_ = 0;
  }
  seen_.resize(in.count(4, templates));
  for (std::uint32_t& seen : seen_) {
    seen = in.u32();
  }
}

}  // namespace logdetect
