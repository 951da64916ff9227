#include "judging/finding_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "logdetect/detection/bout_explainer.h"
#include "logdetect/detection/deployment_words.h"
#include "logdetect/judging/session_explainer.h"
#include "logdetect/learned/model.h"
#include "logdetect/mining/template_overlay.h"

namespace logdetect {
namespace {

constexpr std::size_t kSequenceBefore = 3;  // templates shown before an event

// Rounded to tenths, as people read it.
double in_seconds(Micros time) {
  constexpr double kTenths = 10;
  return std::round(static_cast<double>(time) / kMicrosPerSecond * kTenths) / kTenths;
}

// How alarming what weighs most in a session came: an ordinary warning among its records does not count.
Alarm alarm_of_cause(const SessionState& state, TemplateId cause) {
  Alarm worst = Alarm::kNone;
  for (const SessionCount& entry : state.counts) {
    worst = entry.template_id == cause.value() ? std::max(worst, entry.alarm) : worst;
  }
  return worst;
}

}  // namespace

FindingBuilder::FindingBuilder(const Model& model, const TemplateOverlay& templates, const FeatureExtractor& extractor,
                               const ThresholdOptions& options)
    : model_(model),
      templates_(templates),
      extractor_(extractor),
      options_(options),
      explainer_(model.schema, model.baseline, model.ensemble,
                 [&templates](TemplateId id) { return templates.text(id); }),
      odd_columns_{{{model.schema.find("parameter_surprise"), reasons::kParameter},
                    {model.schema.find("length_surprise"), reasons::kLength},
                    {model.schema.find("level_surprise"), reasons::kUnusualLevel},
                    {model.schema.find("hour_surprise"), reasons::kUnusualTime},
                    {model.schema.find("stream_surprise"), reasons::kUnusualStream}}},
      rendered_(kRenderedTemplates) {}

void FindingBuilder::begin(const ScoredBatch& batch) {
  state_.has_time = batch.has_time;
  if (batch.parsed.source != state_.last_source) {
    state_.last_source = batch.parsed.source;
    state_.source_names[batch.parsed.source] = batch.parsed.source_name;
    // Lines of another source are no context.
    state_.last_lines.clear();
  }
}

void FindingBuilder::end(const ScoredBatch& batch) {
  for (std::size_t i = batch.size() - std::min(batch.size(), kContextLines); i < batch.size(); ++i) {
    state_.last_lines.emplace_back(batch.record(i).text.substr(0, kMaxContextBytes));
  }
  while (state_.last_lines.size() > kContextLines) {
    state_.last_lines.pop_front();
  }
}

Subject FindingBuilder::subject(const Sighting& sighting, const ScoredBatch& batch) {
  Subject subject;
  subject.template_text = template_text(sighting.template_id);
  subject.began = state_.has_time ? sighting.time : 0;
  const bool at_record = sighting.row != Sighting::kNoRow;
  if (at_record) {
    const Event& event = batch.event(sighting.row);
    const Header& header = batch.header(sighting.row);
    subject.line = header.message;
    subject.host = header.host;
    subject.component = header.component;
    subject.stream = log_stem(batch.parsed.source_name);
    subject.time = event.has_time ? std::optional<Micros>(event.time) : std::nullopt;
  }
  if (const auto* silence = std::get_if<SilenceSighting>(&sighting.what)) {
    subject.line = silence->line;
    subject.host = silence->host;
    subject.component = silence->component;
    subject.stream = log_stem(source_name(silence->position.source));
    subject.time = sighting.time;
  } else if (const auto* strange = std::get_if<SessionSighting>(&sighting.what)) {
    subject.session = strange->session.name;
    subject.stream = log_stem(source_name(strange->session.position.source));
    if (!at_record && state_.has_time) {
      subject.time = sighting.time;
    }
  }
  return subject;
}

Finding FindingBuilder::describe(const Sighting& sighting, const ScoredBatch& batch) const {
  if (std::holds_alternative<SilenceSighting>(sighting.what)) {
    return describe_silence(sighting);
  }
  if (std::holds_alternative<SessionSighting>(sighting.what)) {
    return describe_session(sighting, batch);
  }
  Finding finding = describe_record(sighting, batch);
  if (const auto* burst = std::get_if<BurstSighting>(&sighting.what)) {
    finding.bout = bout_of(sighting);
    finding.time = burst->start;
    finding.last_time = burst->last_high;
    // However usual the line is: so many of them are not.
    finding.habitual = finding.deployment = false;
  }
  return finding;
}

Finding FindingBuilder::describe_record(const Sighting& sighting, const ScoredBatch& batch) const {
  const std::size_t i = sighting.row;
  const Event& event = batch.event(i);
  const Header& header = batch.header(i);
  const Record& record = batch.record(i);
  Finding finding;
  finding.source = batch.parsed.source_name;
  finding.position = record.position;
  finding.line_count = record.line_count;
  finding.truncated = record.truncated;
  finding.time = batch.has_time ? event.time : 0;  // without any clock the lines tell what is near
  finding.last_time = finding.time;
  finding.has_time = event.has_time;
  finding.level = event.level;
  finding.alarm = event.alarm;
  finding.habitual = is_habitual(event, batch.rows.row(i));
  finding.deployment = event.deployment || tells_of_deployment(header.message);
  finding.session = event.session;
  if (!batch.parsed.batch.session_names.empty()) {
    finding.session_name = std::string(batch.parsed.batch.session_names[i]);
  }
  finding.host = std::string(header.host);
  finding.component = std::string(header.component);
  finding.template_id = event.template_id;
  finding.new_template = event.is_new;
  finding.verdict = verdict_of_sighting(sighting);
  return finding;
}

// The finding of a silence has no line of its own: its place is the last line before it, its time the moment at which
// the next one was due.
Finding FindingBuilder::describe_silence(const Sighting& sighting) const {
  const auto& silence = std::get<SilenceSighting>(sighting.what);
  Finding finding = changed(sighting);
  finding.source = source_name(silence.position.source);
  finding.position = silence.position;
  finding.time = sighting.time;
  finding.has_time = true;
  finding.level = silence.level;
  finding.host = silence.host;
  finding.component = silence.component;
  finding.message = silence.line;
  finding.template_text = templates_.text(sighting.template_id);
  return finding;
}

Finding FindingBuilder::describe_session(const Sighting& sighting, const ScoredBatch& batch) const {
  const auto& [session, score] = std::get<SessionSighting>(sighting.what);
  const bool at_record = sighting.row != Sighting::kNoRow;
  Finding finding = at_record ? describe_record(sighting, batch) : describe_ended_session(sighting);
  // By what the session holds: that its record comes as ever says nothing of it.
  finding.habitual =
      holds_only_habits(score, session.state, finding.verdict.threshold,
                        [this](TemplateId id, Alarm held) { return model_.baseline.is_habit(id, held); }) &&
      (!at_record || finding.habitual);
  finding.alarm = std::max(finding.alarm, alarm_of_cause(session.state, sighting.template_id));
  finding.whole_session = true;
  finding.session_cause = templates_.text(sighting.template_id);
  return finding;
}

Finding FindingBuilder::describe_ended_session(const Sighting& sighting) const {
  const OpenSession& session = std::get<SessionSighting>(sighting.what).session;
  Finding finding;
  finding.source = source_name(session.position.source);
  finding.position = session.position;
  finding.time = state_.has_time ? sighting.time : 0;
  finding.last_time = finding.time;
  finding.has_time = state_.has_time;
  finding.session = session.state.id;
  finding.session_name = session.name;
  finding.template_id = TemplateId(session.state.last_template);
  finding.new_template = templates_.is_new(finding.template_id);
  finding.verdict = verdict_of_sighting(sighting);
  return finding;
}

void FindingBuilder::complete(const Sighting& sighting, const ScoredBatch& batch, Finding& finding) {
  if (std::holds_alternative<SessionSighting>(sighting.what)) {
    complete_session(sighting, batch, finding);
  } else if (std::holds_alternative<BurstSighting>(sighting.what)) {
    finding.template_text = templates_.text(finding.template_id);
    finding.message = std::string(batch.record(sighting.row).text.substr(0, kMaxMessageBytes));
    finding.reasons = {explain_bout(*finding.bout, finding.template_text)};
    finding.context_before = context_of(batch, sighting.row);
  } else if (std::holds_alternative<LineSighting>(sighting.what)) {
    complete_record(sighting, batch, finding);
  }
}

void FindingBuilder::complete_record(const Sighting& sighting, const ScoredBatch& batch, Finding& finding) {
  const std::size_t i = sighting.row;
  const Event& event = batch.event(i);
  const Ensemble& ensemble = model_.ensemble;
  finding.message = std::string(batch.record(i).text.substr(0, kMaxMessageBytes));
  finding.template_text = template_text(event.template_id);
  finding.detectors.clear();
  for (std::size_t d = 0; d < ensemble.size(); ++d) {
    const std::size_t at = d * batch.scores.rows + i;
    finding.detectors.push_back(
        {DetectorId(static_cast<std::uint16_t>(d)), batch.scores.raw[at], batch.scores.surprise[at]});
  }
  if (event.is_new) {
    model_.masker.mask(batch.header(i).message, batch.header(i).extra_bytes, message_);
    finding.nearest_template = templates_.nearest_text(message_);
  }
  const std::vector<TemplateId> previous =
      extractor_.previous_templates(i, std::max(kSequenceBefore, ensemble.window_length()));
  finding.reasons = explainer_.explain({event, batch.parameters(i), batch.rows.row(i), finding.detectors, previous});
  if (is_habit(event)) {  // that it is rare is no news: what is odd about it comes first
    std::stable_partition(finding.reasons.begin(), finding.reasons.end(),
                          [&](const Reason& reason) { return is_odd(batch.rows.row(i), reason.kind); });
  }
  finding.context_before = context_of(batch, i);
}

void FindingBuilder::complete_session(const Sighting& sighting, const ScoredBatch& batch, Finding& finding) {
  const auto& [session, score] = std::get<SessionSighting>(sighting.what);
  const auto text = [this](TemplateId id) { return templates_.text(id); };
  const std::string story = session_story(session.state, session.name, text);
  if (sighting.row != Sighting::kNoRow) {
    complete_record(sighting, batch, finding);
    finding.detectors.clear();  // they judged the record, not the session
    finding.context_before = {story};
  } else {
    finding.template_text = templates_.text(finding.template_id);
    finding.message = story;
  }
  finding.reasons = explain_session(model_.sessions, session.state, score, text);
}

Finding FindingBuilder::changed(const Sighting& sighting) const {
  Finding finding;
  finding.bout = bout_of(sighting);
  finding.template_id = sighting.template_id;
  finding.verdict = verdict_of_sighting(sighting);
  const auto* burst = std::get_if<BurstSighting>(&sighting.what);
  finding.last_time = burst != nullptr ? burst->last_high : std::get<SilenceSighting>(sighting.what).now;
  finding.reasons = {explain_bout(*finding.bout, templates_.text(sighting.template_id))};
  return finding;
}

std::vector<std::string> FindingBuilder::context_of(const ScoredBatch& batch, std::size_t i) const {
  std::vector<std::string> lines;
  const std::size_t here = std::min(i, kContextLines);
  const std::size_t before = std::min(kContextLines - here, state_.last_lines.size());
  for (std::size_t k = state_.last_lines.size() - before; k < state_.last_lines.size(); ++k) {
    lines.push_back(state_.last_lines[k]);
  }
  for (std::size_t k = i - here; k < i; ++k) {
    lines.emplace_back(batch.record(k).text.substr(0, kMaxContextBytes));
  }
  return lines;
}

Bout FindingBuilder::bout_of(const Sighting& sighting) const {
  Bout bout;
  bout.over = sighting.change == Sighting::Change::kEnded;
  bout.start = sighting.time;
  if (const auto* burst = std::get_if<BurstSighting>(&sighting.what)) {
    const Expectation usual = model_.baseline.rate(sighting.template_id, burst->window_seconds);
    bout.kind = BoutKind::kBurst;
    bout.peak = burst->peak;
    bout.end = burst->last_high;
    bout.window_seconds = burst->window_seconds;
    bout.observed = burst->most;
    bout.usual_low = std::max(std::floor(usual.low), 0.0);
    bout.usual_high = std::ceil(usual.high);
    bout.lines = burst->lines;
  } else {
    const auto& silence = std::get<SilenceSighting>(sighting.what);
    bout.kind = BoutKind::kSilence;
    bout.end = silence.now;
    bout.observed = in_seconds(silence.now - silence.last);
    bout.usual_low = in_seconds(silence.usual);
    bout.usual_high = in_seconds(silence.longest);
  }
  return bout;
}

Verdict FindingBuilder::verdict_of_sighting(const Sighting& sighting) const {
  if (std::holds_alternative<SessionSighting>(sighting.what)) {
    return verdict_of(sighting.nats, model_.session_scorer.threshold(), options_);
  }
  return model_.ensemble.judge(sighting.nats, hour_of_day(sighting.time), options_);
}

const std::string& FindingBuilder::source_name(SourceId id) const {
  static const std::string unnamed;
  const auto found = state_.source_names.find(id);
  return found == state_.source_names.end() ? unnamed : found->second;
}

const std::string& FindingBuilder::template_text(TemplateId id) {
  const TemplateId now = templates_.resolve(id);
  if (!now.valid()) {
    static const std::string none;
    return none;
  }
  const std::uint32_t revision = templates_.is_new(now) ? templates_.revision(now) : 0;
  RenderedTemplate& kept = rendered_[now.value() % kRenderedTemplates];
  if (kept.id != now || kept.revision != revision) {
    kept = {now, revision, templates_.text(now)};
  }
  return kept.text;
}

// A nightly backup, or the error that a scanner causes day after day, is rare by its share of lines; that it comes
// again is no news as long as it comes as it always did.
bool FindingBuilder::is_habit(const Event& event) const {
  return !event.is_new && model_.baseline.is_habit(event.template_id, event.alarm);
}

bool FindingBuilder::is_odd(std::span<const float> row, std::string_view kind) const {
  constexpr double kOddNats = 3;  // of anything but the template itself
  return std::any_of(odd_columns_.begin(), odd_columns_.end(), [&](const OddColumn& odd) {
    return odd.kind == kind && odd.column >= 0 &&
           static_cast<double>(row[static_cast<std::size_t>(odd.column)]) > kOddNats;
  });
}

bool FindingBuilder::is_habitual(const Event& event, std::span<const float> row) const {
  return is_habit(event) && std::none_of(odd_columns_.begin(), odd_columns_.end(),
                                         [&](const OddColumn& odd) { return is_odd(row, odd.kind); });
}

}  // namespace logdetect
