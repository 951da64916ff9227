#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "cli/typed.h"

namespace logdetect {

/// A command. Two words: a verb of a group.
struct VerbSpec {
  Verb verb = Verb::kNone;
  std::string_view name;       ///< "scan", "model inspect"
  std::string_view alias;      ///< may be empty
  std::string_view arguments;  ///< of the usage line; empty: it takes none
  std::string_view summary;
  std::string_view examples;  ///< lines, the indent included
};
std::span<const VerbSpec> verb_table();
const VerbSpec& verb_spec(Verb verb);

/// Where a flag's value goes: a member of Typed, or the path of a configuration field.
using FlagTarget = std::variant<bool Typed::*, int Typed::*, std::string Typed::*, std::vector<std::string> Typed::*,
                                std::string_view>;

/// A flag. This table makes the parser, the help and the check that docs/cli.md names every flag.
struct FlagSpec {
  std::string_view names;  ///< "-m,--model"
  std::string value;       ///< "MODEL"; empty: a switch
  std::string help;
  std::string_view group;  ///< heading in the long help
  unsigned verbs = 0;      ///< set of Verb, by bit
  bool common = false;     ///< in the short help
  FlagTarget target;
  std::string_view old_name = {};  ///< what it was called once: still taken, with a note, but not in the help
  std::string_view old_path = {};  ///< of a configuration field: what it was called then
};
/// In the order of the help; built from its own rows and the configuration's fields that have a flag.
std::span<const FlagSpec> flag_table();

[[nodiscard]] constexpr unsigned verb_bit(Verb verb) {
  return 1U << static_cast<unsigned>(verb);
}
[[nodiscard]] inline bool has_flag(Verb verb, const FlagSpec& flag) {
  return (flag.verbs & verb_bit(verb)) != 0;
}
/// "--model" of "-m,--model".
[[nodiscard]] std::string_view long_name(std::string_view names);

}  // namespace logdetect
