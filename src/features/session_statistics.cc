#include "logdetect/features/session_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "features/alarm_nats.h"
#include "features/good_turing.h"
#include "features/session_histograms.h"
#include "features/transitions.h"
#include "logdetect/base/check.h"

namespace logdetect {
namespace {

constexpr std::uint32_t kEdge = 0;                   // of the n-gram: before the first event, and after the last
constexpr double kOver = 0.02;                       // pauses as long to a session: it is probably over
constexpr double kPatience = 0.0002;                 // such a silence is strange enough by itself: 8.5 nats
constexpr double kBeganEarlier = 0.5;                // odds
constexpr Micros kLeastPatience = kMicrosPerSecond;  // hosts' clocks differ, and writers hold lines back
constexpr double kPauseWeight = 0.5;           // sessions: what all templates' pauses weigh beside one template's own
constexpr std::uint64_t kFewestForOften = 20;  // sessions: of fewer the greatest count says little
constexpr std::size_t kMaxExpected = 64;       // templates, as many as a session tells apart
// Added to a count, and twice to the whole, so that what never was is not impossible (Krichevsky, Trofimov 1981).
constexpr double kHalf = 0.5;

// The n-gram counts ids from 1, because 0 is its edge.
std::uint32_t step_of(std::uint32_t id) {
  return id == SessionState::kNone ? kEdge : id + 1;
}

double nats(double probability) {
  return std::max(0.0, -std::log(std::min(1.0, probability)));
}

}  // namespace

struct SessionStatistics::Impl {
  struct Template {
    std::uint64_t events = 0;
    std::uint64_t holding = 0;
    std::uint64_t begun = 0;  // sessions that begin with it
    CountHistogram counts;    // of ended sessions that hold it
    PauseHistogram pauses;    // after it
    PauseHistogram before;    // before it
  };

  std::vector<Template> templates;
  PauseHistogram pauses;
  Transitions steps;
  StepDurations durations;
  std::array<std::uint64_t, kAlarmCount> alarms{};  // events
  std::uint64_t events = 0;
  std::uint64_t sessions = 0;
  std::uint64_t ended = 0;
  std::uint64_t usual = 0;       // of these, those that held a template that most had held until then
  GoodTuringCounts good_turing;  // of sessions
  std::vector<std::uint32_t> expected;

