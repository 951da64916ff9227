#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "logdetect/base/range.h"

namespace logdetect {

/// What a template is also counted by, beside the whole log.
enum class RateKey : std::uint8_t { kNone, kHost, kComponent, kFile };
/// "host", "component", "file"; "stream" for kNone.
[[nodiscard]] std::string_view rate_key_word(RateKey key);

/// Shape of the features. Changing any of it makes a model unusable until trained again.
struct FeatureOptions {
  static constexpr std::size_t kMaxWindows = 4;
  static constexpr Range<std::int64_t> kWindowRange{1, 604'800};  ///< seconds; a week
  static constexpr Range<double> kProfileDaysRange{0, 365};       ///< up to a year
  static constexpr Range<std::int64_t> kReorderRange{0, 86'400};  ///< seconds; a day

  std::vector<std::int64_t> window_seconds = {10, 60, 600};  ///< event-time window lengths, rising, at most kMaxWindows
  double profile_min_days = 2.0;      ///< hour-of-week features are silent below this much training time
  std::int64_t reorder_seconds = 30;  ///< later lines count as late
  RateKey rate_key = RateKey::kNone;
};

}  // namespace logdetect
