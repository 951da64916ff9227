#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/checkpoint_format.h"
#include "ingest/follow_source.h"
#include "ingest/source_cursor.h"
#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"

namespace {

using namespace logdetect;  // NOLINT(google-build-using-namespace)

// Whatever the positions are, there is one form of them.
void try_cursor(const std::string& cursor) {
  const auto sources = decode_cursor(cursor);
  if (!sources.ok()) {
    LD_CHECK(!sources.error().message.empty(), "an error without words");
    return;
  }
  LD_CHECK(encode_cursor(*sources) == cursor, "a cursor with two forms");
  for (const SourceCursor& source : *sources) {
    const auto positions = read_follow_cursor(source.bytes);
    LD_CHECK(!positions.ok() || follow_cursor(*positions) == source.bytes, "positions with two forms");
  }
}

// Whatever decodes encodes to the same bytes, or was written by an earlier version.
void try_decoding(std::string_view bytes) {
  constexpr std::size_t kVersionAt = 8;
  const auto checkpoint = decode_checkpoint(bytes);
  if (checkpoint.ok()) {
    LD_CHECK(bytes[kVersionAt] == 1 || encode_checkpoint(*checkpoint) == bytes, "a checkpoint with two forms");
    try_cursor(checkpoint->cursor);
  } else {
    LD_CHECK(!checkpoint.error().message.empty(), "an error without words");
  }
}

std::string with_checksum(std::string_view body) {
  std::string summed(body);
  const std::uint64_t sum = hash64(summed);
  for (int i = 0; i < 8; ++i) {
    summed.push_back(static_cast<char>((sum >> (8 * i)) & 0xFF));
  }
  return summed;
}

}  // namespace

// State files as they lie on disk; also with the checksum put right, so that the fields behind it are reached; and the
// same bytes as a cursor.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: name given by libFuzzer
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try_decoding(bytes);
  try_cursor(std::string(bytes));
  if (size >= 8) {
    try_decoding(with_checksum(bytes.substr(0, size - 8)));
    try_cursor(with_checksum(bytes.substr(0, size - 8)));
  }
  return 0;
}
