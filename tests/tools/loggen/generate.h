#pragma once

#include <cstdint>

#include "loggen/options.h"

namespace logdetect::loggen {

struct Totals {
  std::uint64_t lines = 0;
  std::uint64_t records = 0;
  std::uint64_t anomalous_lines = 0;
};

/// Writes the log, its labels and its faults as the options say. Streams: memory does not grow with the number of
/// lines. Errors: kOutput with the path; kOutputClosed when the reader of standard output went away.
[[nodiscard]] Result<Totals> generate(const Options& options);

}  // namespace logdetect::loggen
