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

double sensitivity_factor(Sensitivity sensitivity) {
  switch (sensitivity) {
    case Sensitivity::kLow:
      return 1.5;
    case Sensitivity::kMedium:
      return 1.0;
    case Sensitivity::kHigh:
      return 0.7;
  }
  return 1.0;
}

Error unknown_detector(const std::string& name, const std::string& where) {
  std::vector<std::string_view> names;
  std::string list;
  for (const DetectorEntry& entry : detector_table()) {
    names.push_back(entry.name);
    list += (list.empty() ? "" : ", ") + std::string(entry.name);
  }
  const std::string_view near = nearest_name(name, names);
  return make_error(ErrorCode::kUsage, "there is no detector '" + name + "'", where,
                    near.empty() ? "detectors: " + list : "did you mean '" + std::string(near) + "'?");
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

Result<Ensemble> Ensemble::create(const EnsembleOptions& options) {
  Ensemble ensemble;
  for (const auto& [name, weight] : expand_sets(options.detectors)) {
    const DetectorEntry* entry = find_detector(name);
    if (entry == nullptr) {
      return unknown_detector(name, "ensemble.detectors");
    }
    for (const Member& member : ensemble.members_) {
      if (member.name == name) {
        return make_error(ErrorCode::kUsage, "detector '" + name + "' is listed twice", "ensemble.detectors");
      }
    }
    Member member{name, entry->make(), {}, weight.value_or(entry->default_weight), 0};
    member.cap = options.cap_nats > 0 ? options.cap_nats : member.detector->default_cap();
    ensemble.members_.push_back(std::move(member));
  }
  if (ensemble.members_.empty()) {
    return make_error(ErrorCode::kUsage, "the list of detectors is empty", "ensemble.detectors",
                      "the default is novelty, forest");
  }
  for (const auto& [name, weight] : options.weights) {
    if (find_detector(name) == nullptr) {
      return unknown_detector(name, "ensemble.weights");
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
  LD_CHECK(training.rows.columns() == training.schema.size() && training.events.size() == training.rows.rows(),
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
    if (!members_[d].detector->in_nats() && scores.rows > 0) {
      members_[d].calibration = Calibration::fit(std::span(scores.raw).subspan(d * scores.rows, scores.rows));
    }
  }
  add_up(scores);
  quantile_threshold_ = upper_quantile(scores.total, options.target_fpr);
  budget_threshold_ = alert_budget(input.events, scores.total, options.alerts_per_day);
  // The absolute threshold needs no labels and no clean training. Where the log is so restless that it would flag more
  // than the target share of normal lines, the quantile raises it, but never so far that anomalies hidden in the
  // validation part could lift it over all that is new. An alert budget works like the quantile; the stricter one
  // counts.
  const double most = kMostOfAbsolute * options.absolute_nats;
  const double asked = std::max(quantile_threshold_, budget_threshold_);
  threshold_ = std::max(std::clamp(asked, options.absolute_nats, most), kLeastThreshold);
  alerts_ = count_alerts(input.events, scores.total, threshold_).per_day();
  return std::move(scores.total);
}

void Ensemble::check_fit(const ScoringInput& input) const {
  LD_CHECK(input.events.size() == input.rows.rows(), "events and rows do not fit together");
  const std::size_t length = window_length();
  LD_CHECK(length == 0 || (input.windows.length == length && input.windows.events.size() == input.events.size()),
           "windows and ensemble do not fit together");
}

void Ensemble::score_raw(const ScoringInput& input, BatchScores& out) const {
  out.rows = input.events.size();
  out.raw.assign(members_.size() * out.rows, 0.0F);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    members_[d].detector->score(input, std::span(out.raw).subspan(d * out.rows, out.rows));
  }
}

// Surprises of one member, and its part of the sum, from its raw scores.
void Ensemble::add_member(std::size_t d, BatchScores& out) const {
  const Member& member = members_[d];
  const bool nats = member.detector->in_nats();
  for (std::size_t i = 0; i < out.rows; ++i) {
    const float raw = out.raw[d * out.rows + i];
    const float surprise = nats ? std::max(raw, 0.0F) : member.calibration.surprise(raw);
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
  out.rows = input.events.size();
  out.raw.assign(members_.size() * out.rows, 0.0F);
  out.surprise.assign(out.raw.size(), 0.0F);
  out.total.assign(out.rows, 0.0F);
  out.wanted.assign(out.rows, 1);
  double rest = 0;  // the most that members not yet asked can add
  for (std::size_t d = 0; d < members_.size(); ++d) {
    rest += contribution(d, members_[d].cap);
  }
  ScoringInput asked = input;
  asked.wanted = out.wanted;
  for (std::size_t d = 0; d < members_.size(); ++d) {
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

void Ensemble::score_line(const Event& event, const FeatureMatrix& row, BatchScores& out) const {
  const WindowBatch none;
  const ScoringInput input{std::span(&event, 1), row, none, run_serially};
  LD_CHECK(row.rows() == 1, "one row is one line");
  out.rows = 1;
  out.raw.assign(members_.size(), 0.0F);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (members_[d].detector->window_length() == 0) {
      members_[d].detector->score(input, std::span(out.raw).subspan(d, 1));
    }
  }
  add_up(out);
  for (std::size_t d = 0; d < members_.size(); ++d) {
    if (members_[d].detector->window_length() > 0) {
      out.total[0] -= static_cast<float>(contribution(d, static_cast<double>(out.surprise[d])));
      out.surprise[d] = 0;
    }
  }
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
  return std::any_of(members_.begin(), members_.end(), [](const Member& m) { return find_detector(m.name)->neural; });
}

Result<void> Ensemble::drop_neural() {
  std::erase_if(members_, [](const Member& m) { return find_detector(m.name)->neural; });
  return members_.empty() ? make_error(ErrorCode::kUsage, "no detector is left") : Result<void>();
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
