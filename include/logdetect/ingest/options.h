#pragma once

#include <cstddef>
#include <cstdint>

#include "logdetect/base/range.h"

namespace logdetect {

/// How bytes become text.
enum class Encoding : std::uint8_t { kAuto, kUtf8, kUtf16Le, kUtf16Be };

/// Limits and switches of reading; every default is safe for unattended use.
struct IngestOptions {
  static constexpr Range<std::size_t> kLineBytesRange{256, std::size_t{16} << 20};
  static constexpr Range<std::size_t> kBatchBytesRange{std::size_t{4} << 10, std::size_t{64} << 20};
  static constexpr Range<std::size_t> kBatchRecordsRange{1, 1'000'000};
  static constexpr Range<std::size_t> kStitchLinesRange{1, 100'000};
  static constexpr Range<std::size_t> kStitchBytesRange{std::size_t{1} << 10, std::size_t{16} << 20};

  std::size_t max_line_bytes =
      std::size_t{64} * 1024;                          ///< bytes kept of a line; the rest is skipped in constant memory
  std::size_t batch_bytes = std::size_t{1024} * 1024;  ///< text per batch; larger is a little faster and later
  std::size_t batch_records = std::size_t{16} * 1024;
  bool stitch = true;  ///< join continuation lines (stack traces) to the line they belong to
  std::size_t stitch_max_lines = 500;
  std::size_t stitch_max_bytes = std::size_t{256} * 1024;
  bool force_text = false;              ///< read inputs that look binary all the same
  bool recursive = false;               ///< descend into directories
  Encoding encoding = Encoding::kAuto;  ///< kAuto: BOM, else bytes as they are
};

}  // namespace logdetect
