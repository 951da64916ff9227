#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "logdetect/core/record.h"
#include "logdetect/features/session_statistics.h"

namespace logdetect {

/// A session that may still go on.
struct OpenSession {
  static constexpr Micros kNever = std::numeric_limits<Micros>::max();

  SessionState state;
  std::string name;
  SourcePosition position;  ///< of its last record
  Micros deadline = 0;      ///< event time of the next look at its silence
  std::uint8_t looks = 0;   ///< at this silence so far
  Micros planned = kNever;  ///< event time of the look that is planned, no later than the deadline
  bool reported = false;
  double score = 0;  ///< the highest so far
};

/// The open sessions, at most a given number, in order of their last event. O(1) per call. Not thread-safe.
class OpenSessions {
 public:
  explicit OpenSessions(std::size_t capacity);

  /// The session of this id, begun if it is not there, as the one touched last. Not to be called while full().
  /// The reference holds until the next call of a non-const member.
  OpenSession& touch(SessionId id);
  /// The session of this id, or null; touches nothing.
  OpenSession* find(SessionId id);
  [[nodiscard]] bool full() const { return index_.size() >= capacity_; }
  [[nodiscard]] std::size_t size() const { return index_.size(); }
  /// The session that was touched longest ago; null while empty.
  [[nodiscard]] const OpenSession* oldest() const;
  /// Takes out the session that was touched longest ago. Not to be called while empty.
  OpenSession take_oldest();

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Node {
    OpenSession session;
    std::uint32_t older = kNone;
    std::uint32_t newer = kNone;
  };
  void unlink(std::uint32_t at);
  void append(std::uint32_t at);

  std::size_t capacity_;
  std::unordered_map<SessionId, std::uint32_t> index_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  std::uint32_t oldest_ = kNone;
  std::uint32_t newest_ = kNone;
};

}  // namespace logdetect
