#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/parsing/masker.h"
#include "parsing/template.h"

namespace logdetect {

/// A group of places that may stand for one value: "LOCAL(0)", "wpad:80", what is in quotes or brackets.
struct PlaceGroup {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Finds groups of at most kMostGroupPlaces places, at most kMostGroups of them, from left to right. Whether a group is
/// one value only other messages can tell: those that have a single value in its place and are equal otherwise.
/// Cost: O(places). Thread-safe.
inline constexpr std::size_t kMostGroups = 6;
inline constexpr std::size_t kMostGroupPlaces = 14;
void find_groups(const MaskedMessage& message, std::vector<PlaceGroup>& out);
void find_groups(const Template& of, std::vector<PlaceGroup>& out);

/// The message's tokens with `group` as one value.
void fold_group(const MaskedMessage& message, const PlaceGroup& group, std::vector<Token>& out);
/// The key `of` would have with `group` as one value.
[[nodiscard]] TemplateKey folded_key(const Template& of, const PlaceGroup& group);

}  // namespace logdetect
