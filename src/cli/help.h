#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/typed.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// Examples first, then the commands. Ends in a newline, as all help does.
std::string program_help();
/// The verbs of a group ("model"), with examples.
std::string group_help(std::string_view group);
/// Examples and the usual flags; at most 40 lines.
std::string short_help(Verb verb);
/// Everything.
std::string long_help(Verb verb);

/// A page that is not about one command.
struct Topic {
  std::string_view name;
  std::string_view summary;
  std::string (*text)();
};
std::span<const Topic> topic_table();

/// The page of a topic, command or group. Errors: kUsage, with the nearest one as hint.
Result<std::string> help_on(const std::string& topic);

}  // namespace logdetect
