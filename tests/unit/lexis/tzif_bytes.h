#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect::tzif {

inline void put(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xFF);
  }
}

/// A header of a TZif file with these counts.
inline std::string header(char version, std::uint32_t changes, std::uint32_t types, std::uint32_t letters) {
  std::string bytes = "TZif";
  bytes += version;
  bytes.append(15, '\0');
  for (const std::uint32_t count : {0U, 0U, 0U, changes, types, letters}) {
    put(bytes, count, 4);
  }
  return bytes;
}

/// One type of local time, and its name.
inline std::string type(std::int32_t offset_seconds, std::string_view name) {
  std::string bytes;
  put(bytes, static_cast<std::uint32_t>(offset_seconds), 4);
  bytes.append(2, '\0');  // no summer time; the name begins at the first letter
  bytes += name;
  bytes += '\0';
  return bytes;
}

/// A file whose local time follows a POSIX TZ string from 1906 on.
inline std::string with_rule(std::string_view rule, std::int32_t offset_seconds = 3600, std::string_view name = "CET") {
  const auto letters = static_cast<std::uint32_t>(name.size() + 1);
  std::string bytes = header('2', 0, 1, letters) + type(offset_seconds, name) + header('2', 1, 1, letters);
  put(bytes, static_cast<std::uint64_t>(-2'000'000'000), 8);
  bytes += '\0';  // to the first type
  bytes += type(offset_seconds, name);
  bytes += '\n';
  bytes += rule;
  bytes += '\n';
  return bytes;
}

}  // namespace logdetect::tzif
