#pragma once

#include <string_view>

#include "logdetect/core/event.h"

namespace logdetect {

/// The level a word names ("WARN", "err", "I", "<4>"), kUnknown for any other. Case-insensitive, but for PostgreSQL's
/// "LOG" (= INFO), which in lower case is just a word.
[[nodiscard]] Level parse_level(std::string_view word);

/// The level of a capital letter as logcat and glog write it.
[[nodiscard]] Level level_of_letter(char letter);

/// The level of a syslog severity (0..7) or priority (facility * 8 + severity, up to 191) in digits.
[[nodiscard]] Level level_of_syslog_number(std::string_view digits);

/// The level a token names with whatever wraps it taken off ("[ERROR]", "Info:", "[core:error]"). Letters alone do not
/// count: too many tokens are one letter.
[[nodiscard]] Level level_of_token(std::string_view token);

/// A level and a name in one token, wrapped or not: "[core:warn]", "WARNING/MainProcess", "app.WARNING:", "daemon.warn"
/// (a syslog facility), "W/Tag". False if it is none; "uvicorn.error" is a name.
[[nodiscard]] bool split_level_pair(std::string_view token, Level& level, std::string_view& name);

}  // namespace logdetect
