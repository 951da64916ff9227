#include "logdetect/pipeline/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "logdetect/base/text.h"
#include "logdetect/judging/judge_observer.h"
#include "logdetect/reading/line_parser.h"
#include "pipeline/labels.h"
#include "pipeline/scan_run.h"

namespace logdetect {
namespace {

constexpr std::array<double, 4> kPrintedScores = {0.5, 0.7, 0.9, 0.95};

// A labelled unit, with what the trivial baselines need.
struct Unit {
  float score = 0;
  std::uint32_t template_id = 0;
  std::uint16_t category = 0;
  bool anomalous : 1 = false;
  bool flagged : 1 = false;
  bool unseen_template : 1 = false;
  bool error_words : 1 = false;
};

std::vector<std::uint64_t> marks_for(std::uint64_t positives) {
  std::vector<std::uint64_t> marks = {10, 50, 100, 500, positives};
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

Judged judged(std::string name, const std::vector<LabelledScore>& scores, std::uint64_t positives) {
  return {std::move(name), decide(scores), rank_units(scores, marks_for(positives))};
}

// A detector that knows one bit of each unit.
template <typename Bit>
Judged baseline(std::string name, const std::vector<Unit>& units, std::uint64_t positives, Bit bit) {
  std::vector<LabelledScore> scores;
  scores.reserve(units.size());
  for (const Unit& unit : units) {
    const bool set = bit(unit);
    scores.push_back({set ? 1.0 : 0.0, unit.anomalous, set});
  }
  return judged(std::move(name), scores, positives);
}

void judge_units(UnitEvaluation& out, const std::vector<Unit>& units) {
  std::vector<LabelledScore> scores;
  scores.reserve(units.size());
  for (const Unit& unit : units) {
    scores.push_back({static_cast<double>(unit.score), unit.anomalous, unit.flagged});
    out.anomalous += unit.anomalous ? 1 : 0;
  }
  out.units = units.size();
  out.own = judged("logdetect", scores, out.anomalous);
  for (const double score : kPrintedScores) {
    out.at_score.emplace_back(score, decide_at(scores, score));
  }
  out.baselines = {
      baseline("flag everything", units, out.anomalous, [](const Unit&) { return true; }),
      baseline("never-seen template", units, out.anomalous, [](const Unit& u) { return u.unseen_template; }),
      baseline("error words", units, out.anomalous, [](const Unit& u) { return u.error_words; }),
  };
}

// Reading templates best first: at which one each category shows up.
void read_cards(UnitEvaluation& out, const std::vector<Unit>& units) {
  std::unordered_map<std::uint32_t, float> best;
  for (const Unit& unit : units) {
    float& score = best.try_emplace(unit.template_id, unit.score).first->second;
    score = std::max(score, unit.score);
  }
  std::vector<std::pair<float, std::uint32_t>> order;
  order.reserve(best.size());
  for (const auto& [id, score] : best) {
    order.emplace_back(-score, id);
  }
  std::sort(order.begin(), order.end());
  std::unordered_map<std::uint32_t, std::uint64_t> card_of;
  for (std::size_t i = 0; i < order.size(); ++i) {
    card_of[order[i].second] = i + 1;
  }
  out.cards = order.size();
  for (const Unit& unit : units) {
    if (unit.anomalous) {
      CategoryRecall& category = out.categories[unit.category];
      const std::uint64_t card = card_of[unit.template_id];
      ++category.units;
      category.flagged += unit.flagged ? 1 : 0;
      category.card = category.card == 0 ? card : std::min(category.card, card);
    }
  }
  std::erase_if(out.categories, [](const CategoryRecall& category) { return category.units == 0; });
  std::sort(out.categories.begin(), out.categories.end(),
            [](const CategoryRecall& a, const CategoryRecall& b) { return a.name < b.name; });
}

// Keeps what the judge says of every record.
class Collector final : public JudgeObserver {
 public:
  Collector(LineLabels* lines, const std::unordered_map<std::string, bool>* sessions)
      : lines_(lines), sessions_(sessions) {}

  Result<void> record(const JudgedRecord& judged) override {
    if (lines_ != nullptr) {
      bool known = false;
      const std::uint64_t first = judged.record.position.line;
      const LineLabels::Label label = lines_->find(judged.source, first, first + judged.record.line_count - 1, known);
      unlabelled_ += known ? 0 : 1;
      units_.push_back(unit_of(judged, label));
    }
    if (sessions_ != nullptr && judged.event.session.valid()) {
      Unit& unit = open_[judged.event.session];
      unit.unseen_template = unit.unseen_template || judged.event.is_new;
      unit.error_words = unit.error_words || judged.event.alarm == Alarm::kError;
    }
    return {};
  }

  Result<void> session(const OpenSession& session, bool /*has_time*/) override {
    if (sessions_ == nullptr) {
      return {};
    }
    Unit unit;
    if (const auto open = open_.find(session_of(session.name)); open != open_.end()) {
      unit = open->second;
      open_.erase(open);
    }
    const auto label = sessions_->find(session.name);
    unit.anomalous = label != sessions_->end() && label->second;
    unit.score = static_cast<float>(session.score);
    unit.flagged = session.reported;
    sessions_unlabelled_ += label == sessions_->end() ? 1 : 0;
    judged_.insert(session.name);
    session_units_.push_back(unit);
    return {};
  }

  UnitEvaluation line_evaluation() {
    UnitEvaluation out;
    out.unit = "line";
    out.unlabelled = unlabelled_;
    out.unjudged = lines_->unseen();
    judge_units(out, units_);
    for (const std::string& name : lines_->categories()) {
      out.categories.push_back({name.empty() ? "(none)" : name});
    }
    read_cards(out, units_);
    return out;
  }

  UnitEvaluation session_evaluation() {
    UnitEvaluation out;
    out.unit = "session";
    out.unlabelled = sessions_unlabelled_;
    for (const auto& [name, anomalous] : *sessions_) {
      if (!judged_.contains(name)) {
        session_units_.emplace_back().anomalous = anomalous;
        ++out.unjudged;
      }
    }
    judge_units(out, session_units_);
    return out;
  }

 private:
  static Unit unit_of(const JudgedRecord& judged, LineLabels::Label label) {
    Unit unit;
    unit.score = static_cast<float>(judged.verdict.score);
    unit.template_id = judged.event.template_id.value();
    unit.category = label.category;
    unit.anomalous = label.anomalous;
    unit.flagged = judged.verdict.anomalous;
    unit.unseen_template = judged.event.is_new;
    unit.error_words = judged.event.alarm == Alarm::kError;
    return unit;
  }

  LineLabels* lines_;
  const std::unordered_map<std::string, bool>* sessions_;
  std::vector<Unit> units_;
  std::uint64_t unlabelled_ = 0;
  std::unordered_map<SessionId, Unit> open_;  // what the lines of a session say of it
  std::unordered_set<std::string> judged_;    // a session that came back is judged twice
  std::vector<Unit> session_units_;
  std::uint64_t sessions_unlabelled_ = 0;
};

// Keeps the incidents, without what explains them.
class IncidentCollector final : public ResultWriter {
 public:
  Result<void> begin(const RunHeader& /*header*/) override { return {}; }
  Result<void> finding(const Finding& /*finding*/) override { return {}; }
  Result<void> incident(const Incident& incident) override {
    incidents_.push_back(incident);
    incidents_.back().findings.clear();
    return {};
  }
  Result<void> end(const RunSummary& /*summary*/) override { return {}; }
  std::vector<Incident> take() { return std::move(incidents_); }

 private:
  std::vector<Incident> incidents_;
};

FaultEvaluation fault_evaluation(const std::vector<Fault>& faults, std::vector<Incident> incidents, double slack) {
  FaultEvaluation out;
  for (const Fault& fault : faults) {
    out.names.push_back(fault.name);
    out.faults.push_back(fault.span);
  }
  std::vector<TimeSpan> spans;
  spans.reserve(incidents.size());
  for (const Incident& incident : incidents) {
    spans.push_back({incident.first, incident.last});
  }
  out.match = match_faults(out.faults, spans, static_cast<Micros>(slack * static_cast<double>(kMicrosPerSecond)));
  out.incidents = std::move(incidents);
  return out;
}

std::string percent(double share) {
  const auto tenths = std::lround(share * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

// Where a good figure would prove little.
void warn_of_tricks(const UnitEvaluation& unit, std::vector<std::string>& warnings) {
  constexpr double kOftenAnomalous = 0.3;
  constexpr double kNearlyPerfect = 0.98;
  const double share =
      static_cast<double>(unit.anomalous) / static_cast<double>(std::max<std::uint64_t>(unit.units, 1));
  if (share >= kOftenAnomalous) {
    warnings.push_back(percent(share) + " of the " + unit.unit +
                       "s are labelled anomalous: flagging everything has F1 " +
                       percent(unit.baselines.front().decision.f1()) + "; look at the false-positive rate, not at F1");
  }
  constexpr double kVeryRare = 0.001;
  if (share < kVeryRare) {
    warnings.push_back("only " + std::to_string(unit.anomalous) + " of " + std::to_string(unit.units) + " " +
                       unit.unit +
                       "s are labelled anomalous: precision and F1 mostly count repeats of what else is rare; look at "
                       "the cards, the ranking and the incidents a day");
  }
  for (const Judged& trivial : unit.baselines) {
    if (trivial.name != "flag everything" && trivial.decision.f1() >= kNearlyPerfect) {
      warnings.push_back("the trivial rule \"" + trivial.name + "\" has F1 " + percent(trivial.decision.f1()) +
                         " on these labels: they cannot tell a good detector from it");
    } else if (trivial.decision.f1() > unit.own.decision.f1()) {
      warnings.push_back("the trivial rule \"" + trivial.name + "\" has a higher F1 (" +
                         percent(trivial.decision.f1()) + ") than the detector by " + unit.unit + "s");
    }
  }
  if (unit.unjudged > 0) {
    warnings.push_back(std::to_string(unit.unjudged) + " labelled " + unit.unit +
                       "s are not in the log; do the labels belong to it?");
  }
}

// Faults that fill the log are found by anything.
void warn_of_tricks(const FaultEvaluation& faults, std::vector<std::string>& warnings) {
  constexpr double kOften = 0.3;
  if (faults.chance >= kOften) {
    warnings.push_back("the faults and the slack around them cover " + percent(faults.chance) +
                       " of the log: an incident that begins at any moment finds one that often; look at the onsets, "
                       "or lower --slack");
  }
}

Result<void> need_positives(const UnitEvaluation& unit, const std::string& path) {
  if (unit.anomalous > 0) {
    return {};
  }
  return make_error(ErrorCode::kUsage, "no " + unit.unit + " of the log is labelled anomalous", path,
                    "precision and recall mean nothing without one; do the labels belong to this log?");
}

}  // namespace

Result<EvaluateReport> evaluate(const EvaluateRequest& request, const RunControl& control) {
  std::optional<LineLabels> lines;
  if (!request.line_labels.empty()) {
    LD_ASSIGN(lines, LineLabels::read(request.line_labels));
  }
  std::optional<std::unordered_map<std::string, bool>> sessions;
  if (!request.session_labels.empty()) {
    LD_ASSIGN(sessions, read_session_labels(request.session_labels));
  }
  std::optional<std::vector<Fault>> faults;
  if (!request.faults.empty()) {
    LD_ASSIGN(faults, read_faults(request.faults));
  }
  if (!lines && !sessions && !faults) {
    return make_error(ErrorCode::kUsage, "there is nothing to compare with", "",
                      "give --labels, --session-labels or --faults");
  }
  Collector collector(lines ? &*lines : nullptr, sessions ? &*sessions : nullptr);
  IncidentCollector incidents;
  EvaluateReport report;
  LD_ASSIGN(ScanRun run, prepare_scan(request.scan, control));
  if (sessions && !knows_sessions(*run.setup.model)) {
    return make_error(ErrorCode::kUsage, "the model knows no sessions, so they cannot be judged", "--session-labels",
                      "train with --session-key REGEX, whose match or first group names the session");
  }
  LD_ASSIGN(const ScanOutcome outcome, judge_inputs(run, request.scan, incidents, &collector, control));
  if (outcome.interrupted) {
    return make_error(ErrorCode::kInterrupted, "stopped before the end of the log");
  }
  report.summary = outcome.report.summary;
  report.problems = outcome.report.problems;
  report.advice = outcome.report.advice;
  if (report.summary.has_time) {
    report.days =
        static_cast<double>(report.summary.last_time - report.summary.first_time) / static_cast<double>(kMicrosPerDay);
  }
  if (lines) {
    report.units.push_back(collector.line_evaluation());
    LD_TRY(need_positives(report.units.back(), request.line_labels));
  }
  if (sessions) {
    report.units.push_back(collector.session_evaluation());
    LD_TRY(need_positives(report.units.back(), request.session_labels));
  }
  if (faults) {
    report.faults.push_back(fault_evaluation(*faults, incidents.take(), request.slack_seconds));
    FaultEvaluation& found = report.faults.back();
    found.chance = chance_of_match(found.faults, {report.summary.first_time, report.summary.last_time},
                                   static_cast<Micros>(request.slack_seconds * static_cast<double>(kMicrosPerSecond)));
    warn_of_tricks(found, report.warnings);
  }
  for (const UnitEvaluation& unit : report.units) {
    warn_of_tricks(unit, report.warnings);
  }
  return report;
}

}  // namespace logdetect
