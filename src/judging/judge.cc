#include "logdetect/judging/judge.h"

#include <algorithm>
#include <utility>

#include "logdetect/detection/deployment_words.h"

#include "logdetect/reading/input_pass.h"
#include "logdetect/reading/record_counts.h"

namespace logdetect {
namespace {

constexpr std::size_t kContextLines = 3;
constexpr std::size_t kMaxContextBytes = 1024;
constexpr std::size_t kSequenceBefore = 3;  // templates shown before an event

// Templates beyond the model's are few or the log is hostile: the overlay need not be large.
MinerOptions overlay_options(MinerOptions options) {
  constexpr std::size_t kMostNew = 50'000;
  options.max_templates = std::min(options.max_templates, kMostNew);
  return options;
}

}  // namespace

int hour_of_day(Micros time) {
  const Micros hours = time >= 0 ? time / kMicrosPerHour : 0;
  return static_cast<int>(hours % 24);
}

Judge::Judge(std::shared_ptr<const Model> model, const Config& config, const SessionKey& sessions,
             const JudgeOptions& options, ResultWriter& sink, JudgeObserver* observer, Allowances* allowances,
             Micros reference)
    : model_(std::move(model)),
      config_(config),
      options_(options),
      sink_(sink),
      observer_(observer),
      allowances_(allowances),
      known_templates_(static_cast<std::uint32_t>(model_->miner.id_bound())),
      odd_columns_{{{model_->schema.find("parameter_surprise"), reasons::kParameter},
                    {model_->schema.find("length_surprise"), reasons::kLength},
                    {model_->schema.find("level_surprise"), reasons::kUnusualLevel},
                    {model_->schema.find("hour_surprise"), reasons::kUnusualTime},
                    {model_->schema.find("stream_surprise"), reasons::kUnusualStream}}},
      times_(config.header.timezone, reference),
      cutter_(sessions),
      overlay_(overlay_options(model_->config.miner)),
      extractor_(model_->baseline),
      sequences_(model_->schema, model_->ensemble.windows(config.detectors).cut),
      pool_(model_->ensemble.window_length() > 0 ? thread_count(config.run) : 1),
      explainer_(model_->schema, model_->baseline, model_->ensemble,
                 [this](TemplateId id) { return template_text(id); }),
      sessions_(*model_, config.threshold, observer,
                [this](const SessionAlarm& alarm) { return report_session(alarm); }),
      bursts_(model_->baseline, model_->schema, threshold()),
      silences_(model_->baseline.rhythms(), threshold(),
                [this](SilenceWatch::Change change, const SilentRhythm& silent) { silence_changed(change, silent); }),
      aggregator_(make_aggregator(config.incidents)),
      drift_(model_->facts.late, known_templates_) {
  summary_.templates_known = model_->miner.size();
}

double Judge::threshold() const {
  constexpr int kNoon = 12;
  return model_->ensemble.judge(0, kNoon, config_.threshold).threshold;
}

std::string Judge::template_text(TemplateId id) const {
  if (!id.valid()) {
    return {};
  }
  if (id.value() < known_templates_) {
    const TemplateId now = model_->miner.resolve(id);
    return now.valid() ? model_->miner.info(now).text : std::string();
  }
  const TemplateId fresh = overlay_.resolve(TemplateId(id.value() - known_templates_));
  return fresh.valid() ? overlay_.info(fresh).text : std::string();
}

Result<void> Judge::process(ParsedBatch parsed) {
  if (parsed.source != last_source_) {
    last_source_ = parsed.source;
    source_names_[parsed.source] = parsed.source_name;
    last_lines_.clear();
  }
  times_.resolve(parsed);
  sessions_.set_has_time(times_.has_time());
  cutter_.cut(parsed);
  find_new_templates(parsed);
  count(parsed);
  extractor_.extract(parsed.batch.events, parsed.batch.parameters, rows_);
  sequences_.cut(parsed.batch.events, rows_, windows_);
  // Without anybody who sees every score, only those that can become a verdict are worked out in full.
  const double least = observer_ == nullptr ? model_->ensemble.lowest_threshold(config_.threshold) : 0;
  const LogView log{.events = parsed.batch.events,
                    .rows = rows_,
                    .windows = windows_,
                    .parameters = parsed.batch.parameters,
                    .template_text = [this](TemplateId id) { return template_text(id); }};
  model_->ensemble.score({log, pool_.parallel()}, batch_scores_, least);
  for (std::size_t i = 0; i < parsed.batch.events.size(); ++i) {
    LD_TRY(judge_event(parsed, i));
  }
  const auto& records = parsed.batch.records.records();
  for (std::size_t i = records.size() - std::min(records.size(), kContextLines); i < records.size(); ++i) {
    last_lines_.emplace_back(records[i].text.substr(0, kMaxContextBytes));
  }
  while (last_lines_.size() > kContextLines) {
    last_lines_.pop_front();
  }
  if (times_.has_time()) {
    aggregator_->advance(now_);
  }
  return emit_closed();
}

void Judge::find_new_templates(ParsedBatch& parsed) {
  EventBatch& batch = parsed.batch;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    Event& event = batch.events[i];
    if (event.template_id.valid()) {
      continue;
    }
    model_->masker.mask(batch.headers[i].message, batch.headers[i].extra_bytes, message_);
    const TemplateId fresh = overlay_.learn(message_);
    event.template_id = TemplateId(known_templates_ + fresh.value());
    event.is_new = true;
    event.alarm = alarm_of(event.level, overlay_.alarming(fresh));
    event.first_parameter = static_cast<std::uint32_t>(batch.parameters.size());
    overlay_.parameters(fresh, message_, batch.parameters);
    event.parameter_count = static_cast<std::uint16_t>(batch.parameters.size() - event.first_parameter);
  }
}

