#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "features/time_profile.h"
#include "logdetect/base/clock.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// At which hours of the day every template usually comes. Counted are hours that held it, not lines, so that one storm
/// does not make its hour usual; neighbouring hours count in part.
///
/// Whether a template keeps hours at all is learnt too: the odds of its own profile against that of its level's lines,
/// each asked for every hour before that is counted (a Bayesian mixture of two). So a template that comes at any hour,
/// however rarely, has none, and is never at an unusual one. 60 bytes a template; O(1) per event.
class TemplateHours {
 public:
  static constexpr std::size_t kHours = TimeProfile::kHours;

  /// Counts a line. `share`: of its level's lines at each hour, adding up to 1.
  void add(std::size_t id, Micros time, const std::array<double, kHours>& share);
  /// The same hour as the last line of this template: add() would do nothing.
  [[nodiscard]] bool counted(std::size_t id, Micros time) const;
  /// Share of the lines of template `id` to expect at this hour of the day.
  [[nodiscard]] double share(std::size_t id, std::size_t hour, const std::array<double, kHours>& share) const;
  /// "09:00-17:00": the shortest stretch of the day that holds 90 % of its hours; empty when it keeps none, or a
  /// stretch is longer than 20 hours.
  [[nodiscard]] std::string usual(std::size_t id) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in, std::size_t templates);

 private:
  struct Hours {
    std::array<std::uint16_t, kHours> seen{};
    std::uint32_t all = 0;
    std::int32_t last = INT32_MIN;  // hours since the epoch
    float odds = kFirstOdds;        // ln of the odds that it keeps hours
  };
  static constexpr float kFirstOdds = -3;
  [[nodiscard]] static double own_share(const Hours& hours, std::size_t hour, double share);

  std::vector<Hours> hours_;  // by template
};

}  // namespace logdetect
