#include "pipeline/unit_collector.h"

#include "logdetect/reading/line_parser.h"

namespace logdetect {

void LineUnits::add(const JudgedRecord& judged) {
  bool known = false;
  const std::uint64_t first = judged.record.position.line;
  const std::uint64_t last = first + judged.record.line_count - 1;
  const LineLabels::Label label = labels_.find(judged.source, first, last, known);
  // What has no label counts as normal, and is told.
  unlabelled_ += known ? 0 : 1;
  LabelledUnit& unit = units_.emplace_back();
  unit.score = static_cast<float>(judged.verdict.score);
  unit.template_id = judged.event.template_id.value();
  unit.category = label.category;
  unit.anomalous = label.anomalous;
  unit.flagged = judged.verdict.anomalous;
  unit.unseen_template = judged.event.is_new;
  unit.error_words = judged.event.alarm == Alarm::kError;
}

UnitEvaluation LineUnits::evaluate() const {
  UnitEvaluation out = evaluate_units("line", units_);
  out.unlabelled = unlabelled_;
  out.unjudged = labels_.unseen();
  evaluate_categories(units_, labels_.categories(), out);
  return out;
}

void SessionUnits::add_line(const Event& event) {
  if (!event.session.valid()) {
    return;
  }
  LabelledUnit& unit = open_[event.session];
  unit.unseen_template = unit.unseen_template || event.is_new;
  unit.error_words = unit.error_words || event.alarm == Alarm::kError;
}

void SessionUnits::close(const std::string& name, double score, bool flagged) {
  LabelledUnit unit;
  // The lines stated their session by the id of its name.
  if (const auto open = open_.find(session_of(name)); open != open_.end()) {
    unit = open->second;
    open_.erase(open);
  }
  const auto label = labels_.find(name);
  unit.anomalous = label != labels_.end() && label->second;
  unlabelled_ += label == labels_.end() ? 1 : 0;
  unit.score = static_cast<float>(score);
  unit.flagged = flagged;
  judged_.insert(name);
  units_.push_back(unit);
}

UnitEvaluation SessionUnits::evaluate() const {
  std::vector<LabelledUnit> units = units_;
  std::uint64_t unjudged = 0;
  for (const auto& [name, anomalous] : labels_) {
    if (!judged_.contains(name)) {
      units.emplace_back().anomalous = anomalous;
      ++unjudged;
    }
  }
  UnitEvaluation out = evaluate_units("session", units);
  out.unlabelled = unlabelled_;
  out.unjudged = unjudged;
  return out;
}

Result<void> UnitCollector::record(const JudgedRecord& judged) {
  if (lines_ != nullptr) {
    lines_->add(judged);
  }
  if (sessions_ != nullptr) {
    sessions_->add_line(judged.event);
  }
  return {};
}

Result<void> UnitCollector::session(const OpenSession& session, bool /*has_time*/) {
  if (sessions_ != nullptr) {
    sessions_->close(session.name, session.score, session.reported);
  }
  return {};
}

}  // namespace logdetect
