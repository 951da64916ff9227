#include "loggen/world.h"

#include <algorithm>
#include <cmath>

#include "logdetect/base/hash.h"

namespace logdetect::loggen {
namespace {

// Lines of one session in the mean, counted over a fixed sample.
double lines_a_session(Format format) {
  constexpr int kSample = 4000;
  Rng rng(1);
  Stage stage;
  std::uint64_t lines = 0;
  for (int i = 0; i < kSample; ++i) {
    Session session = new_session(rng, 0);
    for (Micros time = 0; session.phase != Session::Phase::kOver;) {
      time = next_request(session, rng, stage, time);
    }
    while (stage.has_line()) {
      lines += line_count(message(stage.take_line().say), format);
    }
  }
  return static_cast<double>(lines) / kSample;
}

// The rate of visitors that, with the clockwork's lines, makes the number of lines asked for.
double choose_rate(const Options& options, const Clockwork& clockwork) {
  double active_days = 0;
  constexpr Micros kStep = kMicrosPerHour / 6;
  for (Micros time = options.start; time < options.end(); time += kStep) {
    active_days += activity(time) * static_cast<double>(kStep) / static_cast<double>(kMicrosPerDay);
  }
  const double wanted = static_cast<double>(options.lines) - clockwork.lines_a_day() * options.days;
  return std::max(1.0, wanted / lines_a_session(options.format) / active_days);
}

}  // namespace

std::uint64_t line_count(const Message& message, Format format) {
  if (message.trace == Trace::kNone || format == Format::kJson) {
    return 1;
  }
  const std::string_view trace = trace_text(message.trace);
  return 2 + static_cast<std::uint64_t>(std::count(trace.begin(), trace.end(), '\n'));
}

World::World(const Options& options)
    : end_(options.end()),
      visitors_(hash_mix(options.seed, 1)),
      clockwork_(options, Rng(hash_mix(options.seed, 2))),
      incidents_(options, Rng(hash_mix(options.seed, 3)), clockwork_.beat_period()),
      busiest_a_day_(choose_rate(options, clockwork_)) {
  for (const Incident& incident : incidents_.planned()) {
    if (incident.kind == Category::kSilence) {
      clockwork_.silence(Service::kInventory, incident.begin, incident.end);
    }
  }
  stage_.wake(options.start, Actor::kArrival, 0);
  clockwork_.start(stage_);
  incidents_.start(stage_);
}

std::optional<Line> World::next() {
  while (stage_.must_act()) {
    act(stage_.take_wake());
  }
  const Line line = stage_.take_line();
  return line.time < end_ ? std::optional<Line>(line) : std::nullopt;
}

void World::act(const Wake& wake) {
  switch (wake.actor) {
    case Actor::kArrival:
      arrive(wake.time);
      break;
    case Actor::kSession: {
      Session& session = sessions_.at(wake.index);
      const Micros then = next_request(session, visitors_, stage_, wake.time);
      if (session.phase == Session::Phase::kOver) {
        free_.push_back(wake.index);
      } else {
        stage_.wake(then, Actor::kSession, wake.index);
      }
      break;
    }
    case Actor::kClockwork:
    case Actor::kSeldom:
      clockwork_.act(wake, stage_);
      break;
    case Actor::kIncident:
      incidents_.act(wake, stage_);
      break;
  }
}

// Visitors come at random at the busiest rate; each is let in with the share of that rate that holds at his hour
// (thinning; Lewis, Shedler 1979).
void World::arrive(Micros time) {
  const double gap = -std::log(1 - visitors_.uniform()) / busiest_a_day_ * static_cast<double>(kMicrosPerDay);
  const bool enters = visitors_.uniform() < activity(time);
  if (enters) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(sessions_.size()));
      sessions_.emplace_back();
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    sessions_[place] = new_session(visitors_, time);
    stage_.wake(time, Actor::kSession, place);
  }
  stage_.wake(time + 1 + static_cast<Micros>(gap), Actor::kArrival, 0);
}

}  // namespace logdetect::loggen
