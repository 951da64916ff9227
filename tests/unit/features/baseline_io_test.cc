#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "logdetect/base/rng.h"
#include "logdetect/features/extractor.h"
#include "unit/features/support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::learn;
using testing::rarity_of;
using testing::rows_of;

// Three days of lines with every kind of statistic in it.
EventScript history(std::uint64_t seed, double from, int events) {
  Rng rng(seed);
  EventScript script;
  for (int i = 0; i < events; ++i) {
    const auto id = static_cast<std::uint32_t>(rng.below(1 + rng.below(40)));
    const auto level = id % 7 == 3 ? Level::kError : Level::kInfo;
    Event& event = script.add(from + 130.0 * i + rng.uniform(), id, level,
                              {std::to_string(rng.below(500)), "v" + std::to_string(rng.below(5))});
    event.stream = StreamId(static_cast<std::uint32_t>(rng.below(4)));
    event.message_bytes = 30 + static_cast<std::uint32_t>(rng.below(20));
  }
  return script;
}

std::string saved(const Baseline& baseline) {
  ByteWriter out;
  baseline.save(out);
  return out.take();
}

Result<Baseline> loaded(const std::string& bytes, const FeatureOptions& options = {}) {
  ByteReader in(bytes, "section baseline");
  auto baseline = Baseline::load(in, options);
  if (baseline.ok()) {
    if (auto rest = in.finish(); !rest.ok()) {
      return rest.error();
    }
  }
  return baseline;
}

