#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/models/detector.h"
#include "models/shares.h"

namespace logdetect {
namespace {

// Raw score: sum over the parts of min(weight x value, cap), negative values counting as 0. Feature columns are nats
// of surprise already, so the sum is absolute: the threshold ln 1000 means the same in every model.
struct Part {
  std::string_view column;  // of the feature schema; a schema without it leaves the part silent
  double weight;            // below 1: the feature overlaps with others, or its nats are known to run high
  double cap_nats;          // of the weighted part
};

// Bursts count for little: counted in full on every line of a bout they would drown what began it.
constexpr Part kParts[] = {
    {"template_rarity", 1.00, 20.0},    // carries most of the evidence
    {"error_prior", 1.00, 6.0},         // a rare error is stranger than a rare greeting
    {"parameter_surprise", 0.50, 6.0},  // several slots a line: the least likely one is often unlikely
    {"sequence_surprise", 0.10, 1.0},   // interleaved streams make most breaks; holds the rarity once more
    {"length_surprise", 0.25, 2.5},    {"level_surprise", 0.25, 3.0},  // mostly follows from the template
    {"hour_surprise", 0.25, 3.0},      {"burst_surprise", 0.03, 0.6},
    {"stream_surprise", 0.50, 3.0},  // mild: a host may do for once what others do all day
};
constexpr double kCapNats = 40;
constexpr std::size_t kMaxParts = 64;

// What a model file may say, with room for parts of other versions.
constexpr Range<double> kStoredWeight{0, 100};
constexpr Range<double> kStoredCap{0, 1000};  // nats

// Parts below this much are not worth a word in an explanation.
constexpr double kLeastNats = 0.05;

class NoveltyDetector final : public Detector {
 public:
  Result<void> fit(const TrainingSet& training) override {
    if (training.log.rows.rows() == 0) {
      return make_error(ErrorCode::kUsage, "no records to learn from", {}, "train on a log that is not empty");
    }
    columns_ = training.schema.size();
    terms_.clear();
    for (const Part& part : kParts) {
      terms_.push_back({std::string(part.column), part.weight, part.cap_nats, training.schema.find(part.column)});
    }
    return {};
  }

  void score(const ScoringInput& input, std::span<float> raw) const override {
    LD_CHECK(input.log.events.size() == raw.size() && input.log.rows.rows() == raw.size() &&
                 input.log.rows.columns() == columns_,
             "rows and detector do not fit together");
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto row = input.log.rows.row(i);
      double sum = 0;
      for (const Term& term : terms_) {
        sum += nats(term, row);
      }
      raw[i] = static_cast<float>(sum);
    }
  }

  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> row) const override {
    LD_CHECK(row.size() == columns_, "row and detector do not fit together");
    std::vector<double> credit(columns_);
    for (const Term& term : terms_) {
      if (term.column >= 0) {
        credit[static_cast<std::size_t>(term.column)] += nats(term, row);
      }
    }
    return largest_shares(credit, kLeastNats);
  }

  [[nodiscard]] bool in_nats() const override { return true; }
  [[nodiscard]] double default_cap() const override { return kCapNats; }

  // The parts are stored: a threshold found with one set of weights must not be used with another.
  void save(ByteWriter& out) const override {
    out.u64(terms_.size());
    for (const Term& term : terms_) {
      out.str(term.name);
      out.f64(term.weight);
      out.f64(term.cap_nats);
    }
  }

  Result<void> load(ByteReader& in, const FeatureSchema& schema) override {
    std::vector<Term> terms(in.count(4 + 8 + 8, kMaxParts));
    for (Term& term : terms) {
      term.name = in.str();
      term.weight = in.f64();
      term.cap_nats = in.f64();
      term.column = schema.find(term.name);
      if (!kStoredWeight.contains(term.weight) || !kStoredCap.contains(term.cap_nats)) {
        in.fail("a part's weight or cap is out of range");
      }
    }
    if (!in.ok()) {
      return in.finish();
    }
    terms_ = std::move(terms);
    columns_ = schema.size();
    return {};
  }

 private:
  struct Term {
    std::string name;
    double weight = 0;
    double cap_nats = 0;
    int column = -1;
  };

  [[nodiscard]] static double nats(const Term& term, std::span<const float> row) {
    if (term.column < 0) {
      return 0;
    }
    return std::clamp(term.weight * static_cast<double>(row[static_cast<std::size_t>(term.column)]), 0.0,
                      term.cap_nats);
  }

  std::size_t columns_ = 0;
  std::vector<Term> terms_;
};

}  // namespace

const DetectorEntry& novelty_entry();
const DetectorEntry& novelty_entry() {
  static constexpr DetectorEntry kEntry{
      .name = "novelty",
      .summary = "sum of surprises: new and rare templates, error words, parameters, sequence, level, hour",
      .make = []() -> std::unique_ptr<Detector> { return std::make_unique<NoveltyDetector>(); }};
  return kEntry;
}

}  // namespace logdetect
