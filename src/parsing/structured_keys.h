#pragma once

#include <cstdint>
#include <string_view>

namespace logdetect {

/// What a key of a JSON object or logfmt line usually means.
enum class KeyRole : std::uint8_t { kTime, kLevel, kMessage, kHost, kComponent, kPid, kOther };
inline constexpr std::size_t kKeyRoles = 6;  ///< kOther not counted

struct KeyMeaning {
  KeyRole role = KeyRole::kOther;
  std::uint8_t rank = 0;  ///< of several keys with one role the lowest rank wins
};

/// Case-insensitive. Nested keys are joined by a point ("log.level"). O(|key|).
[[nodiscard]] KeyMeaning meaning_of_key(std::string_view key);

}  // namespace logdetect
