#include "pipeline/unit_evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace logdetect {
namespace {

constexpr std::array<double, 4> kPrintedScores = {0.5, 0.7, 0.9, 0.95};  // 0.5 is the usual threshold
constexpr std::string_view kFlagEverything = "flag everything";

// With three in ten anomalous, flagging everything has F1 0.46: more than many detectors.
constexpr double kOftenAnomalousShare = 0.3;
// Below one in a thousand, a detector with a false-positive rate of 0.1 % is wrong more often than right.
constexpr double kVeryRareShare = 0.001;
constexpr double kNearlyPerfectF1 = 0.98;
constexpr double kOftenFoundChance = 0.3;  // an incident in three would find a fault by accident

Judged judge_scores(std::string name, const std::vector<LabelledScore>& scores, std::uint64_t anomalous) {
  return {std::move(name), decide(scores), rank_units(scores, precision_marks(anomalous))};
}

// A detector that knows one bit of each unit.
template <typename Rule>
Judged trivial_rule(std::string_view name, const std::vector<LabelledUnit>& units, std::uint64_t anomalous, Rule rule) {
  std::vector<LabelledScore> scores;
  scores.reserve(units.size());
  for (const LabelledUnit& unit : units) {
    const bool flagged = rule(unit);
    scores.push_back({flagged ? 1.0 : 0.0, unit.anomalous, flagged});
  }
  return judge_scores(std::string(name), scores, anomalous);
}

// The place of every template when they are read best first, from 1.
std::unordered_map<std::uint32_t, std::uint64_t> places_by_score(const std::vector<LabelledUnit>& lines) {
  std::unordered_map<std::uint32_t, float> best;
  for (const LabelledUnit& line : lines) {
    float& score = best.try_emplace(line.template_id, line.score).first->second;
    score = std::max(score, line.score);
  }
  std::vector<std::pair<float, std::uint32_t>> order;
  order.reserve(best.size());
  for (const auto& [id, score] : best) {
    // Ties go to the lower id, so that the places do not depend on the order of the map.
    order.emplace_back(-score, id);
  }
  std::sort(order.begin(), order.end());
  std::unordered_map<std::uint32_t, std::uint64_t> places;
  for (std::size_t i = 0; i < order.size(); ++i) {
    places[order[i].second] = i + 1;
  }
  return places;
}

std::string percent(double share) {
  const auto tenths = std::lround(share * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

}  // namespace

std::vector<std::uint64_t> precision_marks(std::uint64_t anomalous) {
  std::vector<std::uint64_t> marks = {10, 50, 100, 500, anomalous};  // what a person reads in minutes to hours
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

UnitEvaluation evaluate_units(std::string kind, const std::vector<LabelledUnit>& units) {
  UnitEvaluation out;
  out.unit = std::move(kind);
  out.units = units.size();
  std::vector<LabelledScore> scores;
  scores.reserve(units.size());
  for (const LabelledUnit& unit : units) {
    scores.push_back({static_cast<double>(unit.score), unit.anomalous, unit.flagged});
    out.anomalous += unit.anomalous ? 1 : 0;
  }
  out.own = judge_scores("logdetect", scores, out.anomalous);
  for (const double score : kPrintedScores) {
    out.at_score.emplace_back(score, decide_at(scores, score));
  }
  const auto rule = [&](std::string_view name, auto flags) {
    out.baselines.push_back(trivial_rule(name, units, out.anomalous, flags));
  };
  rule(kFlagEverything, [](const LabelledUnit&) { return true; });
  rule("never-seen template", [](const LabelledUnit& unit) { return unit.unseen_template; });
  rule("error words", [](const LabelledUnit& unit) { return unit.error_words; });
  return out;
}

void evaluate_categories(const std::vector<LabelledUnit>& lines, const std::vector<std::string>& names,
                         UnitEvaluation& out) {
  const std::unordered_map<std::uint32_t, std::uint64_t> places = places_by_score(lines);
  out.cards = places.size();
  std::vector<CategoryRecall> categories;
  categories.reserve(names.size());
  for (const std::string& name : names) {
    categories.push_back({name.empty() ? "(none)" : name});
  }
  for (const LabelledUnit& line : lines) {
    if (line.anomalous) {
      CategoryRecall& category = categories[line.category];
      const std::uint64_t place = places.at(line.template_id);
      ++category.units;
      category.flagged += line.flagged ? 1 : 0;
      // A category shows up with the first of its templates that is read.
      category.card = category.card == 0 ? place : std::min(category.card, place);
    }
  }
  std::erase_if(categories, [](const CategoryRecall& category) { return category.units == 0; });
  std::sort(categories.begin(), categories.end(),
            [](const CategoryRecall& a, const CategoryRecall& b) { return a.name < b.name; });
  out.categories = std::move(categories);
}

FaultEvaluation evaluate_faults(std::vector<std::string> names, std::vector<TimeSpan> faults,
                                std::vector<Incident> incidents, const TimeSpan& log, double slack_seconds) {
  const auto slack = static_cast<Micros>(slack_seconds * static_cast<double>(kMicrosPerSecond));
  std::vector<TimeSpan> spans;
  spans.reserve(incidents.size());
  for (const Incident& incident : incidents) {
    spans.push_back({incident.first, incident.last});
  }
  FaultEvaluation out;
  out.match = match_faults(faults, spans, slack);
  out.chance = chance_of_match(faults, log, slack);
  out.names = std::move(names);
  out.faults = std::move(faults);
  out.incidents = std::move(incidents);
  return out;
}

std::vector<std::string> warnings_on(const UnitEvaluation& units) {
  std::vector<std::string> warnings;
  const std::string plural = units.unit + "s";
  const double share =
      static_cast<double>(units.anomalous) / static_cast<double>(std::max<std::uint64_t>(units.units, 1));
  if (share >= kOftenAnomalousShare) {
    warnings.push_back(percent(share) + " of the " + plural + " are labelled anomalous: flagging everything has F1 " +
                       percent(units.baselines.front().decision.f1()) + "; look at the false-positive rate, not at F1");
  }
  if (share < kVeryRareShare) {
    warnings.push_back("only " + std::to_string(units.anomalous) + " of " + std::to_string(units.units) + " " + plural +
                       " are labelled anomalous: precision and F1 mostly count repeats of what else is rare; look at "
                       "the cards, the ranking and the incidents a day");
  }
  for (const Judged& rule : units.baselines) {
    const double f1 = rule.decision.f1();
    if (rule.name != kFlagEverything && f1 >= kNearlyPerfectF1) {
      warnings.push_back("the trivial rule \"" + rule.name + "\" has F1 " + percent(f1) +
                         " on these labels: they cannot tell a good detector from it");
    } else if (f1 > units.own.decision.f1()) {
      warnings.push_back("the trivial rule \"" + rule.name + "\" has a higher F1 (" + percent(f1) +
                         ") than the detector by " + plural);
    }
  }
  if (units.unjudged > 0) {
    warnings.push_back(std::to_string(units.unjudged) + " labelled " + plural +
                       " are not in the log; do the labels belong to it?");
  }
  return warnings;
}

std::vector<std::string> warnings_on(const FaultEvaluation& faults) {
  if (faults.chance < kOftenFoundChance) {
    return {};
  }
  return {"the faults and the slack around them cover " + percent(faults.chance) +
          " of the log: an incident that begins at any moment finds one that often; look at the onsets, or lower "
          "--slack"};
}

}  // namespace logdetect