  [[nodiscard]] const Template* find(std::uint32_t id) const {
    return id < templates.size() && templates[id].holding > 0 ? &templates[id] : nullptr;
  }
  // Share of a step among all, ends included.
  [[nodiscard]] double step_share(std::uint32_t id) const {
    const double all = static_cast<double>(events + ended) + 1;
    if (id == SessionState::kNone) {
      return (static_cast<double>(ended) + kHalf) / all;
    }
    const Template* known = find(id);
    // Never seen: half an event in all, and one part in `all` of that.
    return known == nullptr ? kHalf / (all * all) : static_cast<double>(known->events) / all;
  }
  [[nodiscard]] double step_nats(std::uint32_t before_last, std::uint32_t last, std::uint32_t next) const {
    return nats(steps.probability(step_of(before_last), step_of(last), step_of(next), step_share(next)));
  }
  [[nodiscard]] bool is_expected(std::uint32_t id) const { return 2 * templates[id].counts.total() > ended; }
  // Pauses as long as this in a session, on average, at most 1.
  [[nodiscard]] double pauses_anywhere(Micros pause) const {
    return std::min(1.0, (static_cast<double>(pauses.at_least(pause)) + kHalf) / (static_cast<double>(sessions) + 1));
  }
  void build();
};

SessionStatistics::SessionStatistics() : impl_(std::make_unique<Impl>()) {}
SessionStatistics::~SessionStatistics() = default;
SessionStatistics::SessionStatistics(SessionStatistics&&) noexcept = default;
SessionStatistics& SessionStatistics::operator=(SessionStatistics&&) noexcept = default;

void SessionStatistics::follow(const Event& event, SessionState& state) const {
  // What the pipeline calls new has no statistics, whatever its number: rarity and step are those of the unseen.
  const std::uint32_t id = event.template_id.value();
  const double surprise = impl_->step_nats(state.before_last, state.last_template, id);
  if (state.events == 0) {
    state.id = event.session;
    state.first = event.time;
  }
  if (static_cast<float>(surprise) > state.worst_step) {
    state.worst_step = static_cast<float>(surprise);
    state.step_template = id;
    state.step_after = state.last_template;
  }
  if (state.events > 0 && event.has_time && state.timed) {
    const Micros duration = event.time - state.last;
    const auto slowness = static_cast<float>(impl_->durations.slowness(state.last_template, id, duration));
    if (slowness > state.slowest) {
      state.slowest = slowness;
      state.slow_template = id;
      state.slow_after = state.last_template;
      state.slow_duration = duration;
    }
  }
  state.last = std::max(state.last, event.time);
  state.timed = event.has_time;
  ++state.events;
  state.before_last = state.last_template;
  state.last_template = id;
  const auto found = std::find_if(state.counts.begin(), state.counts.end(),
                                  [id](const SessionCount& entry) { return entry.template_id == id; });
  if (found != state.counts.end()) {
    found->count = static_cast<std::uint16_t>(std::min(found->count + 1, 0xFFFF));
  } else if (state.counts.size() < SessionState::kMaxTemplates) {
    state.counts.push_back({id, 1, event.alarm});
  }
}

void SessionStatistics::learn(const Event& event, SessionState& state) {
  Impl& s = *impl_;
  const std::uint32_t id = event.template_id.value();
  if (id >= kMaxTemplateIds) {
    return;
  }
  if (id >= s.templates.size()) {
    s.templates.resize(id + 1);
  }
  // Kept here, because follow() below changes all of them.
  const std::size_t held = state.counts.size();
  const std::uint32_t before_last = state.before_last;
  const std::uint32_t last = state.last_template;
  const Micros pause = event.time - state.last;
  const bool measured = state.events > 0 && event.has_time == state.timed;  // by one clock
  follow(event, state);
  s.sessions += state.events == 1 ? 1 : 0;
  s.templates[id].begun += state.events == 1 ? 1 : 0;
  if (measured) {
    s.templates[last].pauses.add(pause);
    s.templates[id].before.add(pause);
    s.pauses.add(pause);
    if (event.has_time) {
      s.durations.add(last, id, pause);
    }
  }
  s.steps.learn(step_of(before_last), step_of(last), step_of(id));
  ++s.events;
  ++s.templates[id].events;
  ++s.alarms.at(static_cast<std::size_t>(event.alarm));
  s.templates[id].holding += state.counts.size() > held ? 1 : 0;
}

void SessionStatistics::close(const SessionState& state) {
  Impl& s = *impl_;
  // Asked before this session is counted: it must not make itself usual.
  const bool usual = std::any_of(state.counts.begin(), state.counts.end(),
                                 [&s](const SessionCount& entry) { return s.is_expected(entry.template_id); });
  // Before the first session has ended nothing is expected yet.
  s.usual += usual || s.ended == 0 ? 1 : 0;
  ++s.ended;
  s.steps.learn(step_of(state.before_last), step_of(state.last_template), kEdge);
  for (const SessionCount& entry : state.counts) {
    s.templates[entry.template_id].counts.add(entry.count);
  }
}

bool SessionStatistics::is_over(const SessionState& state, Micros now) const {
  return pauses_longer(state.last_template, now - state.last) < kOver;
}

bool SessionStatistics::began_here(const SessionState& state) const {
  return state.counts.empty() || began_earlier(state.counts.front().template_id, state.lead) < kBeganEarlier;
}

void SessionStatistics::Impl::build() {
  good_turing = {};
  good_turing.events = sessions;
  expected.clear();
  for (std::size_t id = 0; id < templates.size(); ++id) {
    const Template& known = templates[id];
    good_turing.types += known.holding > 0 ? 1 : 0;
    good_turing.once += known.holding == 1 ? 1 : 0;
    good_turing.twice += known.holding == 2 ? 1 : 0;
    if (is_expected(static_cast<std::uint32_t>(id))) {
      expected.push_back(static_cast<std::uint32_t>(id));
    }
  }
  std::stable_sort(expected.begin(), expected.end(), [this](std::uint32_t a, std::uint32_t b) {
    return templates[a].counts.total() > templates[b].counts.total();
  });
  expected.resize(std::min(expected.size(), kMaxExpected));
}

void SessionStatistics::finish() {
  impl_->build();
}

void SessionStatistics::fold(TemplateId from, TemplateId into) {
  Impl& s = *impl_;
  if (s.find(from.value()) == nullptr || into.value() >= kMaxTemplateIds) {
    return;
  }
  s.templates.resize(std::max<std::size_t>(s.templates.size(), into.value() + std::size_t{1}));
  Impl::Template source = std::exchange(s.templates[from.value()], Impl::Template{});
  Impl::Template& target = s.templates[into.value()];
  const std::uint64_t events = target.events + source.events;
  // Sessions that held both cannot be told from those that held one, so the counts are not added.
  if (source.holding > target.holding) {
    target = source;
  }
  target.events = events;
  s.durations.forget(from.value());
}

std::uint64_t SessionStatistics::sessions() const {
  return impl_->sessions;
}

std::uint64_t SessionStatistics::holding(std::uint32_t id) const {
  const Impl::Template* known = impl_->find(id);
  return known == nullptr ? 0 : known->holding;
}

double SessionStatistics::rarity(std::uint32_t id, bool learnt) const {
  const std::uint64_t sessions = holding(id);
  return nats(impl_->good_turing.share(sessions - (learnt && sessions > 0 ? 1 : 0)));
}

double SessionStatistics::alarm_nats(Alarm alarm, double rarity) const {
  return logdetect::alarm_nats(kSessionAlarmShares, {impl_->alarms, impl_->events}, alarm, rarity);
}

double SessionStatistics::too_often(std::uint32_t id, std::uint32_t count) const {
  const Impl::Template* known = impl_->find(id);
  if (known == nullptr || known->counts.total() < kFewestForOften) {
    return 0;
  }
  const auto all = static_cast<double>(known->counts.total());
  return nats((static_cast<double>(known->counts.at_least(count)) + kHalf) / (all + 1));
}

double SessionStatistics::too_rarely(std::uint32_t id, std::uint32_t count) const {
  const Impl::Template* known = impl_->find(id);
  if (known == nullptr) {
    return 0;
  }
  const std::uint64_t more = known->counts.at_least(count + 1);
  // `usual` was judged by what was known at the time, so it may be less than the sessions that hold the template.
  const std::uint64_t all = impl_->is_expected(id) ? std::max(impl_->usual, more) : impl_->ended;
  return nats((static_cast<double>(all - std::min(more, all)) + kHalf) / (static_cast<double>(all) + 1));
}

const std::vector<std::uint32_t>& SessionStatistics::expected() const {
  return impl_->expected;
}

double SessionStatistics::ending(std::uint32_t before_last, std::uint32_t last) const {
  return impl_->step_nats(before_last, last, SessionState::kNone);
}

double SessionStatistics::pauses_longer(std::uint32_t last, Micros silence) const {
  const double anywhere = impl_->pauses_anywhere(silence);
  const Impl::Template* known = impl_->find(last);
  const double longer = known == nullptr ? 0 : static_cast<double>(known->pauses.at_least(silence));
  const double held = known == nullptr ? 0 : static_cast<double>(known->holding);
  return std::min(1.0, (longer + kPauseWeight * anywhere) / (held + kPauseWeight));
}

Micros SessionStatistics::first_patience(std::uint32_t last) const {
  constexpr Micros kMuchLonger = 1000;  // times the silence
  const Micros most = patience(last);
  for (std::size_t i = 0; i < PauseHistogram::kBuckets; ++i) {
    const Micros silence = std::max(PauseHistogram::upper_end(i), kLeastPatience);
    const double chance = pauses_longer(last, silence);
    if (silence >= most || (chance < kOver && 2 * pauses_longer(last, kMuchLonger * silence) > chance)) {
      return std::min(silence, most);
    }
  }
  return most;
}

double SessionStatistics::began_earlier(std::uint32_t first, Micros lead) const {
  if (lead == SessionState::kWhole) {
    return 0;
  }
  const Impl::Template* known = impl_->find(first);
  const double longer = known == nullptr ? 0 : static_cast<double>(known->before.at_least(lead));
  const double begun = known == nullptr ? 0 : static_cast<double>(known->begun);
  return std::min(1.0, (longer + kPauseWeight * impl_->pauses_anywhere(lead)) / (begun + kPauseWeight));
}

Micros SessionStatistics::patience(std::uint32_t last) const {
  for (std::size_t i = 0; i < PauseHistogram::kBuckets; ++i) {
    const Micros silence = std::max(PauseHistogram::upper_end(i), kLeastPatience);
    if (pauses_longer(last, silence) < kPatience) {
      return silence;
    }
  }
  return PauseHistogram::upper_end(PauseHistogram::kBuckets - 1);
}

Micros SessionStatistics::longest_pause() const {
  return impl_->pauses.quantile(1);
}

std::vector<std::uint32_t> SessionStatistics::likely_after(std::uint32_t last) const {
  constexpr std::size_t kShown = 3;  // templates in a sentence
  std::vector<std::uint32_t> out;
  for (const std::uint32_t step : impl_->steps.likely_after(step_of(last), kShown)) {
    out.push_back(step == kEdge ? SessionState::kNone : step - 1);
  }
  return out;
}

Micros SessionStatistics::usual_duration(std::uint32_t after, std::uint32_t next) const {
  return impl_->durations.usual(after, next);
}

SessionStatistics::Range SessionStatistics::usual_count(std::uint32_t id) const {
  constexpr double kLowQuantile = 0.01;
  constexpr double kHighQuantile = 0.99;
  const Impl::Template* known = impl_->find(id);
  return known == nullptr ? Range{}
                          : Range{known->counts.quantile(kLowQuantile), known->counts.quantile(kHighQuantile)};
}

void SessionStatistics::save(ByteWriter& out) const {
  const Impl& s = *impl_;
  out.u64(s.events);
  out.u64(s.sessions);
  out.u64(s.ended);
  out.u64(s.usual);
  for (const std::uint64_t count : s.alarms) {
    out.u64(count);
  }
  out.u64(s.templates.size());
  for (const Impl::Template& known : s.templates) {
    out.u64(known.events);
    out.u64(known.holding);
    out.u64(known.begun);
    known.counts.save(out);
    known.pauses.save(out);
    known.before.save(out);
  }
  s.pauses.save(out);
  s.steps.save(out);
  s.durations.save(out);
}

void SessionStatistics::load(ByteReader& in, std::size_t templates) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  Impl& s = *impl_;
  s.events = in.u64();
  s.sessions = in.u64();
  s.ended = in.u64();
  s.usual = in.u64();
  std::uint64_t stated = 0;
  for (std::uint64_t& count : s.alarms) {
    count = std::min(in.u64(), kMost);
    stated += count;
  }
  if (s.events > kMost || s.sessions > s.events || s.ended > s.sessions || s.usual > s.ended || stated > s.events) {
    in.fail("session counts out of range");
  }
  constexpr std::size_t kLeastBytes =
      3 * sizeof(std::uint64_t) + CountHistogram::kLeastBytes + 2 * PauseHistogram::kLeastBytes;
  s.templates.resize(in.count(kLeastBytes, std::min(templates, kMaxTemplateIds)));
  for (Impl::Template& known : s.templates) {
    known.events = in.u64();
    known.holding = in.u64();
    known.begun = in.u64();
    known.counts.load(in);
    known.pauses.load(in);
    known.before.load(in);
    if (known.events > s.events || known.holding > s.sessions || known.begun > s.sessions ||
        known.counts.total() > s.ended) {
      in.fail("session statistics of a template out of range");
    }
    if (!in.ok()) {
      return;
    }
  }
  s.pauses.load(in);
  // One more than templates: step_of() is one above the id.
  s.steps.load(in, s.templates.size() + 1);
  s.durations.load(in, s.templates.size());
  if (in.ok()) {
    s.build();
  }
}

}  // namespace logdetect
