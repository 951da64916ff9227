#pragma once

#include <string>

namespace logdetect {

/// Whether log file `a` is read before `b`: by path, but of one rotated log the oldest first. app.log-20240101 precedes
/// app.log-20240102, then app.log.10.gz, app.log.9, app.log.1, then app.log itself. A strict weak order.
[[nodiscard]] bool reads_before(const std::string& a, const std::string& b);

}  // namespace logdetect
