#pragma once

#include <optional>
#include <string>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"
#include "logdetect/config/allow_file.h"

namespace logdetect {

/// --expires: a date, or a time from `now` on, in whole seconds; nothing where it is not given. Errors: kUsage for
/// what is no time or lies in the past.
[[nodiscard]] Result<std::optional<Micros>> read_expiry(const std::string& text, Micros now);

/// A rule for people, one line or two.
[[nodiscard]] std::string rule_text(const AllowRule& rule, Micros now);

}  // namespace logdetect
