#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/scan_request.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/pipeline/scan.h"

namespace logdetect {
namespace {

// From which severity on the exit status is 1; nothing: never.
Result<std::optional<Severity>> read_fail_on(const std::string& word) {
  constexpr std::array<std::string_view, 6> kWords = {"none", "any", "low", "medium", "high", "critical"};
  // "any" is the lowest severity, which every incident has at least. The first one is never looked at.
  constexpr std::array<Severity, 6> kSeverities = {Severity::kLow,    Severity::kLow,  Severity::kLow,
                                                   Severity::kMedium, Severity::kHigh, Severity::kCritical};
  if (word.empty()) {
    return std::optional<Severity>();
  }
  LD_ASSIGN(const std::size_t index, choose("--fail-on", word, kWords));
  return index == 0 ? std::optional<Severity>() : std::optional<Severity>(kSeverities[index]);
}

// Refuses scores that would go where results or other scores go; `places` is left with all of them.
Result<void> add_scores(const char* flag, const std::string& path, std::vector<std::string>& places) {
  if (path.empty()) {
    return {};
  }
  const Result<OutputTarget> target = find_output(path);
  if (!target) {
    Error error = target.error();  // it speaks of --output
    error.where = flag;
    return error;
  }
  places.push_back(target->place());
  if (std::find(places.begin(), places.end() - 1, places.back()) != places.end() - 1) {
    return make_error(ErrorCode::kUsage, "results and scores cannot go to the same place", flag);
  }
  return {};
}

Result<ScanRequest> scan_request(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(ScanRequest request, judging_request(typed));
  LD_ASSIGN(request.outputs, chosen_outputs(session));
  request.report = report_options(typed, session.terminal);
  // --all shows every incident, unless --top states a number.
  if (!typed.top.empty()) {
    LD_ASSIGN(request.report.top, read_count("--top", typed.top));
  } else if (typed.all) {
    request.report.top = 0;
  }
  request.scores = typed.scores;
  request.session_scores = typed.session_scores;
  std::vector<std::string> places = places_of(request.outputs);
  LD_TRY(add_scores("--scores", typed.scores, places));
  LD_TRY(add_scores("--session-scores", typed.session_scores, places));
  LD_TRY(refuse_own_output(request.inputs, places, request.config.ingest));
  return request;
}

Result<WatchRequest> watch_request(const Session& session) {
  const Typed& typed = session.typed;
  if (typed.model.empty()) {
    return make_error(ErrorCode::kUsage, "watch needs a model", "--model",
                      "logdetect train --output model/ history.log makes one");
  }
  constexpr std::array<std::string_view, 3> kStarts = {"checkpoint", "begin", "end"};
  WatchRequest request;
  LD_ASSIGN(request.outputs, chosen_outputs(session));
  LD_ASSIGN(const std::size_t start, choose("--start", typed.start.empty() ? "checkpoint" : typed.start, kStarts));
  // Without the flag a missing --state is no mistake: the watch then begins at the end.
  if (typed.start == "checkpoint" && typed.state.empty()) {
    return make_error(ErrorCode::kUsage, "a checkpoint needs a directory to live in", "--start", "add --state DIR");
  }
  // Left empty, the watch goes on at the checkpoint, or begins at the end where there is none.
  if (start != 0) {
    request.start = start == 1 ? SourceStart::kBegin : SourceStart::kEnd;
  }
  request.report = report_options(typed, session.terminal);
  // A watch has no end that findings could wait for.
  request.report.every_finding = true;
  request.report.top = 0;
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  request.config = builder.config();
  request.model = typed.model;
  request.inputs = gather_inputs(typed);
  request.allow = typed.allow;
  request.state_directory = typed.state;
  LD_TRY(refuse_own_output(request.inputs, places_of(request.outputs), request.config.ingest, InputUse::kLive));
  return request;
}

int finish_scan(const Session& session, const ScanReport& report, std::optional<Severity> fail_on) {
  print_problems(report.problems, session.terminal.colour_error);
  if (!session.typed.quiet) {
    print_advice(report.advice, session.terminal.colour_error);
  }
  const bool found = fail_on && report.worst && *report.worst >= *fail_on;
  return graver_exit(found ? kExitFindings : kExitOk, report.problems.empty() ? kExitOk : kExitIncomplete);
}

}  // namespace

Result<int> run_scan(const Session& session) {
  LD_ASSIGN(const std::optional<Severity> fail_on, read_fail_on(session.typed.fail_on));
  LD_ASSIGN(const ScanRequest request, scan_request(session));
  // A line that is redrawn must not mix with results on the same terminal; those for people wait for the end.
  const bool waiting = for_people(request.outputs) && !request.report.every_finding && request.report.top != 0;
  LD_ASSIGN(const ScanReport report, with_control(session, waiting || !shown_on_terminal(session, request.outputs),
                                                  [&](const RunControl& control) { return scan(request, control); }));
  return finish_scan(session, report, fail_on);
}

Result<int> run_watch(const Session& session) {
  LD_ASSIGN(const WatchRequest request, watch_request(session));
  // What never ends has no progress to show.
  LD_ASSIGN(const ScanReport report,
            with_control(session, false, [&](const RunControl& control) { return watch(request, control); }));
  return finish_scan(session, report, std::nullopt);
}

}  // namespace logdetect
