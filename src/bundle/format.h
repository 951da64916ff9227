#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace logdetect::model_format {

// Layout of the container, little-endian throughout; docs/model-format.md describes it byte by byte.
//
//   header    kHeaderBytes      magic, byte order, format, creator, lengths
//   manifest  manifest_bytes    JSON object
//   table     n * kEntryBytes   name, version, offset, length, XXH3-128 of each section
//   bodies                      one after the other, no gaps
//   footer    kFooterBytes      XXH3-128 of header + manifest + table, total length, end mark

inline constexpr std::string_view kMagic = "LGDT";
inline constexpr std::string_view kEndMark = "TDGL";
inline constexpr std::uint32_t kByteOrder = 0x01020304;

/// A larger major cannot be read by this program; a larger minor only adds what may be ignored.
inline constexpr std::uint16_t kMajor = 1;
inline constexpr std::uint16_t kMinor = 0;
inline constexpr std::uint16_t kOldestMajor = 1;

inline constexpr std::size_t kCreatorBytes = 20;  // version of the program that wrote the file, zero-padded
inline constexpr std::size_t kNameBytes = 32;
inline constexpr std::size_t kIdentityBytes = 4 + 4 + 2 + 2;  // magic, byte order, major, minor
inline constexpr std::size_t kCountsBytes = 8 + 4;            // bytes of the manifest, number of sections
inline constexpr std::size_t kHeaderBytes = kIdentityBytes + kCreatorBytes + kCountsBytes;
inline constexpr std::size_t kEntryBytes = kNameBytes + 4 + 8 + 8 + 16;
inline constexpr std::size_t kFooterBytes = 16 + 8 + 4;

inline constexpr std::size_t kMaxSections = 1024;
inline constexpr std::size_t kMaxManifestBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxFileBytes = std::size_t{2} << 30;
inline constexpr int kMaxManifestDepth = 64;  // ours has four levels

/// [a-z0-9_.]{1,32}.
[[nodiscard]] bool valid_section_name(std::string_view name);

/// Null when `text` is a JSON object nested at most kMaxManifestDepth deep, else what is wrong with it. O(n), no
/// recursion, no document built.
[[nodiscard]] const char* manifest_problem(std::string_view text);

}  // namespace logdetect::model_format
