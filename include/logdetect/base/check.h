#pragma once

namespace logdetect {

/// Prints the broken invariant with its place to standard error and aborts. Never reached through input data.
[[noreturn]] void check_failed(const char* expression, const char* message, const char* file, int line);

}  // namespace logdetect

/// Aborts, in every build, when an invariant of ours does not hold. Not for anything a user or a log can cause.
#define LD_CHECK(condition, message)                                      \
  do {                                                                    \
    if (!(condition)) [[unlikely]] {                                      \
      ::logdetect::check_failed(#condition, message, __FILE__, __LINE__); \
    }                                                                     \
  } while (false)
