#include "training/training_review.h"

#include <algorithm>
#include <array>
#include <optional>

#include "logdetect/detection/explainer.h"
#include "training/exclusion.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostCards = 100;
constexpr std::size_t kMostWhys = 3;
constexpr double kHabit = 0.2;  // as for findings: in so many of the slices of training
constexpr std::array<std::string_view, 4> kOddColumns = {"parameter_surprise", "length_surprise", "level_surprise",
                                                         "hour_surprise"};

int hour_of(Micros time) {
  const Micros hour = time / kMicrosPerHour % 24;
  return static_cast<int>(hour < 0 ? hour + 24 : hour);
}

// The line was judged without those around it.
bool is_of_neighbours(std::string_view kind) {
  return kind == reasons::kBurst || kind == reasons::kSequence || kind == reasons::kErrorRate ||
         kind == reasons::kDiversity;
}

void keep_strangest(std::vector<OddTemplate>& odd) {
  std::stable_sort(odd.begin(), odd.end(),
                   [](const OddTemplate& a, const OddTemplate& b) { return a.score > b.score; });
  odd.resize(std::min(odd.size(), kMostCards));
}

}  // namespace

TrainingReview::TrainingReview(const FeatureSchema& schema) {
  for (const std::string_view name : kOddColumns) {
    if (const int column = schema.find(name); column >= 0) {
      columns_.push_back(static_cast<std::size_t>(column));
    }
  }
}

void TrainingReview::offer(const Event& event, std::span<const float> row, const Header& header) {
  const std::size_t id = event.template_id.value();
  if (id >= seen_.size()) {
    seen_.resize(id + 1);
  }
  Seen& seen = seen_[id];
  seen.first = seen.count == 0 ? event.time : std::min(seen.first, event.time);
  seen.last = seen.count == 0 ? event.time : std::max(seen.last, event.time);
  ++seen.count;
  // At its first sight a template has no values or levels of its own yet: nothing to be odd against.
  float oddness = 0;
  for (const std::size_t column : columns_) {
    oddness += seen.count > 1 ? row[column] : 0.0F;
  }
  if (oddness > seen.oddness) {
    seen.oddness = oddness;
    seen.event = event;
    seen.message.assign(header.message.substr(0, kMessageBytes));
    seen.host.assign(header.host.substr(0, kMessageBytes));
    seen.component.assign(header.component.substr(0, kMessageBytes));
  }
}

void TrainingReview::finish(const Model& model, const ThresholdOptions& options, const AllowList& allowed,
                            std::size_t first_new, TrainReport& report) {
  FeatureExtractor extractor(std::as_const(model.baseline));
  const auto text_of = [&](TemplateId id) { return id.valid() ? model.miner.info(id).text : std::string(); };
  const Explainer explainer(model.schema, model.baseline, model.ensemble, text_of);
  const WindowBatch none;
  MaskedMessage masked;
  std::vector<Parameter> parameters;
  FeatureMatrix row;
  BatchScores scores;
  struct Coverage {
    bool new_template = false;
    bool flagged = false;
  };
  std::vector<Coverage> covered(allowed.rules().size());
  for (std::size_t id = 0; id < seen_.size(); ++id) {
    const Seen& seen = seen_[id];
    if (seen.count == 0) {
      continue;
    }
    Event event = seen.event;
    const TemplateId template_id(static_cast<std::uint32_t>(id));
    // The values were cut from a batch that is gone.
    parameters.clear();
    model.masker.mask(seen.message, masked);
    if (model.miner.match(masked) == template_id) {
      model.miner.parameters(template_id, masked, parameters);
    }
    event.first_parameter = 0;
    event.parameter_count = static_cast<std::uint16_t>(parameters.size());
    extractor.restart();
    extractor.extract(std::span(&event, 1), parameters, row);
    model.ensemble.score_line({.events = std::span(&event, 1),
                               .rows = row,
                               .windows = none,
                               .parameters = parameters,
                               .template_text = text_of},
                              scores);
    const Verdict verdict = model.ensemble.judge(static_cast<double>(scores.total[0]), hour_of(event.time), options);
    const bool habit = verdict.anomalous && model.baseline.recurrence(template_id) >= kHabit;
    const bool flagged = verdict.anomalous && !habit;
    report.odd_habits += habit ? 1 : 0;
    const std::optional<std::size_t> rule =
        allowed.find(model.miner.info(template_id).text, seen.message, seen.host, seen.component,
                     event.has_time ? std::optional<Micros>(event.time) : std::nullopt);
    if (rule) {
      covered[*rule].new_template |= id >= first_new;
      covered[*rule].flagged |= flagged;
      report.odd_acknowledged += flagged ? 1 : 0;
      continue;
    }
    if (!flagged) {
      continue;
    }
    ++report.odd_templates;
    OddTemplate& odd = report.odd.emplace_back();
    odd.text = model.miner.info(template_id).text;
    odd.pattern = exclusion_pattern(odd.text);
    odd.example = seen.message;
    odd.count = seen.count;
    odd.first = seen.first;
    odd.last = seen.last;
    odd.score = verdict.score;
    std::vector<DetectorScore> parts;
    for (std::size_t d = 0; d < model.ensemble.size(); ++d) {
      parts.push_back({DetectorId(static_cast<std::uint16_t>(d)), scores.raw[d], scores.surprise[d]});
    }
    for (Reason& reason : explainer.explain({event, parameters, row.row(0), parts, {}})) {
      if (odd.why.size() < kMostWhys && !is_of_neighbours(reason.kind)) {
        odd.why.push_back(std::move(reason.sentence));
      }
    }
    // Cards come and go while there are more than are kept: cheap, and bounded.
    if (report.odd.size() >= 2 * kMostCards) {
      keep_strangest(report.odd);
    }
  }
  keep_strangest(report.odd);
  for (std::size_t i = 0; i < covered.size(); ++i) {
    if (covered[i].new_template && !covered[i].flagged) {
      report.taken_in.push_back(allowed.rules()[i].id);
    }
  }
}

}  // namespace logdetect
