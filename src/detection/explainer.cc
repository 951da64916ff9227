#include "logdetect/detection/explainer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "detection/reason_words.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostReasons = 6;  // what a card shows without scrolling
constexpr double kLeastShare = 0.03;     // a smaller part of the score explains nothing

// What a column that tells of a rare template says of a new one.
std::string_view reason_of(const FeatureInfo& column, bool is_new) {
  if (column.reason.empty()) {
    return reasons::kForest;
  }
  return is_new && column.reason == reasons::kRareTemplate ? reasons::kNewTemplate : std::string_view(column.reason);
}

// The score divided by reasons: each one's nats, and the column that adds most to it.
class ReasonParts {
 public:
  void add(std::string_view name, double nats, std::size_t column, const std::string& feature) {
    total_ += nats;
    ReasonPart& part = part_of(name);
    part.nats += nats;
    if (part.column == kNoColumn || nats > part.column_nats) {
      part.column_nats = nats;
      part.column = column;
      part.feature = feature;
    }
  }

  // In the order of their words, so that equal shares keep one order whatever detector spoke first.
  [[nodiscard]] std::vector<Reason> in_words(const ReasonContext& context) {
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const ReasonPart& a, const ReasonPart& b) { return words_rank(a.name) < words_rank(b.name); });
    std::vector<Reason> out;
    for (const ReasonPart& part : parts_) {
      out.push_back(make_reason(part, context));
      out.back().share = part.nats / total_;
    }
    return out;
  }

 private:
  // A handful at most: one for each reason that the columns of a row stand for.
  ReasonPart& part_of(std::string_view name) {
    const auto known =
        std::find_if(parts_.begin(), parts_.end(), [&](const ReasonPart& part) { return part.name == name; });
    if (known != parts_.end()) {
      return *known;
    }
    parts_.emplace_back().name = name;
    return parts_.back();
  }

  std::vector<ReasonPart> parts_;
  double total_ = 0;
};

}  // namespace

Explainer::Explainer(const FeatureSchema& schema, const Baseline& baseline, const Ensemble& ensemble,
                     std::function<std::string(TemplateId)> template_text)
    : schema_(schema), baseline_(baseline), ensemble_(ensemble), template_text_(std::move(template_text)) {}

std::vector<Reason> Explainer::explain(const ExplainInput& input) const {
  ReasonParts parts;
  for (const DetectorScore& score : input.scores) {
    const std::size_t d = score.detector.value();
    if (d >= ensemble_.size()) {
      continue;
    }
    const double nats = ensemble_.contribution(d, static_cast<double>(score.surprise));
    if (!(nats > 0)) {
      continue;
    }
    const std::vector<Contribution> columns = ensemble_.detector(d).contributions(input.row);
    double shares = 0;
    for (const Contribution& column : columns) {
      shares += column.share;
    }
    if (!(shares > 0)) {
      parts.add(ensemble_.detector(d).reason(), nats, kNoColumn, ensemble_.name(d));
      continue;
    }
    for (const Contribution& column : columns) {
      if (column.share > 0 && column.column < schema_.size()) {
        const FeatureInfo& info = schema_.columns[column.column];
        parts.add(reason_of(info, input.event.is_new), nats * column.share / shares, column.column, info.name);
      }
    }
  }

  const ReasonContext context{schema_, baseline_, ensemble_, template_text_, input};
  std::vector<Reason> found = parts.in_words(context);
  if (found.empty()) {
    found.push_back(make_reason({std::string(reasons::kForest), 0, 0, kNoColumn, "score"}, context));
  }
  std::stable_sort(found.begin(), found.end(), [](const Reason& a, const Reason& b) { return a.share > b.share; });
  const auto first_small =
      std::find_if(found.begin() + 1, found.end(), [](const Reason& reason) { return reason.share < kLeastShare; });
  found.erase(first_small, found.end());
  found.resize(std::min(found.size(), kMostReasons));
  return found;
}

}  // namespace logdetect
