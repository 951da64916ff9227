#pragma once

#include <string>
#include <string_view>

#include "logdetect/report/output.h"

namespace logdetect {

/// A descriptor that is written to in pieces of about 64 KiB. A piece ends where a write() of the caller ends, so that
/// a reader, or a full disk, cuts between records. The descriptor must outlive it. Not thread-safe.
class BufferedOutput : public Output {
 public:
  /// `name`: for messages.
  BufferedOutput(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  Result<void> write(std::string_view records) override;
  Result<void> flush() override;
  Result<void> commit() override { return flush(); }
  Result<void> abandon() override { return flush(); }

 protected:
  virtual Result<void> write_piece(std::string_view bytes);
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  int fd_;
  std::string name_;
  std::string buffer_;
};

}  // namespace logdetect
