#include "logdetect/features/bout_watch.h"

#include <algorithm>
#include <cmath>

#include "logdetect/features/event_clock.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostOpen = 64;   // bursts at a time: more of them are one storm
constexpr double kRisingNats = 2;       // below it a rate is usual
constexpr double kRecordFactor = 1.5;   // times the most of training, and
constexpr double kRecordMore = 2;       // so many more
constexpr double kStillHigh = 0.5;      // of the nats needed
constexpr std::size_t kLineKept = 512;  // bytes of the line before a silence

std::uint32_t count_of(float logarithm) {
  return static_cast<std::uint32_t>(std::lround(std::expm1(static_cast<double>(logarithm))));
}

}  // namespace

BurstWatch::BurstWatch(const Baseline& baseline, const FeatureSchema& schema, double needed)
    : baseline_(baseline), any_(schema.find("burst_surprise")), needed_(needed), looks_(baseline.looks()) {
  constexpr std::string_view kPrefix = "burst_";
  for (std::size_t column = 0; column < schema.size(); ++column) {
    const std::string& name = schema.columns[column].name;
    if (!name.starts_with(kPrefix) || static_cast<int>(column) == any_) {
      continue;
    }
    const std::string window = name.substr(kPrefix.size());
    const int count = schema.find("template_count_" + window);
    if (count >= 0) {
      windows_.push_back({std::atoll(window.c_str()), column, static_cast<std::size_t>(count)});
    }
  }
}

BurstWatch::Sight BurstWatch::look(TemplateId id, std::span<const float> row) const {
  Sight best;
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    const double nats = static_cast<double>(row[windows_[w].burst]) - looks_;
    if (nats <= best.nats) {
      continue;
    }
    const std::uint32_t count = count_of(row[windows_[w].count]);
    const double most = baseline_.most_in_window(id, w);
    best = {nats, w, count, count >= std::max(kRecordFactor * most, most + kRecordMore)};
  }
  return best;
}

void BurstWatch::go_on(OpenBurst& burst, const Event& event, const Sight& sight) {
  ++burst.lines;
  if (sight.nats >= kStillHigh * needed_) {
    burst.last_high = std::max(burst.last_high, event.time);
  }
  // The bound of the column makes many nats equal: then the shorter window, and in it the larger count, tells more.
  const bool stronger = sight.nats > burst.nats || (sight.nats == burst.nats && sight.window < burst.window);
  if (sight.record && (stronger || (sight.window == burst.window && sight.count > burst.most))) {
    burst.nats = std::max(burst.nats, sight.nats);
    burst.window = sight.window;
    burst.window_seconds = windows_[sight.window].seconds;
    burst.most = sight.count;
    burst.peak = event.time;
  }
}

OpenBurst* BurstWatch::follow(const Event& event, std::span<const float> row) {
  if (any_ < 0 || event.is_new || !event.has_time) {
    return nullptr;
  }
  const auto nats = static_cast<double>(row[static_cast<std::size_t>(any_)]);
  const std::size_t id = event.template_id.value();
  if (id >= rising_.size()) {
    rising_.resize(id + 1, 0);
    told_.resize(id + 1, 0);
  }
  // The shortest window falls first: what is usual in it is not rising.
  const bool rises = !windows_.empty() && static_cast<double>(row[windows_.front().burst]) >= kRisingNats;
  if (!rises) {
    rising_[id] = 0;
  } else if (rising_[id] == 0) {
    rising_[id] = event.time;
  }
  if (open_.empty() && nats < looks_ + needed_) {
    return nullptr;
  }
  const auto known =
      std::find_if(open_.begin(), open_.end(), [&](const OpenBurst& b) { return b.id == event.template_id; });
  if (known == open_.end() && nats < looks_ + needed_) {
    return nullptr;
  }
  const Sight sight = look(event.template_id, row);
  if (known != open_.end()) {
    go_on(*known, event, sight);
    return nullptr;
  }
  if (!sight.record || open_.size() >= kMostOpen) {
    return nullptr;
  }
  const Micros start = rises ? rising_[id] : event.time - windows_[sight.window].seconds * kMicrosPerSecond;
  if (start <= told_[id] && event.time >= told_[id]) {
    return nullptr;  // a longer window still holds the burst before
  }
  OpenBurst burst;
  burst.id = event.template_id;
  burst.window = sight.window;
  burst.window_seconds = windows_[sight.window].seconds;
  burst.start = start;
  burst.peak = burst.last_high = event.time;
  burst.lines = burst.most = sight.count;
  burst.nats = sight.nats;
  open_.push_back(std::move(burst));
  return &open_.back();
}

