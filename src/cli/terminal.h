#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"
#include "logdetect/report/options.h"

namespace logdetect {

/// Value of an environment variable, or null. Tests pass their own.
using Lookup = std::function<const char*(const char*)>;

/// What the standard descriptors are.
struct Terminal {
  bool in = false;
  bool out = false;
  bool error = false;
  bool colour_out = false;
  bool colour_error = false;
  std::size_t width = 100;  ///< columns; 100 when standard output is no terminal
};

/// Whether a stream is coloured. --color decides; with "auto": NO_COLOR turns off, then CLICOLOR_FORCE or FORCE_COLOR
/// turn on, then TERM=dumb and CLICOLOR=0 turn off, then it is on for a terminal.
bool use_colour(Color when, bool is_terminal, const Lookup& environment);

/// Errors: kUsage for another word than auto, always, never; empty is auto.
Result<Color> read_colour(const std::string& word);

Terminal look_at_terminal(Color when);

}  // namespace logdetect
