#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "judging/scored_batch.h"
#include "judging/watch.h"
#include "unit/features/support.h"

namespace logdetect::testing {

/// A hand-made batch: records of one source whose events are given. Verdicts are calm, everything is judged.
class HandMadeBatch {
 public:
  static constexpr Micros kStart = EventScript::kStart;

  explicit HandMadeBatch(std::string source = "app.log", std::uint16_t source_id = 0) {
    batch_.has_time = true;
    batch_.parsed.source = SourceId(source_id);
    batch_.parsed.source_name = std::move(source);
  }

  /// Appends a record and its event; what the test does not care about may be changed afterwards.
  Event& add(double seconds, std::uint32_t template_id, std::string_view text = "line", std::string_view host = "") {
    EventBatch& events = batch_.parsed.batch;
    const std::uint64_t line = events.records.size() + 1;
    events.records.append(text, {batch_.parsed.source, offset_, line, text.size() + 1}, line_count_, truncated_);
    line_count_ = 1;
    truncated_ = false;
    offset_ += text.size() + 1;
    Header& header = events.headers.emplace_back();
    header.message = events.arena.copy(text);
    header.host = events.arena.copy(host);
    Event& event = events.events.emplace_back();
    event.time = kStart + static_cast<Micros>(seconds * 1e6);
    event.has_time = true;
    event.template_id = TemplateId(template_id);
    event.stream = StreamId(0);
    event.level = Level::kInfo;
    event.message_bytes = static_cast<std::uint32_t>(text.size());
    batch_.verdicts.emplace_back();
    batch_.judged.push_back(1);
    return event;
  }
  /// The next record is stitched of so many lines, or cut off.
  void next_record(std::uint32_t line_count, bool truncated) {
    line_count_ = line_count;
    truncated_ = truncated;
  }
  /// The header of the last record; text that is set must outlive the batch.
  [[nodiscard]] Header& header() { return batch_.parsed.batch.headers.back(); }
  /// Puts the last record into a session.
  void in_session(std::string_view name) {
    EventBatch& events = batch_.parsed.batch;
    events.session_names.resize(events.events.size());
    events.session_names.back() = events.arena.copy(name);
    events.events.back().session = session_of(name);
  }
  /// Calls the last record anomalous with so many nats.
  void anomalous(double nats) { batch_.verdicts.back() = {nats, nats / 2, 2.0 / 3, true}; }
  /// Computes feature rows with this extractor.
  void extract(FeatureExtractor& extractor) {
    extractor.extract(batch_.parsed.batch.events, batch_.parsed.batch.parameters, batch_.rows);
  }
  [[nodiscard]] ScoredBatch& get() { return batch_; }
  [[nodiscard]] std::size_t size() const { return batch_.size(); }

 private:
  ScoredBatch batch_;
  std::uint64_t offset_ = 0;
  std::uint32_t line_count_ = 1;
  bool truncated_ = false;
};

/// What a watch tells of a whole batch.
inline Sightings watch_all(Watch& watch, HandMadeBatch& batch) {
  Sightings out;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    watch.see(batch.get(), i, out);
  }
  return out;
}

/// Seconds since HandMadeBatch::kStart.
inline double seconds(Micros time) {
  return static_cast<double>(time - HandMadeBatch::kStart) / 1e6;
}

}  // namespace logdetect::testing
