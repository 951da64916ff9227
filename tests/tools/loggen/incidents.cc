#include "loggen/incidents.h"

#include <algorithm>

#include "loggen/clockwork.h"
#include "loggen/shop.h"

namespace logdetect::loggen {
namespace {

constexpr Micros kMinute = 60 * kMicrosPerSecond;
constexpr double kQuietShare = 0.22;  // of the span, at its begin
constexpr double kBusyShare = 0.75;   // of the span, divided among the incidents

// How long one lasts, in minutes.
Micros length_of(Category kind, Micros beat_period) {
  switch (kind) {
    case Category::kNewError:
      return 5 * kMinute;
    case Category::kBurst:
      return 3 * kMinute;
    case Category::kSilence:
      return std::max(kMicrosPerHour, 8 * beat_period);
    case Category::kBrokenSequence:
      return 20 * kMinute;
    case Category::kOddParameter:
      return 10 * kMinute;
    case Category::kUnusualHour:
      return 25 * kMinute;
    default:
      return 30 * kMinute;
  }
}

// What goes through the services, in order: one root cause and what it does to the others.
struct Story {
  const char* name;
  Say root;
  Say middle;
  Say edge;
};
constexpr std::array<Story, 3> kStories = {
    {{"replica down", Say::kReplicaDown, Say::kPoolExhausted, Say::kUpstreamFailed},
     {"signing key missing", Say::kKeyMissing, Say::kIntakePaused, Say::kUpstreamFailed},
     {"certificate expired", Say::kCertExpired, Say::kChargeQueued, Say::kUpstreamFailed}}};

std::string name_of(Category kind, std::uint64_t story) {
  switch (kind) {
    case Category::kNewError:
      return std::string("new_error: ") + kStories.at(story).name;
    case Category::kBurst:
      return "burst: payment provider times out";
    case Category::kSilence:
      return "silence: inventory heartbeats stop";
    case Category::kBrokenSequence:
      return "broken_sequence: orders confirmed without payment";
    case Category::kOddParameter:
      return "odd_parameter: amounts, times and quantities far outside";
    case Category::kUnusualHour:
      return "unusual_hour: console used at three in the morning";
    default:
      return "deployment";
  }
}

Line line_of(Say say, Micros time, Category kind, std::uint64_t key) {
  Line line;
  line.time = time;
  line.request = key;
  line.session = key;
  line.say = say;
  line.instance = instance_for(message(say).service, key);
  line.category = kind;
  return line;
}

}  // namespace

Incidents::Incidents(const Options& options, Rng rng, Micros beat_period)
    : lines_(options.lines), rng_(rng), story_(rng_.below(kStories.size())) {
  const auto span = static_cast<double>(options.end() - options.start);
  const double slot = span * kBusyShare / static_cast<double>(std::max<std::size_t>(1, options.incidents.size()));
  double slot_begin = span * kQuietShare;
  for (const Category kind : options.incidents) {
    Incident incident;
    incident.kind = kind;
    incident.name = name_of(kind, story_);
    const double length = std::min(static_cast<double>(length_of(kind, beat_period)), slot * 0.8);
    const double free = slot - length;
    incident.begin = options.start + static_cast<Micros>(slot_begin + free * (0.2 + 0.6 * rng_.uniform()));
    if (kind == Category::kUnusualHour) {
      // The first three o'clock of the log; the quiet first fifth keeps it clear of the others.
      const Micros three = options.start - options.start % kMicrosPerDay + 3 * kMicrosPerHour + 7 * kMinute;
      incident.begin = three < options.start ? three + kMicrosPerDay : three;
    }
    incident.begin -= incident.begin % kMicrosPerSecond;
    incident.end = incident.begin + static_cast<Micros>(length) / kMicrosPerSecond * kMicrosPerSecond;
    planned_.push_back(incident);
    slot_begin += slot;
  }
  std::stable_sort(planned_.begin(), planned_.end(),
                   [](const Incident& a, const Incident& b) { return a.begin < b.begin; });
  struck_.resize(planned_.size());
}

std::uint64_t Incidents::strikes(Category kind) const {
  switch (kind) {
    case Category::kNewError:
      return std::clamp<std::uint64_t>(lines_ / 400, 8, 400);
    case Category::kBurst:
      return std::clamp<std::uint64_t>(lines_ / 100, 60, 20'000);
    case Category::kBrokenSequence:
      return std::clamp<std::uint64_t>(lines_ / 1500, 4, 400);
    case Category::kOddParameter:
      return 6;
    case Category::kUnusualHour:
      return 3;
    case Category::kDeployment:
      return std::clamp<std::uint64_t>(lines_ / 500, 12, 2000);
    default:
      return 0;
  }
}

void Incidents::start(Stage& stage) {
  for (std::uint32_t i = 0; i < planned_.size(); ++i) {
    if (strikes(planned_[i].kind) > 0) {
      stage.wake(planned_[i].begin, Actor::kIncident, i);
    }
  }
}

void Incidents::act(const Wake& wake, Stage& stage) {
  const Incident& incident = planned_.at(wake.index);
  const std::uint64_t all = strikes(incident.kind);
  const std::uint64_t nth = struck_.at(wake.index)++;
  strike(incident, nth, wake.time, stage);
  if (nth + 1 < all) {
    // Evenly over the time that is left but for the last tenth, with some disorder.
    const Micros left = incident.begin + (incident.end - incident.begin) * 9 / 10 - wake.time;
    const double gap = static_cast<double>(left) / static_cast<double>(all - nth - 1) * (0.4 + 1.2 * rng_.uniform());
    stage.wake(wake.time + std::max<Micros>(1, static_cast<Micros>(gap)), Actor::kIncident, wake.index);
  }
}

void Incidents::strike(const Incident& incident, std::uint64_t nth, Micros time, Stage& stage) {
  switch (incident.kind) {
    case Category::kNewError:
      cascade(nth, time, stage);
      break;
    case Category::kBurst: {
      Line line = line_of(Say::kPayTimeout, time, Category::kBurst, rng_.next());
      line.values = {7'000'000 + static_cast<std::int64_t>(rng_.below(2'000'000)),
                     5000 + static_cast<std::int64_t>(rng_.below(40)), 1 + static_cast<std::int64_t>(rng_.below(3)), 0};
      stage.say(line);
      break;
    }
    case Category::kBrokenSequence: {
      Session session = new_session(rng_, time);
      session.in_cart = 1 + static_cast<std::int64_t>(rng_.below(3));
      session.cents = price(rng_);
      place_order(session, rng_, stage, time, false, Category::kBrokenSequence);
      break;
    }
    case Category::kOddParameter:
      odd_value(nth, time, stage);
      break;
    case Category::kUnusualHour:
      console_visit(rng_, stage, time, Category::kUnusualHour);
      break;
    default:
      deploy(nth, time, stage);
      break;
  }
}

void Incidents::cascade(std::uint64_t nth, Micros time, Stage& stage) {
  const Story& story = kStories.at(story_);
  const std::uint64_t key = rng_.next();
  const auto count = static_cast<std::int64_t>(nth + 1);
  Line line = line_of(story.root, time, Category::kNewError, key);
  line.values = {story.root == Say::kKeyMissing ? 0x5eed'2b81 : (story.root == Say::kCertExpired ? 2 : count), 0, 0, 0};
  stage.say(line);
  line = line_of(story.middle, time + spread(rng_, 120, 0.5), Category::kNewError, key);
  line.values = {story.middle == Say::kPoolExhausted ? 40 : 7'000'000 + count, 3 + 2 * count, 0, 0};
  if (story.middle == Say::kIntakePaused) {
    line.values[0] = count;
  }
  stage.say(line);
  line = line_of(story.edge, line.time + spread(rng_, 60, 0.5), Category::kNewError, key);
  line.values = {line.time - time, 0, 0, 0};
  stage.say(line);
}

void Incidents::odd_value(std::uint64_t nth, Micros time, Stage& stage) {
  const std::uint64_t key = rng_.next();
  const auto order = 7'000'000 + static_cast<std::int64_t>(rng_.below(2'000'000));
  Line line;
  if (nth % 3 == 0) {
    line = line_of(Say::kPayCharge, time, Category::kOddParameter, key);
    line.values = {order, 40'000'000 + static_cast<std::int64_t>(rng_.below(50'000'000)), 4711, 0};
  } else if (nth % 3 == 1) {
    line = line_of(Say::kDbQuery, time, Category::kOddParameter, key);
    line.values = {spread(rng_, 45'000, 0.2), 1, 0, 0};
  } else {
    line = line_of(Say::kStockReserved, time, Category::kOddParameter, key);
    line.values = {10'000 + static_cast<std::int64_t>(rng_.below(5000)),
                   90'000 + static_cast<std::int64_t>(rng_.below(10'000)), order, 0};
  }
  stage.say(line);
}

void Incidents::deploy(std::uint64_t nth, Micros time, Stage& stage) {
  constexpr std::array<Say, 5> kSteps = {Say::kDeployStarting, Say::kSchemaMigrated, Say::kListening, Say::kFlagEnabled,
                                         Say::kBackendReplaced};
  const Say say = nth < kSteps.size() ? kSteps.at(nth) : Say::kFraudScored;
  Line line = line_of(say, time, Category::kDeployment, 0);
  switch (say) {
    case Say::kDeployStarting:
      line.values = {2'140, static_cast<std::int64_t>(rng_.next() >> 32), 0, 0};
      break;
    case Say::kSchemaMigrated:
      line.values = {117, 118, spread(rng_, 2400, 0.2), 0};
      break;
    case Say::kListening:
      line.values = {spread(rng_, 6200, 0.2), 0, 0, 0};
      break;
    case Say::kFlagEnabled:
      line.values = {0, 10, 0, 0};
      break;
    case Say::kBackendReplaced:
      line.values = {3, 0, 0, 0};
      break;
    default:
      line.values = {7'000'000 + static_cast<std::int64_t>(rng_.below(2'000'000)),
                     static_cast<std::int64_t>(rng_.below(400)), 0, 0};
      break;
  }
  stage.say(line);
}

}  // namespace logdetect::loggen
