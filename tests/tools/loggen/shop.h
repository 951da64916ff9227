#pragma once

#include <cstdint>
#include <vector>

#include "logdetect/base/rng.h"
#include "loggen/stage.h"

namespace logdetect::loggen {

/// What a visitor does between login and logout.
struct Session {
  std::uint64_t id = 0;
  std::int64_t user = 0;
  std::int64_t client = 0;  ///< address, as the low 24 bits of 10.0.0.0/8
  Micros began = 0;
  std::uint32_t pages_left = 0;
  std::int64_t in_cart = 0;
  std::int64_t cents = 0;
  enum class Phase : std::uint8_t { kLogin, kBrowse, kCheckout, kLogout, kOver } phase = Phase::kLogin;
};

/// A new visitor.
[[nodiscard]] Session new_session(Rng& rng, Micros time);

/// Plans the lines of the session's next request from `time` on and moves it to its next phase. Returns the time of the
/// request after that; meaningless once the phase is kOver.
Micros next_request(Session& session, Rng& rng, Stage& stage, Micros time);

/// Plans an order from `time` on, on which nobody is charged unless `paid`; its confirmation gets `category`.
void place_order(const Session& session, Rng& rng, Stage& stage, Micros time, bool paid, Category category);

/// A duration drawn from a log-normal distribution with this median.
[[nodiscard]] Micros spread(Rng& rng, double median_millis, double sigma);

/// The price of an item in cents: 24 EUR in the median, log-normal.
[[nodiscard]] std::int64_t price(Rng& rng);

/// Share of the day's busiest rate at `time`, in (0, 1]: low at night, high in the evening, lower at weekends.
[[nodiscard]] double activity(Micros time);
inline constexpr double kWeekendShare = 0.55;

}  // namespace logdetect::loggen
