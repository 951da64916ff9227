#include "judging/desk.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {

bool is_bout(FindingKind kind) {
  return kind == FindingKind::kBurst || kind == FindingKind::kSilence;
}

}  // namespace

Desk::Desk(HandOn hand_on, const IncidentOptions& options, ResultWriter& results, Allowances& allowances)
    : hand_on_(hand_on), results_(results), allowances_(allowances), aggregator_(make_aggregator(options)) {}

Result<void> Desk::take(const Sighting& sighting, const ScoredBatch& batch, FindingBuilder& builder) {
  if (sighting.change != Sighting::Change::kBegan) {
    change(sighting, builder);
    return {};
  }
  const FindingKind kind = kind_of(sighting);
  if (is_bout(kind)) {  // one that began under this key is over, told or not
    state_.open_bouts.erase(sighting.bout_key);
  }
  const Subject subject = builder.subject(sighting, batch);
  // Also for what a rule allows: an id does not depend on the rules.
  std::string id = state_.ids.next({kind, subject.stream, subject.began, subject.template_text, subject.session});
  if (count_and_ask(kind, subject)) {
    return {};
  }
  Finding finding = builder.describe(sighting, batch);
  finding.id = std::move(id);
  if (is_bout(kind)) {
    state_.open_bouts[sighting.bout_key] = finding.id;
  }
  if (finding.time != 0) {  // lines without any clock are no measure of time
    aggregator_->advance(finding.time);
  }
  return group(sighting, batch, builder, std::move(finding));
}

// More is known of a bout. One that a rule allowed is not known here.
void Desk::change(const Sighting& sighting, const FindingBuilder& builder) {
  const auto open = state_.open_bouts.find(sighting.bout_key);
  if (open == state_.open_bouts.end()) {
    return;
  }
  Finding finding = builder.changed(sighting);
  finding.id = open->second;
  aggregator_->update(finding);
  if (sighting.change == Sighting::Change::kEnded) {
    state_.open_bouts.erase(open);
  }
}

// True if a rule allows it.
bool Desk::count_and_ask(FindingKind kind, const Subject& subject) {
  const bool session = kind == FindingKind::kSession;
  DeskCounts& counts = state_.counts;
  ++(session ? counts.sessions_anomalous : counts.anomalies);
  if (!allowances_.allow(subject.template_text, subject.message(), subject.host, subject.component, subject.time)) {
    return false;
  }
  ++(session ? counts.sessions_acknowledged : counts.acknowledged);
  return true;
}

Result<void> Desk::group(const Sighting& sighting, const ScoredBatch& batch, FindingBuilder& builder, Finding finding) {
  if (hand_on_ == HandOn::kEveryFinding) {
    builder.complete(sighting, batch, finding);
    finding.incident_id = aggregator_->add(finding).incident_id;
    return results_.finding(finding);
  }
  Finding* const kept = aggregator_->add(std::move(finding)).kept;
  if (kept == nullptr) {
    return {};
  }
  // What is not kept gets no reasons: they cost far more than all the rest of a finding.
  builder.complete(sighting, batch, *kept);
  return hand_on_ == HandOn::kFirstFindings ? results_.finding(*kept) : Result<void>();
}

Result<void> Desk::advance(Micros now) {
  aggregator_->advance(now);
  return hand_on_closed();
}

Result<void> Desk::hand_on_closed() {
  for (const Incident& incident : aggregator_->take_closed()) {
    if (incident.habitual && hand_on_ != HandOn::kEveryFinding) {
      state_.counts.habitual += incident.count;
      continue;
    }
    ++state_.counts.incidents;
    state_.counts.worst = std::max(state_.counts.worst.value_or(incident.severity), incident.severity);
    LD_TRY(results_.incident(incident));
  }
  return {};
}

Result<void> Desk::finish() {
  aggregator_->finish();
  return hand_on_closed();
}

}  // namespace logdetect
