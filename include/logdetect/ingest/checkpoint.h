#pragma once

#include <memory>
#include <string>

#include "logdetect/base/error.h"

namespace logdetect {

/// Keeps the cursor of a run in a directory, as two alternating, checksummed generations; takes a lock on the
/// directory. Not thread-safe.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  /// The cursor of the newest intact checkpoint; empty when there is none. Damage falls back to the older generation
  /// with a warning.
  virtual Result<std::string> read() = 0;
  /// Atomic: temporary, fdatasync, rename, fsync of the directory. Errors: kOutput.
  virtual Result<void> write(const std::string& cursor) = 0;
};

/// Creates the directory when missing. Errors: kOutput when it cannot be written or another process holds it (with its
/// pid).
Result<std::unique_ptr<CheckpointStore>> open_checkpoints(const std::string& directory);

}  // namespace logdetect