void BurstWatch::advance(Micros now, const Over& over) {
  for (const OpenBurst& burst : open_) {
    if (now - burst.last_high > burst.window_seconds * kMicrosPerSecond) {
      told_[burst.id.value()] = burst.last_high;
      over(burst);
    }
  }
  std::erase_if(
      open_, [now](const OpenBurst& burst) { return now - burst.last_high > burst.window_seconds * kMicrosPerSecond; });
}

void BurstWatch::finish(const Over& over) {
  for (const OpenBurst& burst : open_) {
    over(burst);
  }
  open_.clear();
}

struct SilenceWatch::Clock {
  EventClock events{30 * kMicrosPerSecond};
  Micros now = 0;
};

SilenceWatch::SilenceWatch(const RhythmTable& rhythms, double needed, Report report)
    : rhythms_(rhythms),
      report_(std::move(report)),
      clock_(std::make_unique<Clock>()),
      states_(rhythms.rhythms().size()) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    states_[i].patience = rhythms_.patience(rhythms_.rhythms()[i], needed);
  }
}

SilenceWatch::~SilenceWatch() = default;

void SilenceWatch::tell(Change change, std::uint32_t at, Micros now) {
  State& state = states_[at];
  const Rhythm& rhythm = rhythms_.rhythms()[at];
  report_(change, {rhythm, state.position, state.host, state.component, state.line, state.level, state.last, now,
                   rhythms_.nats(rhythm, now - state.last), state.finding});
}

void SilenceWatch::advance(Micros now) {
  clock_->now = std::max(clock_->now, now);
  while (!deadlines_.empty() && deadlines_.top().first < now) {
    const auto [due, at] = deadlines_.top();
    deadlines_.pop();
    State& state = states_[at];
    state.queued = false;
    if (!state.seen || state.silent) {
      continue;
    }
    if (const Micros deadline = state.last + state.patience; deadline >= now) {  // it came since
      deadlines_.emplace(deadline, at);
      state.queued = true;
      continue;
    }
    state.silent = true;
    // It became improbable at its deadline, whenever that was looked at.
    tell(Change::kFellSilent, at, state.last + state.patience);
  }
}

void SilenceWatch::follow(const Event& event, const Header& header, const Record& record) {
  const EventClock::Tick tick = clock_->events.observe(event.time, event.has_time);
  if (tick.restarted) {
    restart();
  }
  clock_->now = tick.now;
  advance(tick.now);
  if (event.is_new || !event.has_time) {
    return;
  }
  const std::uint32_t at = rhythms_.find(event.template_id.value(), event.stream.value());
  if (at == RhythmTable::kNone) {
    return;
  }
  State& state = states_[at];
  if (state.silent) {
    state.silent = false;
    tell(Change::kCameBack, at, std::max(tick.now, state.last));
  }
  state.last = state.seen ? std::max(state.last, tick.now) : tick.now;
  state.seen = true;
  state.level = event.level;
  state.position = record.position;
  state.host.assign(header.host);
  state.component.assign(header.component);
  state.line.assign(record.text.substr(0, kLineKept));
  if (!state.queued) {
    state.queued = true;
    deadlines_.emplace(state.last + state.patience, at);
  }
}

void SilenceWatch::finish() {
  for (std::uint32_t at = 0; at < states_.size(); ++at) {
    if (states_[at].silent) {
      tell(Change::kLogEnded, at, std::max(clock_->now, states_[at].last + states_[at].patience));
    }
  }
}

void SilenceWatch::restart() {
  for (State& state : states_) {
    state.seen = false;
    state.silent = false;
  }
}

}  // namespace logdetect
