#include <algorithm>
#include <utility>

#include "logdetect/base/hash.h"
#include "logdetect/judging/judge.h"
#include "logdetect/judging/session_explainer.h"

namespace logdetect {
namespace {

// A session may be found strange more than once in a run that forgot it: its last record tells the findings apart.
std::string session_finding_id(const std::string& model_id, const OpenSession& session) {
  const std::uint64_t place = hash_mix(session.position.offset, session.position.line);
  return "F-" + to_hex(hash64(session.name, hash64(model_id, place)), 12);
}

// What weighs most in its score.
TemplateId cause_of(const SessionAlarm& alarm) {
  return TemplateId(alarm.score.parts.empty() ? alarm.session.state.last_template
                                              : alarm.score.parts.front().template_id);
}

// How alarming what weighs most in it came: an ordinary warning among its records does not count.
Alarm alarm_of_cause(const SessionAlarm& alarm) {
  const TemplateId cause = cause_of(alarm);
  Alarm worst = Alarm::kNone;
  for (const SessionCount& entry : alarm.session.state.counts) {
    worst = entry.template_id == cause.value() ? std::max(worst, entry.alarm) : worst;
  }
  return worst;
}

}  // namespace

Result<void> Judge::follow_session(const ParsedBatch& parsed, std::size_t i, bool judged) {
  const Event& event = parsed.batch.events[i];
  sessions_.see(event);
  LD_TRY(sessions_.advance(sessions_.now()));
  if (!event.session.valid()) {
    return {};
  }
  followed_ = &parsed;
  followed_at_ = i;
  auto followed =
      sessions_.follow(event, parsed.batch.session_names[i], parsed.batch.records.records()[i].position, judged);
  followed_ = nullptr;
  return followed;
}

Result<void> Judge::report_session(const SessionAlarm& alarm) {
  // The session that made room for another is over: its record is not the one being followed.
  const bool by_record =
      followed_ != nullptr && followed_->batch.events[followed_at_].session == alarm.session.state.id;
  Finding finding = by_record ? describe(*followed_, followed_at_, alarm.verdict) : session_ended(alarm);
  finding.id = session_finding_id(model_->id, alarm.session);
  // By what the session holds: that its record comes as ever says nothing of it.
  finding.habitual =
      holds_only_habits(alarm.score, alarm.session.state, alarm.verdict.threshold,
                        [this](TemplateId id, Alarm held) { return model_->baseline.is_habit(id, held); }) &&
      (!by_record || finding.habitual);
  finding.alarm = std::max(finding.alarm, alarm_of_cause(alarm));
  finding.whole_session = true;
  finding.session_cause = template_text(cause_of(alarm));
  if (allowances_ != nullptr && allowances_->size() > 0 &&
      allowances_->allow(finding.session_cause, finding.session_cause, finding.host, finding.component,
                         finding.has_time ? std::optional<Micros>(finding.time) : std::nullopt)) {
    ++summary_.acknowledged;
    return {};
  }
  return hand_over(std::move(finding), [&](Finding& kept) {
    const auto text = [this](TemplateId id) { return template_text(id); };
    const std::string story = session_story(alarm.session.state, alarm.session.name, text);
    if (by_record) {
      explain(*followed_, followed_at_, kept);
      kept.detectors.clear();  // they judged the record, not the session
      kept.context_before = {story};
    } else {
      kept.template_text = template_text(kept.template_id);
      kept.message = story;
    }
    kept.reasons = explain_session(model_->sessions, alarm.session.state, alarm.score, text);
  });
}

Finding Judge::session_ended(const SessionAlarm& alarm) {
  const OpenSession& session = alarm.session;
  Finding finding;
  finding.source = source_names_[session.position.source];
  finding.position = session.position;
  finding.time = times_.has_time() ? session.state.last : 0;
  finding.last_time = finding.time;
  finding.has_time = times_.has_time();
  finding.session = session.state.id;
  finding.session_name = session.name;
  finding.template_id = TemplateId(session.state.last_template);
  finding.new_template = session.state.last_template >= known_templates_;
  finding.verdict = alarm.verdict;
  return finding;
}

}  // namespace logdetect
