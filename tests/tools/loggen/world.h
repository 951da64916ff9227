#pragma once

#include <optional>
#include <vector>

#include "loggen/clockwork.h"
#include "loggen/incidents.h"
#include "loggen/shop.h"

namespace logdetect::loggen {

/// The shop over the span of the options: hands out its lines in order of time. The same options give the same lines.
/// Memory depends on the lines a day. Not thread-safe.
class World {
 public:
  explicit World(const Options& options);

  /// The next line; nothing at the end of the span.
  std::optional<Line> next();
  [[nodiscard]] const std::vector<Incident>& incidents() const { return incidents_.planned(); }

 private:
  void act(const Wake& wake);
  void arrive(Micros time);

  const Micros end_;
  Rng visitors_;
  Clockwork clockwork_;
  Incidents incidents_;
  const double busiest_a_day_;  // sessions a day at the busiest rate
  Stage stage_;
  std::vector<Session> sessions_;  // under way, and free places
  std::vector<std::uint32_t> free_;
};

/// Lines that a record of this kind takes in the log.
[[nodiscard]] std::uint64_t line_count(const Message& message, Format format);

}  // namespace logdetect::loggen
