#include "logdetect/models/detector.h"
#include "models/neural_options.h"
#include "models/sequence_model.h"

namespace logdetect {
namespace {

// Like the forest an opinion over everything at once, calibrated like it; it only tips the balance, but to the good:
// docs/quality.md.
constexpr double kCapNats = 10;
constexpr double kWeight = 0.1;

constexpr SequenceDesign kDesign = {.numbers = WindowBatch::kNumbers,
                                    .has_latent = true,
                                    .sizes =
                                        [](const NeuralOptions& options) {
                                          return NetworkSizes{options.hidden, options.latent};
                                        },
                                    .layers =
                                        [](const NetworkSizes& sizes) {
                                          return std::vector<NetworkLayer>{{LayerKind::kLstm, sizes.hidden},
                                                                           {LayerKind::kLstm, sizes.latent},
                                                                           {LayerKind::kRepeat},
                                                                           {LayerKind::kLstm, sizes.latent},
                                                                           {LayerKind::kLstm, sizes.hidden}};
                                        }};

class AutoencoderDetector final : public Detector {
 public:
  Result<void> fit(const TrainingSet& training) override {
    column_ = training.schema.find("sequence_surprise");
    return model_.fit("autoencoder", training);
  }

  void score(const ScoringInput& input, std::span<float> raw) const override { model_.score(input, raw); }

  // Its whole say is about the sequence, which no column but that one stands for.
  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> /*row*/) const override {
    return column_ < 0 ? std::vector<Contribution>()
                       : std::vector<Contribution>{{static_cast<std::size_t>(column_), 1.0}};
  }

  [[nodiscard]] bool in_nats() const override { return false; }
  [[nodiscard]] double default_cap() const override { return kCapNats; }
  [[nodiscard]] std::size_t window_length() const override { return model_.window_length(); }
  [[nodiscard]] std::span<const EpochLoss> learning_curve() const override { return model_.learning_curve(); }
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

const DetectorEntry& autoencoder_entry();
const DetectorEntry& autoencoder_entry() {
  static constexpr DetectorEntry kEntry{
      .name = "autoencoder",
      .summary = "LSTM autoencoder over windows of a sequence: how badly each event is reconstructed",
      .make = []() -> std::unique_ptr<Detector> { return std::make_unique<AutoencoderDetector>(); },
      .unit = DetectorUnit::kWindow,
      .shared = &neural_group,
      .windows = neural_windows,
      .default_weight = kWeight,
      .neural = true};
  return kEntry;
}

}  // namespace logdetect
