#include "judging/line_watch.h"

namespace logdetect {

void LineWatch::see(const ScoredBatch& batch, std::size_t i, Sightings& out) {
  if (batch.judged[i] == 0 || !batch.verdicts[i].anomalous) {
    return;
  }
  Sighting& line = out.emplace_back();
  line.row = i;
  line.time = batch.event(i).time;
  line.nats = batch.verdicts[i].surprise;
  line.template_id = batch.event(i).template_id;
}

void LineWatch::advance(Micros /*now*/, Sightings& /*out*/) {}

void LineWatch::finish(Sightings& /*out*/) {}

}  // namespace logdetect
