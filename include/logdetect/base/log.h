#pragma once

#include <string_view>

namespace logdetect {

/// How much the program says about itself on standard error.
enum class Verbosity { kQuiet, kNormal, kVerbose, kDebug };

/// Sets the verbosity and whether messages are coloured. Call once, before threads start.
void configure_log(Verbosity verbosity, bool coloured);

/// The program's own messages, always on standard error. Control characters are escaped, so text from a log cannot
/// reach the terminal raw; still, never log line content at info or above. Thread-safe.
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

}  // namespace logdetect
