#include "logdetect/models/ensemble.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "logdetect/base/check.h"
#include "logdetect/base/text.h"
#include "models/thresholds.h"

namespace logdetect {
namespace {

constexpr double kLeastThreshold = 1e-3;  // nats: totals of zero are never anomalous
constexpr double kMostOfAbsolute = 2;

// On the threshold; of a threshold of ln 1000, one line in 1000, it makes:
double sensitivity_factor(Sensitivity sensitivity) {
  constexpr double kLow = 1.5;   // one in 30,000
  constexpr double kHigh = 0.7;  // one in 130
  switch (sensitivity) {
    case Sensitivity::kLow:
      return kLow;
    case Sensitivity::kMedium:
      return 1.0;
    case Sensitivity::kHigh:
      return kHigh;
  }
  return 1.0;
}

Error unknown_detector(const std::string& name, const std::string& where, std::span<const DetectorEntry> table) {
  std::vector<std::string_view> names;
  std::string list;
  for (const DetectorEntry& entry : table) {
    names.push_back(entry.name);
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  const std::string_view near = nearest_name(name, names);
  return make_error(ErrorCode::kUsage, "there is no detector '" + name + "'", where,
                    near.empty() ? "detectors: " + list : "did you mean '" + std::string(near) + "'?");
}

const DetectorEntry* find_in(std::span<const DetectorEntry> table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const DetectorEntry& e) { return e.name == name; });
  return found == table.end() ? nullptr : &*found;
}

// Names with the weight that a set gives them; sets by their members.
std::vector<std::pair<std::string, std::optional<double>>> expand_sets(const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, std::optional<double>>> members;
  for (const std::string& name : names) {
    const auto sets = detector_sets();
    const auto set = std::find_if(sets.begin(), sets.end(), [&](const DetectorSet& s) { return s.name == name; });
    if (set == sets.end()) {
      members.emplace_back(name, std::nullopt);
      continue;
    }
    for (const auto& [member, weight] : set->members) {
      members.emplace_back(std::string(member), weight);
    }
  }
  return members;
}

}  // namespace

Result<Ensemble> Ensemble::create(const EnsembleOptions& options, std::span<const DetectorEntry> table) {
  Ensemble ensemble;
  for (const auto& [name, weight] : expand_sets(options.detectors)) {
    const DetectorEntry* entry = find_in(table, name);
    if (entry == nullptr) {
      return unknown_detector(name, "ensemble.detectors", table);
    }
    for (const Member& member : ensemble.members_) {
      if (member.name == name) {
        return make_error(ErrorCode::kUsage, "detector '" + name + "' is listed twice", "ensemble.detectors");
      }
    }
    Member member{name, entry, entry->make(), {}, weight.value_or(entry->default_weight), 0};
    member.cap = options.cap_nats > 0 ? options.cap_nats : member.detector->default_cap();
    ensemble.members_.push_back(std::move(member));
  }
  if (ensemble.members_.empty()) {
    return make_error(ErrorCode::kUsage, "the list of detectors is empty", "ensemble.detectors",
                      "the default is novelty, forest");
  }
  for (const auto& [name, weight] : options.weights) {
    if (find_in(table, name) == nullptr) {
      return unknown_detector(name, "ensemble.weights", table);
    }
    if (!EnsembleOptions::kWeightRange.contains(weight)) {
      return make_error(ErrorCode::kUsage,
                        "the weight of '" + name + "' must lie between 0 and " +
                            std::to_string(std::lround(EnsembleOptions::kWeightRange.most)),
                        "ensemble.weights");
    }
    for (Member& member : ensemble.members_) {
      if (member.name == name) {
        member.weight = weight;
      }
    }
  }
  // Weights are relative: the heaviest member counts in full, so that one detector alone is heard whichever it is.
  double heaviest = 0;
  for (const Member& member : ensemble.members_) {
    heaviest = std::max(heaviest, member.weight);
  }
  for (Member& member : ensemble.members_) {
    member.weight = heaviest > 0 ? member.weight / heaviest : 1.0;
  }
  return ensemble;
}

Result<void> Ensemble::fit(const TrainingSet& training) {
  LD_CHECK(
      training.log.rows.columns() == training.schema.size() && training.log.events.size() == training.log.rows.rows(),
      "training rows do not fit the schema");
  std::vector<Result<void>> results(members_.size());
  training.parallel(members_.size(), [&](std::size_t d) { results[d] = members_[d].detector->fit(training); });
  for (Result<void>& result : results) {
    LD_TRY(std::move(result));
  }
  schema_hash_ = training.schema.hash();
  return {};
}

