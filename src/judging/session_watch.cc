#include "judging/session_watch.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "logdetect/models/ensemble.h"

namespace logdetect {
namespace {

constexpr Micros kShortestMemory = kMicrosPerHour;

// A silent session is looked at when its silence is strange enough by itself. Where ids are used again after days that
// is far off, so it is looked at before, when waiting on would hardly tell more.
constexpr std::size_t kLooks = 2;

// What weighs most in its score.
TemplateId cause_of(const SessionScore& score, const SessionState& state) {
  return TemplateId(score.parts.empty() ? state.last_template : score.parts.front().template_id);
}

}  // namespace

SessionWatch::SessionWatch(const KnownSessions& known, const ThresholdOptions& options, const JudgedSpan& span,
                           bool keep_ended, std::size_t max_open)
    : known_(known),
      options_(options),
      span_(span),
      keep_ended_(keep_ended),
      max_open_(max_open),
      memory_(std::max(2 * known.statistics.longest_pause(), kShortestMemory)),
      patience_(kLooks * (known.templates + std::size_t{1}), 0),
      state_{{}, OpenSessions(max_open), {}, 0} {}

Micros SessionWatch::patience(std::uint32_t template_id, std::size_t look) {
  // Templates that training never saw share the last entry.
  const std::size_t last = patience_.size() / kLooks - 1;
  const std::size_t at = kLooks * std::min<std::size_t>(template_id, last) + look;
  if (patience_[at] == 0) {
    patience_[at] = look == 0 ? known_.statistics.first_patience(template_id) : known_.statistics.patience(template_id);
  }
  return patience_[at];
}

void SessionWatch::see(const ScoredBatch& batch, std::size_t i, Sightings& out) {
  if (!known_.active) {
    return;
  }
  state_.clock.see(batch.event(i));
  advance(state_.clock.now(), out);
  if (batch.event(i).session.valid()) {
    follow(batch, i, out);
  }
}

void SessionWatch::advance(Micros now, Sightings& out) {
  while (!state_.deadlines.empty() && state_.deadlines.top().at < now) {
    const Deadline due = state_.deadlines.top();
    state_.deadlines.pop();
    OpenSession* session = state_.table.find(due.session);
    if (session == nullptr || session->planned != due.at) {
      continue;  // forgotten, or planned anew
    }
    session->planned = OpenSession::kNever;
    if (session->deadline >= now) {  // it went on since
      plan(*session);
      continue;
    }
    // The silence is over its deadline, and no record has come.
    judge(*session, now - session->state.last, Sighting::kNoRow, out);
    if (!session->reported && ++session->looks < kLooks) {
      const Micros next = session->state.last + patience(session->state.last_template, session->looks);
      // A look at the same moment would see the same.
      if (next > session->deadline) {
        session->deadline = next;
        plan(*session);
      }
    }
  }
  while (state_.table.oldest() != nullptr && state_.table.oldest()->state.last < now - memory_) {
    retire(now, out);
  }
}

// Has the session looked at by its deadline.
void SessionWatch::plan(OpenSession& session) {
  // The planned look comes first, and plans the next one.
  if (session.deadline >= session.planned) {
    return;
  }
  session.planned = session.deadline;
  state_.deadlines.push({session.planned, session.state.id});
  if (state_.deadlines.size() > 2 * max_open_) {
    drop_stale_deadlines();
  }
}

// Sessions that were forgotten or planned anew leave deadlines behind. Keeps the planned one of each open session.
void SessionWatch::drop_stale_deadlines() {
  std::vector<Deadline> kept;
  for (; !state_.deadlines.empty(); state_.deadlines.pop()) {
    const Deadline& deadline = state_.deadlines.top();
    OpenSession* session = state_.table.find(deadline.session);
    if (session != nullptr && session->planned == deadline.at &&
        (kept.empty() || kept.back().at != deadline.at || kept.back().session != deadline.session)) {
      kept.push_back(deadline);
    }
  }
  for (const Deadline& deadline : kept) {
    state_.deadlines.push(deadline);
  }
}

double SessionWatch::nats_of_detectors(const SessionState& state, std::optional<Micros> silence) const {
  if (known_.ensemble == nullptr || !known_.ensemble->judges_sessions()) {
    return 0;
  }
  const SessionSample session{state, silence.value_or(0)};
  const FeatureMatrix no_rows;
  const WindowBatch no_windows;
  const LogView log{.events = {},
                    .rows = no_rows,
                    .windows = no_windows,
                    .sessions = std::span(&session, 1),
                    .template_text = known_.template_text};
  return static_cast<double>(known_.ensemble->score_sessions({log}).front());
}

void SessionWatch::judge(OpenSession& session, std::optional<Micros> silence, std::size_t row, Sightings& out) {
  SessionScore score = known_.scorer.score(known_.statistics, session.state, silence);
  score.total += nats_of_detectors(session.state, silence);
  const Verdict verdict = verdict_of(score.total, known_.scorer.threshold(), options_);
  session.score = std::max(session.score, verdict.score);
  if (!verdict.anomalous || session.reported || !span_.contains(session.state.last)) {
    return;
  }
  session.reported = true;
  Sighting& sighting = out.emplace_back();
  sighting.row = row;
  sighting.time = session.state.last;
  sighting.nats = score.total;
  sighting.template_id = cause_of(score, session.state);
  sighting.what = SessionSighting{session, std::move(score)};
}

void SessionWatch::follow(const ScoredBatch& batch, std::size_t i, Sightings& out) {
  const Event& event = batch.event(i);
  // touch() below needs room for a session that is not there yet.
  if (state_.table.full() && state_.table.find(event.session) == nullptr) {
    retire(event.time, out);
  }
  OpenSession& session = state_.table.touch(event.session);
  SessionState& state = session.state;
  if (state.events == 0) {
    session.name = std::string(batch.parsed.batch.session_names[i]);
    state.lead = state_.clock.lead(event.time);
  }
  // Kept to see what the record changes about the session.
  const std::size_t held = state.counts.size();
  const float step = state.worst_step;
  const float slow = state.slowest;
  known_.statistics.follow(event, state);
  session.position = batch.record(i).position;
  // Its silence begins anew, and with it the looks at it.
  session.looks = 0;
  session.deadline = state.last + patience(state.last_template, 0);
  plan(session);
  // Anything else than another kind of record, a stranger or slower step or many repeats says nothing new.
  const bool news = state.counts.size() > held || state.worst_step > step || state.slowest > slow ||
                    std::has_single_bit(state.events);
  if (batch.judged[i] != 0 && news && !session.reported) {
    judge(session, std::nullopt, i, out);
  }
}

void SessionWatch::retire(Micros now, Sightings& out) {
  OpenSession session = state_.table.take_oldest();
  judge(session, std::max<Micros>(now - session.state.last, 0), Sighting::kNoRow, out);
  ++state_.sessions;
  if (keep_ended_) {
    ended_.push_back(std::move(session));
  }
}

void SessionWatch::finish(Sightings& out) {
  const Micros now = state_.clock.now();
  advance(now, out);
  while (state_.table.size() > 0) {
    retire(now, out);
  }
}

std::vector<OpenSession> SessionWatch::take_ended() {
  return std::exchange(ended_, {});
}

}  // namespace logdetect
