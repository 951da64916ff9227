#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"

namespace logdetect::loggen {

enum class Format : std::uint8_t { kIso, kSyslog, kJson };

/// What a line belongs to. The first is everyday life; the others are what may be injected.
enum class Category : std::uint8_t {
  kNormal,
  kNewError,        ///< an error never seen before runs through several services, stack traces included
  kBurst,           ///< an error that is known, hundreds of times as often
  kSilence,         ///< the heartbeats of one service stop
  kBrokenSequence,  ///< orders are confirmed that nobody paid
  kOddParameter,    ///< everyday lines with a value far outside
  kUnusualHour,     ///< the console is used at three in the morning
  kDeployment,      ///< new lines that are harmless: label 0
};
inline constexpr std::size_t kCategories = 8;
[[nodiscard]] std::string_view category_name(Category category);  ///< "normal", "new_error", ...
/// Whether a detector ought to report it.
[[nodiscard]] bool is_anomalous(Category category);

struct Options {
  int days = 2;                  ///< length of the log, from `start`
  std::uint64_t lines = 20'000;  ///< aimed at; the log has about as many (within a few percent)
  Format format = Format::kIso;
  std::uint64_t seed = 42;
  Micros start = 1'704'672'000 * kMicrosPerSecond;  ///< 2024-01-08T00:00:00Z, a Monday
  std::vector<Category> incidents;                  ///< one of each that is named
  std::string output = "-";                         ///< path, or "-" for standard output
  std::string labels;                               ///< path of the label CSV; empty: none
  std::string faults;                               ///< path of the fault CSV; empty: none
  bool help = false;

  [[nodiscard]] Micros end() const { return start + days * kMicrosPerDay; }
};

/// Reads `--name value` pairs (without the program's name). Errors: kUsage.
[[nodiscard]] Result<Options> parse_options(std::span<const std::string_view> arguments);

/// What `--help` prints.
[[nodiscard]] std::string_view usage();

}  // namespace logdetect::loggen
