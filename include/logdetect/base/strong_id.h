#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace logdetect {

/// An integer that cannot be mixed up with another kind of id. `Tag` is any distinct type.
/// The all-ones value means "none" and is the default.
template <typename Tag, typename Rep = std::uint32_t>
class StrongId {
 public:
  using rep = Rep;
  static constexpr Rep kNone = static_cast<Rep>(-1);

  constexpr StrongId() = default;
  constexpr explicit StrongId(Rep value) : value_(value) {}

  [[nodiscard]] constexpr Rep value() const { return value_; }
  [[nodiscard]] constexpr bool valid() const { return value_ != kNone; }
  friend constexpr auto operator<=>(StrongId, StrongId) = default;  // NOLINT(modernize-use-nullptr): misread

 private:
  Rep value_ = kNone;
};

}  // namespace logdetect

template <typename Tag, typename Rep>
struct std::hash<logdetect::StrongId<Tag, Rep>> {
  std::size_t operator()(logdetect::StrongId<Tag, Rep> id) const noexcept {
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2^64 by the golden ratio.
    return static_cast<std::size_t>(id.value() * 0x9E3779B97F4A7C15ULL);
  }
};
