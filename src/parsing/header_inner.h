#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "logdetect/parsing/header.h"

namespace logdetect {

/// The kind of structured line, known by its first bytes alone, that most of the sample are; kNone for any other log.
/// O(sample lines).
HeaderPlan::Kind kind_by_first_bytes(std::span<const std::string_view> sample);

/// Where most lines end in an object or a CEF event: what stands before these. Else the lines.
std::vector<std::string_view> without_payloads(const std::vector<std::string_view>& lines);

/// Gives the plan an inner one where most messages it finds are lines of a log themselves. O(inner_left * sample
/// bytes).
void find_inner_plan(HeaderPlan& plan, std::span<const std::string_view> sample, std::size_t inner_left);

}  // namespace logdetect
