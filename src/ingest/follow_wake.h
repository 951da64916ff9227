#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/file.h"

struct inotify_event;

namespace logdetect {

/// Sleeps until one of the followed names may have changed, through inotify. It may wake without need, and where
/// inotify is missing or its limits are reached it only sleeps: the reader looks for itself. Not thread-safe.
class Waker {
 public:
  /// Without inotify it only sleeps.
  explicit Waker(bool use_inotify);

  /// Whether every change is reported; otherwise the caller must look at the names itself every 100 ms.
  [[nodiscard]] bool reliable() const { return events_.valid() && unwatched_.empty(); }

  /// Reports files that come and go under `path`, whose index is `name`. Cheap to repeat, as is needed when the
  /// directory itself was replaced.
  void watch_directory(const std::string& path, std::size_t name);
  /// Reports growth and truncation of an open file. Returns a handle for forget(); -1 when it cannot be watched.
  int watch_file(int fd, std::size_t name);
  void forget(int watch);

  /// How a wait ended.
  enum class Wake { kTimeout, kEvent, kSignal };
  /// Waits up to `timeout` and sets dirty[name] for every name that may have changed: for all when events were lost.
  Wake wait(Micros timeout, std::vector<std::uint8_t>& dirty);

 private:
  void read_events(std::vector<std::uint8_t>& dirty);
  void mark(const inotify_event& event, std::vector<std::uint8_t>& dirty);
  void lose_watching(const std::string& reason);

  FileDescriptor events_;
  std::map<int, std::set<std::size_t>> files_;
  // Watches of directories: the base names followed in them.
  std::map<int, std::set<std::pair<std::string, std::size_t>>> directories_;
  std::set<std::size_t> unwatched_;  // names with a directory that cannot be watched, as yet
  bool said_so_ = false;
};

}  // namespace logdetect
