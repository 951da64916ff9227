#include "training/training_review.h"

#include <algorithm>
#include <array>
#include <optional>

#include "logdetect/detection/explainer.h"
#include "training/exclusion.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostWhys = 3;  // more sentences on a card are not read
constexpr double kHabitShare = 0.2;   // of the slices of training: one of the two rules of Baseline::is_habit
constexpr std::array<std::string_view, 4> kOddColumns = {"parameter_surprise", "length_surprise", "level_surprise",
                                                         "hour_surprise"};

// The line was judged without those around it.
bool is_of_neighbours(std::string_view kind) {
  return kind == reasons::kBurst || kind == reasons::kSequence || kind == reasons::kErrorRate ||
         kind == reasons::kDiversity;
}

void keep_strangest(std::vector<OddTemplate>& odd) {
  std::stable_sort(odd.begin(), odd.end(),
                   [](const OddTemplate& a, const OddTemplate& b) { return a.score > b.score; });
  odd.resize(std::min(odd.size(), ReviewResult::kMostCards));
}

std::function<std::string(TemplateId)> text_of(const Model& model) {
  return [&model](TemplateId id) { return id.valid() ? model.miner.info(id).text : std::string(); };
}

// Judges lines on their own, as a scan with the finished model would.
class LoneLineJudge {
 public:
  LoneLineJudge(const Model& model, const ThresholdOptions& options)
      : model_(model),
        options_(options),
        extractor_(std::as_const(model.baseline)),
        explainer_(model.schema, model.baseline, model.ensemble, text_of(model)) {}

  Verdict judge(Event event, std::string_view message) {
    event_ = event;
    // The values were cut from a batch that is gone.
    parameters_.clear();
    model_.masker.mask(message, masked_);
    if (model_.miner.match(masked_) == event.template_id) {
      model_.miner.parameters(event.template_id, masked_, parameters_);
    }
    event_.first_parameter = 0;
    event_.parameter_count = static_cast<std::uint16_t>(parameters_.size());
    // Windows and streams are empty then: the line is judged for what it is itself.
    extractor_.restart();
    extractor_.extract(std::span(&event_, 1), parameters_, row_);
    model_.ensemble.score_line({.events = std::span(&event_, 1),
                                .rows = row_,
                                .windows = no_windows_,
                                .parameters = parameters_,
                                .template_text = text_of(model_)},
                               scores_);
    return model_.ensemble.judge(static_cast<double>(scores_.total[0]), hour_of_day(event_.time), options_);
  }

  // Sentences on the line judged last, by weight.
  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<DetectorScore> parts;
    for (std::size_t d = 0; d < model_.ensemble.size(); ++d) {
      parts.push_back({DetectorId(static_cast<std::uint16_t>(d)), scores_.raw[d], scores_.surprise[d]});
    }
    std::vector<std::string> sentences;
    for (Reason& reason : explainer_.explain({event_, parameters_, row_.row(0), parts, {}})) {
      if (sentences.size() < kMostWhys && !is_of_neighbours(reason.kind)) {
        sentences.push_back(std::move(reason.sentence));
      }
    }
    return sentences;
  }

 private:
  const Model& model_;
  const ThresholdOptions& options_;
  FeatureExtractor extractor_;
  Explainer explainer_;
  Event event_;
  const WindowBatch no_windows_;
  MaskedMessage masked_;
  std::vector<Parameter> parameters_;
  FeatureMatrix row_;
  BatchScores scores_;
};

// What the templates that an allow rule covers are.
struct Coverage {
  bool new_template = false;
  bool flagged = false;
};

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
  // Begins below 0, so that each template keeps some line: its first one, if none is odd.
  if (oddness > seen.oddness) {
    seen.oddness = oddness;
    seen.event = event;
    seen.message.assign(header.message.substr(0, kMessageBytes));
    seen.host.assign(header.host.substr(0, kMessageBytes));
    seen.component.assign(header.component.substr(0, kMessageBytes));
  }
}

ReviewResult TrainingReview::finish(const Model& model, const ThresholdOptions& options, const AllowList& allowed,
                                    std::size_t first_new) const {
  ReviewResult result;
  LoneLineJudge judge(model, options);
  std::vector<Coverage> covered(allowed.rules().size());
  for (std::size_t id = 0; id < seen_.size(); ++id) {
    const Seen& seen = seen_[id];
    if (seen.count == 0) {
      continue;
    }
    const std::string text = model.miner.info(seen.event.template_id).text;
    const Verdict verdict = judge.judge(seen.event, seen.message);
    const bool habit = verdict.anomalous && model.baseline.recurrence(seen.event.template_id) >= kHabitShare;
    const bool flagged = verdict.anomalous && !habit;
    result.habits += habit ? 1 : 0;
    const std::optional<Micros> time = seen.event.has_time ? std::optional(seen.event.time) : std::nullopt;
    if (const auto rule = allowed.find(text, seen.message, seen.host, seen.component, time)) {
      covered[*rule].new_template |= id >= first_new;
      covered[*rule].flagged |= flagged;
      result.acknowledged += flagged ? 1 : 0;
      continue;
    }
    if (!flagged) {
      continue;
    }
    ++result.flagged;
    result.odd.push_back({text, exclusion_pattern(text), seen.message, seen.count, seen.first, seen.last, verdict.score,
                          judge.reasons()});
    // Cards come and go while there are more than are kept: cheap, and bounded.
    if (result.odd.size() >= 2 * ReviewResult::kMostCards) {
      keep_strangest(result.odd);
    }
  }
  keep_strangest(result.odd);
  for (std::size_t i = 0; i < covered.size(); ++i) {
    // The rule was made for what the update has now learnt, and hides nothing any more.
    if (covered[i].new_template && !covered[i].flagged) {
      result.taken_in.push_back(allowed.rules()[i].id);
    }
  }
  return result;
}

}  // namespace logdetect
