#include "ingest/byte_inputs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "ingest/text_input.h"
#include "logdetect/base/file.h"

namespace logdetect {
namespace {

// Fits the second-level cache together with a batch; larger blocks were not faster.
constexpr std::size_t kBlockBytes = std::size_t{256} * 1024;

Micros modification_time(const struct stat& status) {
  return static_cast<Micros>(status.st_mtim.tv_sec) * kMicrosPerSecond + status.st_mtim.tv_nsec / 1000;
}

bool is_standard_input(const Input& input) {
  return input.path == "-";
}

// A descriptor for the input. Errors: kInput; kInterrupted while waiting for the writer of a FIFO.
Result<FileDescriptor> open_descriptor(const Input& input) {
  FileDescriptor fd(is_standard_input(input) ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                             : ::open(input.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) {
    const int code = errno;
    return make_error(code == EINTR ? ErrorCode::kInterrupted : ErrorCode::kInput, "cannot open: " + errno_text(code),
                      input.name, code == EACCES ? "check the permissions, or run as a user who may read it" : "");
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return make_error(ErrorCode::kInput, "is a directory", input.name);
  }
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);  // advice; pipes refuse it
  return fd;
}

// What is known of an input before it is opened.
struct InputFacts {
  Micros mtime = 0;
  std::uint64_t size = 0;
  bool sized = false;
};

InputFacts look_at(const Input& input) {
  struct stat status {};
  const int code = is_standard_input(input) ? ::fstat(STDIN_FILENO, &status) : ::stat(input.path.c_str(), &status);
  if (code != 0) {
    return {0, 0, true};  // cannot be opened either: it adds no bytes
  }
  if (!S_ISREG(status.st_mode)) {
    // A pipe has no time of its own; what comes out of it is written now.
    return {system_clock().wall(), 0, false};
  }
  return {modification_time(status), static_cast<std::uint64_t>(status.st_size), true};
}

class ByteInputs final : public RecordSource {
 public:
  ByteInputs(std::vector<Input> inputs, const IngestOptions& options);

  Result<bool> next(RecordBatch& batch, Micros wait) override;
  [[nodiscard]] IngestCounters counters() const override { return counters_; }
  [[nodiscard]] const std::string& source_name(SourceId id) const override { return inputs_[checked(id)].name; }
  [[nodiscard]] Micros source_mtime(SourceId id) const override { return facts_[checked(id)].mtime; }
  [[nodiscard]] std::uint64_t total_bytes() const override { return total_bytes_; }
  [[nodiscard]] std::uint64_t consumed_bytes() const override {
    return finished_bytes_ + (stream_ == nullptr ? 0 : stream_->taken());
  }

 private:
  [[nodiscard]] std::size_t checked(SourceId id) const {
    LD_CHECK(id.value() < inputs_.size(), "no input has this id");
    return id.value();
  }
  Result<void> open();
  Result<void> prepare();
  Result<bool> advance(RecordBatch& batch);
  void close();
  void skip(Error problem, bool quietly);
  void note(Error problem);

  const std::vector<Input> inputs_;
  const IngestOptions options_;
  std::vector<InputFacts> facts_;
  std::uint64_t total_bytes_ = 0;

  std::vector<char> buffer_;
  IngestCounters counters_;
  std::size_t usual_size_ = 0;  // records of the last batch, and some
  std::size_t at_ = 0;          // input being read, or to be opened next
  FdStream* stream_ = nullptr;
  std::unique_ptr<TextInput> current_;
  bool prepared_ = false;
  std::size_t usable_ = 0;  // inputs of which something could be read
  std::uint64_t finished_bytes_ = 0;
};

ByteInputs::ByteInputs(std::vector<Input> inputs, const IngestOptions& options)
    : inputs_(std::move(inputs)), options_(options), buffer_(kBlockBytes) {
  bool sized = true;
  for (const Input& input : inputs_) {
    facts_.push_back(look_at(input));
    total_bytes_ += facts_.back().size;
    sized = sized && facts_.back().sized;
  }
  // One pipe among the inputs makes the sum unknown.
  if (!sized) {
    total_bytes_ = 0;
  }
}

Result<bool> ByteInputs::next(RecordBatch& batch, Micros /*wait*/) {
  batch.clear();
  batch.reserve(usual_size_);
  while (at_ < inputs_.size()) {
    auto going = advance(batch);
    if (!going && going.error().code != ErrorCode::kInterrupted) {
      return going;
    }
    if (!going || !batch.empty()) {
      usual_size_ = batch.size() + batch.size() / 16;  // a little more, so that like batches fit
      return true;
    }
  }
  if (usable_ == 0 && !counters_.problems.empty()) {
    return counters_.problems.front();
  }
  return false;
}

// One step with the current input; afterwards it is further on, or the next one is current. Errors: kInterrupted.
Result<bool> ByteInputs::advance(RecordBatch& batch) {
  if (current_ == nullptr) {
    if (auto opened = open(); !opened) {
      if (opened.error().code == ErrorCode::kInterrupted) {
        return opened.error();
      }
      skip(opened.error(), false);
      return true;
    }
  }
  if (!prepared_) {
    if (auto ready = current_->prepare(); !ready) {
      if (ready.error().code == ErrorCode::kInterrupted) {
        return ready.error();
      }
      // A directory of logs often holds binary files too. Only those that were named are worth a message.
      skip(ready.error(), !inputs_[at_].named_explicitly);
      return true;
    }
    prepared_ = true;
    ++usable_;
  }
  const auto more = current_->read(batch);
  if (!more && more.error().code == ErrorCode::kInterrupted) {
    return more.error();
  }
  if (!more) {
    note(more.error());
  }
  if (!more || !*more) {
    close();
  }
  return true;
}

Result<void> ByteInputs::open() {
  LD_ASSIGN(FileDescriptor fd, open_descriptor(inputs_[at_]));
  auto stream = std::make_unique<FdStream>(std::move(fd), inputs_[at_].name);
  stream_ = stream.get();
  current_ = std::make_unique<TextInput>(std::move(stream), inputs_[at_].name,
                                         SourceId(static_cast<SourceId::rep>(at_)), options_, buffer_, counters_);
  prepared_ = false;
  return {};
}

void ByteInputs::close() {
  // The size stated at the start: so progress ends at 100 % though a file was skipped or grew.
  finished_bytes_ += facts_[at_].sized ? facts_[at_].size : consumed_bytes() - finished_bytes_;
  current_.reset();
  stream_ = nullptr;
  ++at_;
}

void ByteInputs::skip(Error problem, bool quietly) {
  ++counters_.inputs_skipped;
  if (!quietly) {
    note(std::move(problem));
  }
  close();
}

void ByteInputs::note(Error problem) {
  if (counters_.problems.size() < kMostProblems) {
    counters_.problems.push_back(std::move(problem));
  }
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_byte_inputs(std::vector<Input> inputs, const SourceOptions& /*options*/,
                                                       const OpenOptions& how) {
  return std::unique_ptr<RecordSource>(std::make_unique<ByteInputs>(std::move(inputs), how.ingest));
}

}  // namespace logdetect
