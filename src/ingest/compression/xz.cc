#include <lzma.h>

#include <utility>

#include "ingest/compression/decompress.h"

namespace logdetect {
namespace {

// `xz -9` needs 65 MiB to unpack; a file that asks for more than this is an attack or a mistake.
constexpr std::uint64_t kMemoryLimit = std::uint64_t{192} * 1024 * 1024;

class XzDecompressor final : public Decompressor {
 public:
  XzDecompressor() { usable_ = lzma_stream_decoder(&stream_, kMemoryLimit, 0) == LZMA_OK; }
  XzDecompressor(const XzDecompressor&) = delete;
  XzDecompressor& operator=(const XzDecompressor&) = delete;
  ~XzDecompressor() override { lzma_end(&stream_); }

  [[nodiscard]] bool usable() const { return usable_; }

  Step step(std::string_view input, char* out, std::size_t capacity) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    stream_.avail_in = input.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out);
    stream_.avail_out = capacity;
    code_ = lzma_code(&stream_, LZMA_RUN);
    const State state = code_ == LZMA_STREAM_END                      ? State::kDone
                        : code_ == LZMA_OK || code_ == LZMA_BUF_ERROR ? State::kMore
                                                                      : State::kFailed;
    return {state, input.size() - stream_.avail_in, capacity - stream_.avail_out};
  }

  [[nodiscard]] std::string problem() const override {
    switch (code_) {
      case LZMA_MEMLIMIT_ERROR:
        return "it asks for more than 192 MiB of memory";
      case LZMA_MEM_ERROR:
        return "memory ran out";
      case LZMA_OPTIONS_ERROR:
        return "it uses options that are not supported";
      default:
        return "a check failed";
    }
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret code_ = LZMA_OK;
  bool usable_ = false;
};

}  // namespace

const Compression& xz_entry() {
  static const Compression entry = {
      "xz", [](std::string_view head) { return head.starts_with(std::string_view("\xFD\x37zXZ\0", 6)); },
      []() -> std::unique_ptr<Decompressor> {
        auto made = std::make_unique<XzDecompressor>();
        return made->usable() ? std::move(made) : nullptr;
      }};
  return entry;
}

}  // namespace logdetect
