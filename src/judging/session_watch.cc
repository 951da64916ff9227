#include "logdetect/judging/session_watch.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace logdetect {
namespace {

constexpr std::size_t kMaxOpen = 1'000'000;
constexpr Micros kShortestMemory = kMicrosPerHour;

// A silent session is looked at when its silence is strange enough by itself. Where ids are used again after days that
// is far off, so it is looked at before, when waiting on would hardly tell more.
constexpr std::size_t kLooks = 2;

}  // namespace

SessionWatch::SessionWatch(const Model& model, const ThresholdOptions& options, JudgeObserver* observer, Report report)
    : model_(model),
      options_(options),
      observer_(observer),
      report_(std::move(report)),
      active_(knows_sessions(model)),
      memory_(std::max(2 * model.sessions.longest_pause(), kShortestMemory)),
      table_(kMaxOpen),
      patience_(kLooks * (model.miner.id_bound() + std::size_t{1}), 0) {}

Micros SessionWatch::patience(std::uint32_t template_id, std::size_t look) {
  const std::size_t last = patience_.size() / kLooks - 1;
  const std::size_t at = kLooks * std::min<std::size_t>(template_id, last) + look;
  if (patience_[at] == 0) {
    const SessionStatistics& sessions = model_.sessions;
    patience_[at] = look == 0 ? sessions.first_patience(template_id) : sessions.patience(template_id);
  }
  return patience_[at];
}

Result<void> SessionWatch::advance(Micros now) {
  while (!deadlines_.empty() && deadlines_.top().at < now) {
    const Deadline due = deadlines_.top();
    deadlines_.pop();
    OpenSession* session = table_.find(due.session);
    if (session == nullptr || session->planned != due.at) {
      continue;  // forgotten, or planned anew
    }
    session->planned = OpenSession::kNever;
    if (session->deadline >= now) {  // it went on since
      plan(*session);
      continue;
    }
    LD_TRY(judge(*session, now - session->state.last));
    if (!session->reported && ++session->looks < kLooks) {
      const Micros next = session->state.last + patience(session->state.last_template, session->looks);
      if (next > session->deadline) {
        session->deadline = next;
        plan(*session);
      }
    }
  }
  while (table_.oldest() != nullptr && table_.oldest()->state.last < now - memory_) {
    LD_TRY(retire(now));
  }
  return {};
}

// Has the session looked at by its deadline.
void SessionWatch::plan(OpenSession& session) {
  if (session.deadline >= session.planned) {
    return;
  }
  session.planned = session.deadline;
  deadlines_.push({session.planned, session.state.id});
  if (deadlines_.size() > 2 * kMaxOpen) {
    drop_stale_deadlines();
  }
}

// Sessions that were forgotten or planned anew leave deadlines behind. Keeps the planned one of each open session.
void SessionWatch::drop_stale_deadlines() {
  std::vector<Deadline> kept;
  for (; !deadlines_.empty(); deadlines_.pop()) {
    const Deadline& deadline = deadlines_.top();
    OpenSession* session = table_.find(deadline.session);
    if (session != nullptr && session->planned == deadline.at &&
        (kept.empty() || kept.back().at != deadline.at || kept.back().session != deadline.session)) {
      kept.push_back(deadline);
    }
  }
  for (const Deadline& deadline : kept) {
    deadlines_.push(deadline);
  }
}

Result<void> SessionWatch::judge(OpenSession& session, std::optional<Micros> silence) {
  SessionScore score = model_.session_scorer.score(model_.sessions, session.state, silence);
  const Verdict verdict = verdict_of(score.total, model_.session_scorer.threshold(), options_);
  session.score = std::max(session.score, verdict.score);
  if (!verdict.anomalous || session.reported) {
    return {};
  }
  session.reported = true;
  ++anomalous_;
  return report_({session, std::move(score), verdict});
}

Result<void> SessionWatch::follow(const Event& event, std::string_view name, const SourcePosition& position,
                                  bool judged) {
  if (table_.full() && table_.find(event.session) == nullptr) {
    LD_TRY(retire(event.time));
  }
  OpenSession& session = table_.touch(event.session);
  SessionState& state = session.state;
  if (state.events == 0) {
    session.name = std::string(name);
    state.lead = clock_.lead(event.time);
  }
  const std::size_t held = state.counts.size();
  const float step = state.worst_step;
  const float slow = state.slowest;
  model_.sessions.follow(event, state);
  session.position = position;
  session.looks = 0;
  session.deadline = state.last + patience(state.last_template, 0);
  plan(session);
  // Anything else than another kind of record, a stranger or slower step or many repeats says nothing new.
  const bool news = state.counts.size() > held || state.worst_step > step || state.slowest > slow ||
                    std::has_single_bit(state.events);
  return judged && news && !session.reported ? judge(session, std::nullopt) : Result<void>();
}

Result<void> SessionWatch::retire(Micros now) {
  OpenSession session = table_.take_oldest();
  LD_TRY(judge(session, std::max<Micros>(now - session.state.last, 0)));
  ++sessions_;
  return observer_ == nullptr ? Result<void>() : observer_->session(session, has_time_);
}

Result<void> SessionWatch::finish(Micros now) {
  LD_TRY(advance(now));
  while (table_.size() > 0) {
    LD_TRY(retire(now));
  }
  return {};
}

}  // namespace logdetect
