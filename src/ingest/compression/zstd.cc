#include <zstd.h>

#include <utility>

#include "ingest/compression/decompress.h"

namespace logdetect {
namespace {

// The widest window accepted, as a power of two: 128 MiB, what the zstd tool itself takes unasked.
constexpr int kWindowLog = 27;

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor() : stream_(ZSTD_createDStream()) {
    if (stream_ != nullptr) {
      ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
    }
  }
  ZstdDecompressor(const ZstdDecompressor&) = delete;
  ZstdDecompressor& operator=(const ZstdDecompressor&) = delete;
  ~ZstdDecompressor() override { ZSTD_freeDStream(stream_); }

  [[nodiscard]] bool usable() const { return stream_ != nullptr; }

  Step step(std::string_view input, char* out, std::size_t capacity) override {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer space{out, capacity, 0};
    code_ = ZSTD_decompressStream(stream_, &space, &in);
    const State state = ZSTD_isError(code_) != 0U ? State::kFailed : code_ == 0 ? State::kDone : State::kMore;
    return {state, in.pos, space.pos};
  }

  [[nodiscard]] std::string problem() const override { return ZSTD_getErrorName(code_); }

 private:
  ZSTD_DStream* stream_;
  std::size_t code_ = 0;
};

// A frame of data, or one of the sixteen kinds of skippable frames that tools put in front.
bool recognises(std::string_view head) {
  if (head.starts_with("\x28\xB5\x2F\xFD")) {
    return true;
  }
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
         head.substr(1, 3) == "\x2A\x4D\x18";
}

}  // namespace

const Compression& zstd_entry() {
  static const Compression entry = {"zstd", recognises, []() -> std::unique_ptr<Decompressor> {
                                      auto made = std::make_unique<ZstdDecompressor>();
                                      return made->usable() ? std::move(made) : nullptr;
                                    }};
  return entry;
}

}  // namespace logdetect
