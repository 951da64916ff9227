#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <numeric>
#include <set>

#include "logdetect/models/detector.h"
#include "models/shares.h"
#include "unit/models/sample.h"

// The table of detectors, what holds for each of them, and the novelty detector's sums.

namespace logdetect {
namespace {

using ::testing::HasSubstr;

float score_row(const Detector& detector, const std::vector<float>& values) {
  FeatureMatrix row(1, values.size());
  std::copy(values.begin(), values.end(), row.row(0).begin());
  const std::vector<Event> events(1);
  float raw = -1;
  detector.score({{.events = events, .rows = row, .windows = {}}}, {&raw, 1});
  return raw;
}

std::unique_ptr<Detector> fitted(std::string_view name, const Sample& sample) {
  auto detector = find_detector(name)->make();
  EXPECT_TRUE(detector->fit(sample.training()).ok());
  return detector;
}

TEST(DetectorTable, EntriesAreFoundByTheirNamesAndSayWhatTheyAre) {
  for (const DetectorEntry& entry : detector_table()) {
    EXPECT_EQ(find_detector(entry.name), &entry) << entry.name;
    EXPECT_FALSE(entry.summary.empty()) << entry.name;
    EXPECT_GT(entry.default_weight, 0) << entry.name;
  }
  EXPECT_EQ(find_detector("nothing"), nullptr);
}

class EveryDetector : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryDetector, ComesBackFromBytes) {
  const Sample sample = make_sample(300, 1);
  const auto detector = fitted(GetParam(), sample);
  ByteWriter out;
  detector->save(out);
  const std::string bytes = out.take();
  const auto back = find_detector(GetParam())->make();
  ByteReader in(bytes, "detector");
  ASSERT_TRUE(back->load(in, sample.schema).ok());
  EXPECT_TRUE(in.finish().ok());
  std::vector<float> before(300);
  std::vector<float> after(300);
  detector->score(sample.input(), before);
  back->score(sample.input(), after);
  EXPECT_EQ(before, after);
  ByteWriter again;
  back->save(again);
  EXPECT_TRUE(again.take() == bytes);
}

TEST_P(EveryDetector, RefusesEveryTruncation) {
  Sample sample = make_sample(20, 1);
  sample.set_trees(2);
  const TrainingSet training = sample.training();
  const auto detector = find_detector(GetParam())->make();
  ASSERT_TRUE(detector->fit(training).ok());
  ByteWriter out;
  detector->save(out);
  const std::string bytes = out.take();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto back = find_detector(GetParam())->make();
    ByteReader in(std::string_view(bytes).substr(0, length), "detector");
    const auto loaded = back->load(in, sample.schema);
    ASSERT_FALSE(loaded.ok()) << length;
    EXPECT_EQ(loaded.error().code, ErrorCode::kModel);
  }
}

TEST_P(EveryDetector, SurvivesAnyFlippedByte) {
  Sample sample = make_sample(20, 1);
  sample.set_trees(2);
  const TrainingSet training = sample.training();
  const auto detector = find_detector(GetParam())->make();
  ASSERT_TRUE(detector->fit(training).ok());
  ByteWriter out;
  detector->save(out);
  const std::string bytes = out.take();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ mask);
      const auto back = find_detector(GetParam())->make();
      ByteReader in(changed, "detector");
      if (back->load(in, sample.schema).ok()) {  // it may, then it must work
        const float raw = score_row(*back, {20, 20, 20, 20, 20});
        ASSERT_TRUE(std::isfinite(raw)) << at;
        back->contributions(std::vector<float>{20, 20, 20, 20, 20});
      }
    }
  }
}

TEST_P(EveryDetector, RefusesTooFewRows) {
  const Sample empty = make_sample(0, 1);
  EXPECT_EQ(find_detector(GetParam())->make()->fit(empty.training()).error().code, ErrorCode::kUsage);
}

