#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Larger checkpoint files are refused unread: ten thousand names with sixteen files each stay well below.
inline constexpr std::size_t kMaxCheckpointBytes = std::size_t{64} * 1024 * 1024;

/// One generation of the state file.
struct Checkpoint {
  std::uint64_t generation = 0;  ///< counts the writes; the higher one is newer
  std::string cursor;            ///< of the run's source
};

/// The bytes of a state file, little-endian: magic, version u32 (2), generation u64, cursor (length u32, bytes), and
/// the XXH3-64 of all that. O(size).
std::string encode_checkpoint(const Checkpoint& checkpoint);

/// Reads what encode_checkpoint wrote, from bytes nobody vouches for; also version 1, which held the positions of
/// followed files instead of a cursor. Errors: kOutput (it is our own state that is broken) when the checksum, the
/// version or any length is wrong. Memory stays within a small multiple of |bytes|.
Result<Checkpoint> decode_checkpoint(std::string_view bytes);

}  // namespace logdetect
