#include "logdetect/cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/flags.h"
#include "cli/help.h"
#include "cli/messages.h"
#include "cli/parser.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/cli/exit_code.h"

namespace logdetect {
namespace {

using VerbFunction = Result<int> (*)(const Session&);

struct VerbRow {
  Verb verb;
  VerbFunction run;
};

constexpr std::array<VerbRow, 15> kVerbFunctions = {{{Verb::kTrain, run_train},
                                                     {Verb::kScan, run_scan},
                                                     {Verb::kEval, run_eval},
                                                     {Verb::kAck, run_ack},
                                                     {Verb::kWatch, run_watch},
                                                     {Verb::kParse, run_parse},
                                                     {Verb::kExplain, run_explain},
                                                     {Verb::kModelInspect, run_model_inspect},
                                                     {Verb::kModelVerify, run_model_verify},
                                                     {Verb::kModelDiff, run_model_diff},
                                                     {Verb::kConfigShow, run_config_show},
                                                     {Verb::kConfigCheck, run_config_check},
                                                     {Verb::kFormats, run_formats},
                                                     {Verb::kVersion, run_version},
                                                     {Verb::kHelp, run_help}}};

// The one place where errors become text and an exit status. A closed pipe (`| head`) needs no text.
int report_error(const Error& error, const Terminal& terminal) {
  if (error.code == ErrorCode::kInterrupted) {
    log_info("stopped by a signal");  // who pressed Ctrl-C knows it: for --verbose only
  } else if (error.code != ErrorCode::kOutputClosed) {
    print_error(error, terminal.colour_error);
  }
  return exit_code(error.code, stop_signal());
}

// True when help was asked for, or nothing at all; `status` is then what the program ends with.
bool answer_help(const Typed& typed, const Terminal& terminal, int& status) {
  std::string text;
  if (typed.long_help || typed.short_help) {
    if (typed.verb != Verb::kNone) {
      text = typed.long_help ? long_help(typed.verb) : short_help(typed.verb);
    } else {
      text = typed.group.empty() ? program_help() : group_help(typed.group);
    }
  } else if (typed.verb == Verb::kNone && !typed.version) {
    // Nothing to do: the same help, but as an answer to a mistake.
    text = typed.group.empty() ? program_help() : group_help(typed.group);
    (void)write_all(STDERR_FILENO, text, "standard error").ok();
    status = kExitUsage;
    return true;
  } else {
    return false;
  }
  const auto printed = print_text(text);
  status = printed ? kExitOk : report_error(printed.error(), terminal);
  return true;
}

// A verb that reads logs, started by hand with nothing to read: its short help says more than an error would.
bool answer_bare_verb(const Typed& typed, const Terminal& terminal) {
  const bool reads = typed.verb == Verb::kTrain || typed.verb == Verb::kScan || typed.verb == Verb::kWatch ||
                     typed.verb == Verb::kParse || typed.verb == Verb::kEval;
  if (!reads || !terminal.in || !typed.inputs.empty() || !typed.arguments.empty()) {
    return false;
  }
  (void)write_all(STDERR_FILENO, short_help(typed.verb), "standard error").ok();
  return true;
}

int dispatch(Session session) {
  if (session.typed.verb == Verb::kNone) {
    session.typed.verb = Verb::kVersion;  // --version
  }
  for (const VerbRow& row : kVerbFunctions) {
    if (row.verb == session.typed.verb) {
      const Result<int> status = row.run(session);
      return status ? *status : report_error(status.error(), session.terminal);
    }
  }
  return kExitInternal;  // a verb without a row: a mistake of ours
}

Verbosity verbosity(const Typed& typed) {
  if (typed.quiet) {
    return Verbosity::kQuiet;
  }
  // "-vvv" says no more than "-vv".
  constexpr std::array<Verbosity, 3> kLevels = {Verbosity::kNormal, Verbosity::kVerbose, Verbosity::kDebug};
  return kLevels[static_cast<std::size_t>(std::clamp(typed.verbose, 0, 2))];
}

}  // namespace

int run_program(int argc, char** argv) {
  ignore_broken_pipes();
  // For mistakes of the command line itself, which come before --color can be read.
  Terminal terminal = look_at_terminal(Color::kAuto);
  const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);  // argc may be 0
  Result<Typed> typed = parse_command_line(words);
  if (!typed) {
    return report_error(typed.error(), terminal);
  }
  const Result<Color> colour = read_colour(typed->color);
  if (!colour) {
    return report_error(colour.error(), terminal);
  }
  terminal = look_at_terminal(*colour);
  int status = kExitOk;
  if (answer_help(*typed, terminal, status)) {
    return status;
  }
  if (answer_bare_verb(*typed, terminal)) {
    return kExitUsage;
  }
  // Before the notes, so that --quiet holds for them too.
  configure_log(verbosity(*typed), terminal.colour_error);
  for (const std::string& note : typed->notes) {
    log_warning(note);
  }
  return dispatch({*std::move(typed), terminal});
}

Result<std::string> only_argument(const Session& session, const char* what) {
  const std::vector<std::string>& arguments = session.typed.arguments;
  if (arguments.size() == 1) {
    return arguments.front();
  }
  const VerbSpec& verb = verb_spec(session.typed.verb);
  const std::string usage = fmt::format("usage: logdetect {} {}", verb.name, verb.arguments);
  if (arguments.empty()) {
    return make_error(ErrorCode::kUsage, fmt::format("{} is missing", what), "", usage);
  }
  return make_error(ErrorCode::kUsage, fmt::format("one argument too many: '{}'", arguments[1]), "", usage);
}

void keep_standard_descriptors() {
  int fd = 0;
  // open() takes the lowest free number, so the gaps among 0, 1 and 2 are filled first.
  do {
    fd = ::open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) {  // the one after the last gap
    ::close(fd);
  }
}

int report_crash(const char* what) {
  const Error error = make_error(ErrorCode::kInternal, what, "",
                                 "this is a bug, or the machine is out of memory; `logdetect version --verbose` "
                                 "belongs in a report");
  print_error(error, false);  // nothing is known of the terminal here
  return kExitInternal;
}

}  // namespace logdetect