std::vector<float> Ensemble::calibrate(const ScoringInput& input, const ThresholdOptions& options) {
  check_fit(input);
  BatchScores scores;
  score_raw(input, scores);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    std::vector<float> of_sessions;
    std::span<const float> raw = std::span(scores.raw).subspan(d * scores.rows, scores.rows);
    if (!of_events(members_[d])) {
      of_sessions.resize(input.log.sessions.size());
      members_[d].detector->score(input, of_sessions);
      raw = of_sessions;
    }
    if (!members_[d].detector->in_nats() && !raw.empty()) {
      members_[d].calibration = Calibration::fit(raw);
    }
  }
  add_up(scores);
  quantile_threshold_ = upper_quantile(scores.total, options.target_fpr);
  budget_threshold_ = alert_budget(input.log.events, scores.total, options.alerts_per_day);
  // The absolute threshold needs no labels and no clean training. Where the log is so restless that it would flag more
  // than the target share of normal lines, the quantile raises it, but never so far that anomalies hidden in the
  // validation part could lift it over all that is new. An alert budget works like the quantile; the stricter one
  // counts.
  const double most = kMostOfAbsolute * options.absolute_nats;
  const double asked = std::max(quantile_threshold_, budget_threshold_);
  threshold_ = std::max(std::clamp(asked, options.absolute_nats, most), kLeastThreshold);
  alerts_ = count_alerts(input.log.events, scores.total, threshold_).per_day();
  return std::move(scores.total);
}

void Ensemble::check_fit(const ScoringInput& input) const {
  const LogView& log = input.log;
  LD_CHECK(log.events.size() == log.rows.rows(), "events and rows do not fit together");
  const std::size_t length = window_length();
  LD_CHECK(length == 0 || (log.windows.length == length && log.windows.events.size() == log.events.size()),
           "windows and ensemble do not fit together");
}

void Ensemble::score_raw(const ScoringInput& input, BatchScores& out) const {
  out.rows = input.log.events.size();
  out.raw.assign(members_.size() * out.rows, 0.0F);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (of_events(members_[d])) {
      members_[d].detector->score(input, std::span(out.raw).subspan(d * out.rows, out.rows));
    }
  }
}

float Ensemble::surprise_of(const Member& member, float raw) const {
  return member.detector->in_nats() ? std::max(raw, 0.0F) : member.calibration.surprise(raw);
}

// Surprises of one member, and its part of the sum, from its raw scores.
void Ensemble::add_member(std::size_t d, BatchScores& out) const {
  if (!of_events(members_[d])) {
    return;
  }
  for (std::size_t i = 0; i < out.rows; ++i) {
    const float surprise = surprise_of(members_[d], out.raw[d * out.rows + i]);
    out.surprise[d * out.rows + i] = surprise;
    out.total[i] += static_cast<float>(contribution(d, static_cast<double>(surprise)));
  }
}

void Ensemble::add_up(BatchScores& out) const {
  out.surprise.resize(out.raw.size());
  out.total.assign(out.rows, 0.0F);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    add_member(d, out);
  }
}

void Ensemble::score(const ScoringInput& input, BatchScores& out, double least) const {
  constexpr double kRounding = 1e-3;  // nats: more than a float sum can be off
  check_fit(input);
  out.rows = input.log.events.size();
  out.raw.assign(members_.size() * out.rows, 0.0F);
  out.surprise.assign(out.raw.size(), 0.0F);
  out.total.assign(out.rows, 0.0F);
  out.wanted.assign(out.rows, 1);
  double rest = 0;  // the most that members not yet asked can add
  for (std::size_t d = 0; d < members_.size(); ++d) {
    rest += of_events(members_[d]) ? contribution(d, members_[d].cap) : 0;
  }
  ScoringInput asked = input;
  asked.wanted = out.wanted;
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (!of_events(members_[d])) {
      continue;
    }
    members_[d].detector->score(asked, std::span(out.raw).subspan(d * out.rows, out.rows));
    add_member(d, out);
    rest -= contribution(d, members_[d].cap);
    for (std::size_t i = 0; i < out.rows; ++i) {
      out.wanted[i] = static_cast<double>(out.total[i]) + rest + kRounding >= least ? out.wanted[i] : 0;
    }
  }
}

