#pragma once

#include <string_view>

namespace logdetect {

/// "0.1.0"; follows semantic versioning over the command line, the output schemas and the model format.
[[nodiscard]] std::string_view program_version();

}  // namespace logdetect
