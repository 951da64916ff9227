#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace logdetect {

/// Chance of counts as unequal as these, or more, if events came at one rate. `exposure`: length of the second
/// observation in lengths of the first, > 0. `dispersion`: variance over mean of the counts, >= 1. In [0, 1]; 1 when
/// both counts are 0. O(1).
/// With Yates's continuity correction. Source: Wilks, Ann. Math. Stat. 9 (1938), for two Poisson counts; McCullagh and
/// Nelder, "Generalized Linear Models", 4.5, for the dispersion.
[[nodiscard]] double rate_change_p_value(std::uint64_t before, std::uint64_t after, double exposure, double dispersion);

/// Which of these tests to believe so that of those believed an expected share of at most `false_share` is chance.
/// O(n log n). Source: Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995).
[[nodiscard]] std::vector<bool> discoveries(std::span<const double> p_values, double false_share);

/// Middle one of the values, the lower of two; `otherwise` if there are none. O(n).
[[nodiscard]] double median_of(std::vector<double> values, double otherwise);

}  // namespace logdetect
