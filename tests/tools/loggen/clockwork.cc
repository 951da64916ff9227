#include "loggen/clockwork.h"

#include <algorithm>
#include <cmath>

#include "loggen/shop.h"

namespace logdetect::loggen {
namespace {

constexpr Micros kMinute = 60 * kMicrosPerSecond;
// Uptimes run on from one log to the next, so that a log of the day after continues that of the week before.
constexpr Micros kUptimeWrap = 30 * kMicrosPerDay;

// A job that runs every `period`, `offset` after the full one.
struct Job {
  Say say;
  Micros period;
  Micros offset;
};
constexpr std::array<Job, 6> kJobs = {{{Say::kCheckpoint, 15 * kMinute, 0},
                                       {Say::kCacheRefreshed, kMicrosPerHour, 5 * kMinute},
                                       {Say::kSessionsPurged, kMicrosPerHour, 30 * kMinute},
                                       {Say::kSettled, kMicrosPerHour, 45 * kMinute},
                                       {Say::kBackupStarted, kMicrosPerDay, 2 * kMicrosPerHour},
                                       {Say::kDailyReport, kMicrosPerDay, 6 * kMicrosPerHour}}};

struct Seldom {
  Say say;
  double a_day;
};
constexpr std::array<Seldom, 15> kSeldom = {{{Say::kCertRenewed, 0.7},
                                             {Say::kConfigReloaded, 1.2},
                                             {Say::kRateLimited, 3},
                                             {Say::kAccountLocked, 1.5},
                                             {Say::kResetMail, 4},
                                             {Say::kGcPause, 4},
                                             {Say::kCouponUsed, 4},
                                             {Say::kRefund, 3},
                                             {Say::kProviderTrace, 1.5},
                                             {Say::kSupplierImport, 4},
                                             {Say::kFeedBroken, 1.2},
                                             {Say::kStockLow, 4},
                                             {Say::kReplicaLag, 2},
                                             {Say::kVacuum, 5},
                                             {Say::kSlowQuery, 2}}};
constexpr double kConsoleVisitsAWeekday = 5;
constexpr auto kConsole = static_cast<std::uint32_t>(kSeldom.size());

// The period among the usual ones for which hearts make about a fifth of the lines.
Micros choose_beat_period(const Options& options) {
  constexpr std::array<Micros, 10> kUsual = {5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600};
  const double seconds = options.days * 86'400.0 * static_cast<double>(instances().size());
  const double wanted = seconds / (0.2 * static_cast<double>(options.lines));
  Micros best = kUsual.front();
  for (const Micros period : kUsual) {
    const auto distance = [&](Micros p) { return std::abs(std::log(static_cast<double>(p) / wanted)); };
    if (distance(period) < distance(best)) {
      best = period;
    }
  }
  return best * kMicrosPerSecond;
}

std::int64_t between(Rng& rng, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(high - low + 1)));
}

Micros until_next(Rng& rng, double a_day) {
  return static_cast<Micros>(-std::log(1 - rng.uniform()) / a_day * static_cast<double>(kMicrosPerDay));
}

Line line_of(Say say, Micros time, std::uint64_t key, std::int64_t a = 0, std::int64_t b = 0, std::int64_t c = 0) {
  Line line;
  line.time = time;
  line.values = {a, b, c, 0};
  line.say = say;
  line.instance = instance_for(message(say).service, key);
  return line;
}

bool is_office_hour(Micros time) {
  const Micros weekday = (time / kMicrosPerDay + 4) % 7;  // Sunday is 0
  const Micros hour = time % kMicrosPerDay / kMicrosPerHour;
  return weekday >= 1 && weekday <= 5 && hour >= 9 && hour < 17;
}

}  // namespace

Clockwork::Clockwork(const Options& options, Rng rng)
    : start_(options.start), beat_period_(choose_beat_period(options)), rng_(rng) {}

void Clockwork::start(Stage& stage) {
  for (std::uint32_t i = 0; i < instances().size(); ++i) {
    const Micros offset = between(rng_, 0, beat_period_ - 1);
    stage.wake(start_ + offset, Actor::kClockwork, i);
  }
  for (std::uint32_t i = 0; i < kJobs.size(); ++i) {
    Micros first = start_ - start_ % kJobs.at(i).period + kJobs.at(i).offset;
    first += first < start_ ? kJobs.at(i).period : 0;
    stage.wake(first, Actor::kClockwork, static_cast<std::uint32_t>(instances().size()) + i);
  }
  for (std::uint32_t i = 0; i < kSeldom.size(); ++i) {
    stage.wake(start_ + until_next(rng_, kSeldom.at(i).a_day), Actor::kSeldom, i);
  }
  stage.wake(start_ + until_next(rng_, 3 * kConsoleVisitsAWeekday), Actor::kSeldom, kConsole);
}

void Clockwork::act(const Wake& wake, Stage& stage) {
  if (wake.actor == Actor::kSeldom) {
    if (wake.index == kConsole) {
      use_console(wake.time, stage);
    } else {
      say_seldom(wake.index, wake.time, stage);
    }
  } else if (wake.index < instances().size()) {
    beat(wake.index, wake.time, stage);
  } else {
    run_job(wake.index - instances().size(), wake.time, stage);
  }
}

