#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "logdetect/parsing/header.h"

namespace logdetect {

/// The one plan that suits these lines best, as if all had one layout; `agreement` is filled in. Never mixed; at most
/// `inner_left` plans inside one another.
/// Cost: O(sample bytes).
[[nodiscard]] HeaderPlan detect_layout(std::span<const std::string_view> sample,
                                       std::size_t inner_left = HeaderPlan::kMaxInner);

/// Share of the non-empty lines that the plan reads in full.
[[nodiscard]] double agreement_of(const HeaderPlan& plan, std::span<const std::string_view> sample);

}  // namespace logdetect
