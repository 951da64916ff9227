#include "logdetect/features/session_scorer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>

namespace logdetect {
namespace {

constexpr double kOftenWeight = 0.5;  // of many templates one comes unusually often by chance
constexpr double kEndWeight = 0.3;    // mostly follows from the missing steps
constexpr double kNextWeight = 0.25;  // of the second to fourth
constexpr std::size_t kCounted = 4;   // parts: beyond, they say the same once more
constexpr double kStepWeight = 0.3;   // the least expected of many steps is often improbable
constexpr double kMostStepNats = 4;
constexpr double kMostSlowNats = 8;
constexpr double kStepQuantile = 0.98;
constexpr double kMostHidden = 0.05;  // share of anomalies that training may hold
constexpr double kMostOfAbsolute = 2;

// The parts that count, largest first; each with what it adds.
std::vector<SessionEvidence> strongest(std::vector<SessionEvidence> evidence) {
  std::stable_sort(evidence.begin(), evidence.end(),
                   [](const SessionEvidence& a, const SessionEvidence& b) { return a.nats > b.nats; });
  evidence.resize(std::min(evidence.size(), kCounted));
  for (std::size_t i = 1; i < evidence.size(); ++i) {
    evidence[i].nats *= kNextWeight;
  }
  return evidence;
}

// -ln; beyond any bound for what cannot be.
double nats_of(double probability) {
  return probability > 0 ? -std::log(std::min(probability, 1.0)) : std::numeric_limits<double>::infinity();
}

double sum(const std::vector<SessionEvidence>& evidence) {
  double total = 0;
  for (const SessionEvidence& part : evidence) {
    total += part.nats;
  }
  return total;
}

// What the session holds: by template, rare or too often.
std::vector<SessionEvidence> held(const SessionStatistics& statistics, const SessionState& state, bool learnt) {
  std::vector<SessionEvidence> out;
  for (const SessionCount& entry : state.counts) {
    const double rarity = statistics.rarity(entry.template_id, learnt);
    const double rare = rarity + statistics.alarm_nats(entry.alarm, rarity);
    const double often = kOftenWeight * statistics.too_often(entry.template_id, entry.count);
    const bool fresh = statistics.holding(entry.template_id) == 0;
    const SessionSign sign = fresh ? SessionSign::kNewTemplate : SessionSign::kRareTemplate;
    // The stronger of the two things that a template can tell counts: both have one cause.
    out.push_back(often > rare ? SessionEvidence{SessionSign::kTooOften, entry.template_id, entry.count, often}
                               : SessionEvidence{sign, entry.template_id, entry.count, rare});
  }
  return out;
}

// What it lacks if it is over, in place of weaker words on the same template.
void add_lacking(const SessionStatistics& statistics, const SessionState& state, std::vector<SessionEvidence>& out) {
  const std::size_t known = out.size();
  for (std::size_t i = 0; i < known; ++i) {
    const double few = statistics.too_rarely(out[i].template_id, out[i].count);
    if (few > out[i].nats) {
      out[i] = {SessionSign::kTooRarely, out[i].template_id, out[i].count, few};
    }
  }
  std::vector<std::uint32_t> missing;
  std::copy_if(statistics.expected().begin(), statistics.expected().end(), std::back_inserter(missing),
               [&state](std::uint32_t id) {
                 return std::none_of(state.counts.begin(), state.counts.end(),
                                     [id](const SessionCount& entry) { return entry.template_id == id; });
               });
  const bool usual = missing.size() < statistics.expected().size();  // a session that lacks all is of another kind
  // A session that keeps as many templates as it can may hold the missing ones without their being noted.
  if (usual && state.counts.size() < SessionState::kMaxTemplates) {
    for (const std::uint32_t id : missing) {
      out.push_back({SessionSign::kMissing, id, 0, statistics.too_rarely(id, 0)});
    }
  }
  out.push_back({SessionSign::kEnd, state.last_template, 0,
                 kEndWeight * statistics.ending(state.before_last, state.last_template)});
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) {
    return 0;
  }
  const auto at = std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace

bool holds_only_habits(const SessionScore& score, const SessionState& state, double threshold,
                       const std::function<bool(TemplateId, Alarm)>& is_habit) {
  const auto is_held_habit = [&](const SessionEvidence& part) {
    const auto held = std::find_if(state.counts.begin(), state.counts.end(), [&part](const SessionCount& entry) {
      return entry.template_id == part.template_id;
    });
    return part.sign == SessionSign::kRareTemplate && held != state.counts.end() &&
           is_habit(TemplateId(part.template_id), held->alarm);
  };
  // Behind the first, evidence counts for less than it would alone; order and end never stand alone.
  const auto is_news = [&](const SessionEvidence& part) {
    const bool follows = part.sign == SessionSign::kStep || part.sign == SessionSign::kEnd;
    const double alone = part.sign == SessionSign::kSlow ? threshold : kNextWeight * threshold;
    return !follows && part.nats >= alone && !is_held_habit(part);
  };
  return !score.parts.empty() && is_held_habit(score.parts.front()) &&
         std::none_of(score.parts.begin(), score.parts.end(), is_news);
}

SessionScore SessionScorer::score(const SessionStatistics& statistics, const SessionState& state,
                                  std::optional<Micros> silence, bool learnt) const {
  SessionScore out;
  // The odds that the session began before what was read. Then steps are missing for no fault of its own.
  const double earlier = statistics.began_earlier(
      state.counts.empty() ? state.last_template : state.counts.front().template_id, state.lead);
  std::vector<SessionEvidence> evidence = held(statistics, state, learnt);
  out.parts = strongest(evidence);
  if (silence) {
    const double open = sum(out.parts);
    add_lacking(statistics, state, evidence);
    std::vector<SessionEvidence> whole = strongest(std::move(evidence));
    const double over = sum(whole);
    if (over > open) {
      // Chance, a session that goes on, and one that began earlier each explain what is missing. So what its being over
      // adds is -ln of the sum of the three.
      const double going_on = statistics.pauses_longer(state.last_template, *silence);
      const double gain = std::max(0.0, -std::log(std::min(1.0, std::exp(open - over) + going_on + earlier)));
      for (SessionEvidence& part : whole) {
        // The parts add up to the total, because reasons are told as shares of it.
        part.nats *= (open + gain) / over;
      }
      if (gain > 0) {
        out.parts = std::move(whole);
      }
    }
  }
  // The first event seen is no strange beginning where the session may have begun before it.
  const double most = state.step_after == SessionState::kNone ? nats_of(earlier) : kMostStepNats;
  const double step = std::clamp(kStepWeight * (static_cast<double>(state.worst_step) - learnt_.usual_step), 0.0,
                                 std::min(most, kMostStepNats));
  if (step > 0) {
    out.parts.push_back({SessionSign::kStep, state.step_template, 0, step});
  }
  const double slow = std::clamp(static_cast<double>(state.slowest) - learnt_.usual_slow, 0.0, kMostSlowNats);
  if (slow > 0) {
    out.parts.push_back({SessionSign::kSlow, state.slow_template, 0, slow});
  }
  constexpr double kWorthAWord = 0.05;  // nats
  std::erase_if(out.parts, [](const SessionEvidence& part) { return part.nats < kWorthAWord; });
  std::stable_sort(out.parts.begin(), out.parts.end(),
                   [](const SessionEvidence& a, const SessionEvidence& b) { return a.nats > b.nats; });
  out.total = sum(out.parts);
  return out;
}

void SessionScorer::calibrate(const SessionStatistics& statistics, std::span<const SessionSample> sample,
                              double absolute_nats, double target_fpr) {
  std::vector<double> steps;
  std::vector<double> slow;
  for (const SessionSample& session : sample) {
    steps.push_back(static_cast<double>(session.state.worst_step));
    slow.push_back(static_cast<double>(session.state.slowest));
  }
  // First these two: score() below takes them off.
  learnt_.usual_step = quantile(std::move(steps), kStepQuantile);
  learnt_.usual_slow = quantile(std::move(slow), kStepQuantile);
  std::vector<double> totals;
  std::size_t above = 0;
  for (const SessionSample& session : sample) {
    totals.push_back(score(statistics, session.state, session.silence, true).total);
    above += totals.back() >= absolute_nats ? 1 : 0;
  }
  learnt_.threshold = absolute_nats;
  // Up to a few hidden anomalies the threshold stays: they must not raise it over themselves.
  if (static_cast<double>(above) > kMostHidden * static_cast<double>(sample.size())) {
    learnt_.threshold =
        std::clamp(quantile(std::move(totals), 1 - target_fpr), absolute_nats, kMostOfAbsolute * absolute_nats);
  }
}

}  // namespace logdetect
