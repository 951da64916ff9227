#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "logdetect/parsing/header.h"

namespace logdetect {

/// Where the run of `key=value` that ends a message begins: "order placed| user=7 note="a b"". A value in quotes may
/// hold blanks, one without ends in no punctuation. npos if there is none, or nothing in front of it. O(|message|).
[[nodiscard]] std::size_t find_pair_tail(std::string_view message);

/// Where an object that may be JSON and ends a message begins, not at its front; npos if there is none. O(|message|).
[[nodiscard]] std::size_t find_object_tail(std::string_view message);

/// True if most messages that `plan` finds in the sample end in pairs or an object, and the same words stand before
/// different sets of keys: these are beside the message, and are no part of it. O(sample bytes).
[[nodiscard]] bool has_optional_pairs(const HeaderPlan& plan, std::span<const std::string_view> sample);

}  // namespace logdetect
