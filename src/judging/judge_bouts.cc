#include <algorithm>
#include <cmath>
#include <utility>

#include "logdetect/base/hash.h"
#include "logdetect/detection/bout_explainer.h"
#include "logdetect/judging/judge.h"

namespace logdetect {
namespace {

std::string bout_finding_id(const std::string& model_id, const Bout& bout, TemplateId id, std::uint32_t stream) {
  const std::uint64_t what = hash_mix(hash_mix(static_cast<std::uint64_t>(bout.kind), id.value()), stream);
  return "F-" + to_hex(hash_mix(hash64(model_id, what), static_cast<std::uint64_t>(bout.start)), 12);
}

double in_seconds(Micros time) {
  constexpr double kTenths = 10;
  return std::round(static_cast<double>(time) / kMicrosPerSecond * kTenths) / kTenths;
}

}  // namespace

Result<void> Judge::follow_bouts(const ParsedBatch& parsed, std::size_t i, bool judged) {
  const Event& event = parsed.batch.events[i];
  if (silences_.active()) {
    silences_.follow(event, parsed.batch.headers[i], parsed.batch.records.records()[i]);
    LD_TRY(std::exchange(trouble_, {}));
  }
  if (!judged) {
    return {};
  }
  if (!bursts_.idle()) {
    bursts_.advance(event.time, [this](const OpenBurst& burst) { burst_ended(burst); });
  }
  OpenBurst* burst = bursts_.follow(event, rows_.row(i));
  return burst == nullptr ? Result<void>() : report_burst(parsed, i, *burst);
}

Bout Judge::bout_of(const OpenBurst& burst, bool over) const {
  const Expectation usual = model_->baseline.rate(burst.id, burst.window_seconds);
  Bout bout;
  bout.kind = BoutKind::kBurst;
  bout.over = over;
  bout.start = burst.start;
  bout.peak = burst.peak;
  bout.end = burst.last_high;
  bout.window_seconds = burst.window_seconds;
  bout.observed = burst.most;
  bout.usual_low = std::max(std::floor(usual.low), 0.0);
  bout.usual_high = std::ceil(usual.high);
  bout.lines = burst.lines;
  return bout;
}

Result<void> Judge::report_burst(const ParsedBatch& parsed, std::size_t i, OpenBurst& burst) {
  ++summary_.anomalies;
  if (acknowledged(parsed, i)) {
    ++summary_.acknowledged;
    return {};
  }
  Finding finding = describe(parsed, i, bout_verdict(burst.nats, burst.start));
  finding.bout = bout_of(burst, false);
  finding.id = burst.finding =
      bout_finding_id(model_->id, *finding.bout, burst.id, parsed.batch.events[i].stream.value());
  finding.time = burst.start;
  finding.last_time = burst.last_high;
  finding.habitual = finding.deployment = false;
  return hand_over(std::move(finding), [&](Finding& kept) {
    kept.template_text = template_text(kept.template_id);
    kept.message = std::string(parsed.batch.records.records()[i].text.substr(0, kMaxMessageBytes));
    kept.reasons = {explain_bout(*kept.bout, kept.template_text)};
    kept.context_before = context_of(parsed, i);
  });
}

void Judge::burst_ended(const OpenBurst& burst) {
  if (burst.finding.empty()) {
    return;
  }
  Finding finding;
  finding.id = burst.finding;
  finding.template_id = burst.id;
  finding.verdict = bout_verdict(burst.nats, burst.start);
  finding.bout = bout_of(burst, true);
  finding.last_time = burst.last_high;
  finding.reasons = {explain_bout(*finding.bout, template_text(burst.id))};
  aggregator_->update(finding);
}

// The finding of a silence has no line of its own: its place is the last line before it, its time the moment at which
// the next one was due.
void Judge::silence_changed(SilenceWatch::Change change, const SilentRhythm& silent) {
  const Micros due = silent.last + silent.rhythm.usual;
  Finding finding;
  Bout bout;
  bout.kind = BoutKind::kSilence;
  bout.over = change == SilenceWatch::Change::kCameBack;
  bout.start = due;
  bout.end = silent.now;
  bout.observed = in_seconds(silent.now - silent.last);
  bout.usual_low = in_seconds(silent.rhythm.usual);
  bout.usual_high = in_seconds(silent.rhythm.longest);
  finding.template_id = TemplateId(silent.rhythm.template_id);
  finding.template_text = template_text(finding.template_id);
  finding.verdict = bout_verdict(silent.nats, due);
  finding.last_time = silent.now;
  finding.reasons = {explain_bout(bout, finding.template_text)};
  finding.bout = bout;
  if (change != SilenceWatch::Change::kFellSilent) {
    finding.id = silent.finding;
    if (!finding.id.empty()) {
      aggregator_->update(finding);
    }
    return;
  }
  silent.finding.clear();
  const bool unasked = (options_.since && due < *options_.since) || (options_.until && due >= *options_.until);
  const bool allowed = allowances_ != nullptr && allowances_->size() > 0 &&
                       allowances_->allow(finding.template_text, silent.line, silent.host, silent.component, due);
  if (unasked) {
    return;
  }
  ++summary_.anomalies;
  if (allowed) {
    ++summary_.acknowledged;
    return;
  }
  finding.id = bout_finding_id(model_->id, bout, finding.template_id, silent.rhythm.stream);
  silent.finding = finding.id;
  finding.source = source_names_[silent.position.source];
  finding.position = silent.position;
  finding.time = due;
  finding.has_time = true;
  finding.level = silent.level;
  finding.host = std::string(silent.host);
  finding.component = std::string(silent.component);
  finding.message = std::string(silent.line);
  trouble_ = hand_over(std::move(finding), [](Finding&) {});
}

Verdict Judge::bout_verdict(double nats, Micros time) const {
  return model_->ensemble.judge(nats, hour_of_day(time), config_.threshold);
}

}  // namespace logdetect
