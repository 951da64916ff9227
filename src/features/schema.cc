#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "features/columns.h"
#include "logdetect/core/reason.h"
#include "logdetect/features/extractor.h"

namespace logdetect {
namespace {

struct ColumnText {
  const char* name;
  const char* unit;
  const char* meaning;
  std::string_view reason;
};

// In the order of LineColumn. docs/features.md describes the same columns; a test compares the two.
constexpr std::array<ColumnText, kLineColumnCount> kLineColumns = {{
    {"template_rarity", "nats", "how rare this template was in training (-ln of its Good-Turing share)",
     reasons::kRareTemplate},
    {"template_new", "flag", "1 when training never saw this template", reasons::kRareTemplate},
    {"level", "ordinal", "severity stated by the line, 0 unknown to 8 fatal", reasons::kUnusualLevel},
    {"level_surprise", "nats", "how unusual this level is for this template", reasons::kUnusualLevel},
    {"error_prior", "nats",
     "what an error or warning, by level or words, adds to its rarity; less where training is full of them",
     reasons::kUnusualLevel},
    {"hour_surprise", "nats", "how unusual this hour is for lines of this severity", reasons::kUnusualTime},
    {"weekday_surprise", "nats", "how unusual this day of the week is for lines of this severity",
     reasons::kUnusualTime},
    {"message_length", "ln bytes", "length of the message", reasons::kLength},
    {"length_surprise", "nats", "how far the length is from this template's own", reasons::kLength},
    {"parameter_count", "count", "number of values the template leaves open", reasons::kParameter},
    {"parameter_surprise", "nats", "the most unusual value among the open ones", reasons::kParameter},
    {"sequence_surprise", "nats", "how improbable this template is after the two before it in its session or stream",
     reasons::kSequence},
    {"burst_surprise", "nats", "largest burst over all windows", reasons::kBurst},
}};

constexpr std::array<ColumnText, kWindowColumnCount> kWindowColumns = {{
    {"template_count", "ln count", "lines of this template in the window", reasons::kBurst},
    {"burst", "nats", "how improbable so many lines of this template are at its own usual rate", reasons::kBurst},
    {"error_share", "share", "smoothed share of ERROR and worse in the window", reasons::kErrorRate},
    {"warn_share", "share", "smoothed share of WARNING in the window", reasons::kErrorRate},
    {"distinct_templates", "ln count", "different templates in the window", reasons::kDiversity},
    {"new_templates", "ln count", "templates seen for the first time in the window", reasons::kDiversity},
}};

}  // namespace

std::vector<std::int64_t> usable_windows(const FeatureOptions& options) {
  std::vector<std::int64_t> windows;
  for (const std::int64_t seconds : options.window_seconds) {
    if (FeatureOptions::kWindowRange.contains(seconds)) {
      windows.push_back(seconds);
    }
  }
  std::sort(windows.begin(), windows.end());
  windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
  windows.resize(std::min(windows.size(), kMaxWindows));
  return windows;
}

FeatureSchema feature_schema(const FeatureOptions& options) {
  FeatureSchema schema;
  for (const ColumnText& column : kLineColumns) {
    schema.columns.push_back({column.name, column.unit, column.meaning, std::string(column.reason)});
  }
  for (const std::int64_t seconds : usable_windows(options)) {
    const std::string length = std::to_string(seconds) + "s";
    for (const ColumnText& column : kWindowColumns) {
      schema.columns.push_back({std::string(column.name) + "_" + length, column.unit,
                                std::string(column.meaning) + " (" + length + " of event time)",
                                std::string(column.reason)});
    }
  }
  // Last, so that every other column has the same place with and without it.
  if (options.rate_key != RateKey::kNone) {
    schema.columns.push_back({"stream_surprise", "nats",
                              "how much rarer this template is on its host, component or file than overall",
                              std::string(reasons::kUnusualStream)});
  }
  return schema;
}

std::string_view rate_key_word(RateKey key) {
  static constexpr std::array<std::string_view, 4> kWords = {"stream", "host", "component", "file"};
  return kWords.at(static_cast<std::size_t>(key));
}

}  // namespace logdetect
