#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/features/extractor.h"

namespace logdetect::testing {

/// A small log in memory: events and the text of their parameters, which lives as long as this object.
class EventScript {
 public:
  /// Appends an event; `parameters` are masked as `kind`.
  Event& add(double seconds, std::uint32_t template_id, Level level = Level::kInfo,
             const std::vector<std::string>& parameters = {}, MaskKind kind = MaskKind::kNumber) {
    Event& event = events_.emplace_back();
    event.time = kStart + static_cast<Micros>(seconds * 1e6);
    event.has_time = true;
    event.template_id = TemplateId(template_id);
    event.stream = StreamId(0);
    event.message_bytes = 50;
    event.level = level;
    event.first_parameter = static_cast<std::uint32_t>(parameters_.size());
    event.parameter_count = static_cast<std::uint16_t>(parameters.size());
    for (const std::string& text : parameters) {
      parameters_.push_back({texts_.emplace_back(text), kind});
    }
    return event;
  }
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }
  std::vector<Event>& mutable_events() { return events_; }

  static constexpr Micros kStart = 1'704'067'200LL * kMicrosPerSecond;  // Monday 2024-01-01 00:00 UTC

 private:
  std::vector<Event> events_;
  std::vector<Parameter> parameters_;
  std::deque<std::string> texts_;
};

/// Extracts all of `script` in one batch.
inline FeatureMatrix rows_of(FeatureExtractor& extractor, const EventScript& script) {
  FeatureMatrix rows;
  extractor.extract(script.events(), script.parameters(), rows);
  return rows;
}

/// Learns `script` and closes the baseline.
inline FeatureMatrix learn(Baseline& baseline, const EventScript& script) {
  FeatureExtractor extractor(baseline);
  FeatureMatrix rows = rows_of(extractor, script);
  extractor.finish();
  return rows;
}

/// The value of a named column.
inline float value(const FeatureSchema& schema, const FeatureMatrix& rows, std::size_t row, const std::string& name) {
  const int column = schema.find(name);
  LD_CHECK(column >= 0, "no such column");
  return rows.row(row)[static_cast<std::size_t>(column)];
}

/// template_rarity of a line of this template that comes long after training.
inline float rarity_of(const Baseline& baseline, std::uint32_t id) {
  EventScript script;
  script.add(1e7, id);
  FeatureExtractor extractor(baseline);
  return value(feature_schema(FeatureOptions{}), rows_of(extractor, script), 0, "template_rarity");
}

}  // namespace logdetect::testing
