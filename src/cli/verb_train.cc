#include <algorithm>
#include <utility>

#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/scan_request.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/pipeline/inspect.h"
#include "logdetect/report/summary_text.h"
#include "logdetect/training/train.h"

namespace logdetect {
namespace {

constexpr std::size_t kCardsShown = 10;
constexpr std::size_t kExampleWidth = 100;

// What the model would flag of its own training, a card each, and how to train without it.
std::string review_text(const TrainReport& report, bool plain, bool all) {
  if (report.odd_templates == 0) {
    return report.odd_acknowledged == 0
               ? ""
               : "  odd         nothing but " + count_text(report.odd_acknowledged, "acknowledged template") + "\n";
  }
  std::string beside =
      report.odd_habits > 0 ? ", beside " + with_commas(report.odd_habits) + " that come regularly" : "";
  if (report.odd_acknowledged > 0) {
    beside += (beside.empty() ? ", beside " : " and ") + with_commas(report.odd_acknowledged) + " acknowledged";
  }
  std::string out = "\nOdd in this training: the model itself would flag " +
                    count_text(report.odd_templates, "template") + " of it" + beside +
                    ". If one is no part of normal\noperation, train again without it:\n";
  const std::size_t shown = all ? report.odd.size() : std::min(report.odd.size(), kCardsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const OddTemplate& odd = report.odd[i];
    out += "  " + aligned_right(std::to_string(i + 1), 2) + ". score " + fixed_text(odd.score, 2) + ", " +
           count_text(odd.count, "record");
    if (report.summary.has_time) {
      out += ", " + format_rfc3339(odd.first);
      out += odd.count > 1 ? (plain ? " - " : " \u2013 ") + format_rfc3339(odd.last) : "";
    }
    out += "\n      \"" + ellipsize(escape_for_terminal(odd.example), kExampleWidth) + "\"\n";
    for (const std::string& why : odd.why) {
      out += "      " + escape_for_terminal(why) + "\n";
    }
    if (!odd.pattern.empty()) {
      out += "      --exclude " + shell_quoted(odd.pattern) + "\n";
    }
  }
  if (shown < report.odd_templates) {
    out += "  and " + with_commas(report.odd_templates - shown) + " more" + (all ? "" : "; --verbose shows up to 100") +
           "\n";
  }
  return out;
}

std::string excluded_text(const TrainReport& report) {
  std::uint64_t records = 0;
  for (const ExcludedCount& pattern : report.excluded) {
    records += pattern.records;
  }
  return report.excluded.empty() ? ""
                                 : "  excluded    " + count_text(records, "record") + " by " +
                                       count_text(report.excluded.size(), "pattern") + ", among the dropped\n";
}

// Which sessions there are, and how they were found.
std::string sessions_text(const TrainReport& report) {
  if (report.sessions == 0) {
    return "";
  }
  std::string out = "  sessions    ";
  if (report.found_sessions) {
    out += "by " + escape_for_terminal(report.found_sessions->words) + " (" +
           fixed_text(100 * report.found_sessions->coverage, 0) + " % of records, " +
           count_text(report.sessions, "session") +
           ");\n              set sessions.key to change, `sessions.auto: false` to switch off";
  } else {
    out += count_text(report.sessions, "session");
  }
  return out + "; threshold " + fixed_text(report.session_threshold, 2) + " nats\n";
}

// How the training of the networks went: a line each, or a line per epoch.
std::string learning_curves(const std::vector<LearningCurve>& curves, bool every_epoch) {
  std::string out;
  for (const LearningCurve& curve : curves) {
    const auto best =
        std::min_element(curve.epochs.begin(), curve.epochs.end(),
                         [](const EpochLoss& a, const EpochLoss& b) { return a.validation < b.validation; });
    std::string name = curve.detector;
    name.resize(std::max<std::size_t>(name.size() + 1, 12), ' ');
    out += "  " + name + count_text(curve.epochs.size(), "epoch") + ", validation loss " +
           fixed_text(curve.epochs.front().validation, 3) + " to " + fixed_text(best->validation, 3) + " (epoch " +
           std::to_string(best - curve.epochs.begin() + 1) + ")\n";
    for (std::size_t i = 0; every_epoch && i < curve.epochs.size(); ++i) {
      out += "    epoch " + std::to_string(i + 1) + "  training " + fixed_text(curve.epochs[i].training, 4) +
             "  validation " + fixed_text(curve.epochs[i].validation, 4) + "\n";
    }
  }
  return out;
}

// What training found, for people.
std::string train_text(const TrainReport& report, const TrainRequest& request, bool plain, bool verbose) {
  const std::string& output = request.output;
  const double budget = request.config.threshold.alerts_per_day;
  const bool update = request.update;
  const RunSummary& summary = report.summary;
  std::string out = (update ? "Updated with " : "Learned from ") + count_text(summary.lines, "log line") + " (" +
                    count_text(summary.records, "record") + ", " + count_text(summary.templates_known, "template") +
                    ") in " + duration_text(summary.seconds) + "\n";
  out += "  records     " + records_text(summary) + "\n";
  if (update) {
    out += "  new         " + count_text(report.new_templates, "template") + " that the model did not know\n";
  }
  out += excluded_text(report);
  if (summary.has_time) {
    out += "  span        " + format_rfc3339(summary.first_time) + (plain ? " - " : " \u2013 ") +
           format_rfc3339(summary.last_time) + "\n";
  }
  out += "  header      " + escape_for_terminal(report.header) + "\n";
  out += sessions_text(report);
  out += report.streams == 0 ? "" : "  streams     " + count_text(report.streams, report.stream_word) + " told apart\n";
  out += learning_curves(report.curves, verbose);
  out += "  threshold   " + fixed_text(report.threshold, 2) +
         " nats (of the validation part alone: " + fixed_text(report.quantile_threshold, 2) + ")\n";
  if (budget > 0) {
    out += "  alerts      " + fixed_text(report.alerts_per_day, 1) + " a day in the validation part (budget " +
           fixed_text(budget, 1) + ", which alone asks for " + fixed_text(report.budget_threshold, 2) + " nats)\n";
  }
  const double share = report.validation_records == 0 ? 0
                                                      : static_cast<double>(report.validation_flagged) /
                                                            static_cast<double>(report.validation_records);
  out += "  validation  " + with_commas(report.validation_flagged) + " of " +
         count_text(report.validation_records, "record") + " flagged (" + fixed_text(100 * share, 2) + " %)\n";
  out += review_text(report, plain, verbose);
  return out + "\nModel written to " + escape_for_terminal(output) + ". Next: logdetect scan --model " +
         escape_for_terminal(output) + " today.log\n";
}

}  // namespace

Result<int> run_train(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const std::string output, chosen_directory(typed));
  LD_TRY(check_allow_file(typed));
  LD_ASSIGN(ConfigBuilder builder, build_config(typed));
  if (typed.update) {
    LD_ASSIGN(const ModelSummary model, inspect_model(output));
    LD_TRY(adopt_model_values(builder, model.config_yaml));
  }
  TrainRequest request;
  request.update = typed.update;
  request.config = builder.config();
  request.config_yaml = builder.model_yaml();
  request.inputs = gather_inputs(typed);
  request.output = output;
  request.allow = typed.allow;
  LD_ASSIGN(const OutputTarget told, find_output("-"));
  LD_TRY(refuse_own_output(request.inputs, {told.place()}, request.config.ingest));

  Result<TrainReport> report = make_error(ErrorCode::kInternal, "training did not run");
  with_control(session, true, [&](const RunControl& control) { report = train(request, control); });
  if (!report) {
    return report.error();
  }
  print_problems(report->problems, session.terminal.colour_error);
  if (!typed.quiet) {
    print_advice(report->advice, session.terminal.colour_error);
    LD_TRY(print_text(train_text(*report, request, typed.plain, typed.verbose > 0)));
  }
  return report->problems.empty() ? kExitOk : kExitIncomplete;
}

}  // namespace logdetect
