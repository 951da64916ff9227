#pragma once

#include <cstdint>

namespace logdetect {

/// How many events there were, of how many templates, and how many templates came once or twice: all that Good-Turing
/// smoothing needs. The mass of unseen templates is (once + 1/2) / (events + 1), at most 1/2, shared among as many
/// unseen templates as Chao's lower bound expects; a seen template keeps its share of the rest in proportion to its
/// count. An unseen template never weighs more than half a template seen once. O(1).
/// Source: Good, Biometrika 40 (1953); Chao, Scand. J. Stat. 11 (1984).
struct GoodTuringCounts {
  std::uint64_t events = 0;
  std::uint64_t types = 0;
  std::uint64_t once = 0;
  std::uint64_t twice = 0;

  /// Takes in one more event of a template that came `before` times.
  void add(std::uint64_t before);
  /// A template that came so often is no longer counted, or is again; `events` stay. For templates that become one.
  void remove(std::uint64_t count);
  void put_back(std::uint64_t count);
  /// Smoothed share of a template that came `count` times; of one unseen template for 0. In (0, 1].
  [[nodiscard]] double share(std::uint64_t count) const;
};

}  // namespace logdetect
