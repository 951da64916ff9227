#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// A message for people, every part escaped:
///
///     logdetect: error: unknown key 'treshold'
///       --> logdetect.yaml:14:3
///       help: did you mean 'threshold'?
std::string format_message(std::string_view kind, const Error& error, bool coloured);

/// Writes to standard error; failures are ignored, there is nowhere left to report them.
void print_error(const Error& error, bool coloured);
/// The soft errors of a run: the first few in full, then how many more there were.
void print_problems(const std::vector<Error>& problems, bool coloured);
/// What a run advises, each with its remedy.
void print_advice(const std::vector<std::string>& advice, bool coloured);

/// Writes to standard output. Errors: kOutputClosed, kOutput.
Result<void> print_text(std::string_view text);

}  // namespace logdetect
