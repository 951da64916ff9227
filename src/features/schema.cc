#include <algorithm>
#include <array>
#include <string>

#include "features/columns.h"
#include "logdetect/features/extractor.h"

namespace logdetect {
namespace {

constexpr std::int64_t kLongestWindow = 30LL * 24 * 3600;

struct ColumnText {
  const char* name;
  const char* unit;
  const char* meaning;
};

constexpr std::array<ColumnText, kLineColumnCount> kLineColumns = {{
    {"template_rarity", "nats", "how rare this template was in training (-ln of its Good-Turing share)"},
    {"template_new", "flag", "1 when training never saw this template"},
    {"level", "ordinal", "severity stated by the line, 0 unknown to 8 fatal"},
    {"level_surprise", "nats", "how unusual this level is for this template"},
    {"error_prior", "nats",
     "what an error or warning, by level or words, adds to its rarity; less where training is full of them"},
    {"hour_surprise", "nats", "how unusual this hour is for lines of this severity"},
    {"weekday_surprise", "nats", "how unusual this day of the week is for lines of this severity"},
    {"message_length", "ln bytes", "length of the message"},
    {"length_surprise", "nats", "how far the length is from this template's own"},
    {"parameter_count", "count", "number of values the template leaves open"},
    {"parameter_surprise", "nats", "the most unusual value among the open ones"},
    {"sequence_surprise", "nats", "how improbable this template is after the two before it in its session or stream"},
    {"burst_surprise", "nats", "largest burst over all windows"},
}};

constexpr std::array<ColumnText, kWindowColumnCount> kWindowColumns = {{
    {"template_count", "ln count", "lines of this template in the window"},
    {"burst", "nats", "how improbable so many lines of this template are at its own usual rate"},
    {"error_share", "share", "smoothed share of ERROR and worse in the window"},
    {"warn_share", "share", "smoothed share of WARNING in the window"},
    {"distinct_templates", "ln count", "different templates in the window"},
    {"new_templates", "ln count", "templates seen for the first time in the window"},
}};

}  // namespace

std::vector<std::int64_t> usable_windows(const FeatureOptions& options) {
  std::vector<std::int64_t> windows;
  for (const std::int64_t seconds : options.window_seconds) {
    if (seconds >= 1 && seconds <= kLongestWindow) {
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
    schema.columns.push_back({column.name, column.unit, column.meaning});
  }
  for (const std::int64_t seconds : usable_windows(options)) {
    const std::string length = std::to_string(seconds) + "s";
    for (const ColumnText& column : kWindowColumns) {
      schema.columns.push_back({std::string(column.name) + "_" + length, column.unit,
                                std::string(column.meaning) + " (" + length + " of event time)"});
    }
  }
  if (options.rate_key != RateKey::kNone) {
    schema.columns.push_back(
        {"stream_surprise", "nats", "how much rarer this template is on its host, component or file than overall"});
  }
  return schema;
}

std::string_view rate_key_word(RateKey key) {
  static constexpr std::array<std::string_view, 4> kWords = {"stream", "host", "component", "file"};
  return kWords.at(static_cast<std::size_t>(key));
}

}  // namespace logdetect
