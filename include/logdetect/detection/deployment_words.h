#pragma once

#include <string_view>

namespace logdetect {

/// True if a message tells of a start, a new version or a migration: "Starting orders 2.14.0", "listening on
/// 0.0.0.0:80", "schema migrated from revision 7 to 8". Only asked of lines that stand out already, for "starting"
/// alone is said of everything. Reads at most the first 16 words. O(|message|), no allocation.
[[nodiscard]] bool tells_of_deployment(std::string_view message);

}  // namespace logdetect
