#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/features/options.h"

namespace logdetect {

inline constexpr std::size_t kMaxWindows = FeatureOptions::kMaxWindows;

/// Positions of the columns in a feature row. Columns per window follow kLineColumnCount, window by window; where
/// streams are told apart, stream_surprise is the last one.
enum LineColumn : std::size_t {
  kTemplateRarity,
  kTemplateNew,
  kLevel,
  kLevelSurprise,
  kErrorPrior,
  kHourSurprise,
  kWeekdaySurprise,
  kMessageLength,
  kLengthSurprise,
  kParameterCount,
  kParameterSurprise,
  kSequenceSurprise,
  kBurstSurprise,
  kLineColumnCount,
};
enum WindowColumn : std::size_t {
  kTemplateCount,
  kBurst,
  kErrorShare,
  kWarnShare,
  kDistinctTemplates,
  kNewTemplates,
  kWindowColumnCount,
};

/// Bounds of the columns in nats. A surprise beyond its bound says no more than the bound.
inline constexpr double kMaxLevelNats = 8;
inline constexpr double kMaxHourNats = 8;
inline constexpr double kMaxLengthNats = 12;
inline constexpr double kMaxParameterNats = 10;
inline constexpr double kMaxSequenceNats = 20;
inline constexpr double kMaxBurstNats = 30;
inline constexpr double kMaxStreamNats = 6;

/// The usable window lengths of the options, in seconds: within kWindowRange, rising, distinct, at most kMaxWindows.
/// The configuration checks them too; a room does not rely on it.
[[nodiscard]] std::vector<std::int64_t> usable_windows(const FeatureOptions& options);

}  // namespace logdetect
