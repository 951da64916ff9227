#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mining/flat_map.h"
#include "mining/template.h"

namespace logdetect {

/// Groups templates that are equal but for one place, so that the values seen in that place can be counted.
/// A group is found by the template's key with a hole at the place. Not thread-safe.
class SlotGroups {
 public:
  /// Enters a template, whose id is below 2^31 - 1, under each of its first 64 places that are no delimiter; appends
  /// the groups it joined that now have two members or more, as (place, group).
  void add(std::uint32_t id, const Template& added, std::vector<std::pair<std::uint16_t, std::uint32_t>>& grown);
  [[nodiscard]] std::vector<std::uint32_t>& members(std::uint32_t group) { return groups_[group]; }
  /// Keys with a hole that some template has.
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  void clear();

 private:
  struct Hole {
    std::uint64_t key = 0;
    std::uint16_t place = 0;
  };
  // Most keys stay with one template: kAlone + its id. Else the index of a group.
  static constexpr std::uint32_t kAlone = std::uint32_t{1} << 31;
  FlatMap keys_;
  std::vector<std::vector<std::uint32_t>> groups_;
  std::vector<Hole> holes_;  // scratch
};

/// The key of `of` with a hole at `place`.
[[nodiscard]] std::uint64_t hole_key(const Template& of, std::size_t place);

/// How many distinct values must have been seen in `place` before the templates that differ only there are taken for
/// one: few where a value is expected (after '=', in quotes or brackets, after words such as user, host, file, or where
/// a masked value was seen already), more for plain words and ALL-CAPS words, which are usually constants, most where
/// hardly any other word tells the messages apart.
/// `members` are equal but for `place`. 0: never.
[[nodiscard]] std::size_t values_needed(std::span<const Template* const> members, std::size_t place);

}  // namespace logdetect
