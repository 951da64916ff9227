#include <bzlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "ingest/compression/decompress.h"

namespace logdetect {
namespace {

class Bzip2Decompressor final : public Decompressor {
 public:
  Bzip2Decompressor() { usable_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  Bzip2Decompressor(const Bzip2Decompressor&) = delete;
  Bzip2Decompressor& operator=(const Bzip2Decompressor&) = delete;
  ~Bzip2Decompressor() override { BZ2_bzDecompressEnd(&stream_); }

  [[nodiscard]] bool usable() const { return usable_; }

  Step step(std::string_view input, char* out, std::size_t capacity) override {
    constexpr std::size_t kMost = std::numeric_limits<unsigned>::max();
    const auto given = static_cast<unsigned>(std::min(input.size(), kMost));
    const auto room = static_cast<unsigned>(std::min(capacity, kMost));
    // bzlib's interface lacks const; it does not write to its input.
    stream_.next_in = const_cast<char*>(input.data());
    stream_.avail_in = given;
    stream_.next_out = out;
    stream_.avail_out = room;
    const int code = BZ2_bzDecompress(&stream_);
    memory_ = code == BZ_MEM_ERROR;
    const State state = code == BZ_STREAM_END ? State::kDone : code == BZ_OK ? State::kMore : State::kFailed;
    return {state, given - stream_.avail_in, room - stream_.avail_out};
  }

  [[nodiscard]] std::string problem() const override { return memory_ ? "memory ran out" : "a check failed"; }

 private:
  bz_stream stream_{};
  bool usable_ = false;
  bool memory_ = false;
};

// "BZh" alone could begin a line of text, so the mark of the first block, or of an empty stream's end, must follow.
bool recognises(std::string_view head) {
  constexpr std::size_t kMarkEnd = 4 + 6;  // "BZh9" and the mark of a block
  if (head.size() < kMarkEnd || !head.starts_with("BZh") || head[3] < '1' || head[3] > '9') {
    return false;
  }
  const std::string_view mark = head.substr(4, 6);
  return mark == "\x31\x41\x59\x26\x53\x59" || mark == "\x17\x72\x45\x38\x50\x90";
}

}  // namespace

const Compression& bzip2_entry() {
  static const Compression entry = {"bzip2", recognises, []() -> std::unique_ptr<Decompressor> {
                                      auto made = std::make_unique<Bzip2Decompressor>();
                                      return made->usable() ? std::move(made) : nullptr;
                                    }};
  return entry;
}

}  // namespace logdetect
