#pragma once

#include <string>

#include "cli/verbs.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// A saved result that --from names, or that comes on standard input.
struct ResultSource {
  std::string bytes;
  std::string name;  ///< for messages
};

/// Reads at most 1 GiB. Errors: kInput; kUsage when nothing is named and standard input is a terminal, with `example`
/// as remedy.
Result<ResultSource> read_result(const Session& session, const std::string& example);

}  // namespace logdetect
