#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/text_input.h"
#include "logdetect/ingest/source.h"
#include "support/memory_stream.h"

namespace logdetect::testing_support {

/// Records from a byte string: unpacked and decoded as a file would be, but never taken for binary.
class TextSource final : public RecordSource {
 public:
  TextSource(std::string bytes, std::string name, const IngestOptions& options)
      : name_(std::move(name)), options_(options), buffer_(kBufferBytes) {
    options_.force_text = true;
    input_ = std::make_unique<TextInput>(std::make_unique<MemoryStream>(std::move(bytes)), name_, SourceId(0), options_,
                                         buffer_, counters_);
  }

  Result<bool> next(RecordBatch& batch, Micros /*wait*/) override {
    batch.clear();
    if (input_ == nullptr) {
      return false;
    }
    if (!std::exchange(prepared_, true)) {
      LD_TRY(input_->prepare());
    }
    const auto more = input_->read(batch);
    if (!more) {
      counters_.problems.push_back(more.error());
    }
    if (!more || !*more) {
      input_.reset();
    }
    return !batch.empty();
  }
  [[nodiscard]] IngestCounters counters() const override { return counters_; }
  [[nodiscard]] const std::string& source_name(SourceId /*id*/) const override { return name_; }
  [[nodiscard]] Micros source_mtime(SourceId /*id*/) const override { return 0; }

 private:
  static constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

  const std::string name_;
  IngestOptions options_;
  std::vector<char> buffer_;
  IngestCounters counters_;
  std::unique_ptr<TextInput> input_;
  bool prepared_ = false;
};

}  // namespace logdetect::testing_support
