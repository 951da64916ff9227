#include "ingest/text_input.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {

// Read before anything is decided, always to the full, so that decisions do not depend on how a pipe chops its data.
constexpr std::size_t kHeadBytes = std::size_t{64} * 1024;

std::string binary_hint(Texture texture) {
  switch (texture) {
    case Texture::kLikelyUtf16Le:
      return "it looks like UTF-16: use --encoding utf-16le";
    case Texture::kLikelyUtf16Be:
      return "it looks like UTF-16: use --encoding utf-16be";
    default:
      return "use --text to read it all the same";
  }
}

}  // namespace

TextInput::TextInput(std::unique_ptr<PeekStream> raw, std::string name, SourceId source, const IngestOptions& options,
                     std::vector<char>& buffer, IngestCounters& counters)
    : raw_(std::move(raw)),
      name_(std::move(name)),
      source_(source),
      options_(options),
      buffer_(buffer),
      counters_(counters),
      decoder_(options.encoding),
      splitter_(options.max_line_bytes),
      stitcher_(options) {
  LD_CHECK(buffer_.size() >= kHeadBytes, "the read buffer is too small");
}

Result<void> TextInput::prepare() {
  // May be the second call, after a signal: what is done stays done.
  if (bytes_ == nullptr) {
    LD_ASSIGN(const std::string_view magic, raw_->peek(kMagicBytes));
    bytes_ = raw_.get();
    if (const Compression* const compression = find_compression(magic)) {
      unpacked_ = decompress(*raw_, *compression, name_);
      bytes_ = unpacked_.get();
    }
  }
  LD_TRY(fill_head());
  if (options_.force_text) {
    return {};
  }
  const Texture texture = texture_of({buffer_.data(), head_bytes_}, options_.encoding);
  if (texture != Texture::kText) {
    return make_error(ErrorCode::kInput, "looks binary, skipped", name_, binary_hint(texture));
  }
  return {};
}

Result<void> TextInput::fill_head() {
  while (head_bytes_ < kHeadBytes && !ended_) {
    const auto got = bytes_->read(buffer_.data() + head_bytes_, kHeadBytes - head_bytes_);
    if (!got && got.error().code == ErrorCode::kInterrupted) {
      return got.error();
    }
    if (!got) {
      // What was read before is good. It is handed out first; read() reports the error at the end.
      broken_ = got.error();
      ended_ = true;
      break;
    }
    head_bytes_ += *got;
    counters_.bytes += *got;
    ended_ = *got == 0;
  }
  return {};
}

Result<bool> TextInput::read(RecordBatch& batch) {
  SplitLine line;
  while (batch.bytes() < options_.batch_bytes && batch.size() < options_.batch_records) {
    if (splitter_.next(line)) {
      take(line, batch);
      continue;
    }
    // A short input has ended already while its only bytes still wait in the head.
    if (ended_ && head_bytes_ == 0) {
      finish(batch);
      if (broken_) {
        return *broken_;
      }
      return false;
    }
    LD_TRY(refill());
  }
  return true;
}

// Feeds the splitter the next block, or notes the end.
Result<void> TextInput::refill() {
  if (head_bytes_ > 0) {
    feed(decoder_.decode({buffer_.data(), std::exchange(head_bytes_, 0)}));
    return {};
  }
  const auto got = bytes_->read(buffer_.data(), buffer_.size());
  if (!got) {
    if (got.error().code == ErrorCode::kInterrupted) {
      return got.error();
    }
    broken_ = got.error();
    ended_ = true;
    return {};
  }
  counters_.bytes += *got;
  ended_ = *got == 0;
  feed(decoder_.decode({buffer_.data(), *got}));
  return {};
}

void TextInput::feed(std::string_view text) {
  if (text.empty()) {
    return;
  }
  if (!started_) {
    started_ = true;
    // Only now the decoder knows whether it cut a BOM, behind which the first line begins.
    splitter_ = LineSplitter(options_.max_line_bytes, decoder_.start_offset());
    stitcher_.sample(text);
  }
  splitter_.feed(text);
}

void TextInput::take(SplitLine& line, RecordBatch& batch) {
  if (decoder_.transcodes()) {
    // The splitter counts bytes of UTF-8. Positions count the bytes of the input.
    line.offset = line_begin_;
    line_begin_ = decoder_.next_line_end();
    line.length = line_begin_ - line.offset;
  }
  ++counters_.lines;
  counters_.lines_truncated += line.truncated ? 1 : 0;
  stitcher_.add(line, ++line_number_, source_, batch);
}

void TextInput::finish(RecordBatch& batch) {
  SplitLine line;
  feed(decoder_.finish());
  while (splitter_.next(line) || splitter_.finish(line)) {
    take(line, batch);
  }
  stitcher_.flush(batch);
}

}  // namespace logdetect