double Clockwork::lines_a_day() const {
  double sum =
      static_cast<double>(kMicrosPerDay) / static_cast<double>(beat_period_) * static_cast<double>(instances().size());
  for (const Job& job : kJobs) {
    sum += static_cast<double>(kMicrosPerDay) / static_cast<double>(job.period);
  }
  for (const Seldom& seldom : kSeldom) {
    sum += seldom.a_day;
  }
  return sum + kConsoleVisitsAWeekday * 3 * 5 / 7;
}

void Clockwork::silence(Service service, Micros begin, Micros end) {
  silent_ = service;
  silent_from_ = begin;
  silent_until_ = end;
}

void Clockwork::beat(std::size_t instance, Micros time, Stage& stage) {
  const Service service = instances()[instance].service;
  const auto say = static_cast<Say>(static_cast<int>(Say::kBeatGateway) + static_cast<int>(service));
  const auto busy = static_cast<std::int64_t>(activity(time) * 200);
  Line line = line_of(say, time + spread(rng_, 20, 0.8), 0, time % kUptimeWrap / kMicrosPerSecond,
                      5 + busy + between(rng_, 0, 20));
  line.instance = static_cast<std::uint8_t>(instance);
  if (service != silent_ || time < silent_from_ || time >= silent_until_) {
    stage.say(line);
  }
  stage.wake(time + beat_period_, Actor::kClockwork, static_cast<std::uint32_t>(instance));
}

void Clockwork::run_job(std::size_t job, Micros time, Stage& stage) {
  const Say say = kJobs.at(job).say;
  const Micros begin = time + spread(rng_, 300, 0.6);
  const auto key = static_cast<std::uint64_t>(time / kMinute);
  switch (say) {
    case Say::kCheckpoint:
      stage.say(line_of(say, begin, key, between(rng_, 40, 900), spread(rng_, 700, 0.4)));
      break;
    case Say::kCacheRefreshed:
      stage.say(line_of(say, begin, key, between(rng_, 4700, 5000), spread(rng_, 900, 0.3)));
      break;
    case Say::kSessionsPurged:
      stage.say(line_of(say, begin, key, between(rng_, 3, 60)));
      break;
    case Say::kSettled:
      stage.say(line_of(say, begin, key, time / kMicrosPerHour - 450'000, between(rng_, 2, 80),
                        between(rng_, 20'000, 500'000)));
      break;
    case Say::kBackupStarted: {
      stage.say(line_of(say, begin, key, time / kMicrosPerDay));
      const std::int64_t seconds = between(rng_, 200, 320);
      stage.say(line_of(Say::kBackupDone, begin + seconds * kMicrosPerSecond, key, between(rng_, 8100, 8600), seconds));
      break;
    }
    default:
      stage.say(line_of(say, begin, key, between(rng_, 300, 900), between(rng_, 1'500'000, 6'000'000)));
      break;
  }
  stage.wake(time + kJobs.at(job).period, Actor::kClockwork, static_cast<std::uint32_t>(instances().size() + job));
}

void Clockwork::say_seldom(std::size_t which, Micros time, Stage& stage) {
  const Say say = kSeldom.at(which).say;
  const std::uint64_t key = rng_.next();
  const auto word = static_cast<std::int64_t>(key % 60'000);
  std::int64_t first = word;
  std::int64_t second = between(rng_, 20, 400);
  if (say == Say::kGcPause || say == Say::kSlowQuery) {
    first = spread(rng_, say == Say::kGcPause ? 160 : 900, 0.4);
    second += 900;
  } else if (say == Say::kCertRenewed) {
    first = 90;
  } else if (say == Say::kStockLow) {
    first = 10'000 + word % 5000;
    second = between(rng_, 1, 5);
  } else if (say == Say::kRateLimited || say == Say::kReplicaLag || say == Say::kConfigReloaded ||
             say == Say::kProviderTrace) {
    first = between(rng_, 60, 400);
    second = word;
  } else if (say == Say::kRefund || say == Say::kCouponUsed) {
    second = say == Say::kRefund ? 7'000'000 + word : between(rng_, 5, 30);
  }
  stage.say(line_of(say, time, key, first, second, 7'000'000 + word));
  stage.wake(time + until_next(rng_, kSeldom.at(which).a_day), Actor::kSeldom, static_cast<std::uint32_t>(which));
}

void Clockwork::use_console(Micros time, Stage& stage) {
  // Thinned to the office hours: a third of the day. Drawn in any case, so that the stream does not depend on it.
  Rng visit(rng_.next());
  if (is_office_hour(time)) {
    console_visit(visit, stage, time, Category::kNormal);
  }
  stage.wake(time + until_next(rng_, 3 * kConsoleVisitsAWeekday), Actor::kSeldom, kConsole);
}

void console_visit(Rng& rng, Stage& stage, Micros time, Category category) {
  const std::int64_t admin = between(rng, 0, 4);
  const std::int64_t job = between(rng, 0, 5);
  const std::int64_t seconds = between(rng, 3, 90);
  Line line = line_of(Say::kConsoleOpened, time, 0, admin, between(rng, 1, 40));
  line.category = category;
  stage.say(line);
  const Micros begin = time + between(rng, 20, 120) * kMicrosPerSecond;
  line = line_of(Say::kJobStarted, begin, 0, admin, job);
  line.category = category;
  stage.say(line);
  line = line_of(Say::kJobDone, begin + seconds * kMicrosPerSecond, 0, admin, job, between(rng, 10, 4000));
  line.values[3] = seconds;
  line.category = category;
  stage.say(line);
}

}  // namespace logdetect::loggen
