#include "logdetect/judging/open_sessions.h"

#include <algorithm>
#include <utility>

#include "logdetect/base/check.h"

namespace logdetect {

OpenSessions::OpenSessions(std::size_t capacity) : capacity_(std::clamp<std::size_t>(capacity, 1, kNone)) {}

void OpenSessions::unlink(std::uint32_t at) {
  const Node& node = nodes_[at];
  (node.older == kNone ? oldest_ : nodes_[node.older].newer) = node.newer;
  (node.newer == kNone ? newest_ : nodes_[node.newer].older) = node.older;
}

void OpenSessions::append(std::uint32_t at) {
  nodes_[at].older = newest_;
  nodes_[at].newer = kNone;
  (newest_ == kNone ? oldest_ : nodes_[newest_].newer) = at;
  newest_ = at;
}

OpenSession* OpenSessions::find(SessionId id) {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &nodes_[found->second].session;
}

OpenSession& OpenSessions::touch(SessionId id) {
  if (const auto found = index_.find(id); found != index_.end()) {
    if (found->second != newest_) {
      unlink(found->second);
      append(found->second);
    }
    return nodes_[found->second].session;
  }
  LD_CHECK(!full(), "no room for another session");
  std::uint32_t at = 0;
  if (free_.empty()) {
    at = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    at = free_.back();
    free_.pop_back();
  }
  index_.emplace(id, at);
  append(at);
  return nodes_[at].session;
}

const OpenSession* OpenSessions::oldest() const {
  return oldest_ == kNone ? nullptr : &nodes_[oldest_].session;
}

OpenSession OpenSessions::take_oldest() {
  LD_CHECK(oldest_ != kNone, "there is no open session");
  const std::uint32_t at = oldest_;
  unlink(at);
  OpenSession taken = std::exchange(nodes_[at].session, {});
  index_.erase(taken.state.id);
  free_.push_back(at);
  return taken;
}

}  // namespace logdetect
