#include "cli/eval_text.h"

#include <charconv>
#include <utility>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"

namespace logdetect {
namespace {

// Right-aligned in a column of unit_text().
std::string number(double value, int decimals) {
  constexpr std::size_t kColumnWidth = 9;  // bytes
  return aligned_right(fixed_text(value, decimals), kColumnWidth);
}

// The columns of unit_text() from "precision" to "flagged".
std::string decision_row(const std::string& name, const Decision& decision) {
  constexpr std::size_t kAlarmColumns = 12;  // width of the table's last column
  const std::string alarms = with_commas(decision.true_positives + decision.false_positives);
  return "  " + aligned_left(name, 26) + number(decision.precision(), 3) + number(decision.recall(), 3) +
         number(decision.f1(), 3) + number(decision.false_positive_rate(), 4) +
         std::string(alarms.size() < kAlarmColumns ? kAlarmColumns - alarms.size() : 1, ' ') + alarms;
}

std::string rate_line(const UnitEvaluation& unit, double days) {
  if (days <= 0) {
    return "  no rate a day: the log has no timestamps\n";
  }
  const Decision& own = unit.own.decision;
  const auto per_day = [&](std::uint64_t count) { return fixed_text(static_cast<double>(count) / days, 1); };
  return "  " + per_day(own.true_positives + own.false_positives) + " alerts a day, " + per_day(own.false_positives) +
         " of them false (" + fixed_text(days, 2) + " days)\n";
}

// One kind of unit as a table: the verdicts of the model, the same at fixed scores, then the trivial rules.
std::string unit_text(const UnitEvaluation& unit, double days) {
  std::string out =
      "\nBy " + unit.unit + ": " + with_commas(unit.units) + " judged, " + with_commas(unit.anomalous) +
      " labelled anomalous" +
      (unit.unlabelled > 0 ? ", " + with_commas(unit.unlabelled) + " without a label taken as normal" : "") + "\n";
  out += "  " + aligned_left("", 26) + "precision   recall       F1      FPR     flagged  avg. precision\n";
  const auto judged_row = [&](const Judged& judged) {
    // Seven blanks and the nine columns of number() end below "avg. precision".
    out += decision_row(judged.name, judged.decision) + "       " + number(judged.ranking.average_precision, 3) + "\n";
  };
  judged_row(unit.own);
  for (const auto& [score, decision] : unit.at_score) {
    out += decision_row("  at score " + fixed_text(score, 2), decision) + "\n";
  }
  for (const Judged& trivial : unit.baselines) {
    judged_row(trivial);
  }
  out +=
      "  false-positive rate at full recall " + fixed_text(unit.own.ranking.full_recall_false_positive_rate, 4) + "\n";
  out += "  precision among the best";
  for (const auto& [k, precision] : unit.own.ranking.precision_at) {
    out += "  " + with_commas(k) + ": " + fixed_text(precision, 3);
  }
  out += "\n" + rate_line(unit, days);
  // Only labels of lines have categories.
  if (!unit.categories.empty()) {
    out += "  by category, and how many cards (templates, best first) one reads until the first of it:\n";
  }
  for (const CategoryRecall& category : unit.categories) {
    out += "  " + aligned_left(escape_for_terminal(category.name), 26) + " " + with_commas(category.flagged) + " of " +
           with_commas(category.units) + " flagged; at card " + with_commas(category.card) + " of " +
           with_commas(unit.cards) + "\n";
  }
  return out;
}

// A row for each fault: the incident that found it and how much later it began, or "missed".
std::string fault_text(const FaultEvaluation& evaluation, double days) {
  std::size_t hits = 0;
  for (const auto& incident : evaluation.match.incident_of) {
    hits += incident ? 1 : 0;
  }
  std::string out = "\nBy incident: " + std::to_string(hits) + " of " + std::to_string(evaluation.faults.size()) +
                    " faults begin an incident; " + with_commas(evaluation.incidents.size()) + " incidents, " +
                    with_commas(evaluation.match.unmatched) + " of them at no fault";
  out += days > 0 ? " (" + fixed_text(static_cast<double>(evaluation.match.unmatched) / days, 1) + " a day)\n" : "\n";
  for (std::size_t i = 0; i < evaluation.faults.size(); ++i) {
    const std::optional<std::size_t>& found = evaluation.match.incident_of[i];
    out += "  " + format_rfc3339(evaluation.faults[i].first) + "  " +
           aligned_left(escape_for_terminal(evaluation.names[i]), 40) + "  ";
    if (found) {
      const Incident& incident = evaluation.incidents[*found];
      const double onset = static_cast<double>(incident.first - evaluation.faults[i].first) / kMicrosPerSecond;
      out += incident.id + " after " + fixed_text(onset, 1) + " s, " + std::string(severity_name(incident.severity));
    } else {
      out += "missed";
    }
    out += "\n";
  }
  out += "  minutes inside incidents that lie in a fault: " + fixed_text(evaluation.match.minute_precision, 3) +
         " (share of all minutes: " + fixed_text(evaluation.match.minute_base_rate, 3) +
         "); minutes of faults inside incidents: " + fixed_text(evaluation.match.minute_recall, 3) + "\n" +
         "  an incident that began at any moment would find a fault with probability " +
         fixed_text(evaluation.chance, 3) + "\n";
  return out;
}

Json decision_json(const Decision& decision) {
  return {{"true_positives", decision.true_positives},
          {"false_positives", decision.false_positives},
          {"false_negatives", decision.false_negatives},
          {"true_negatives", decision.true_negatives},
          {"precision", decision.precision()},
          {"recall", decision.recall()},
          {"f1", decision.f1()},
          {"false_positive_rate", decision.false_positive_rate()}};
}

Json judged_json(const Judged& judged) {
  Json ranks = Json::array();
  for (const auto& [k, precision] : judged.ranking.precision_at) {
    ranks.push_back({{"k", k}, {"precision", precision}});
  }
  return {{"name", judged.name},
          {"at_threshold", decision_json(judged.decision)},
          {"average_precision", judged.ranking.average_precision},
          {"false_positive_rate_at_full_recall", judged.ranking.full_recall_false_positive_rate},
          {"precision_at", std::move(ranks)}};
}

Json unit_json(const UnitEvaluation& unit) {
  Json scores = Json::array();
  for (const auto& [score, decision] : unit.at_score) {
    scores.push_back(decision_json(decision));
    scores.back()["score"] = score;
  }
  Json baselines = Json::array();
  for (const Judged& trivial : unit.baselines) {
    baselines.push_back(judged_json(trivial));
  }
  Json categories = Json::array();
  for (const CategoryRecall& category : unit.categories) {
    categories.push_back(
        {{"name", category.name}, {"units", category.units}, {"flagged", category.flagged}, {"card", category.card}});
  }
  return {{"unit", unit.unit},
          {"units", unit.units},
          {"anomalous", unit.anomalous},
          {"unlabelled", unit.unlabelled},
          {"unjudged", unit.unjudged},
          {"logdetect", judged_json(unit.own)},
          {"at_score", std::move(scores)},
          {"baselines", std::move(baselines)},
          {"cards", unit.cards},
          {"categories", std::move(categories)}};
}

Json fault_json(const FaultEvaluation& evaluation) {
  Json faults = Json::array();
  for (std::size_t i = 0; i < evaluation.faults.size(); ++i) {
    // "incident" stays null for a fault that was missed.
    Json row = {
        {"name", evaluation.names[i]}, {"begin", format_rfc3339(evaluation.faults[i].first)}, {"incident", Json()}};
    if (const auto& found = evaluation.match.incident_of[i]) {
      const Incident& incident = evaluation.incidents[*found];
      row["incident"] = incident.id;
      row["onset_seconds"] = static_cast<double>(incident.first - evaluation.faults[i].first) / kMicrosPerSecond;
    }
    faults.push_back(std::move(row));
  }
  return {{"faults", std::move(faults)},
          {"incidents", evaluation.incidents.size()},
          {"incidents_at_no_fault", evaluation.match.unmatched},
          {"minute_precision", evaluation.match.minute_precision},
          {"minute_recall", evaluation.match.minute_recall},
          {"minute_base_rate", evaluation.match.minute_base_rate},
          {"chance_of_match", evaluation.chance}};
}

}  // namespace

std::string eval_text(const EvaluateReport& report) {
  std::string out =
      "Judged " + with_commas(report.summary.records) + " records: " + with_commas(report.summary.anomalies) +
      " anomalies in " + count_text(report.summary.incidents, "incident") +
      (report.days > 0 ? " (" + fixed_text(static_cast<double>(report.summary.incidents) / report.days, 1) +
                             " incidents a day over " + fixed_text(report.days, 2) + " days)"
                       : "") +
      "\n";
  for (const UnitEvaluation& unit : report.units) {
    out += unit_text(unit, report.days);
  }
  for (const FaultEvaluation& evaluation : report.faults) {
    out += fault_text(evaluation, report.days);
  }
  for (const std::string& warning : report.warnings) {
    out += "\nBeware: " + escape_for_terminal(warning) + "\n";
  }
  return out;
}

Json eval_json(const EvaluateReport& report) {
  Json units = Json::array();
  for (const UnitEvaluation& unit : report.units) {
    units.push_back(unit_json(unit));
  }
  // "by_fault" is null without --faults.
  return {{"records", report.summary.records},
          {"anomalies", report.summary.anomalies},
          {"incidents", report.summary.incidents},
          {"days", report.days},
          {"units", std::move(units)},
          {"by_fault", report.faults.empty() ? Json() : fault_json(report.faults.front())},
          {"warnings", report.warnings}};
}

Result<double> read_slack(const std::string& text) {
  constexpr double kUsualSeconds = 60;
  constexpr double kMostSeconds = 86'400;  // a day: beyond it any incident would find a fault
  if (text.empty()) {
    return kUsualSeconds;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= kMostSeconds)) {
    return make_error(ErrorCode::kUsage, "--slack must be seconds between 0 and 86400, not '" + text + "'");
  }
  return value;
}

}  // namespace logdetect
