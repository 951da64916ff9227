#include "logdetect/detection/explainer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "detection/reason_words.h"
#include "logdetect/detection/sentences.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostReasons = 6;
constexpr double kLeastShare = 0.03;
constexpr std::size_t kKinds = static_cast<std::size_t>(ReasonKind::kForest) + 1;

}  // namespace

Explainer::Explainer(const FeatureSchema& schema, const Baseline& baseline, const Ensemble& ensemble,
                     std::function<std::string(TemplateId)> template_text)
    : schema_(schema), baseline_(baseline), ensemble_(ensemble), template_text_(std::move(template_text)) {}

std::vector<Reason> Explainer::explain(const ExplainInput& input) const {
  std::array<ReasonPart, kKinds> parts;
  double total = 0;
  const auto add = [&](ReasonKind kind, double nats, std::size_t column, const std::string& feature) {
    ReasonPart& part = parts.at(static_cast<std::size_t>(kind));
    part.nats += nats;
    total += nats;
    if (part.column == kNoColumn || nats > part.column_nats) {
      part.column_nats = nats;
      part.column = column;
      part.feature = feature;
    }
  };
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
      add(ReasonKind::kForest, nats, kNoColumn, ensemble_.name(d));
      continue;
    }
    for (const Contribution& column : columns) {
      if (column.share > 0 && column.column < schema_.size()) {
        const std::string& name = schema_.columns[column.column].name;
        add(kind_of_column(name, input.event.is_new), nats * column.share / shares, column.column, name);
      }
    }
  }

  const ReasonContext context{schema_, baseline_, ensemble_, template_text_, input};
  std::vector<Reason> reasons;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (parts[kind].nats > 0) {
      reasons.push_back(make_reason(static_cast<ReasonKind>(kind), parts[kind], context));
      reasons.back().share = parts[kind].nats / total;
    }
  }
  if (reasons.empty()) {
    reasons.push_back(make_reason(ReasonKind::kForest, {0, 0, kNoColumn, "score"}, context));
  }
  std::stable_sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) { return a.share > b.share; });
  const auto first_small =
      std::find_if(reasons.begin() + 1, reasons.end(), [](const Reason& reason) { return reason.share < kLeastShare; });
  reasons.erase(first_small, reasons.end());
  reasons.resize(std::min(reasons.size(), kMostReasons));
  return reasons;
}

}  // namespace logdetect