double Ensemble::lowest_threshold(const ThresholdOptions& options) const {
  const double multiplier = *std::min_element(options.hour_multipliers.begin(), options.hour_multipliers.end());
  return verdict_of(0, threshold_ * multiplier, options).threshold;
}

void Ensemble::score_line(const LogView& line, BatchScores& out) const {
  LD_CHECK(line.rows.rows() == 1 && line.events.size() == 1, "one row is one line");
  const ScoringInput input{line};
  out.rows = 1;
  out.raw.assign(members_.size(), 0.0F);
  out.surprise.assign(members_.size(), 0.0F);
  out.total.assign(1, 0.0F);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (members_[d].entry->unit == DetectorUnit::kLine) {
      members_[d].detector->score(input, std::span(out.raw).subspan(d, 1));
      add_member(d, out);
    }
  }
}

bool Ensemble::judges_sessions() const {
  return !std::all_of(members_.begin(), members_.end(), of_events);
}

std::vector<float> Ensemble::score_sessions(const ScoringInput& input) const {
  std::vector<float> totals(input.log.sessions.size(), 0.0F);
  std::vector<float> raw(totals.size());
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (of_events(members_[d])) {
      continue;
    }
    members_[d].detector->score(input, raw);
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto surprise = static_cast<double>(surprise_of(members_[d], raw[i]));
      totals[i] += static_cast<float>(contribution(d, surprise));
    }
  }
  return totals;
}

Verdict verdict_of(double total, double threshold, const ThresholdOptions& options) {
  const double middle = std::max(threshold * sensitivity_factor(options.sensitivity), kLeastThreshold);
  Verdict verdict;
  verdict.surprise = total;
  verdict.score = total > 0 ? total / (total + middle) : 0;
  verdict.threshold = middle;
  verdict.anomalous = total >= middle;
  if (options.fixed_score > 0) {
    const double x = std::min(options.fixed_score, ThresholdOptions::kFixedScoreRange.most);
    verdict.threshold = middle * x / (1 - x);
    verdict.anomalous = verdict.score >= x;
  }
  return verdict;
}

Verdict Ensemble::judge(double total, int hour, const ThresholdOptions& options) const {
  const std::size_t slot = hour >= 0 && hour < 24 ? static_cast<std::size_t>(hour) : 0;
  const double multiplier = hour >= 0 && hour < 24 ? options.hour_multipliers[slot] : 1.0;
  return verdict_of(total, threshold_ * multiplier, options);
}

double Ensemble::threshold() const {
  return threshold_;
}

double Ensemble::quantile_threshold() const {
  return quantile_threshold_;
}

double Ensemble::budget_threshold() const {
  return budget_threshold_;
}

double Ensemble::alerts_per_day() const {
  return alerts_;
}

bool Ensemble::neural() const {
  return std::any_of(members_.begin(), members_.end(), [](const Member& m) { return m.entry->neural; });
}

WindowPlan Ensemble::windows(const DetectorOptions& options) const {
  WindowPlan plan;
  for (const Member& member : members_) {
    if (member.entry->windows != nullptr) {
      plan = member.entry->windows(options);
      const std::size_t fitted = member.detector->window_length();
      plan.cut.length = fitted > 0 ? fitted : plan.cut.length;
    }
  }
  plan.cut.stride = plan.cut.stride > 0 ? plan.cut.stride : std::max<std::size_t>(plan.cut.length / 2, 1);
  return plan;
}

std::size_t Ensemble::window_length() const {
  std::size_t length = 0;
  for (const Member& member : members_) {
    length = std::max(length, member.detector->window_length());
  }
  return length;
}

std::vector<TemplateId> Ensemble::expected_after(std::span<const TemplateId> previous, std::size_t limit) const {
  for (const Member& member : members_) {
    if (std::vector<TemplateId> expected = member.detector->expected_after(previous, limit); !expected.empty()) {
      return expected;
    }
  }
  return {};
}

std::size_t Ensemble::size() const {
  return members_.size();
}

const std::string& Ensemble::name(std::size_t detector) const {
  return members_.at(detector).name;
}

double Ensemble::weight(std::size_t detector) const {
  return members_.at(detector).weight;
}

const Detector& Ensemble::detector(std::size_t index) const {
  return *members_.at(index).detector;
}

double Ensemble::contribution(std::size_t d, double surprise) const {
  return members_[d].weight * std::min(surprise, members_[d].cap);
}

}  // namespace logdetect