void Judge::count(const ParsedBatch& parsed) {
  count_read(parsed, summary_);
  summary_.records_without_time = times_.without_time();
  summary_.has_time = times_.has_time();
  summary_.first_time = times_.first();
  summary_.last_time = times_.last();
  summary_.templates_evicted = overlay_.evicted();
  summary_.templates_new = overlay_.size() + overlay_.evicted();
}

Result<void> Judge::judge_event(const ParsedBatch& parsed, std::size_t i) {
  const Event& event = parsed.batch.events[i];
  now_ = event.time;
  if (event.deployment && times_.has_time()) {
    aggregator_->deployment(event.time);
  }
  const bool judged =
      !(options_.since && event.time < *options_.since) && !(options_.until && event.time >= *options_.until);
  if (sessions_.active()) {
    LD_TRY(follow_session(parsed, i, judged));
  }
  LD_TRY(follow_bouts(parsed, i, judged));
  if (!judged) {
    summary_.count(RecordFate::kDropped);
    return {};
  }
  const RecordFate fate = fate_of(parsed, i, !event.is_new);
  summary_.count(fate);
  drift_.add(fate, event.template_id);
  const Verdict verdict = model_->ensemble.judge(batch_scores_.total[i], hour_of_day(event.time), config_.threshold);
  if (observer_ != nullptr) {
    LD_TRY(
        observer_->record({parsed.source_name, parsed.batch.records.records()[i], event, verdict, batch_scores_, i}));
  }
  return verdict.anomalous ? report(parsed, i, verdict) : Result<void>();
}

Result<void> Judge::report(const ParsedBatch& parsed, std::size_t i, const Verdict& verdict) {
  ++summary_.anomalies;
  if (acknowledged(parsed, i)) {
    ++summary_.acknowledged;
    return {};
  }
  if (times_.has_time()) {
    aggregator_->advance(parsed.batch.events[i].time);
  }
  return hand_over(describe(parsed, i, verdict), [&](Finding& kept) { explain(parsed, i, kept); });
}

Result<void> Judge::hand_over(Finding finding, const Completer& complete) {
  if (options_.every_finding) {
    complete(finding);
    finding.incident_id = aggregator_->add(finding).incident_id;
    return sink_.finding(finding);
  }
  Finding* const kept = aggregator_->add(std::move(finding)).kept;
  if (kept == nullptr) {
    return {};
  }
  complete(*kept);
  return options_.first_findings ? sink_.finding(*kept) : Result<void>();
}

bool Judge::acknowledged(const ParsedBatch& parsed, std::size_t i) const {
  if (allowances_ == nullptr || allowances_->size() == 0) {
    return false;
  }
  const Event& event = parsed.batch.events[i];
  const Header& header = parsed.batch.headers[i];
  return allowances_->allow(template_text(event.template_id), header.message, header.host, header.component,
                            event.has_time ? std::optional<Micros>(event.time) : std::nullopt);
}

// A nightly backup, or the error that a scanner causes day after day, is rare by its share of lines; that it comes
// again is no news as long as it comes as it always did.
bool Judge::is_habit(const Event& event) const {
  return !event.is_new && model_->baseline.is_habit(event.template_id, event.alarm);
}

bool Judge::is_odd(std::span<const float> row, std::string_view kind) const {
  constexpr double kOddNats = 3;  // of anything but the template itself
  return std::any_of(odd_columns_.begin(), odd_columns_.end(), [&](const OddColumn& odd) {
    return odd.kind == kind && odd.column >= 0 &&
           static_cast<double>(row[static_cast<std::size_t>(odd.column)]) > kOddNats;
  });
}

bool Judge::is_habitual(const Event& event, std::span<const float> row) const {
  return is_habit(event) && std::none_of(odd_columns_.begin(), odd_columns_.end(),
                                         [&](const OddColumn& odd) { return is_odd(row, odd.kind); });
}

