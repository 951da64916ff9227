#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>

#include "logdetect/base/error.h"

namespace logdetect {

/// Compiles a pattern of the user's over bytes, within 8 MiB. Errors: kConfig at `where`, with RE2's reason and the
/// place in the pattern.
Result<std::unique_ptr<re2::RE2>> compile_pattern(const std::string& pattern, const std::string& where);

}  // namespace logdetect
