#include "judging/silence_watch.h"

#include <algorithm>

namespace logdetect {
namespace {

constexpr std::size_t kLineBytesKept = 512;
constexpr Micros kClockTolerance = 30 * kMicrosPerSecond;  // by so much a log may be out of order

}  // namespace

SilenceWatch::SilenceWatch(const RhythmTable& rhythms, double needed, const JudgedSpan& span)
    : rhythms_(rhythms), span_(span), state_{EventClock(kClockTolerance), 0, {}, {}} {
  for (const Rhythm& rhythm : rhythms_.rhythms()) {
    patience_.push_back(rhythms_.patience(rhythm, needed));
  }
  state_.beats.resize(patience_.size());
}

void SilenceWatch::tell(Sighting::Change change, std::uint32_t at, Micros now, Sightings& out) {
  Beat& beat = state_.beats[at];
  const Rhythm& rhythm = rhythms_.rhythms()[at];
  const Micros due = beat.last + rhythm.usual;
  // Decided once for each silence, so that no end is told whose beginning was not.
  if (change == Sighting::Change::kBegan) {
    beat.told = span_.contains(due);
  }
  if (!beat.told) {
    return;
  }
  Sighting& silence = out.emplace_back();
  silence.change = change;
  silence.time = due;
  silence.nats = rhythms_.nats(rhythm, now - beat.last);
  silence.template_id = TemplateId(rhythm.template_id);
  silence.bout_key = bout_key(BoutKind::kSilence, at);
  silence.what = SilenceSighting{beat.position, beat.host, beat.component, beat.line,     beat.level,
                                 beat.last,     now,       rhythm.usual,   rhythm.longest};
}

void SilenceWatch::advance(Micros now, Sightings& out) {
  state_.now = std::max(state_.now, now);
  while (!state_.deadlines.empty() && state_.deadlines.top().first < now) {
    // A line moves no deadline; it only notes its time. So a rhythm stands in the queue once.
    const std::uint32_t at = state_.deadlines.top().second;
    state_.deadlines.pop();
    Beat& beat = state_.beats[at];
    beat.queued = false;
    // The rhythm is from before the clock was set back, or is silent already.
    if (!beat.seen || beat.silent) {
      continue;
    }
    if (const Micros deadline = beat.last + patience_[at]; deadline >= now) {  // it came since
      state_.deadlines.emplace(deadline, at);
      beat.queued = true;
      continue;
    }
    beat.silent = true;
    // It became improbable at its deadline, whenever that was looked at.
    tell(Sighting::Change::kBegan, at, beat.last + patience_[at], out);
  }
}

void SilenceWatch::see(const ScoredBatch& batch, std::size_t i, Sightings& out) {
  if (patience_.empty()) {
    return;
  }
  const Event& event = batch.event(i);
  const EventClock::Tick tick = state_.clock.observe(event.time, event.has_time);
  if (tick.restarted) {
    restart();
  }
  state_.now = tick.now;
  advance(tick.now, out);
  if (event.is_new || !event.has_time) {
    return;
  }
  const std::uint32_t at = rhythms_.find(event.template_id.value(), event.stream.value());
  if (at == RhythmTable::kNone) {
    return;
  }
  Beat& beat = state_.beats[at];
  if (beat.silent) {
    beat.silent = false;
    tell(Sighting::Change::kEnded, at, std::max(tick.now, beat.last), out);
  }
  const Header& header = batch.header(i);
  // Lines out of order do not set it back.
  beat.last = beat.seen ? std::max(beat.last, tick.now) : tick.now;
  beat.seen = true;
  beat.level = event.level;
  beat.position = batch.record(i).position;
  beat.host.assign(header.host);
  beat.component.assign(header.component);
  beat.line.assign(batch.record(i).text.substr(0, kLineBytesKept));
  if (!beat.queued) {
    beat.queued = true;
    state_.deadlines.emplace(beat.last + patience_[at], at);
  }
}

// What is silent when the log ends stays so, and is told with all its length.
void SilenceWatch::finish(Sightings& out) {
  for (std::uint32_t at = 0; at < state_.beats.size(); ++at) {
    if (state_.beats[at].silent) {
      tell(Sighting::Change::kChanged, at, std::max(state_.now, state_.beats[at].last + patience_[at]), out);
    }
  }
}

void SilenceWatch::restart() {
  for (Beat& beat : state_.beats) {
    beat.seen = false;
    beat.silent = false;
  }
}

}  // namespace logdetect
