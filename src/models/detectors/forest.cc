#include <array>

#include "logdetect/base/check.h"
#include "logdetect/models/detector.h"
#include "models/isolation_forest.h"
#include "models/shares.h"

namespace logdetect {
namespace {

constexpr std::string_view kName = "forest";
constexpr ForestOptions kDefaults;
constexpr std::array<OptionInfo, 3> kOptions = {{
    {.name = "trees",
     .initial = std::int64_t{kDefaults.trees},
     .range = option_range(ForestOptions::kTreesRange),
     .unit = "trees",
     .help = "trees of the isolation forest; more make scores steadier and cost time"},
    {.name = "subsample",
     .initial = std::int64_t{kDefaults.subsample},
     .range = option_range(ForestOptions::kSubsampleRange),
     .unit = "rows",
     .help = "rows each tree sees; more see finer structure and more of the hidden anomalies"},
    {.name = "contamination",
     .initial = kDefaults.contamination,
     .range = ForestOptions::kContaminationRange,
     .unit = "share",
     .help = "expected share of anomalies in training; higher trims more before the refit",
     .flag = "--contamination"},
}};

// A forest is one opinion over all features at once, and most of them are novelty's too. On labelled logs more weight
// cost ranking and gained no recall (docs/quality.md), so beside novelty it only tips the balance (0.02 x 10 < ln
// 1000); alone it weighs 1.
constexpr double kCapNats = 10;
constexpr double kWeight = 0.02;

// Rows whose mean path is no shorter than a training row's are normal: there is nothing to attribute.
constexpr double kLeastCredit = 1e-3;  // levels of a tree

class ForestDetector final : public Detector {
 public:
  Result<void> fit(const TrainingSet& training) override {
    const OptionValues& options = training.options.of(kName);
    ForestOptions chosen;
    chosen.trees = static_cast<int>(options.get<std::int64_t>("trees"));
    chosen.subsample = static_cast<int>(options.get<std::int64_t>("subsample"));
    chosen.contamination = options.get<double>("contamination");
    return forest_.fit(training.log.rows, chosen, training.seed);
  }

  void score(const ScoringInput& input, std::span<float> raw) const override {
    LD_CHECK(input.log.events.size() == input.log.rows.rows(), "events and rows do not fit together");
    forest_.score(input.log.rows, raw, input.wanted, input.parallel);
  }

  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> row) const override {
    std::vector<double> credit(forest_.columns());
    forest_.path_credit(row, credit);
    double total = 0;
    for (const double value : credit) {
      total += value;
    }
    return total > kLeastCredit ? largest_shares(credit, kLeastCredit) : std::vector<Contribution>();
  }

  [[nodiscard]] bool in_nats() const override { return false; }
  [[nodiscard]] double default_cap() const override { return kCapNats; }
  void save(ByteWriter& out) const override { forest_.save(out); }
  Result<void> load(ByteReader& in, const FeatureSchema& schema) override { return forest_.load(in, schema.size()); }

 private:
  IsolationForest forest_;
};

}  // namespace

const DetectorEntry& forest_entry();
const DetectorEntry& forest_entry() {
  static constexpr DetectorEntry kEntry{
      .name = kName,
      .summary = "isolation forest over all feature columns (Liu, Ting, Zhou 2008)",
      .make = []() -> std::unique_ptr<Detector> { return std::make_unique<ForestDetector>(); },
      .options = kOptions,
      .default_weight = kWeight};
  return kEntry;
}

}  // namespace logdetect