Finding Judge::describe(const ParsedBatch& parsed, std::size_t i, const Verdict& verdict) const {
  const Event& event = parsed.batch.events[i];
  const Header& header = parsed.batch.headers[i];
  const Record& record = parsed.batch.records.records()[i];
  Finding finding;
  finding.id = finding_id(model_->id, record.position, record.text);
  finding.source = parsed.source_name;
  finding.position = record.position;
  finding.line_count = record.line_count;
  finding.truncated = record.truncated;
  const Micros time = times_.has_time() ? event.time : 0;  // without any clock the lines tell what is near
  finding.time = time;
  finding.has_time = event.has_time;
  finding.level = event.level;
  finding.alarm = event.alarm;
  finding.habitual = is_habitual(event, rows_.row(i));
  finding.deployment = event.deployment || tells_of_deployment(header.message);
  finding.session = event.session;
  if (!parsed.batch.session_names.empty()) {
    finding.session_name = std::string(parsed.batch.session_names[i]);
  }
  finding.host = std::string(header.host);
  finding.component = std::string(header.component);
  finding.template_id = event.template_id;
  finding.new_template = event.is_new;
  finding.verdict = verdict;
  finding.last_time = time;
  return finding;
}

void Judge::explain(const ParsedBatch& parsed, std::size_t i, Finding& finding) {
  const Event& event = parsed.batch.events[i];
  const Ensemble& ensemble = model_->ensemble;
  finding.message = std::string(parsed.batch.records.records()[i].text.substr(0, kMaxMessageBytes));
  finding.template_text = template_text(event.template_id);
  finding.detectors.clear();
  for (std::size_t d = 0; d < ensemble.size(); ++d) {
    const std::size_t at = d * batch_scores_.rows + i;
    finding.detectors.push_back(
        {DetectorId(static_cast<std::uint16_t>(d)), batch_scores_.raw[at], batch_scores_.surprise[at]});
  }
  if (event.is_new) {
    model_->masker.mask(parsed.batch.headers[i].message, parsed.batch.headers[i].extra_bytes, message_);
    const TemplateId near = model_->miner.nearest(message_);
    finding.nearest_template = template_text(near);
  }
  const std::span<const Parameter> parameters(parsed.batch.parameters.data() + event.first_parameter,
                                              event.parameter_count);
  const std::vector<TemplateId> previous =
      extractor_.previous_templates(i, std::max(kSequenceBefore, ensemble.window_length()));
  finding.reasons = explainer_.explain({event, parameters, rows_.row(i), finding.detectors, previous});
  if (is_habit(event)) {  // that it is rare is no news: what is odd about it comes first
    std::stable_partition(finding.reasons.begin(), finding.reasons.end(),
                          [&](const Reason& reason) { return is_odd(rows_.row(i), reason.kind); });
  }
  finding.context_before = context_of(parsed, i);
}

std::vector<std::string> Judge::context_of(const ParsedBatch& parsed, std::size_t i) const {
  std::vector<std::string> lines;
  const auto& records = parsed.batch.records.records();
  const std::size_t here = std::min(i, kContextLines);
  const std::size_t before = std::min(kContextLines - here, last_lines_.size());
  for (std::size_t k = last_lines_.size() - before; k < last_lines_.size(); ++k) {
    lines.push_back(last_lines_[k]);
  }
  for (std::size_t k = i - here; k < i; ++k) {
    lines.emplace_back(records[k].text.substr(0, kMaxContextBytes));
  }
  return lines;
}

Result<void> Judge::emit_closed() {
  for (const Incident& incident : aggregator_->take_closed()) {
    if (incident.habitual && !options_.every_finding) {
      summary_.habitual += incident.count;
      continue;
    }
    ++summary_.incidents;
    worst_ = std::max(worst_.value_or(incident.severity), incident.severity);
    LD_TRY(sink_.incident(incident));
  }
  return {};
}

Result<void> Judge::advance(Micros now) {
  if (times_.has_time()) {
    LD_TRY(sessions_.advance(now));
    silences_.advance(now);
    LD_TRY(std::exchange(trouble_, {}));
    bursts_.advance(now, [this](const OpenBurst& burst) { burst_ended(burst); });
    aggregator_->advance(now);
  }
  return emit_closed();
}

Result<void> Judge::finish() {
  LD_TRY(sessions_.finish(sessions_.now()));
  silences_.finish();
  bursts_.finish([this](const OpenBurst& burst) { burst_ended(burst); });
  summary_.sessions = sessions_.sessions();
  summary_.sessions_anomalous = sessions_.anomalous();
  aggregator_->finish();
  summary_.records_late = extractor_.late_events();
  summary_.drift = drift_.whole([this](TemplateId id) {
    const TemplateId now = overlay_.resolve(TemplateId(id.value() - known_templates_));
    return now.valid() ? TemplateId(known_templates_ + now.value()) : now;
  });
  return emit_closed();
}

}  // namespace logdetect
