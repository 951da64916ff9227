#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Recognises records by a pattern, such as those that announce a deployment. Immutable; const calls are thread-safe.
class LineMarker {
 public:
  /// An empty pattern marks nothing. Errors: kConfig at `where` for a pattern RE2 refuses, with its reason and the
  /// place in the pattern.
  static Result<LineMarker> create(const std::string& pattern, const std::string& where);
  ~LineMarker();
  LineMarker(LineMarker&&) noexcept;
  LineMarker& operator=(LineMarker&&) noexcept;

  [[nodiscard]] bool active() const;
  /// True when the pattern matches anywhere in the record. O(|record|), no allocation.
  [[nodiscard]] bool marks(std::string_view record) const;

 private:
  struct Impl;
  explicit LineMarker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
