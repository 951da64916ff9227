#include "cli/flags.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "cli/outputs.h"
#include "logdetect/config/config.h"

namespace logdetect {
namespace {

constexpr unsigned bits(std::initializer_list<Verb> verbs) {
  unsigned set = 0;
  for (const Verb verb : verbs) {
    set |= verb_bit(verb);
  }
  return set;
}

constexpr unsigned kReading = bits({Verb::kTrain, Verb::kScan, Verb::kWatch, Verb::kParse, Verb::kEval});
constexpr unsigned kJudging = bits({Verb::kScan, Verb::kWatch, Verb::kEval});
constexpr unsigned kReporting = bits({Verb::kScan, Verb::kWatch});
constexpr unsigned kLearning = bits({Verb::kTrain, Verb::kScan, Verb::kEval});  // scan and eval: from --baseline
constexpr unsigned kConfigured = kReading | verb_bit(Verb::kConfigShow);  // config show tells what the flags would set
constexpr unsigned kEvery = ~0U;

// In the order of the help. Verbs of a group stand together: the parser counts on it.
constexpr std::array<VerbSpec, 15> kVerbs = {{
    {Verb::kTrain, "train", "", "[LOG]...", "learn a model from history",
     "  logdetect train --output model/ /var/log/app/*.log\n"
     "  logdetect train --output model/ --days 7 -r /var/log/app\n"
     "  logdetect train --output model/ --update yesterday.log\n"
     "  zcat old.gz | logdetect train --output model/ -\n"},
    {Verb::kScan, "scan", "detect", "[LOG]...", "judge logs: what is not normal, and why",
     "  logdetect scan --model model/ today.log\n"
     "  logdetect scan --model model/ --since 2h --format json today.log > anomalies.json\n"
     "  logdetect scan --baseline good.log candidate.log --fail-on high\n"},
    {Verb::kWatch, "watch", "", "LOG...", "follow live logs and report as it happens",
     "  logdetect watch --model model/ /var/log/app/current.log\n"
     "  logdetect watch --model model/ --state /var/lib/logdetect --format jsonl app.log\n"},
    {Verb::kParse, "parse", "", "[LOG]...", "print the template and parameters of every record",
     "  logdetect parse app.log > rows.csv\n"
     "  logdetect parse --model model/ --format jsonl app.log\n"},
    {Verb::kEval, "eval", "", "[LOG]...", "judge the judge: hold verdicts against labels",
     "  logdetect eval --model model/ --labels labels.csv test.log\n"
     "  logdetect eval --model model/ --faults faults.csv --format json test.log\n"},
    {Verb::kExplain, "explain", "", "ID", "show one finding or incident of a saved result in full",
     "  logdetect explain I-0123456789ab --from anomalies.json\n"
     "  logdetect scan --model model/ --format jsonl app.log | logdetect explain F-0123456789ab\n"},
    {Verb::kAck, "ack", "", "[ID]", "say that a finding or incident is normal",
     "  logdetect ack I-0123456789ab --from anomalies.json --model model/ --reason 'planned failover'\n"
     "  logdetect ack --pattern 'replica <*> unreachable' --model model/ --expires 30d\n"
     "  logdetect ack --list --model model/\n"
     "  logdetect ack --undo A-0123456789ab --model model/\n"},
    {Verb::kModelInspect, "model inspect", "", "MODEL", "show what a model learned",
     "  logdetect model inspect model/\n"
     "  logdetect model inspect model/ --format json | jq .threshold\n"},
    {Verb::kModelVerify, "model verify", "", "MODEL", "check that a model is intact",
     "  logdetect model verify model/\n"},
    {Verb::kModelDiff, "model diff", "", "BEFORE AFTER", "show what changed between two models",
     "  logdetect model diff model-1.4/ model-1.5/\n"
     "  logdetect model diff old/ new/ --format json | jq '.new[] | select(.alarm == \"error\")'\n"},
    {Verb::kConfigShow, "config show", "", "", "print the configuration and who set each value",
     "  logdetect config show --config logdetect.yaml\n"
     "  logdetect config show --defaults > logdetect.yaml\n"},
    {Verb::kConfigCheck, "config check", "", "FILE", "check a configuration file, its masks and formats",
     "  logdetect config check logdetect.yaml\n"},
    {Verb::kFormats, "formats", "", "[NAME]",
     "list the log formats known by name, show one, or say how a log is understood",
     "  logdetect formats\n"
     "  logdetect formats syslog_rfc3164\n"
     "  logdetect formats --explain app.log\n"},
    {Verb::kVersion, "version", "", "", "print the version", "  logdetect version --verbose\n"},
    {Verb::kHelp, "help", "", "[TOPIC]", "explain a command or a topic",
     "  logdetect help scan\n"
     "  logdetect help exit-codes\n"},
}};

std::vector<FlagSpec> input_flags() {
  return {
      {"-i,--input", "LOG", "log to read, like a plain argument; '-' is standard input; repeatable", "Input", kReading,
       false, &Typed::inputs},
      {"-m,--model", "MODEL", "model directory written by train", "Input", kJudging | bits({Verb::kParse, Verb::kAck}),
       true, &Typed::model},
      {"--baseline", "LOG", "instead of a model: learn from this log first; repeatable", "Input",
       bits({Verb::kScan, Verb::kEval}), true, &Typed::baseline},
      {"--exclude", "PATTERN", "leave out messages like this one; <*> or <NAME> stands for any text; repeatable",
       "Input", verb_bit(Verb::kTrain), true, &Typed::exclude},
      {"--labels", "FILE", "CSV of line labels: line, label; category and source where there are", "Input",
       verb_bit(Verb::kEval), true, &Typed::labels},
      {"--session-labels", "FILE", "CSV of session labels: session, label", "Input", verb_bit(Verb::kEval), true,
       &Typed::session_labels},
      {"--faults", "FILE", "CSV of known faults: begin, end; name where there is", "Input", verb_bit(Verb::kEval), true,
       &Typed::faults},
      {"--slack", "SECONDS", "how far from a fault an incident may begin and still count (default: 60)", "Input",
       verb_bit(Verb::kEval), false, &Typed::slack},
      {"--from", "FILE", "saved result of scan --format json or jsonl; without it standard input", "Input",
       bits({Verb::kExplain, Verb::kAck}), true, &Typed::from},
      {"--pattern", "TEXT", "allow messages like this one; <*> stands for any text", "Input", verb_bit(Verb::kAck),
       true, &Typed::pattern},
      {"--reason", "TEXT", "why it is normal", "Input", verb_bit(Verb::kAck), true, &Typed::reason},
      {"--author", "NAME", "who says so (default: the user's name)", "Input", verb_bit(Verb::kAck), false,
       &Typed::author},
      {"--expires", "WHEN", "report it again from then on: a date, or a time from now (30d)", "Input",
       verb_bit(Verb::kAck), true, &Typed::expires},
      {"--undo", "RULE", "take a rule back", "Input", verb_bit(Verb::kAck), true, &Typed::undo},
      {"--list", "", "show the rules", "Input", verb_bit(Verb::kAck), true, &Typed::list},
      {"--allow", "FILE", "allow rules (default: allow.yaml beside the model)", "Input",
       kJudging | bits({Verb::kTrain, Verb::kAck}), false, &Typed::allow},
      // watch once called it --from, which is another flag of explain and ack.
      {"--start", "WHERE", "where to begin: begin, end or checkpoint (default: checkpoint, else end)", "Input",
       verb_bit(Verb::kWatch), true, &Typed::start, "--from"},
      {"--explain", "LOG", "say how the headers of this log are understood, and how to write that down", "Input",
       verb_bit(Verb::kFormats), true, &Typed::explain},
      {"--since", "TIME", "judge only records from this time on (RFC 3339, '2h', '30 min ago')", "Input",
       bits({Verb::kScan, Verb::kEval}), true, &Typed::since},
      {"--until", "TIME", "do not judge records at or after this time", "Input", bits({Verb::kScan, Verb::kEval}),
       false, &Typed::until},
  };
}

// Verbs with the same formats share a row.
FlagSpec format_flag(std::initializer_list<Verb> verbs) {
  const std::vector<FormatInfo> formats = formats_of(*verbs.begin());
  const std::string usual(formats.front().name);
  return {"--format", "FORMAT",      format_names(formats) + " (default: " + usual + ")", "Output", bits(verbs),
          true,       &Typed::format};
}

// A flag whose help differs between verbs has a row for each wording. All rows of one name share a target.
std::vector<FlagSpec> output_flags() {
  return {
      {"-o,--output", "DIR", "directory the model is written to", "Output", verb_bit(Verb::kTrain), true,
       &Typed::outputs},
      {"--update", "", "continue from the model in --output: learn this log on top of it", "Input",
       verb_bit(Verb::kTrain), true, &Typed::update},
      {"-o,--output", "[FORMAT:]TARGET",
       "where results go: a file, or '-' for standard output; repeatable; see `logdetect help output`", "Output",
       kReporting | verb_bit(Verb::kParse), true, &Typed::outputs},
      format_flag({Verb::kScan}),
      format_flag({Verb::kWatch}),
      format_flag({Verb::kParse}),
      format_flag({Verb::kModelInspect, Verb::kModelDiff, Verb::kEval, Verb::kFormats}),
      {"--top", "N", "incidents shown as text; 0: all (default: 20)", "Output", verb_bit(Verb::kScan), false,
       &Typed::top},
      {"--top", "N", "templates shown as text; 0: all (default: 20)", "Output", verb_bit(Verb::kModelInspect), true,
       &Typed::top},
      {"--top", "N", "templates shown of each kind as text; 0: all (default: 20)", "Output", verb_bit(Verb::kModelDiff),
       true, &Typed::top},
      {"--all", "", "every template that changed, also those gone that may merely not have come again", "Output",
       verb_bit(Verb::kModelDiff), true, &Typed::all},
      {"--all", "", "every finding on its own as well, and every incident", "Output", verb_bit(Verb::kScan), false,
       &Typed::all},
      {"--scores", "FILE", "CSV with the score of every record", "Output", verb_bit(Verb::kScan), false,
       &Typed::scores},
      {"--session-scores", "FILE", "CSV with the score of every session", "Output", verb_bit(Verb::kScan), false,
       &Typed::session_scores},
      {"--fail-on", "SEVERITY", "exit with 1 from this severity on: none, any, low, medium, high, critical", "Output",
       verb_bit(Verb::kScan), true, &Typed::fail_on},
      {"--state", "DIR", "remember here what was read, to go on after a restart", "Output", verb_bit(Verb::kWatch),
       true, &Typed::state},
      {"--plain", "", "ASCII only, no box characters", "Output", kReading | bits({Verb::kExplain, Verb::kModelInspect}),
       false, &Typed::plain},
      {"--defaults", "", "the defaults with help as comments: a file to start from", "Output",
       verb_bit(Verb::kConfigShow), true, &Typed::defaults},
  };
}

std::vector<FlagSpec> general_flags() {
  return {
      {"--config", "FILE", "configuration file (YAML)", "General", kConfigured | verb_bit(Verb::kFormats), false,
       &Typed::config_file},
      {"--color", "WHEN", "auto, always or never (default: auto)", "General", kEvery, false, &Typed::color},
      {"-v,--verbose", "", "say more; scan: a block per finding", "General", kEvery, false, &Typed::verbose},
      {"-q,--quiet", "", "only errors on standard error; results stay", "General", kEvery, false, &Typed::quiet},
      {"-h", "", "short help", "General", kEvery, false, &Typed::short_help},
      {"--help", "", "this help", "General", kEvery, false, &Typed::long_help},
  };
}

struct Section {
  std::string_view prefix;
  std::string_view group;
  unsigned verbs;
};

// Which commands a field's flag belongs to; the first prefix that fits counts.
constexpr std::array<Section, 9> kSections = {{
    {"run.threads", "General", kConfigured},
    {"ingest.", "Reading", kConfigured},
    {"header.", "Reading", kConfigured | verb_bit(Verb::kFormats)},
    {"miner.", "Reading", kConfigured},
    {"sessions.", "Reading", kLearning | bits({Verb::kWatch, Verb::kConfigShow})},
    {"threshold.target_fpr", "Learning", kLearning | verb_bit(Verb::kConfigShow)},
    {"threshold.alerts_per_day", "Learning", kLearning | verb_bit(Verb::kConfigShow)},
    {"incidents.", "Judging", kJudging | verb_bit(Verb::kConfigShow)},
    {"threshold.", "Judging", kJudging | verb_bit(Verb::kConfigShow)},
}};
// What no prefix claims has a part in training: run.seed, ensemble.detectors, the options of detectors.
constexpr Section kShaping = {"", "Learning", kLearning | verb_bit(Verb::kConfigShow)};
// An option of a detector that a judging run may change, such as neural.stride.
constexpr Section kWhileJudging = {"", "Judging", kLearning | verb_bit(Verb::kWatch) | verb_bit(Verb::kConfigShow)};

const Section& section_of(const FieldInfo& field) {
  const auto* found = std::find_if(kSections.begin(), kSections.end(),
                                   [&](const Section& s) { return field.path.starts_with(s.prefix); });
  if (found == kSections.end()) {
    return field.while_judging ? kWhileJudging : kShaping;
  }
  return *found;
}

// What stands for the value in the help; nothing for a switch.
std::string placeholder(const FieldInfo& field) {
  if (field.type == "switch") {
    return "";
  }
  if (field.type == "bytes") {
    return "SIZE";
  }
  if (field.type == "word") {
    return "WORD";
  }
  if (field.type == "list" || field.type == "map") {
    return "LIST";
  }
  if (field.type == "text") {
    // Patterns and names are both of type "text"; the range tells them apart.
    return field.range.starts_with("a regular expression") ? "REGEX" : "NAME";
  }
  return "N";
}

// "help (range, default: value)", or the opposite of a switch that is on.
std::string flag_help(const FieldInfo& field, const ConfigBuilder& defaults) {
  std::string help(field.help);
  if (field.type == "switch") {
    return field.flag.starts_with("--no-") ? "do not " + help : help;
  }
  const bool words = field.type == "word";
  return help + " (" + (words ? field.range + ", " : "") + "default: " + defaults.value_text(field.path) + ")";
}

std::vector<FlagSpec> field_flags() {
  const ConfigBuilder defaults;
  std::vector<FlagSpec> flags;
  for (const FieldInfo& field : config_fields()) {
    if (field.flag.empty()) {
      continue;
    }
    const Section& section = section_of(field);
    // Few of them, since the short help has at most 40 lines.
    const bool common = field.flag == "--days" || field.flag == "--sensitivity" || field.flag == "-r,--recursive";
    FlagSpec flag = {field.flag, placeholder(field), flag_help(field, defaults), section.group, section.verbs,
                     common,     field.path};
    for (const RenamedField& renamed : renamed_fields()) {
      if (renamed.path == field.path) {
        flag.old_name = renamed.old_flag;
        flag.old_path = renamed.old_path;
      }
    }
    flags.push_back(std::move(flag));
  }
  return flags;
}

std::vector<FlagSpec> build_table() {
  std::vector<FlagSpec> table;
  for (std::vector<FlagSpec>& part :
       std::vector<std::vector<FlagSpec>>{input_flags(), output_flags(), field_flags(), general_flags()}) {
    std::move(part.begin(), part.end(), std::back_inserter(table));
  }
  return table;
}

}  // namespace

std::span<const VerbSpec> verb_table() {
  return kVerbs;
}

const VerbSpec& verb_spec(Verb verb) {
  const auto found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbSpec& v) { return v.verb == verb; });
  // Verb::kNone has no row and gets the last one, that of help.
  return found == kVerbs.end() ? kVerbs.back() : *found;
}

std::span<const FlagSpec> flag_table() {
  static const std::vector<FlagSpec> table = build_table();
  return table;
}

std::string_view long_name(std::string_view names) {
  const std::size_t dashes = names.find("--");
  return dashes == std::string_view::npos ? names : names.substr(dashes);  // "-h" has no long name
}

}  // namespace logdetect
