#pragma once

#include <cstddef>

#include "judging/scored_batch.h"
#include "judging/sighting.h"

namespace logdetect {

/// Follows one aspect of a run, event by event, and says what it saw: lines, bursts, silences, sessions each have one.
/// Sightings are appended in the order in which they happened. A watch knows neither findings nor incidents. Its
/// running state is one value, apart from what it reads of the model. Not thread-safe: one ordered stage.
class Watch {
 public:
  virtual ~Watch() = default;

  /// The next event. Every event of the run is shown, in order; ScoredBatch::judged tells which are judged.
  virtual void see(const ScoredBatch& batch, std::size_t i, Sightings& out) = 0;
  /// Event time moved to `now` though no event came.
  virtual void advance(Micros now, Sightings& out) = 0;
  /// The log ended: what was held back is told.
  virtual void finish(Sightings& out) = 0;
};

}  // namespace logdetect
