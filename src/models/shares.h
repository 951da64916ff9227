#pragma once

#include <span>
#include <vector>

#include "logdetect/models/detector.h"

namespace logdetect {

/// The at most 5 largest positive credits as shares of their sum, largest first (equal ones by column). `credit[c]`
/// belongs to column c. Empty when no credit is above `least`. O(columns).
[[nodiscard]] std::vector<Contribution> largest_shares(std::span<const double> credit, double least);

}  // namespace logdetect
