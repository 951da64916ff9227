#include "logdetect/models/detector.h"
#include "models/neural_options.h"
#include "models/sequence_model.h"

namespace logdetect {
namespace {

// -ln P(this template | the ones before it in its sequence).
constexpr double kCapNats = 12;
constexpr double kWeight = 0.05;  // more of it costs ranking where streams interleave: docs/quality.md

constexpr SequenceDesign kDesign = {
    .sizes =
        [](const NeuralOptions& options) {
          return NetworkSizes{options.latent, 0};
        },
    .layers =
        [](const NetworkSizes& sizes) {
          return std::vector<NetworkLayer>{{LayerKind::kLstm, sizes.hidden}, {LayerKind::kDelay}};
        }};

class NextEventDetector final : public Detector {
 public:
  Result<void> fit(const TrainingSet& training) override {
    column_ = training.schema.find("sequence_surprise");
    return model_.fit("next_event", training);
  }

  void score(const ScoringInput& input, std::span<float> raw) const override { model_.score(input, raw); }

  // Its whole say is about the sequence, which no column but that one stands for.
  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> /*row*/) const override {
    return column_ < 0 ? std::vector<Contribution>()
                       : std::vector<Contribution>{{static_cast<std::size_t>(column_), 1.0}};
  }

  [[nodiscard]] bool in_nats() const override { return true; }
  [[nodiscard]] double default_cap() const override { return kCapNats; }
  [[nodiscard]] std::size_t window_length() const override { return model_.window_length(); }
  [[nodiscard]] std::span<const EpochLoss> learning_curve() const override { return model_.learning_curve(); }
  [[nodiscard]] std::vector<TemplateId> expected_after(std::span<const TemplateId> previous,
                                                       std::size_t limit) const override {
    return model_.expected_after(previous, limit);
  }
  void save(ByteWriter& out) const override { model_.save(out); }
  Result<void> load(ByteReader& in, const FeatureSchema& schema) override {
    column_ = schema.find("sequence_surprise");
    return model_.load(in);
  }

 private:
  SequenceModel model_{kDesign};
  int column_ = -1;
};

}  // namespace

const DetectorEntry& next_event_entry();
const DetectorEntry& next_event_entry() {
  static constexpr DetectorEntry kEntry{
      .name = "next_event",
      .summary = "LSTM that predicts the next template of a sequence: surprise at the one that came",
      .make = []() -> std::unique_ptr<Detector> { return std::make_unique<NextEventDetector>(); },
      .unit = DetectorUnit::kWindow,
      .shared = &neural_group,
      .windows = neural_windows,
      .default_weight = kWeight,
      .neural = true};
  return kEntry;
}

}  // namespace logdetect
