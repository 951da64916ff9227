#include <algorithm>
#include <array>

#include "cli/help.h"
#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/source_entry.h"
#include "logdetect/models/detector.h"
#include "logdetect/pipeline/parse.h"
#include "logdetect/report/format.h"
#include "logdetect/report/output.h"

namespace logdetect {
namespace {

constexpr std::size_t kNameColumn = 16;    // where the text begins behind a name
constexpr std::size_t kOptionColumn = 26;  // likewise behind an option with its preset

// "  name            text"
std::string row(std::string_view name, std::string_view text, std::size_t column = kNameColumn) {
  std::string line = "  " + std::string(name);
  line.resize(std::max(line.size() + 2, column), ' ');
  return line + std::string(text) + "\n";
}

// The order in the last paragraph is that of graver_exit().
std::string exit_codes() {
  return "Exit codes\n\n"
         "    0  the run went well; findings alone do not change that\n"
         "    1  an incident at or above --fail-on was found\n"
         "    2  a flag, an argument or the configuration is wrong\n"
         "    3  some input could not be read, or not to its end; the results of the rest were written\n"
         "    4  the model is missing, broken or from another version\n"
         "    5  an output or the state directory could not be written\n"
         "   70  internal error, or memory ran out\n"
         "  130  stopped by SIGINT (Ctrl-C); watch ends with 0 on the first one\n"
         "  143  stopped by SIGTERM; watch ends with 0\n\n"
         "When several apply: 70, 5, 4, 2, 3, 1 in this order. A reader that closes the pipe early (`| head`) is no\n"
         "error: the run ends quietly with 0.\n";
}

std::string configuration() {
  return "Configuration\n\n"
         "Nothing needs to be configured. A value is taken from the first of these that states it:\n\n"
         "  1. a flag                        --contamination 0.02\n"
         "  2. the environment               LOGDETECT_FOREST_CONTAMINATION=0.02\n"
         "  3. a file, by --config FILE      forest: {contamination: 0.02}\n"
         "  4. the model, for what training fixed\n"
         "  5. the default\n\n"
         "No file is read unless it is named.\n\n"
         "  logdetect config show --defaults > logdetect.yaml    a file to start from, with help\n"
         "  logdetect config check logdetect.yaml                is it right?\n"
         "  logdetect config show --config logdetect.yaml        every value, and who set it\n";
}

std::string formats() {
  return "Log formats\n\n"
         "How lines begin (time, level, host, component, pid) is found out from the first lines of a log. To say it\n"
         "instead: --log-format NAME, with a name of `logdetect formats`; 'none' takes whole lines as messages; or a\n"
         "pattern:\n\n"
         "  --log-format '<Date> <Time> <Pid> <Level> <Component>: <Content>'\n\n"
         "Names, in any case: Time, Timestamp (a Date, Month, Day, Year or Weekday in front of a Time belongs to it),\n"
         "Level, Component (Logger, Class), Pid, Host (Node), Content (Message; last). Any other <Name> is a column "
         "that\n"
         "is cut. A blank stands for one or more. `logdetect formats --explain LOG` shows how a log is understood and\n"
         "writes it down as a pattern and as a file.\n\n"
         "A format of your own is a file, given by --log-format FILE.yaml:\n\n"
         "  name: mine\n"
         "  summary: Our own log\n"
         "  kind: pattern                        # or json, logfmt, container, syslog, cef, journal:\n"
         "                                       # these need no pattern\n"
         "  pattern: \"<time> <level> <component>: <message>\"\n"
         "  samples:\n"
         "    - line: \"2024-01-15 03:42:18 WARN pool: exhausted\"\n"
         "      time: 2024-01-15T03:42:18Z\n"
         "      level: WARNING\n"
         "      component: pool\n"
         "      message: exhausted\n\n"
         "A file may hold a list of formats: each line is read by the first that fits it.\n"
         "The samples are tried when the format is loaded; one that does not parse as it says is an error.\n"
         "`logdetect config check` tries those of the file that `header.format` names.\n";
}

// The fields of the configuration that a group of options has.
std::string option_lines(std::string_view group) {
  const ConfigBuilder defaults;
  const std::string prefix = std::string(group) + ".";
  std::string out;
  for (const FieldInfo& field : config_fields()) {
    if (field.path.starts_with(prefix)) {
      out += row(field.path, field.help);
      out += row("", field.range + ", default: " + defaults.value_text(field.path));
    }
  }
  return out;
}

std::string detectors() {
  std::string out =
      "Detectors\n\nThey judge together: --detectors LIST chooses, ensemble.weights weighs them. A detector that\n"
      "ensemble.weights does not name has the weight below. The heaviest of those chosen counts in full.\n\n";
  for (const DetectorEntry& entry : detector_table()) {
    std::string line(entry.summary);
    line += entry.neural ? "; trained with LibTorch" : "";
    out += row(entry.name, line + "; weight " + fixed_text(entry.default_weight, 2));
  }
  out += "\nSets, by one name:\n\n";
  for (const DetectorSet& set : detector_sets()) {
    out += row(set.name, set.summary);
  }
  for (const OptionGroup& group : option_groups()) {
    std::string users;
    for (const DetectorEntry& entry : detector_table()) {
      // Options that detectors share, such as those of "neural", are told once, with all who use them.
      const bool uses =
          group.shared ? entry.shared != nullptr && entry.shared->name == group.name : entry.name == group.name;
      users += uses ? (users.empty() ? "" : ", ") + std::string(entry.name) : "";
    }
    out += "\nOptions of " + users + ":\n\n" + option_lines(group.name);
  }
  return out;
}

// The first six rows stand for no field of the configuration, so no table lists them.
std::string environment() {
  std::string out =
      "Environment\n\n"
      "  NO_COLOR                      not empty: no colours\n"
      "  CLICOLOR_FORCE, FORCE_COLOR   not empty, not 0: colours even into a pipe\n"
      "  CLICOLOR                      0: no colours\n"
      "  TERM                          'dumb': no colours\n"
      "  LOGDETECT_NEURAL_MODULE       the file that trains by LibTorch, instead of the one inside the program\n"
      "  TZDIR                         the directory of the time zone files, instead of the system's\n\n"
      "--color beats the variables about colours. Every value of the configuration has a variable:\n\n";
  for (const FieldInfo& field : config_fields()) {
    out += "  " + environment_name(field.path) + "\n";
  }
  return out + "\nLists are separated by commas: LOGDETECT_ENSEMBLE_DETECTORS=novelty,forest\n";
}

std::string json() {
  return "JSON output\n\n"
         "--format jsonl writes one object a line, --format json the same as one document. \"type\" says what it "
         "is:\n\n"
         "  header     version, command, model, inputs, detectors, threshold\n"
         "  finding    an anomalous record and its repeats, with reasons; it names its incident and comes before it\n"
         "  incident   id, first, last (RFC 3339, UTC), score, severity, title, count\n"
         "  summary    counts of the run\n\n"
         "Fields are added, never renamed or removed within a major version. Scores are in [0, 1), 0.5 at the model's\n"
         "threshold. Text from logs is valid UTF-8: ill-formed bytes become U+FFFD. Ids say what\n"
         "was found: they are the same wherever the log lies and whichever model judges it.\n\n"
         "  logdetect scan --model model/ --format jsonl app.log | jq 'select(.type == \"incident\") | .title'\n";
}

std::string output() {
  std::string out =
      "Output\n\n"
      "  --output [FORMAT:]TARGET\n\n"
      "Results of scan, watch and parse go to standard output, or to every --output that is given. FORMAT is a word\n"
      "below; without it the target's own format counts, which is that of --format for files and standard output.\n"
      "Another word before the colon belongs to the name of the file, and ./ in front keeps any name whole.\n\n"
      "  logdetect scan -m model/ -o - -o json:result.json today.log      read it, and keep it\n"
      "  logdetect watch -m model/ -o jsonl:found.jsonl app.log           append what is found\n"
      "  logdetect parse -o ./json:odd.csv app.log                        a file that is called json:odd.csv\n"
      "\nFormats:\n\n";
  for (const FormatEntry& entry : format_table()) {
    out += row(entry.name, std::string(entry.summary) + (entry.streams ? "" : "; not for watch"));
  }
  out += "\nRows of parse:\n\n";
  for (const RowFormat& format : row_format_table()) {
    out += row(format.name, format.summary);
  }
  out += "\nTargets:\n\n";
  for (const OutputEntry& entry : output_table()) {
    const std::string usual(entry.default_format);
    out += row(entry.form, std::string(entry.summary) + (usual.empty() ? "" : "; as " + usual));
  }
  return out + "\n" + std::string(kFileScheme) + "://PATH is a file too. Two outputs cannot go to the same place.\n";
}

std::string sources() {
  std::string out =
      "Sources\n\n"
      "Where logs are read from. A plain name is a file, and '-' is standard input. watch follows files and\n"
      "does not read standard input.\n"
      "Other sources are named SCHEME:TARGET or SCHEME://TARGET:\n\n";
  for (const SourceEntry& entry : source_table()) {
    out += row(entry.scheme, entry.summary);
  }
  out +=
      "\nA name that exists as a file is that file, even with a colon in it. './' in front makes any name a\n"
      "file. Options follow the target: 'follow:app.log?rotate_wait=60&flush_partial=10'. All inputs of a\n"
      "scheme share its options.\n";
  for (const SourceEntry& entry : source_table()) {
    out += entry.options.empty() ? "" : "\nOptions of " + std::string(entry.scheme) + ":\n\n";
    for (const SourceOption& option : entry.options) {
      std::string preset(option.preset);
      preset += option.unit.empty() ? "" : " " + std::string(option.unit);
      out += row(std::string(option.name) + " (" + preset + ")", option.help, kOptionColumn);
    }
  }
  return out;
}

constexpr std::array<Topic, 8> kTopics = {{
    {"config", "where values come from, files, precedence", configuration},
    {"detectors", "what judges a record", detectors},
    {"environment", "variables that are read", environment},
    {"exit-codes", "what the exit status says", exit_codes},
    {"formats", "how lines begin, formats of your own", formats},
    {"json", "what --format json and jsonl write", json},
    {"output", "where results go, formats, several outputs at once", output},
    {"sources", "where logs are read from: files, directories, pipes, live files", sources},
}};

}  // namespace

std::span<const Topic> topic_table() {
  return kTopics;
}

}  // namespace logdetect
