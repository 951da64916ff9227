#include "ingest/follow_wake.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "ingest/follow_siblings.h"
#include "logdetect/base/log.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kDirectoryEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kFileEvents = IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF;

}  // namespace

Waker::Waker(bool use_inotify) {
  if (!use_inotify) {
    return;
  }
  events_ = FileDescriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!events_.valid()) {
    lose_watching(errno_text(errno));
  }
}

void Waker::lose_watching(const std::string& reason) {
  if (!said_so_) {
    said_so_ = true;
    log_info("inotify cannot watch the files (" + reason + "): looking at them every 100 ms instead");
  }
}

void Waker::watch_directory(const std::string& path, std::size_t name) {
  if (!events_.valid()) {
    return;
  }
  const int watch = ::inotify_add_watch(events_.get(), directory_of(path).c_str(), kDirectoryEvents);
  if (watch < 0) {
    unwatched_.insert(name);
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
      lose_watching(errno_text(errno));
    }
    return;
  }
  unwatched_.erase(name);
  directories_[watch].emplace(base_name_of(path), name);
}

int Waker::watch_file(int fd, std::size_t name) {
  if (!events_.valid()) {
    return -1;
  }
  // Through the descriptor, so that it is this file and not what the name has come to mean.
  const std::string self = "/proc/self/fd/" + std::to_string(fd);
  const int watch = ::inotify_add_watch(events_.get(), self.c_str(), kFileEvents);
  if (watch < 0) {
    const std::string reason = errno_text(errno);
    lose_watching(reason);
    events_.reset();  // half-watched is not worth the bookkeeping: look at everything
    return -1;
  }
  files_[watch].insert(name);
  return watch;
}

void Waker::forget(int watch) {
  if (watch >= 0 && events_.valid() && files_.erase(watch) > 0) {
    ::inotify_rm_watch(events_.get(), watch);
  }
}

Waker::Wake Waker::wait(Micros timeout, std::vector<std::uint8_t>& dirty) {
  timeout = std::max<Micros>(timeout, 0);
  timespec span{};
  span.tv_sec = static_cast<time_t>(timeout / kMicrosPerSecond);
  span.tv_nsec = static_cast<long>(timeout % kMicrosPerSecond) * 1000;
  pollfd watched{events_.get(), POLLIN, 0};  // a descriptor of -1 is ignored: then this only sleeps
  const int ready = ::ppoll(&watched, 1, &span, nullptr);
  if (ready < 0) {
    return Wake::kSignal;
  }
  if (ready == 0) {
    return Wake::kTimeout;
  }
  read_events(dirty);
  return Wake::kEvent;
}

void Waker::read_events(std::vector<std::uint8_t>& dirty) {
  alignas(inotify_event) std::array<char, 16'384> buffer;  // some hundred events
  for (;;) {
    const ssize_t got = ::read(events_.get(), buffer.data(), buffer.size());
    if (got <= 0) {
      return;
    }
    const auto end = static_cast<std::size_t>(got);
    for (std::size_t at = 0; at + sizeof(inotify_event) <= end;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += sizeof(inotify_event) + event->len;
      mark(*event, dirty);
    }
  }
}

void Waker::mark(const inotify_event& event, std::vector<std::uint8_t>& dirty) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) {
    std::fill(dirty.begin(), dirty.end(), std::uint8_t{1});
    return;
  }
  if (const auto file = files_.find(event.wd); file != files_.end()) {
    for (const std::size_t name : file->second) {
      dirty[name] = 1;
    }
  }
  const auto directory = directories_.find(event.wd);
  if (directory != directories_.end()) {
    // Events of the directory itself carry no name and concern all names in it.
    const std::string changed = event.len > 0 ? event.name : "";
    for (auto entry = directory->second.lower_bound({changed, 0});
         entry != directory->second.end() && (changed.empty() || entry->first == changed); ++entry) {
      dirty[entry->second] = 1;
    }
  }
  if ((event.mask & IN_IGNORED) != 0) {
    if (directory != directories_.end()) {
      for (const auto& entry : directory->second) {
        unwatched_.insert(entry.second);
      }
      directories_.erase(directory);
    }
    files_.erase(event.wd);
  }
}

}  // namespace logdetect
