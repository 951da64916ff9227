#include "logdetect/training/template_health.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "logdetect/mining/masker.h"

namespace logdetect {
namespace {

// The exponent after so many records, where templates(n) are known after the n-th.
double exponent(std::uint64_t records, const std::function<std::uint64_t(std::uint64_t)>& templates) {
  GrowthMeter meter;
  for (std::uint64_t n = 1; n <= records; ++n) {
    meter.add(n, templates(n));
  }
  return meter.exponent();
}

TEST(GrowthMeter, IsTheExponentOfAPower) {
  for (const std::uint64_t records : {2000U, 2500U, 2999U, 3000U, 4000U, 5999U, 6000U, 20'000U}) {
    EXPECT_NEAR(exponent(records, [](std::uint64_t n) { return n; }), 1, 1e-12) << records;
    EXPECT_NEAR(exponent(records, [](std::uint64_t n) { return 3 * n; }), 1, 1e-12) << records;
    EXPECT_EQ(exponent(records, [](std::uint64_t) { return 40; }), 0) << records;
    EXPECT_NEAR(exponent(records, [](std::uint64_t n) { return n * n; }), 2, 1e-12) << records;
  }
}

TEST(GrowthMeter, SaysNothingBeforeTwoThousandRecords) {
  EXPECT_EQ(exponent(0, [](std::uint64_t n) { return n; }), 0);
  EXPECT_EQ(exponent(1999, [](std::uint64_t n) { return n; }), 0);
  EXPECT_GT(exponent(2000, [](std::uint64_t n) { return n; }), 0);
}

TEST(GrowthMeter, WithoutTemplatesThereIsNoGrowth) {
  EXPECT_EQ(exponent(5000, [](std::uint64_t) { return 0; }), 0);
  EXPECT_EQ(exponent(5000, [](std::uint64_t n) { return n < 4500 ? 0 : 7; }), 0) << "from none to some";
  EXPECT_EQ(exponent(5000, [](std::uint64_t n) { return n < 4500 ? 7 : 0; }), 0);
}

// Kinds run out at 2,000 records, or begin to come only then.
TEST(GrowthMeter, LooksAtTheLastDoublingOnly) {
  const auto late = [](std::uint64_t n) { return n <= 2000 ? 10 : n - 1990; };
  EXPECT_NEAR(exponent(2999, late), std::log(100.9) / std::log(2.999), 1e-9) << "against 1,000 records";
  EXPECT_NEAR(exponent(3000, late), std::log(101.0) / std::log(1.5), 1e-9) << "against 2,000 records";
  const auto early = [](std::uint64_t n) { return std::min<std::uint64_t>(n, 2000); };
  EXPECT_GT(exponent(2999, early), 0);
  EXPECT_EQ(exponent(3000, early), 0);
  EXPECT_EQ(exponent(8000, early), 0);
}

TEST(HealthOf, CountsWhatTheMinerHolds) {
  Result<Masker> masker = Masker::create({});
  ASSERT_TRUE(masker.ok());
  TemplateMiner miner{MinerOptions{}};
  MaskedMessage message;
  for (const char* text : {"one door opened", "window shut", "one door opened", "one door opened", "lamp lit twice"}) {
    const std::string line = text;
    masker->mask(line, message);
    miner.learn(message);
  }
  GrowthMeter growth;
  for (std::uint64_t n = 1; n <= 2000; ++n) {
    growth.add(n, n);
  }
  const TemplateHealth health = health_of(miner, 55, growth);
  EXPECT_EQ(health.records, 55U);
  EXPECT_EQ(health.templates, 3U);
  EXPECT_EQ(health.singletons, 2U);
  EXPECT_EQ(health.largest, 3U);
  EXPECT_EQ(health.evicted, 0U);
  EXPECT_EQ(health.evicted_records, 0U);
  EXPECT_NEAR(health.growth, 1, 1e-12);
}

TEST(HealthOf, AnEmptyMinerIsOfNothing) {
  const TemplateHealth health = health_of(TemplateMiner{MinerOptions{}}, 0, {});
  EXPECT_EQ(health.records, 0U);
  EXPECT_EQ(health.templates, 0U);
  EXPECT_EQ(health.singletons, 0U);
  EXPECT_EQ(health.largest, 0U);
  EXPECT_EQ(health.growth, 0);
}

// Callers fill in what they know; the rest must say nothing.
TEST(TemplateHealth, IsAllZeroAtFirst) {
  const TemplateHealth health;
  EXPECT_EQ(health.records, 0U);
  EXPECT_EQ(health.templates, 0U);
  EXPECT_EQ(health.singletons, 0U);
  EXPECT_EQ(health.largest, 0U);
  EXPECT_EQ(health.evicted, 0U);
  EXPECT_EQ(health.evicted_records, 0U);
  EXPECT_EQ(health.growth, 0);
}

}  // namespace
}  // namespace logdetect
