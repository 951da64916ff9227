#include <zlib.h>

#include <algorithm>
#include <limits>

#include "ingest/compression/decompress.h"

namespace logdetect {
namespace {

class GzipDecompressor final : public Decompressor {
 public:
  GzipDecompressor() {
    constexpr int kGzipOnly = 16;  // added to the window bits: gzip header and check sum
    usable_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK;
  }
  GzipDecompressor(const GzipDecompressor&) = delete;
  GzipDecompressor& operator=(const GzipDecompressor&) = delete;
  ~GzipDecompressor() override { inflateEnd(&stream_); }

  [[nodiscard]] bool usable() const { return usable_; }

  Step step(std::string_view input, char* out, std::size_t capacity) override {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    const auto given = static_cast<uInt>(std::min(input.size(), kMost));
    const auto room = static_cast<uInt>(std::min(capacity, kMost));
    // zlib's interface lacks const; it does not write to its input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = room;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    // Z_BUF_ERROR is no damage: zlib says that it needs more input or more room.
    const State state = code == Z_STREAM_END                  ? State::kDone
                        : code == Z_OK || code == Z_BUF_ERROR ? State::kMore
                                                              : State::kFailed;
    return {state, given - stream_.avail_in, room - stream_.avail_out};
  }

  [[nodiscard]] std::string problem() const override {
    return stream_.msg == nullptr ? "it cannot be unpacked" : stream_.msg;
  }

 private:
  z_stream stream_{};
  bool usable_ = false;
};

}  // namespace

const Compression& gzip_entry() {
  static const Compression entry = {"gzip", [](std::string_view head) { return head.starts_with("\x1F\x8B\x08"); },
                                    []() -> std::unique_ptr<Decompressor> {
                                      auto made = std::make_unique<GzipDecompressor>();
                                      return made->usable() ? std::move(made) : nullptr;
                                    }};
  return entry;
}

}  // namespace logdetect
