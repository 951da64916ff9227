#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/mining/masker.h"
#include "mining/flat_map.h"
#include "mining/template.h"

namespace logdetect {

/// A group of places that may stand for one value: "LOCAL(0)", "wpad:80", what is in quotes or brackets.
struct PlaceGroup {
  std::size_t begin = 0;
  std::size_t end = 0;
};

inline constexpr std::size_t kMostGroups = 6;
inline constexpr std::size_t kMostGroupPlaces = 14;
inline constexpr std::size_t kMostQuotedPlaces = 64;

/// Finds groups of at most kMostGroupPlaces places, in double quotes of kMostQuotedPlaces, at most kMostGroups of them,
/// from left to right. Whether a group is one value only other messages can tell: those that have a single value in its
/// place and are equal otherwise. They depend on the delimiters alone, so a template and its messages have the same.
/// Cost: O(places). Thread-safe.
void find_groups(const MaskedMessage& message, std::vector<PlaceGroup>& out);
void find_groups(const Template& of, std::vector<PlaceGroup>& out);

/// The tokens of a message with `group` as one value.
void fold_group(std::span<const Token> tokens, const PlaceGroup& group, std::vector<Token>& out);
/// The key `of` would have with `group` as one value.
[[nodiscard]] TemplateKey folded_key(const Template& of, const PlaceGroup& group);

/// Finds the templates that would have a given key with one of their groups as one value. At most 64 for a key.
/// Not thread-safe.
class FormIndex {
 public:
  void add(std::uint32_t id, const Template& added);
  /// Valid until the next add().
  [[nodiscard]] std::span<const std::uint32_t> find(std::uint64_t route) const;
  void clear();

 private:
  FlatMap routes_;
  std::vector<std::vector<std::uint32_t>> ids_;
  std::vector<PlaceGroup> found_;  // scratch
};

}  // namespace logdetect
