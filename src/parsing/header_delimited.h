#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "logdetect/parsing/header.h"

namespace logdetect {

/// "time|component|pid|message": delimiters in nearly every line, fields without blanks before the first free text.
/// Nothing where the lines are not of that form. O(bytes of the lines).
std::optional<HeaderPlan> plan_delimited(char delimiter, std::span<const std::string_view> lines);

/// "INFO:module:message", the default of Python's logging. Nothing where the lines are not of that form.
std::optional<HeaderPlan> plan_level_colon(std::span<const std::string_view> lines);

}  // namespace logdetect
