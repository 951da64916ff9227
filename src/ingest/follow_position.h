#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"

namespace logdetect {

/// Read position of one followed file; survives restarts. The fingerprint is XXH3-128 of the first
/// fingerprint_bytes (at most 1024) bytes, so a replaced or refilled file is recognised.
struct FilePosition {
  std::string path;  ///< the name followed
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t fingerprint_low = 0;
  std::uint64_t fingerprint_high = 0;
  std::uint32_t fingerprint_bytes = 0;
  std::uint64_t offset = 0;  ///< first byte not yet handed out
  std::uint64_t line = 0;    ///< lines handed out before it
  Micros modified = 0;       ///< modification time when last read: what rotated since is not older
  Micros born = 0;           ///< birth time where the file system knows it, else 0: tells re-used inodes apart
};

/// The positions as the bytes that a cursor and the first layout of state files hold: count u64, then each position.
[[nodiscard]] std::string encode_positions(const std::vector<FilePosition>& positions);

/// Reads what encode_positions() wrote, from bytes nobody vouches for. Errors: kOutput (it is our own state that is
/// broken). Memory stays within a small multiple of |bytes|.
Result<std::vector<FilePosition>> decode_positions(std::string_view bytes);

}  // namespace logdetect
