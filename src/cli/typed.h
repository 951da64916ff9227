#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace logdetect {

enum class Verb : std::uint8_t {
  kNone,
  kTrain,
  kScan,
  kWatch,
  kParse,
  kEval,
  kAck,
  kExplain,
  kModelInspect,
  kModelVerify,
  kModelDiff,
  kConfigShow,
  kConfigCheck,
  kFormats,
  kVersion,
  kHelp,
};

/// A configuration value given by flag.
struct ConfigValue {
  std::string_view path;  ///< "run.seed"
  std::string text;
  std::string flag;  ///< "--seed"
};

/// What was typed, before anything is made of it. Empty text: not given.
struct Typed {
  Verb verb = Verb::kNone;
  std::string group;  ///< "model" or "config" typed alone
  bool short_help = false;
  bool long_help = false;
  bool version = false;
  std::vector<std::string> arguments;  ///< plain arguments
  std::vector<std::string> inputs;     ///< --input
  std::vector<std::string> baseline;
  std::vector<std::string> exclude;
  std::vector<std::string> outputs;  ///< --output
  std::string model;
  std::string format;
  std::string scores;
  std::string allow;
  std::string pattern;
  std::string reason;
  std::string author;
  std::string expires;
  std::string undo;
  std::string labels;
  std::string session_labels;
  std::string faults;
  std::string slack;
  std::string session_scores;
  std::string since;
  std::string until;
  std::string top;
  std::string fail_on;
  std::string state;
  std::string from;     ///< explain, ack: the saved result
  std::string start;    ///< watch: where to begin
  std::string explain;  ///< formats: the log to look at
  std::string config_file;
  std::string color;
  bool all = false;
  bool list = false;
  bool update = false;
  bool plain = false;
  bool defaults = false;
  bool quiet = false;
  int verbose = 0;
  std::vector<ConfigValue> values;
  std::vector<std::string> notes;  ///< what was typed by an old name
};

}  // namespace logdetect
