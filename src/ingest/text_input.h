#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/byte_stream.h"
#include "ingest/compression/decompress.h"
#include "ingest/stitcher.h"
#include "ingest/text_decoder.h"
#include "logdetect/ingest/source.h"

namespace logdetect {

/// One opened input on its way from bytes to records: unpacked, decoded, cut into lines, stitched. Not thread-safe.
class TextInput {
 public:
  /// `buffer` (at least 64 KiB) is working space, lent for as long as this input lives. `counters` are kept up to date.
  TextInput(std::unique_ptr<PeekStream> raw, std::string name, SourceId source, const IngestOptions& options,
            std::vector<char>& buffer, IngestCounters& counters);

  /// Recognises compression and reads the beginning, at most 64 KiB. Call until it succeeds, before read().
  /// Errors: kInput for what is no text; kInterrupted: call again.
  Result<void> prepare();
  /// Appends records until the batch is full (by the options) or the input ends; false when it ended.
  /// Errors: kInterrupted: call again; kInput when the input broke off, after its good part was handed out.
  Result<bool> read(RecordBatch& batch);

 private:
  Result<void> fill_head();
  Result<void> refill();
  void feed(std::string_view text);
  void take(SplitLine& line, RecordBatch& batch);
  void finish(RecordBatch& batch);

  std::unique_ptr<PeekStream> raw_;
  std::unique_ptr<ByteStream> unpacked_;
  ByteStream* bytes_ = nullptr;  // raw_ or unpacked_; null until the compression is known
  const std::string name_;
  const SourceId source_;
  const IngestOptions& options_;
  std::vector<char>& buffer_;
  IngestCounters& counters_;

  std::size_t head_bytes_ = 0;   // at the front of buffer_, not decoded yet
  bool ended_ = false;           // no more bytes will come
  std::optional<Error> broken_;  // why they ended early
  bool started_ = false;         // the splitter got its first text
  TextDecoder decoder_;
  LineSplitter splitter_;
  Stitcher stitcher_;
  std::uint64_t line_number_ = 0;
  std::uint64_t line_begin_ = 0;  // while the decoder transcodes: stream offset of the next line
};

}  // namespace logdetect
