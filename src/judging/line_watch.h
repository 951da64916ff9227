#pragma once

#include "judging/watch.h"

namespace logdetect {

/// Tells the records whose verdict is anomalous. It has no state. O(1) per event.
class LineWatch final : public Watch {
 public:
  void see(const ScoredBatch& batch, std::size_t i, Sightings& out) override;
  void advance(Micros now, Sightings& out) override;
  void finish(Sightings& out) override;
};

}  // namespace logdetect
