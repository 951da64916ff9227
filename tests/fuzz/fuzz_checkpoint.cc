#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/checkpoint_format.h"
#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"

namespace {

// Whatever decodes must encode to the same bytes: there is one form of every checkpoint.
void try_decoding(std::string_view bytes) {
  const auto checkpoint = logdetect::decode_checkpoint(bytes);
  if (checkpoint.ok()) {
    LD_CHECK(logdetect::encode_checkpoint(checkpoint.value()) == bytes, "a checkpoint with two forms");
  } else {
    LD_CHECK(!checkpoint.error().message.empty(), "an error without words");
  }
}

}  // namespace

// State files as they lie on disk; also with the checksum put right, so that the fields behind it are reached.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: name given by libFuzzer
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try_decoding(bytes);
  if (size >= 8) {
    std::string summed(bytes.substr(0, size - 8));
    const std::uint64_t sum = logdetect::hash64(summed);
    for (int i = 0; i < 8; ++i) {
      summed.push_back(static_cast<char>((sum >> (8 * i)) & 0xFF));
    }
    try_decoding(summed);
  }
  return 0;
}
