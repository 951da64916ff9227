#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "judging/finding_builder.h"
#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"
#include "logdetect/detection/aggregator.h"
#include "logdetect/detection/finding_ids.h"
#include "logdetect/judging/allowances.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// Which findings are handed on by themselves, beside the incidents they belong to.
enum class HandOn : std::uint8_t {
  kIncidents,      ///< none
  kFirstFindings,  ///< the first of each template in an incident and those clearly stranger, at once (`watch`)
  kEveryFinding,   ///< every one, repeats too (`--all`); incidents of habits are then reported as well
};

/// What the desk counted.
struct DeskCounts {
  std::uint64_t anomalies = 0;              ///< records, bursts and silences
  std::uint64_t acknowledged = 0;           ///< of these, allowed by a rule
  std::uint64_t sessions_anomalous = 0;     ///< sessions
  std::uint64_t sessions_acknowledged = 0;  ///< of these, allowed by a rule
  std::uint64_t habitual = 0;               ///< findings of incidents that were not reported, as habits
  std::uint64_t incidents = 0;              ///< reported
  std::optional<Severity> worst;            ///< of those
};

/// The last stage of judging and the only place that counts what was found, asks the allow rules, groups findings into
/// incidents, and hands both on. Not thread-safe.
class Desk {
 public:
  /// All references must outlive it.
  Desk(HandOn hand_on, const IncidentOptions& options, ResultWriter& results, Allowances& allowances);

  /// Takes in one sighting. `builder` makes its finding, from `batch` where it has a row. Errors: those of the results.
  Result<void> take(const Sighting& sighting, const ScoredBatch& batch, FindingBuilder& builder);
  /// A line announced a deployment, whether anything is odd about it or not.
  void deployment(Micros at) { aggregator_->deployment(at); }
  /// Event time moved on; incidents that no later finding can join are over. Errors: those of the results.
  Result<void> advance(Micros now);
  /// Hands on the incidents that are over. Errors: those of the results.
  Result<void> hand_on_closed();
  /// Closes every incident. Errors: those of the results.
  Result<void> finish();

  [[nodiscard]] const DeskCounts& counts() const { return state_.counts; }

 private:
  struct State {
    DeskCounts counts;
    FindingIds ids;
    std::unordered_map<std::uint64_t, std::string> open_bouts;  // by Sighting::bout_key: the id of its finding
  };

  void change(const Sighting& sighting, const FindingBuilder& builder);
  [[nodiscard]] bool count_and_ask(FindingKind kind, const Subject& subject);
  Result<void> group(const Sighting& sighting, const ScoredBatch& batch, FindingBuilder& builder, Finding finding);

  HandOn hand_on_;
  ResultWriter& results_;
  Allowances& allowances_;
  std::unique_ptr<Aggregator> aggregator_;
  State state_;
};

}  // namespace logdetect
