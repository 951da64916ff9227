#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// All outputs of one run: results, rows and scores. A reader that goes away (`| head`) ends its own output only. The
/// others go on, and nothing of them is lost. When the last is gone, every call fails with kOutputClosed. Any other
/// error is the caller's at once. Not thread-safe.
class OutputSet {
 public:
  OutputSet();
  OutputSet(const OutputSet&) = delete;
  OutputSet& operator=(const OutputSet&) = delete;
  ~OutputSet();

  /// Opens one more output. It lives as long as the set; end it by the functions of the set only. Errors: those of the
  /// destination.
  Result<Output*> open(const OutputTarget& target, OutputMode mode);

  /// As the functions of Output, for all. commit() flushes all before it puts the first file in place, so that a full
  /// disk leaves no half of the results.
  Result<void> flush();
  Result<void> commit();
  Result<void> abandon();

 private:
  class Member;
  std::vector<std::unique_ptr<Member>> members_;
  std::size_t open_ = 0;  // members whose reader is still there
};

}  // namespace logdetect
