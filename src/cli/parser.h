#pragma once

#include <string>
#include <vector>

#include "cli/typed.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// Sorts the words of a command line (without the program's name) into what was typed. Only the form is checked here:
/// words known, values present. Errors: kUsage, with the nearest verb or flag as hint.
Result<Typed> parse_command_line(const std::vector<std::string>& words);

}  // namespace logdetect
