#include "features/good_turing.h"

#include <algorithm>

namespace logdetect {

void GoodTuringCounts::add(std::uint64_t before) {
  ++events;
  if (before == 0) {
    ++types;
    ++once;
  } else if (before == 1) {
    --once;
    ++twice;
  } else if (before == 2) {
    --twice;
  }
}

void GoodTuringCounts::remove(std::uint64_t count) {
  types -= count > 0 ? 1 : 0;
  once -= count == 1 ? 1 : 0;
  twice -= count == 2 ? 1 : 0;
}

void GoodTuringCounts::put_back(std::uint64_t count) {
  types += count > 0 ? 1 : 0;
  once += count == 1 ? 1 : 0;
  twice += count == 2 ? 1 : 0;
}

double GoodTuringCounts::share(std::uint64_t count) const {
  const auto n = static_cast<double>(std::max<std::uint64_t>(events, 1));
  const auto singles = static_cast<double>(once);
  // Good: the mass of what was not seen is that of what was seen once. Half an event more, so that it is never none
  // (Krichevsky, Trofimov 1981), and at most half of all.
  const double unseen_mass = std::min(0.5, (singles + 0.5) / (n + 1));
  const double seen_mass = 1 - unseen_mass;
  if (count > 0) {
    return std::min(1.0, seen_mass * static_cast<double>(count) / n);
  }
  // Chao's lower bound, in the form that stays finite when nothing came twice.
  const double unseen_types = std::max(1.0, singles * (singles - 1) / (2 * (static_cast<double>(twice) + 1)));
  constexpr double kOfOneEvent = 0.5;  // what was never seen is rarer than what was seen once
  return std::min(unseen_mass / unseen_types, kOfOneEvent * seen_mass / n);
}

}  // namespace logdetect
