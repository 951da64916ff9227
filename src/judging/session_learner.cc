#include "logdetect/judging/session_learner.h"

#include <algorithm>
#include <utility>

namespace logdetect {
namespace {

constexpr std::size_t kMaxOpen = 1'000'000;  // sessions, some 200 bytes each
constexpr std::size_t kSample = 20'000;      // sessions that the threshold is found with

}  // namespace

SessionLearner::SessionLearner(std::uint64_t seed, SessionStatistics known, std::optional<SessionScorer> scorer)
    : statistics_(std::move(known)),
      before_(scorer),
      known_sessions_(statistics_.sessions()),
      table_(kMaxOpen),
      rng_(seed) {}

void SessionLearner::learn(const Event& event) {
  clock_.see(event);
  if (!event.session.valid()) {
    return;
  }
  if (table_.full() && table_.find(event.session) == nullptr) {
    // The one silent longest is the one most probably over.
    const OpenSession oldest = table_.take_oldest();
    statistics_.close(oldest.state);
    offer(oldest.state);
  }
  OpenSession& session = table_.touch(event.session);
  session.state.id = event.session;
  if (session.state.events == 0) {
    session.state.lead = clock_.lead(event.time);
  }
  statistics_.learn(event, session.state);
}

// Reservoir sampling. Source: Vitter, "Random Sampling with a Reservoir", 1985, algorithm R.
void SessionLearner::offer(const SessionState& state) {
  ++offered_;
  if (sample_.size() < kSample) {
    sample_.push_back({state, 0});
  } else if (const std::uint64_t place = rng_.below(offered_); place < kSample) {
    sample_[place] = {state, 0};
  }
}

void SessionLearner::finish(const ThresholdOptions& options) {
  while (table_.size() > 0) {
    const OpenSession session = table_.take_oldest();
    // What the beginning or the end of training cut off teaches nothing of what sessions hold.
    if (statistics_.is_over(session.state, clock_.now()) && statistics_.began_here(session.state)) {
      statistics_.close(session.state);
    }
    offer(session.state);
  }
  // Only now the end of the log is known, up to which each was silent.
  for (SessionSample& session : sample_) {
    session.silence = std::max<Micros>(clock_.now() - session.state.last, 0);
  }
  statistics_.finish();
  // An update without sessions changes nothing.
  if (before_ && sample_.empty()) {
    scorer_ = *before_;
    return;
  }
  scorer_.calibrate(statistics_, sample_, options.absolute_nats, options.target_fpr);
  if (before_) {
    // The model keeps no sample of sessions. So old and new are averaged by how many sessions each comes from.
    const auto known = static_cast<double>(known_sessions_);
    const double share = known / (known + static_cast<double>(offered_));
    const SessionScorer::Learnt& old = before_->learnt();
    const SessionScorer::Learnt& now = scorer_.learnt();
    const auto mean = [share](double before, double after) { return share * before + (1 - share) * after; };
    scorer_ = SessionScorer({mean(old.usual_step, now.usual_step), mean(old.usual_slow, now.usual_slow),
                             mean(old.threshold, now.threshold)});
  }
}

}  // namespace logdetect