TEST(BaselineIo, LearningGoesOnAfterLoading) {
  const EventScript first = history(1, 0, 3000);
  const EventScript second = history(2, 400'000, 2000);
  Baseline whole{FeatureOptions{}};
  learn(whole, first);
  auto part = loaded(saved(whole));
  ASSERT_TRUE(part.ok());
  learn(whole, second);
  learn(*part, second);
  EXPECT_EQ(saved(*part), saved(whole));
  EXPECT_EQ(part->events(), 5000U);
}

TEST(BaselineIo, AMergedTemplateCountsForTheOther) {
  Baseline baseline{FeatureOptions{}};
  learn(baseline, history(1, 0, 3000));
  const std::uint64_t both = baseline.template_count(TemplateId(1)) + baseline.template_count(TemplateId(2));
  const float before = rarity_of(baseline, 1);
  const std::string untouched = saved(baseline);
  auto merged = loaded(untouched);
  ASSERT_TRUE(merged.ok());
  merged->fold(TemplateId(2), TemplateId(1));
  learn(*merged, history(3, 400'000, 10));
  EXPECT_EQ(merged->events(), 3010U);
  EXPECT_GE(merged->template_count(TemplateId(1)), both);
  EXPECT_LE(merged->template_count(TemplateId(2)), 10U);
  EXPECT_LT(rarity_of(*merged, 1), before);
  EXPECT_TRUE(loaded(saved(*merged)).ok());
  merged->fold(TemplateId(900), TemplateId(1));  // one that never came
  EXPECT_EQ(merged->events(), 3010U);
}

TEST(BaselineIo, ALoadedBaselineGivesTheSameRows) {
  Baseline baseline{FeatureOptions{}};
  learn(baseline, history(1, 0, 3000));
  const std::string bytes = saved(baseline);
  auto copy = loaded(bytes);
  ASSERT_TRUE(copy.ok()) << copy.error().to_string();
  EXPECT_EQ(saved(*copy), bytes);
  const EventScript later = history(2, 400'000, 2000);
  FeatureExtractor a(std::as_const(baseline));
  FeatureExtractor b(std::as_const(*copy));
  const FeatureMatrix expected = rows_of(a, later);
  const FeatureMatrix rows = rows_of(b, later);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    ASSERT_TRUE(std::equal(rows.row(i).begin(), rows.row(i).end(), expected.row(i).begin())) << i;
  }
  EXPECT_EQ(copy->usual_hours(Level::kInfo), baseline.usual_hours(Level::kInfo));
  EXPECT_EQ(copy->likely_after(TemplateId(0), 5), baseline.likely_after(TemplateId(0), 5));
  EXPECT_EQ(copy->column(0).high, baseline.column(0).high);
  EXPECT_EQ(copy->rate(TemplateId(0), 60).high, baseline.rate(TemplateId(0), 60).high);
}

TEST(BaselineIo, LearningGoesOnTheSameAfterLoading) {
  Baseline baseline{FeatureOptions{}};
  learn(baseline, history(1, 0, 2000));
  auto copy = loaded(saved(baseline));
  ASSERT_TRUE(copy.ok());
  const EventScript more = history(3, 300'000, 1500);
  const FeatureMatrix expected = learn(baseline, more);
  const FeatureMatrix rows = learn(*copy, more);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    ASSERT_TRUE(std::equal(rows.row(i).begin(), rows.row(i).end(), expected.row(i).begin())) << i;
  }
  EXPECT_EQ(saved(*copy), saved(baseline));
}

TEST(BaselineIo, AnEmptyBaselineIsKept) {
  const Baseline baseline{FeatureOptions{}};
  const auto copy = loaded(saved(baseline));
  ASSERT_TRUE(copy.ok()) << copy.error().to_string();
  EXPECT_EQ(copy->events(), 0U);
}

TEST(BaselineIo, OtherWindowsAreRefused) {
  const Baseline baseline{FeatureOptions{}};
  FeatureOptions other;
  other.window_seconds = {10, 60};
  const auto copy = loaded(saved(baseline), other);
  ASSERT_FALSE(copy.ok());
  EXPECT_EQ(copy.error().code, ErrorCode::kModel);
  EXPECT_NE(copy.error().message.find("window"), std::string::npos) << copy.error().message;
}

TEST(BaselineIo, EveryTruncationIsRefused) {
  Baseline baseline{FeatureOptions{}};
  learn(baseline, history(4, 0, 60));
  const std::string bytes = saved(baseline);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto copy = loaded(bytes.substr(0, size));
    ASSERT_FALSE(copy.ok()) << size;
    ASSERT_EQ(copy.error().code, ErrorCode::kModel);
  }
  EXPECT_FALSE(loaded(bytes + "x").ok());
}

// Damaged bytes are refused or give a baseline whose rows are still finite.
TEST(BaselineIo, DamageNeverGivesBadRows) {
  Baseline baseline{FeatureOptions{}};
  learn(baseline, history(5, 0, 1500));
  const std::string bytes = saved(baseline);
  const EventScript later = history(6, 200'000, 100);
  Rng rng(77);
  int accepted = 0;
  for (int round = 0; round < 600; ++round) {
    std::string damaged = bytes;
    for (std::uint64_t i = 1 + rng.below(3); i > 0; --i) {
      const std::uint64_t place = rng.below(damaged.size());
      // Whole words of ones or zeros reach extreme counts that single bytes do not.
      const std::size_t width = rng.below(2) == 0 ? 1 : std::min<std::size_t>(8, damaged.size() - place);
      const char filler = rng.below(2) == 0 ? static_cast<char>(rng.below(256)) : '\x7F';
      std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(place), width, filler);
    }
    auto copy = loaded(damaged);
    if (!copy.ok()) {
      continue;
    }
    ++accepted;
    FeatureExtractor frozen(std::as_const(*copy));
    const FeatureMatrix rows = rows_of(frozen, later);
    for (const float x : rows.values()) {
      ASSERT_TRUE(std::isfinite(x)) << "round " << round;
      ASSERT_GE(x, 0);
    }
    (void)copy->rate(TemplateId(1), 60);
    (void)copy->likely_after(TemplateId(1), 5);
    (void)copy->usual_hours(Level::kError);
    learn(*copy, later);
  }
  EXPECT_GT(accepted, 50) << "the test lost its point";
}

}  // namespace
}  // namespace logdetect