TEST_P(EveryDetector, SharesAreSortedAndSumToOne) {
  const Sample sample = make_sample(500, 2);
  const auto detector = fitted(GetParam(), sample);
  const std::vector<Contribution> parts = detector->contributions(std::vector<float>{9, 5, 4, 3, 2});
  ASSERT_FALSE(parts.empty());
  EXPECT_LE(parts.size(), 5U);
  double sum = 0;
  double last = 1;
  std::set<std::size_t> columns;
  for (const Contribution& part : parts) {
    EXPECT_GT(part.share, 0);
    EXPECT_LE(part.share, last);
    EXPECT_LT(part.column, 5U);
    columns.insert(part.column);
    last = part.share;
    sum += part.share;
  }
  EXPECT_EQ(columns.size(), parts.size());
  EXPECT_NEAR(sum, 1, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Table, EveryDetector, ::testing::Values("novelty", "forest"),
                         [](const auto& param_info) { return std::string(param_info.param); });

// --- novelty ----------------------------------------------------------------------------------------------------

// Columns: template_rarity, error_prior, parameter_surprise, sequence_surprise, length_surprise.
TEST(Novelty, AddsWeightedNats) {
  const auto detector = fitted("novelty", make_sample(10, 1));
  EXPECT_TRUE(detector->in_nats());
  EXPECT_FLOAT_EQ(score_row(*detector, {0, 0, 0, 0, 0}), 0);
  EXPECT_FLOAT_EQ(score_row(*detector, {3, 0, 0, 0, 0}), 3);
  EXPECT_FLOAT_EQ(score_row(*detector, {3, 2, 0, 0, 0}), 5);
  EXPECT_FLOAT_EQ(score_row(*detector, {3, 2, 4, 0, 0}), 7);
  EXPECT_FLOAT_EQ(score_row(*detector, {3, 2, 4, 8, 0}), 7.8F);
  EXPECT_FLOAT_EQ(score_row(*detector, {3, 2, 4, 8, 6}), 9.3F);
}

TEST(Novelty, EveryPartIsBounded) {
  const auto detector = fitted("novelty", make_sample(10, 1));
  EXPECT_FLOAT_EQ(score_row(*detector, {1e30F, 0, 0, 0, 0}), 20);
  EXPECT_FLOAT_EQ(score_row(*detector, {0, 0, 0, 1e30F, 0}), 1);
  EXPECT_FLOAT_EQ(score_row(*detector, {-5, -5, -5, -5, -5}), 0);
  EXPECT_LE(score_row(*detector, {1e30F, 1e30F, 1e30F, 1e30F, 1e30F}), detector->default_cap());
}

TEST(Novelty, MissingColumnsAreSilent) {
  Sample sample = make_sample(10, 1);
  for (FeatureInfo& column : sample.schema.columns) {
    column.name = "other_" + column.name;
  }
  const auto detector = fitted("novelty", sample);
  EXPECT_EQ(score_row(*detector, {9, 9, 9, 9, 9}), 0);
  EXPECT_TRUE(detector->contributions(std::vector<float>{9, 9, 9, 9, 9}).empty());
}

TEST(Novelty, ContributionsAreItsOwnParts) {
  const auto detector = fitted("novelty", make_sample(10, 1));
  const auto parts = detector->contributions(std::vector<float>{6, 0, 4, 0, 0});
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].column, 0U);
  EXPECT_DOUBLE_EQ(parts[0].share, 0.75);
  EXPECT_EQ(parts[1].column, 2U);
  EXPECT_DOUBLE_EQ(parts[1].share, 0.25);
  EXPECT_TRUE(detector->contributions(std::vector<float>{0, 0, 0, 0, 0}).empty());
}

// --- forest -----------------------------------------------------------------------------------------------------

TEST(Forest, NamesTheOddColumnAndKeepsQuietOnNormalRows) {
  const auto detector = fitted("forest", make_sample(1000, 3));
  EXPECT_FALSE(detector->in_nats());
  const auto parts = detector->contributions(std::vector<float>{0.5F, 0, 0.5F, 0.5F, 6});
  ASSERT_FALSE(parts.empty());
  EXPECT_EQ(parts[0].column, 4U);
  EXPECT_GT(parts[0].share, 0.7);
  EXPECT_TRUE(detector->contributions(std::vector<float>{0.5F, 0, 0.5F, 0.5F, 0.5F}).empty());
}

TEST(Forest, RefusesAnotherNumberOfColumns) {
  const Sample sample = make_sample(100, 1);
  ByteWriter out;
  fitted("forest", sample)->save(out);
  const std::string bytes = out.take();
  FeatureSchema wider = sample.schema;
  wider.columns.push_back({"one_more", "nats", ""});
  for (const FeatureSchema& schema : {wider, FeatureSchema{}}) {
    ByteReader in(bytes, "detector");
    const auto loaded = find_detector("forest")->make()->load(in, schema);
    EXPECT_THAT(loaded.error().message, HasSubstr("another number of feature columns"));
  }
}

// psi = 2, one tree: cut at the root, a leaf on either side.
std::string tiny_forest(std::uint16_t column, float threshold, std::uint16_t left, std::uint16_t right) {
  ByteWriter out;
  out.u64(1);
  out.u32(2);
  out.u32(5);
  out.u16(column);
  out.f32(threshold);
  out.u16(left);
  out.u16(right);
  return out.take();
}

