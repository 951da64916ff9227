#include "ingest/compression/decompress.h"

#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace logdetect {
namespace {

constexpr std::size_t kInputBytes = std::size_t{128} * 1024;

class DecompressStream final : public ByteStream {
 public:
  DecompressStream(PeekStream& input, const Compression& compression, std::string name)
      : input_(input), compression_(compression), name_(std::move(name)), buffer_(kInputBytes) {}

  Result<std::size_t> read(char* out, std::size_t capacity) override;

 private:
  // Between members: what comes next.
  enum class Next : std::uint8_t { kMember, kEnd, kGarbage };

  Result<void> refill();
  Result<Next> find_member();
  Error fail(const std::string& what, const std::string& hint = {});
  [[nodiscard]] std::string_view pending() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) {
    begin_ += bytes;
    offset_ += bytes;
  }

  PeekStream& input_;
  const Compression& compression_;
  const std::string name_;
  std::vector<char> buffer_;  // compressed bytes; [begin_, end_) are not consumed yet
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool input_ended_ = false;
  std::uint64_t offset_ = 0;  // of buffer_[begin_] in the compressed input
  bool any_member_ = false;
  std::unique_ptr<Decompressor> member_;
  std::optional<Error> failure_;  // handed out for ever once it happened
};

// Puts more bytes behind the pending ones, or finds the end of input.
Result<void> DecompressStream::refill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (!input_ended_ && end_ < buffer_.size()) {
    LD_ASSIGN(const std::size_t got, input_.read(buffer_.data() + end_, buffer_.size() - end_));
    end_ += got;
    input_ended_ = got == 0;
  }
  return {};
}

Result<DecompressStream::Next> DecompressStream::find_member() {
  while (true) {
    // Tapes and block devices pad what lies on them with zeros.
    while (any_member_ && begin_ < end_ && buffer_[begin_] == '\0') {
      consume(1);
    }
    if (end_ - begin_ >= kMagicBytes || input_ended_) {
      break;
    }
    LD_TRY(refill());
  }
  if (begin_ == end_) {
    return Next::kEnd;
  }
  return compression_.recognises(pending()) ? Next::kMember : Next::kGarbage;
}

Error DecompressStream::fail(const std::string& what, const std::string& hint) {
  failure_ = make_error(ErrorCode::kInput, what + " at byte " + std::to_string(offset_), name_, hint);
  return *failure_;
}

Result<std::size_t> DecompressStream::read(char* out, std::size_t capacity) {
  const std::string kind(compression_.name);
  while (!failure_) {
    if (member_ == nullptr) {
      LD_ASSIGN(const Next next, find_member());
      if (next == Next::kEnd) {
        return std::size_t{0};
      }
      if (next == Next::kGarbage) {
        return fail("bytes that are not " + kind + " follow the compressed data", "everything before them was read");
      }
      member_ = compression_.make();
      if (member_ == nullptr) {
        return fail("no memory for unpacking " + kind);
      }
      any_member_ = true;
    }
    const Decompressor::Step step = member_->step(pending(), out, capacity);
    consume(step.consumed);
    if (step.state == Decompressor::State::kDone) {
      member_.reset();
    } else if (step.state == Decompressor::State::kFailed) {
      // What this step still unpacked goes out first; the next read() reports.
      const Error error = fail("the " + kind + " data is damaged: " + member_->problem(), "everything before was read");
      if (step.produced == 0) {
        return error;
      }
    }
    if (step.produced > 0) {
      return step.produced;
    }
    if (step.state == Decompressor::State::kMore && step.consumed == 0) {
      // With a full buffer and no step forward, more input would not help either.
      if (input_ended_ || (begin_ == 0 && end_ == buffer_.size())) {
        return fail("the " + kind + " data ends too early", "the file was cut off; everything before was read");
      }
      LD_TRY(refill());
    }
  }
  return *failure_;
}

}  // namespace

const Compression* find_compression(std::string_view head) {
  for (const Compression& compression : compressions()) {
    if (compression.recognises(head)) {
      return &compression;
    }
  }
  return nullptr;
}

std::unique_ptr<ByteStream> decompress(PeekStream& input, const Compression& compression, std::string name) {
  return std::make_unique<DecompressStream>(input, compression, std::move(name));
}

}  // namespace logdetect
