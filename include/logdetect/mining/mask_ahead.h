#pragma once

#include <array>
#include <cstddef>

#include "logdetect/core/event.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {

/// Masks messages two ahead of their use, so that what the miner will look up is on its way from memory meanwhile: with
/// many templates a line costs three waits for memory, which so overlap with work. Not thread-safe.
class MaskAhead {
 public:
  /// Calls use(i, masked) for i from 0 to n - 1, in order; header_of(i) gives the header with the message, and is
  /// called up to two messages earlier, in order too. `miner` may learn in use().
  template <typename HeaderOf, typename Use>
  void run(const Masker& masker, const TemplateMiner& miner, std::size_t n, HeaderOf header_of, Use use) {
    for (std::size_t i = 0; i < n + 2; ++i) {
      if (i < n) {
        MaskedMessage& next = ring_[i % kRing];
        next.take_memory(ring_[(i + kRing - 1) % kRing]);
        const Header& header = header_of(i);
        masker.mask(header.message, header.extra_bytes, next);
        miner.prefetch_key(next);
      }
      if (i >= 1 && i - 1 < n) {
        miner.prefetch_template(ring_[(i - 1) % kRing]);
      }
      if (i >= 2) {
        use(i - 2, ring_[(i - 2) % kRing]);
      }
    }
    ring_[0].take_memory(ring_[(n + kRing - 1) % kRing]);
  }

 private:
  static constexpr std::size_t kRing = 3;  // the message in use and two ahead
  std::array<MaskedMessage, kRing> ring_;
};

}  // namespace logdetect
