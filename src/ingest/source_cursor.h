#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// Where one source of a run goes on.
struct SourceCursor {
  std::string scheme;
  std::string bytes;  ///< of the scheme's own making
};

/// The cursor of a whole run, little-endian: version u32, count u64, scheme and bytes of each source, and the XXH3-64
/// of all that: a cursor is kept by others, so it vouches for itself. Empty when no source has one.
[[nodiscard]] std::string encode_cursor(const std::vector<SourceCursor>& cursors);

/// Reads what encode_cursor() wrote, from bytes nobody vouches for. Errors: kOutput (it is our own state that is
/// broken) when the checksum, the version or any length is wrong.
Result<std::vector<SourceCursor>> decode_cursor(std::string_view bytes);

}  // namespace logdetect
