#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "logdetect/base/error.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// Says to which session a record belongs: by the text a pattern finds in it, and where a session begins anew.
/// Immutable after construction; const calls are thread-safe.
class SessionKey {
 public:
  static constexpr std::size_t kMaxKeyBytes = 256;  ///< of a key's text; longer ones are cut

  /// Errors: kConfig for a pattern RE2 refuses, with its reason.
  static Result<SessionKey> create(const SessionOptions& options);
  ~SessionKey();
  SessionKey(SessionKey&&) noexcept;
  SessionKey& operator=(SessionKey&&) noexcept;

  /// True when records can belong to sessions at all.
  [[nodiscard]] bool active() const;
  /// True when sessions are also cut by a delimiter or by a gap: that depends on order, so the ordered stage does it.
  [[nodiscard]] bool cuts() const;
  /// The key's text in a record: capture group 1 of the first match, or all of it. Empty when nothing matches.
  /// O(|record|), no allocation. A pattern that begins with two or more literal bytes is first looked for as text.
  [[nodiscard]] std::string_view find(std::string_view record) const;
  /// True when the record is a delimiter line: it begins a new session.
  [[nodiscard]] bool begins(std::string_view record) const;
  [[nodiscard]] double gap_seconds() const;
  [[nodiscard]] bool keyed() const;

 private:
  struct Impl;
  explicit SessionKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
