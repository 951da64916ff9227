#pragma once

#include <cstdint>
#include <vector>

#include "logdetect/parsing/session_key.h"
#include "logdetect/reading/line_parser.h"

namespace logdetect {

/// Cuts sessions where a delimiter line or a long silence says so, in order: by key, and without a key by stream. Does
/// nothing unless SessionKey::cuts(). The first session of a key has the key's name, a later one "key@line", one of a
/// stream "source:line". Remembers the last session of the 65,536 places that keys and streams fall into by hash: what
/// falls out begins anew. O(1) per event. Not thread-safe.
class SessionCutter {
 public:
  explicit SessionCutter(const SessionKey& key);

  /// Sets session and name of every event; times must be resolved.
  void cut(ParsedBatch& parsed);

 private:
  struct Place {
    std::uint64_t owner = 0;
    SessionId session;
    Micros last = 0;
    SourcePosition begun;
    bool first = true;  // the owner's first session
  };

  const SessionKey& key_;
  Micros gap_;
  std::vector<Place> places_;
};

}  // namespace logdetect
