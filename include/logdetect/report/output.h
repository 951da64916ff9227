#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Where results go. Not thread-safe.
class Output {
 public:
  virtual ~Output() = default;
  /// Buffers. Errors: kOutputClosed when the reader went away, else kOutput.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// Hands buffered bytes to the operating system.
  virtual Result<void> flush() = 0;
  /// Ends the output: flushes, and for a file puts it in place under its name. Without it a file is not created (the
  /// old one stays). Call once.
  virtual Result<void> commit() = 0;
};

/// Standard output for "-" or "", else a file that replaces `path` at commit().
Result<std::unique_ptr<Output>> open_output(const std::string& path);
/// A file that is appended to as it happens, for `watch --output`.
Result<std::unique_ptr<Output>> append_output(const std::string& path);
/// Collects into `target`, for tests.
std::unique_ptr<Output> string_output(std::string& target);

}  // namespace logdetect
