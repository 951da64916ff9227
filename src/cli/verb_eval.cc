#include <charconv>
#include <string>

#include "cli/effective_config.h"
#include "cli/json_object.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/scan_request.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/pipeline/evaluate.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

std::string number(double value, int decimals) {
  std::string text = fixed_text(value, decimals);
  text.insert(0, text.size() < 9 ? 9 - text.size() : 0, ' ');
  return text;
}

std::string decision_row(const std::string& name, const Decision& decision) {
  const std::string alarms = with_commas(decision.true_positives + decision.false_positives);
  return "  " + aligned_left(name, 26) + number(decision.precision(), 3) + number(decision.recall(), 3) +
         number(decision.f1(), 3) + number(decision.false_positive_rate(), 4) +
         std::string(alarms.size() < 12 ? 12 - alarms.size() : 1, ' ') + alarms;
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

std::string unit_text(const UnitEvaluation& unit, double days) {
  std::string out =
      "\nBy " + unit.unit + ": " + with_commas(unit.units) + " judged, " + with_commas(unit.anomalous) +
      " labelled anomalous" +
      (unit.unlabelled > 0 ? ", " + with_commas(unit.unlabelled) + " without a label taken as normal" : "") + "\n";
  out += "  " + aligned_left("", 26) + "precision   recall       F1      FPR     flagged  avg. precision\n";
  const auto judged_row = [&](const Judged& judged) {
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

std::string report_text(const EvaluateReport& report) {
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

JsonObject decision_object(const Decision& decision) {
  JsonObject object;
  object.count("true_positives", decision.true_positives)
      .count("false_positives", decision.false_positives)
      .count("false_negatives", decision.false_negatives)
      .count("true_negatives", decision.true_negatives)
      .number("precision", decision.precision())
      .number("recall", decision.recall())
      .number("f1", decision.f1())
      .number("false_positive_rate", decision.false_positive_rate());
  return object;
}

std::string judged_json(const Judged& judged) {
  JsonObject object;
  object.text("name", judged.name)
      .raw("at_threshold", decision_object(judged.decision).str())
      .number("average_precision", judged.ranking.average_precision)
      .number("false_positive_rate_at_full_recall", judged.ranking.full_recall_false_positive_rate)
      .raw("precision_at", json_array(judged.ranking.precision_at, [](const auto& at) {
             return JsonObject().count("k", at.first).number("precision", at.second).str();
           }));
  return object.str();
}

std::string unit_json(const UnitEvaluation& unit) {
  JsonObject object;
  object.text("unit", unit.unit)
      .count("units", unit.units)
      .count("anomalous", unit.anomalous)
      .count("unlabelled", unit.unlabelled)
      .count("unjudged", unit.unjudged)
      .raw("logdetect", judged_json(unit.own))
      .raw("at_score", json_array(unit.at_score,
                                  [](const auto& at) {
                                    JsonObject row = decision_object(at.second);
                                    return row.number("score", at.first).str();
                                  }))
      .raw("baselines", json_array(unit.baselines, judged_json))
      .count("cards", unit.cards)
      .raw("categories", json_array(unit.categories, [](const CategoryRecall& category) {
             JsonObject row;
             row.text("name", category.name).count("units", category.units).count("flagged", category.flagged);
             return row.count("card", category.card).str();
           }));
  return object.str();
}

std::string fault_json(const FaultEvaluation& evaluation) {
  std::string rows;
  for (std::size_t i = 0; i < evaluation.faults.size(); ++i) {
    JsonObject row;
    row.text("name", evaluation.names[i]).text("begin", format_rfc3339(evaluation.faults[i].first));
    if (const auto& found = evaluation.match.incident_of[i]) {
      const Incident& incident = evaluation.incidents[*found];
      row.text("incident", incident.id)
          .number("onset_seconds", static_cast<double>(incident.first - evaluation.faults[i].first) / kMicrosPerSecond);
    } else {
      row.raw("incident", "null");
    }
    rows += (rows.empty() ? "" : ", ") + row.str();
  }
  JsonObject object;
  object.raw("faults", "[" + rows + "]")
      .count("incidents", evaluation.incidents.size())
      .count("incidents_at_no_fault", evaluation.match.unmatched)
      .number("minute_precision", evaluation.match.minute_precision)
      .number("minute_recall", evaluation.match.minute_recall)
      .number("minute_base_rate", evaluation.match.minute_base_rate)
      .number("chance_of_match", evaluation.chance);
  return object.str();
}

std::string report_json(const EvaluateReport& report) {
  JsonObject object;
  object.count("records", report.summary.records)
      .count("anomalies", report.summary.anomalies)
      .count("incidents", report.summary.incidents)
      .number("days", report.days)
      .raw("units", json_array(report.units, unit_json))
      .raw("by_fault", report.faults.empty() ? "null" : fault_json(report.faults.front()))
      .raw("warnings", json_array(report.warnings, [](const std::string& warning) {
             std::string text;
             append_json_string(text, warning);
             return text;
           }));
  return object.str() + "\n";
}

Result<double> read_slack(const std::string& text) {
  if (text.empty()) {
    return 60.0;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 86'400)) {
    return make_error(ErrorCode::kUsage, "--slack must be seconds between 0 and 86400, not '" + text + "'");
  }
  return value;
}

}  // namespace

Result<int> run_eval(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  EvaluateRequest request;
  request.line_labels = typed.labels;
  request.session_labels = typed.session_labels;
  request.faults = typed.faults;
  LD_ASSIGN(request.slack_seconds, read_slack(typed.slack));
  LD_ASSIGN(request.scan, judging_request(typed));
  Result<EvaluateReport> report = make_error(ErrorCode::kInternal, "the evaluation did not run");
  with_control(session, true, [&](const RunControl& control) { report = evaluate(request, control); });
  if (!report) {
    return report.error();
  }
  LD_TRY(print_text(format.for_people ? report_text(*report) : report_json(*report)));
  print_problems(report->problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report->advice, session.terminal.colour_error);
  }
  return report->problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
