#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "judging/watch.h"
#include "logdetect/features/extractor.h"

namespace logdetect {

/// Finds bursts: a known template that comes more often, within one of the windows, than its own past makes probable,
/// and clearly more often than it ever did in training. One burst is one bout, however many lines it has: it begins
/// with the first line of its rise and is over when its window has passed without an improbable line. The evidence is
/// the largest burst column of the row less the price of a look at every line (Baseline::looks). It is told twice:
/// when it is noticed, and when it is over.
///
/// At most 64 bursts are open; beyond that none begins. 16 bytes per template. O(1) per event; O(open) per advance().
class BurstWatch final : public Watch {
 public:
  /// `needed`: nats from which a burst is told. References must outlive it.
  BurstWatch(const Baseline& baseline, const FeatureSchema& schema, double needed);

  void see(const ScoredBatch& batch, std::size_t i, Sightings& out) override;
  void advance(Micros now, Sightings& out) override;
  void finish(Sightings& out) override;

 private:
  struct Window {
    std::int64_t seconds = 0;
    std::size_t burst = 0;  // columns
    std::size_t count = 0;
  };
  struct Look {
    double nats = 0;  // of the window that shows most
    std::size_t window = 0;
    std::uint32_t count = 0;
    bool record = false;  // clearly more than training showed
  };
  struct Open {
    TemplateId id;
    std::uint64_t key = 0;
    double nats = 0;  // at the peak
    BurstSighting burst;
  };
  struct State {
    std::vector<Micros> rising;  // by template: since when its rate rises; 0: it does not
    std::vector<Micros> told;    // by template: end of its last burst; what came until then is told
    std::vector<Open> open;
    std::uint64_t begun = 0;
  };

  [[nodiscard]] Look look(TemplateId id, std::span<const float> row) const;
  void go_on(Open& open, Micros time, const Look& look) const;
  void follow(const Event& event, std::span<const float> row, std::size_t i, Sightings& out);
  void begin(const Event& event, const Look& look, bool rises, std::size_t i, Sightings& out);
  static void tell(const Open& open, Sighting::Change change, std::size_t row, Sightings& out);

  const Baseline& baseline_;
  std::vector<Window> windows_;
  int any_;  // column of the largest burst
  double needed_;
  double looks_;
  State state_;
};

}  // namespace logdetect
