#pragma once

#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/core/event.h"
#include "logdetect/features/options.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/mining/mask_ahead.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/parsing/header.h"
#include "logdetect/parsing/line_marker.h"
#include "logdetect/parsing/session_key.h"

namespace logdetect {

/// A header plan and the first record of a batch that follows it.
struct PlanSpan {
  std::size_t begin = 0;
  std::shared_ptr<const HeaderPlan> plan;
};

/// A record batch with the header plans that fit its source.
struct PlannedBatch {
  RecordBatch records;
  std::vector<PlanSpan> plans;  ///< at least one; each holds up to the next one's record, the first from 0
  std::string source_name;
  Micros source_mtime = 0;
  SourceId source;
  std::uint64_t bytes_consumed = 0;  ///< of all inputs, on disk: for progress
};

/// A batch after the parallel stage. Times are not resolved yet; events without a known template have an invalid id.
struct ParsedBatch {
  EventBatch batch;
  std::vector<ParsedTime> times;  ///< [events]
  std::string source_name;
  Micros source_mtime = 0;
  SourceId source;
  std::uint64_t bytes_consumed = 0;  ///< of all inputs, on disk: for progress
  bool headed = false;               ///< the header plan has columns
  std::uint64_t invalid_utf8 = 0;    ///< records that are no valid UTF-8
};

/// A log's name without its folder and without what rotation and compression add, so that "app.log.2.gz" is "app.log".
[[nodiscard]] std::string_view log_stem(std::string_view path);

/// The id of the session of this name.
[[nodiscard]] SessionId session_of(std::string_view name);

/// How alarming a line of this level is whose template's words are alarming or not. The level decides; words make an
/// error of a line without level, and a warning of one with a low level.
[[nodiscard]] Alarm alarm_of(Level level, bool alarming_words);

/// The parallel stage of one thread: header, masks, look-up in a frozen set of templates, session keys. With a null
/// miner only the headers are cut; with null or inactive sessions no keys are looked for, with a null or inactive
/// marker no deployments. All must outlive it. Not thread-safe: one per thread.
class LineParser {
 public:
  LineParser(const Masker* masker, const TemplateMiner* miner, const SessionKey* sessions,
             const LineMarker* deployments = nullptr, RateKey rate_key = RateKey::kNone)
      : masker_(masker),
        miner_(miner),
        sessions_(sessions != nullptr && sessions->active() ? sessions : nullptr),
        deployments_(deployments != nullptr && deployments->active() ? deployments : nullptr),
        rate_key_(rate_key) {}

  ParsedBatch parse(PlannedBatch planned);

 private:
  void follow(const std::shared_ptr<const HeaderPlan>& plan);
  void find_sessions(EventBatch& batch) const;

  const Masker* masker_;
  const TemplateMiner* miner_;
  const SessionKey* sessions_;
  const LineMarker* deployments_;
  RateKey rate_key_;
  std::shared_ptr<const HeaderPlan> plan_;
  std::unique_ptr<HeaderParser> headers_;
  MaskAhead ahead_;
};

/// Gives every event of a run its time, in order: time zones, missing years, and lines without a timestamp (which take
/// the time of the event before them; a log without any time counts one second a record). Not thread-safe.
class TimeLine {
 public:
  TimeLine(const std::string& zone, Micros reference) : resolver_(zone, reference) {}
  void resolve(ParsedBatch& parsed);
  [[nodiscard]] bool has_time() const { return has_time_; }
  [[nodiscard]] Micros first() const { return first_; }
  [[nodiscard]] Micros last() const { return last_; }
  /// Of the latest record in order, so that one stray time in the future moves nothing.
  [[nodiscard]] Micros end() const { return previous_; }
  [[nodiscard]] std::uint64_t without_time() const { return without_time_; }

 private:
  TimeResolver resolver_;
  SourceId source_;
  bool has_time_ = false;
  Micros first_ = 0;
  Micros last_ = 0;
  Micros previous_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t without_time_ = 0;
};

}  // namespace logdetect
