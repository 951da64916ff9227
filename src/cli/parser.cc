#include "cli/parser.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "cli/flags.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr int kAnyNumber = std::numeric_limits<int>::max() / 2;  // of plain arguments: more than a command line holds

struct BoundFlag {
  const FlagSpec* spec = nullptr;
  const CLI::Option* option = nullptr;
  bool old_name = false;  // the option is what the flag was called once
};

// CLI11's view of one verb, with the way back to our tables.
struct BoundVerb {
  const VerbSpec* spec = nullptr;
  CLI::App* app = nullptr;
  const CLI::Option* arguments = nullptr;
  std::vector<BoundFlag> flags;
};

// Leaves help and unknown words to us: CLI11 answers both by an exception.
void prepare(CLI::App& app) {
  app.set_help_flag();
  app.allow_extras();  // unknown words are collected and explained by us
}

// One verb as CLI11 sees it. `name` is what is typed behind the group: "inspect" of "model inspect".
BoundVerb bind_verb(CLI::App& parent, const VerbSpec& spec, const std::string& name) {
  BoundVerb bound;
  bound.spec = &spec;
  bound.app = parent.add_subcommand(name);
  prepare(*bound.app);
  if (!spec.alias.empty()) {
    bound.app->alias(std::string(spec.alias));
  }
  for (const FlagSpec& flag : flag_table()) {
    if (has_flag(spec.verb, flag)) {
      const auto bind = [&](const std::string& names, bool old_name) {
        CLI::Option* option = flag.value.empty() ? bound.app->add_flag(names) : bound.app->add_option(names);
        // Else CLI11 refuses a value that is given twice. take_flag() says which of them count.
        option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        bound.flags.push_back({&flag, option, old_name});
      };
      bind(std::string(flag.names), false);
      if (!flag.old_name.empty()) {
        bind(std::string(flag.old_name), true);
      }
    }
  }
  if (!spec.arguments.empty()) {
    // Extra arguments are off, for with them CLI11 takes a file named "[a,b]" apart. The expected number alone then
    // says how many words are taken.
    CLI::Option* arguments = bound.app->add_option("arguments")->expected(kAnyNumber)->allow_extra_args(false);
    arguments->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    bound.arguments = arguments;
  }
  return bound;
}

// Stores what a flag was given into its place in `typed`.
void take_flag(const BoundFlag& flag, Typed& typed) {
  const std::vector<std::string>& results = flag.option->results();
  if (flag.option->count() == 0) {
    return;
  }
  const FlagTarget& target = flag.spec->target;
  if (const auto* list = std::get_if<std::vector<std::string> Typed::*>(&target)) {
    typed.** list = results;
  } else if (const auto* text = std::get_if<std::string Typed::*>(&target)) {
    typed.** text = results.back();  // the last one counts
  } else if (const auto* count = std::get_if<int Typed::*>(&target)) {
    typed.** count = static_cast<int>(flag.option->count());  // "-vv" is 2
  } else if (const auto* on = std::get_if<bool Typed::*>(&target)) {
    typed.** on = true;
  } else {
    const std::string name(flag.old_name ? flag.spec->old_name : long_name(flag.spec->names));
    // The old path tells ConfigBuilder that the old name was typed.
    const std::string_view path = flag.old_name ? flag.spec->old_path : std::get<std::string_view>(target);
    const bool is_switch = flag.spec->value.empty();
    // "--no-stitch" sets the field ingest.stitch to false.
    const std::string on_or_off = name.starts_with("--no-") ? "false" : "true";
    typed.values.push_back({path, is_switch ? on_or_off : results.back(), name});
    return;  // the configuration tells of its old names itself
  }
  if (flag.old_name) {
    typed.notes.push_back(
        fmt::format("{} is now called {}; the old name still works", flag.spec->old_name, long_name(flag.spec->names)));
  }
}

// A flag that is given by its old name and its new one is a mistake. Flags of the configuration are left to
// ConfigBuilder, which refuses them itself.
Result<void> refuse_both_names(const std::vector<BoundFlag>& flags) {
  for (const BoundFlag& old : flags) {
    const auto same = [&](const BoundFlag& other) {
      return other.spec == old.spec && !other.old_name && other.option->count() > 0;
    };
    if (old.old_name && old.spec->old_path.empty() && old.option->count() > 0 &&
        std::any_of(flags.begin(), flags.end(), same)) {
      return make_error(ErrorCode::kUsage, fmt::format("{} is given twice", long_name(old.spec->names)), "",
                        fmt::format("{} is its old name; leave it out", old.spec->old_name));
    }
  }
  return {};
}

Error unknown_word(const std::string& word, const std::string& what, const std::vector<std::string_view>& known,
                   std::string otherwise) {
  const std::string_view near = nearest_name(word, known);
  return make_error(ErrorCode::kUsage, "unknown " + what + " '" + word + "'", "",
                    near.empty() ? std::move(otherwise) : "did you mean '" + std::string(near) + "'?");
}

