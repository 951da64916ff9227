#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/core/event.h"
#include "logdetect/core/ids.h"
#include "logdetect/core/reason.h"
#include "logdetect/core/run_summary.h"

namespace logdetect {

/// What one detector says of one event.
struct DetectorScore {
  DetectorId detector;
  float raw = 0;       ///< the detector's own scale; higher is stranger
  float surprise = 0;  ///< calibrated: nats, -ln P(a normal event scores at least this)
};

/// The judgement of one event.
struct Verdict {
  double surprise = 0;     ///< nats: sum of the detectors' bounded contributions
  double threshold = 0;    ///< nats
  double score = 0;        ///< surprise / (surprise + threshold), in [0, 1); 0.5 at the threshold
  bool anomalous = false;  ///< surprise >= threshold
};

/// What a finding is about.
enum class FindingKind : std::uint8_t { kLine, kSession, kBurst, kSilence };

enum class BoutKind : std::uint8_t { kBurst, kSilence };
[[nodiscard]] std::string_view bout_name(BoutKind kind);  ///< "burst", "silence"

/// A stretch of time in which a template came far too often, or not at all although it used to come regularly.
struct Bout {
  BoutKind kind = BoutKind::kBurst;
  bool over = false;                ///< `end` is final; a bout that the end of the log cut off never is
  Micros start = 0;                 ///< of a silence: when the next line was due
  Micros peak = 0;                  ///< of a burst: when most lines were within the window
  Micros end = 0;                   ///< so far, until it is over
  std::int64_t window_seconds = 0;  ///< of a burst: the window that shows it best
  double observed = 0;              ///< lines in that window at the peak; seconds without a line
  double usual_low = 0;             ///< lines in such a window; seconds between two lines
  double usual_high = 0;
  std::uint64_t lines = 0;  ///< of a burst
};

/// An anomalous event, detached from its batch. Log text is raw bytes: every format encodes it.
struct Finding {
  std::string id;           ///< "F-" + 12 hex digits; see detection/finding_ids.h
  std::string incident_id;  ///< the incident it joined; empty before that
  std::string source;       ///< name of the input
  SourcePosition position;
  std::uint32_t line_count = 1;
  bool truncated = false;
  Micros time = 0;
  bool has_time = false;
  Level level = Level::kUnknown;
  Alarm alarm = Alarm::kNone;
  bool habitual = false;    ///< rare, but it came in slice after slice of training, and nothing else is odd about it
  bool deployment = false;  ///< the line tells of a start or a new version
  SessionId session;
  std::string session_name;    ///< raw bytes; empty when the record belongs to none
  bool whole_session = false;  ///< the finding is about the session; the record is its last so far
  std::optional<Bout> bout;    ///< the finding is about a bout; the record is the one it was noticed at, or the last
  std::string session_cause;   ///< of such a finding: the template that weighs most in its score
  std::string host;
  std::string component;
  std::string message;  ///< the whole record, at most 8 KiB kept
  TemplateId template_id;
  std::string template_text;
  bool new_template = false;
  std::string nearest_template;  ///< for a new template: the nearest known one; may be empty
  Verdict verdict;
  std::vector<DetectorScore> detectors;
  std::vector<Reason> reasons;              ///< by share, largest first
  std::vector<std::string> context_before;  ///< raw lines, oldest first, at most 3
  std::uint64_t count = 1;                  ///< anomalous events collapsed into this one
  Micros last_time = 0;                     ///< of the last collapsed event
};

enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };
[[nodiscard]] std::string_view severity_name(Severity severity);  ///< "low", "medium", "high", "critical"

/// Findings that belong together: one failure, one card.
struct Incident {
  std::string id;  ///< "I-" + 12 hex digits, from its first finding
  Severity severity = Severity::kLow;
  Micros first = 0;
  Micros last = 0;
  bool has_time = false;
  bool habitual = false;    ///< every finding is: not reported unless asked for
  bool deployment = false;  ///< a start or a new version, and what is new and calm after it
  double peak_score = 0;
  std::string title;                 ///< from the data; raw bytes
  std::uint64_t count = 0;           ///< anomalous records
  std::uint64_t template_count = 0;  ///< distinct templates; beyond 65,536 no more are told apart
  std::vector<Finding> findings;     ///< for each template at most one of its lines, of the sessions that end with it,
                                     ///< of its bursts and of its silences (collapsed), in order of first sight; at
                                     ///< most IncidentOptions::max_findings
  std::uint64_t findings_dropped = 0;  ///< such findings beyond that; beyond 65,536 no more are told apart
  std::size_t first_finding = 0;       ///< index into findings: the first event
  std::size_t worst_finding = 0;       ///< index into findings: the highest score that is no habit; but rather than a
                                       ///< burst of lines, the sessions that end with them and lack a step
  std::vector<std::string> hosts;      ///< at most 8, in order of first sight
  std::vector<std::string> components;
};

}  // namespace logdetect
