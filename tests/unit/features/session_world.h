#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "logdetect/features/session_scorer.h"

namespace logdetect::testing {

inline constexpr Micros kSecond = kMicrosPerSecond;
inline constexpr Micros kLong = 100'000 * kSecond;
inline constexpr double kLn1000 = 6.907755;
using Templates = std::vector<std::uint32_t>;

/// Sessions of open (0), work (1) three times, close (2); a few fail (3) after the work.
class SessionWorld : public ::testing::Test {
 protected:
  SessionWorld() {
    for (int i = 0; i < 2000; ++i) {
      SessionState state;
      Micros now = 0;
      const bool fails = i % 200 == 199;
      for (const std::uint32_t id : fails ? Templates{0, 1, 1, 1, 3, 2} : Templates{0, 1, 1, 1, 2}) {
        statistics_.learn(event(id, now += kSecond), state);
      }
      statistics_.close(state);
      sample_.push_back({state, kLong});
    }
    statistics_.finish();
    scorer_.calibrate(statistics_, sample_, kLn1000, 0.01);
  }
  static Event event(std::uint32_t id, Micros time) {
    Event out;
    out.template_id = TemplateId(id);
    out.session = SessionId(7);
    out.time = time;
    out.has_time = true;
    return out;
  }
  [[nodiscard]] SessionState state(const Templates& templates) const {
    SessionState out;
    Micros now = 0;
    for (const std::uint32_t id : templates) {
      statistics_.follow(event(id, now += kSecond), out);
    }
    return out;
  }
  [[nodiscard]] SessionScore score(const Templates& templates, std::optional<Micros> silence = kLong) const {
    return scorer_.score(statistics_, state(templates), silence);
  }
  [[nodiscard]] bool anomalous(const Templates& templates, std::optional<Micros> silence = kLong) const {
    return score(templates, silence).total >= scorer_.threshold();
  }

  SessionStatistics statistics_;
  SessionScorer scorer_;
  std::vector<SessionSample> sample_;
};

}  // namespace logdetect::testing