TEST(Forest, RefusesTreesThatCannotBe) {
  const auto load = [](const std::string& bytes) {
    ByteReader in(bytes, "section 'detector.forest'");
    return find_detector("forest")->make()->load(in, sample_schema());
  };
  EXPECT_TRUE(load(tiny_forest(4, 0.5F, 1, 1)).ok());
  EXPECT_TRUE(load(tiny_forest(0xFFFF, 0, 2, 0)).ok());
  EXPECT_THAT(load(tiny_forest(5, 0.5F, 1, 1)).error().message, HasSubstr("column that does not exist"));
  EXPECT_THAT(load(tiny_forest(4, std::nanf(""), 1, 1)).error().message, HasSubstr("not finite"));
  EXPECT_THAT(load(tiny_forest(4, 0.5F, 2, 0)).error().message, HasSubstr("do not fit its cuts"));
  EXPECT_THAT(load(tiny_forest(0xFFFF, 0, 0, 2)).error().message, HasSubstr("do not fit its cuts"));
  EXPECT_THAT(load(tiny_forest(4, 0.5F, 1, 2)).error().message, HasSubstr("do not add up"));

  ByteWriter below;  // psi = 3, height 2: the root is a leaf, its child has a cut
  below.u64(1);
  below.u32(3);
  below.u32(5);
  for (const std::uint16_t column : {std::uint16_t{0xFFFF}, std::uint16_t{1}, std::uint16_t{0xFFFF}}) {
    below.u16(column);
    below.f32(0);
  }
  below.f64(0);
  EXPECT_THAT(load(below.take()).error().message, HasSubstr("cut below a leaf"));

  for (const std::uint32_t subsample : {0U, 1U, 40'000U, ~0U}) {
    ByteWriter shape;
    shape.u64(1);
    shape.u32(subsample);
    shape.u32(5);
    shape.f64(0);
    EXPECT_THAT(load(shape.take()).error().message, HasSubstr("impossible shape"));
  }
  ByteWriter large;
  large.u64(3);
  large.u32(32'768);
  large.u32(5);
  large.f64(0);
  large.f64(0);
  large.f64(0);
  EXPECT_THAT(load(large.take()).error().message, HasSubstr("larger than the data"));
}

// Every part of novelty with its weight and its bound.
TEST(Novelty, WeighsEachColumnAsItsManualSays) {
  struct Part {
    const char* column;
    float weight, cap;
  };
  const Part kParts[] = {{"template_rarity", 1, 20},       {"error_prior", 1, 6},
                         {"parameter_surprise", 0.5F, 6},  {"sequence_surprise", 0.1F, 1},
                         {"length_surprise", 0.25F, 2.5F}, {"level_surprise", 0.25F, 3},
                         {"hour_surprise", 0.25F, 3},      {"burst_surprise", 0.03F, 0.6F},
                         {"stream_surprise", 0.5F, 3}};
  Sample sample = make_sample(10, 1);
  sample.schema.columns.clear();
  for (const Part& part : kParts) {
    sample.schema.columns.push_back({part.column, "nats", "made up"});
  }
  sample.rows = FeatureMatrix(10, std::size(kParts));
  const auto detector = fitted("novelty", sample);
  for (std::size_t c = 0; c < std::size(kParts); ++c) {
    std::vector<float> row(std::size(kParts));
    row[c] = 2;
    EXPECT_FLOAT_EQ(score_row(*detector, row), 2 * kParts[c].weight) << kParts[c].column;
    row[c] = 1e6F;
    EXPECT_FLOAT_EQ(score_row(*detector, row), kParts[c].cap) << kParts[c].column;
    const auto parts = detector->contributions(row);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].column, c);
  }
}

TEST(Novelty, BytesAreReadUpToTheirBounds) {
  const auto loads = [](double weight, double cap, std::size_t parts = 1) {
    ByteWriter out;
    out.u64(parts);
    for (std::size_t i = 0; i < parts; ++i) {
      out.str("error_prior");
      out.f64(weight);
      out.f64(cap);
    }
    const std::string bytes = out.take();
    ByteReader in(bytes, "detector");
    const auto detector = find_detector("novelty")->make();
    return detector->load(in, sample_schema()).ok() && score_row(*detector, {0, 1, 0, 0, 0}) >= 0;
  };
  EXPECT_TRUE(loads(0, 0));
  EXPECT_TRUE(loads(100, 1000));
  EXPECT_FALSE(loads(-0.1, 1));
  EXPECT_FALSE(loads(100.1, 1));
  EXPECT_FALSE(loads(1, -0.1));
  EXPECT_FALSE(loads(1, 1000.1));
  EXPECT_TRUE(loads(1, 1, 64));
  EXPECT_FALSE(loads(1, 1, 65));
}

TEST(LargestShares, AreFiveAtMostAndAddUpToOne) {
  const std::vector<double> credit = {1, 4, 2, 4, 3, 0.5, -9, 1};
  const std::vector<Contribution> parts = largest_shares(credit, 0.5);
  std::vector<std::size_t> columns;
  double sum = 0;
  for (const Contribution& part : parts) {
    columns.push_back(part.column);
    sum += part.share;
  }
  EXPECT_EQ(columns, (std::vector<std::size_t>{1, 3, 4, 2, 0})) << "equal ones by column";
  EXPECT_DOUBLE_EQ(sum, 1);
  EXPECT_DOUBLE_EQ(parts[0].share, 4.0 / 14);
  EXPECT_EQ(largest_shares(credit, 3.5).size(), 2U);
  EXPECT_TRUE(largest_shares(credit, 4).empty()) << "none is above it";
  EXPECT_TRUE(largest_shares({}, 0).empty());
}

}  // namespace
}  // namespace logdetect
