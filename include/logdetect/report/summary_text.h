#pragma once

#include <string>

#include "logdetect/core/run_summary.h"

namespace logdetect {

/// "2,250 records = 2,100 matched + 140 new + 10 unparsed + 0 dropped". No line end.
[[nodiscard]] std::string records_text(const RunSummary& summary);

/// "Drift: 3.1 % of records fit no template of the model (2.4 new templates per 1,000 records; at the end of training:
/// 0.2 %, 0.3): a new release? ...". Empty for Drift::State::kUnknown. No line end.
[[nodiscard]] std::string drift_text(const Drift& drift);

/// "0.04 %", "3.1 %", "92 %".
[[nodiscard]] std::string percent_text(double share);

}  // namespace logdetect
