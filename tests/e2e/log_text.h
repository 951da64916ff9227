#pragma once

#include <cstdint>
#include <string>

namespace logdetect {

/// Text of a made-up shop's log: a few services that handle requests, about two lines a second. The same arguments
/// give the same text.
///
/// from     first second, counted from 2024-01-15T00:00:00Z
/// seconds  length
/// seed     of everything random in it
std::string quiet_log(std::int64_t from, std::int64_t seconds, std::uint64_t seed);

/// A line that quiet_log() never writes, at a second.
std::string odd_line(std::int64_t second, const std::string& message);

/// A quiet log with a failure in the middle: `kOutageLines` lines of three kinds that training never saw.
std::string bad_log(std::int64_t from, std::int64_t seconds, std::uint64_t seed);
inline constexpr int kOutageLines = 40;

}  // namespace logdetect
