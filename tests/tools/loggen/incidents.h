#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "loggen/stage.h"

namespace logdetect::loggen {

/// Something that goes wrong (or, for a deployment, just happens), from begin until end.
struct Incident {
  Category kind = Category::kNewError;
  Micros begin = 0;
  Micros end = 0;
  std::string name;
};

/// Plans the incidents the options name over the log's span: one after the other, from a fifth of the span on, each
/// in a slot of its own; the unusual hour at three in the morning. Draws from its own random stream, so that everyday
/// life is the same with and without incidents. Not thread-safe.
class Incidents {
 public:
  Incidents(const Options& options, Rng rng, Micros beat_period);

  /// In order of their begin.
  [[nodiscard]] const std::vector<Incident>& planned() const { return planned_; }

  void start(Stage& stage);
  void act(const Wake& wake, Stage& stage);

 private:
  void strike(const Incident& incident, std::uint64_t nth, Micros time, Stage& stage);
  void cascade(std::uint64_t nth, Micros time, Stage& stage);
  void odd_value(std::uint64_t nth, Micros time, Stage& stage);
  void deploy(std::uint64_t nth, Micros time, Stage& stage);
  [[nodiscard]] std::uint64_t strikes(Category kind) const;

  const std::uint64_t lines_;
  Rng rng_;
  std::uint64_t story_ = 0;  // which new error
  std::vector<Incident> planned_;
  std::vector<std::uint64_t> struck_;  // by incident
};

}  // namespace logdetect::loggen
