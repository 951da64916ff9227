#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "logdetect/base/rng.h"
#include "loggen/stage.h"

namespace logdetect::loggen {

/// What happens by the clock, with or without visitors: heartbeats, hourly and nightly jobs, the office's use of the
/// console, and the rare lines of everyday life. Not thread-safe.
class Clockwork {
 public:
  /// lines_a_day sets how often hearts beat: about every fifth line, from every 5 s to every hour.
  Clockwork(const Options& options, Rng rng);

  void start(Stage& stage);
  void act(const Wake& wake, Stage& stage);

  [[nodiscard]] Micros beat_period() const { return beat_period_; }
  /// Lines a day that it says by itself, roughly.
  [[nodiscard]] double lines_a_day() const;
  /// No heartbeat of `service` from begin until end. The others, and the random stream, stay as they are.
  void silence(Service service, Micros begin, Micros end);

 private:
  void beat(std::size_t instance, Micros time, Stage& stage);
  void run_job(std::size_t job, Micros time, Stage& stage);
  void say_seldom(std::size_t which, Micros time, Stage& stage);
  void use_console(Micros time, Stage& stage);

  const Micros start_;
  const Micros beat_period_;
  Rng rng_;
  Service silent_ = Service::kGateway;
  Micros silent_from_ = 0;
  Micros silent_until_ = 0;
};

/// Plans an administrator's visit to the console: three lines.
void console_visit(Rng& rng, Stage& stage, Micros time, Category category);

}  // namespace logdetect::loggen