// The hint names the verbs that have the flag, else the flag of this verb with the nearest name.
Error unknown_flag(const std::string& word, const VerbSpec& verb) {
  const std::string name = word.substr(0, word.find('='));  // "--modle=x"
  std::vector<std::string_view> known;
  std::string owners;
  for (const FlagSpec& flag : flag_table()) {
    if (has_flag(verb.verb, flag)) {
      known.push_back(long_name(flag.names));
      continue;
    }
    if (long_name(flag.names) == name) {
      for (const VerbSpec& other : verb_table()) {
        if (has_flag(other.verb, flag)) {
          owners += (owners.empty() ? "" : ", ") + std::string(other.name);
        }
      }
    }
  }
  const std::string hint = owners.empty() ? "`logdetect " + std::string(verb.name) + " --help` lists its flags"
                                          : name + " is a flag of: " + owners;
  if (!owners.empty()) {
    // The flag exists, so it is no slip: no other name is offered.
    known.clear();
  }
  return unknown_word(name, "flag", known, hint);
}

// The hint names the nearest command of the group, or of the program where `group` is empty.
Error unknown_verb(const std::string& word, const std::string& group) {
  std::vector<std::string_view> known;
  for (const VerbSpec& verb : verb_table()) {
    std::string_view name = verb.name;
    if (!group.empty()) {
      if (!name.starts_with(group + " ")) {
        continue;
      }
      name.remove_prefix(group.size() + 1);
    }
    // The first word of "model inspect": a group is typed before its verb.
    known.push_back(name.substr(0, name.find(' ')));
    if (!verb.alias.empty()) {
      known.push_back(verb.alias);
    }
  }
  const std::string list =
      group.empty() ? "`logdetect --help` lists the commands" : "`logdetect " + group + " --help` lists its commands";
  return unknown_word(word, "command", known, list);
}

// What to say of the first word that nothing took. Once a verb was found, a flag is held against those of the verb.
Error unexpected(const std::string& word, const VerbSpec* verb, const std::string& group) {
  if (word.starts_with('-') && word != "-") {  // "-" is standard input
    return verb != nullptr ? unknown_flag(word, *verb)
                           : make_error(ErrorCode::kUsage, "unknown flag '" + word + "'", "",
                                        "flags come after the command: logdetect scan --model model/ app.log");
  }
  if (verb == nullptr) {
    return unknown_verb(word, group);
  }
  return make_error(ErrorCode::kUsage, "unexpected argument '" + word + "'", "",
                    "usage: logdetect " + std::string(verb->name));
}

// CLI11 reads "--output=" as if the next word were the value.
Result<void> refuse_empty_values(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") {  // file names follow, even one like "--x="
      break;
    }
    if (word.starts_with("--") && word.ends_with('=')) {
      return make_error(ErrorCode::kUsage, word.substr(0, word.size() - 1) + " needs a value");
    }
  }
  return {};
}

// "--seed: 1 required TEXT missing" names the flag before the colon.
Error missing_value(const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::size_t colon = text.find(':');
  return make_error(ErrorCode::kUsage, colon == std::string::npos ? text : text.substr(0, colon) + " needs a value");
}

struct Group {
  std::string name;
  CLI::App* app = nullptr;
  bool help = false;
};

}  // namespace

Result<Typed> parse_command_line(const std::vector<std::string>& words) {
  LD_TRY(refuse_empty_values(words));
  Typed typed;
  CLI::App app;
  prepare(app);
  const CLI::Option* short_help = app.add_flag("-h");
  const CLI::Option* long_help = app.add_flag("--help");
  const CLI::Option* version = app.add_flag("-V,--version");
  // One verb only: the second word of `scan train` is the name of a file.
  app.require_subcommand(0, 1);

  std::deque<Group> groups;  // CLI11 keeps references into them
  std::vector<BoundVerb> verbs;
  for (const VerbSpec& spec : verb_table()) {
    const std::size_t blank = spec.name.find(' ');
    if (blank == std::string_view::npos) {
      verbs.push_back(bind_verb(app, spec, std::string(spec.name)));
      continue;
    }
    const std::string group(spec.name.substr(0, blank));
    // The table keeps the verbs of a group together.
    if (groups.empty() || groups.back().name != group) {
      groups.push_back({group, app.add_subcommand(group)});
      prepare(*groups.back().app);
      groups.back().app->require_subcommand(0, 1);
      groups.back().app->add_flag("-h,--help", groups.back().help);
    }
    verbs.push_back(bind_verb(*groups.back().app, spec, std::string(spec.name.substr(blank + 1))));
  }
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 reads from the back
  } catch (const CLI::ParseError& error) {
    return missing_value(error);
  }

  typed.short_help = short_help->count() > 0;
  typed.long_help = long_help->count() > 0;
  typed.version = version->count() > 0;
  const BoundVerb* chosen = nullptr;
  for (const BoundVerb& verb : verbs) {
    chosen = verb.app->parsed() ? &verb : chosen;
  }
  for (const Group& group : groups) {
    if (group.app->parsed()) {
      typed.group = group.name;
      typed.short_help = typed.short_help || group.help;
    }
  }
  if (chosen != nullptr) {
    typed.verb = chosen->spec->verb;
    LD_TRY(refuse_both_names(chosen->flags));
    for (const BoundFlag& flag : chosen->flags) {
      take_flag(flag, typed);
    }
    if (chosen->arguments != nullptr) {
      typed.arguments = chosen->arguments->results();
    }
  }
  // CLI11 counts the "--" itself among the words that nothing took.
  std::vector<std::string> left = app.remaining(true);
  left.erase(std::remove(left.begin(), left.end(), "--"), left.end());
  // Who asks for help may not know the flags yet, so mistakes are passed over.
  const bool help = typed.short_help || typed.long_help;
  if (!left.empty() && !help) {
    return unexpected(left.front(), chosen == nullptr ? nullptr : chosen->spec, typed.group);
  }
  return typed;
}

}  // namespace logdetect
