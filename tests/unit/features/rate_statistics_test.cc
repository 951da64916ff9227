#include "features/rate_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "features/numerics.h"
#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

double nats(const BurstModel& model, std::uint64_t lines) {
  return negative_binomial_tail_nats(lines - 1, model.mean, model.size);
}

TEST(RateStatistics, ByHand) {
  RateStatistics rates(1);
  // 3 lines in bin 0, one in bin 4: 6 ordered pairs among 4 lines, 10 bins.
  for (const std::int64_t bin : {0, 0, 0, 4}) {
    rates.add(0, &bin);
  }
  // The bin that is open does not count yet: 3 lines.
  const double begun = 3.5 / 10;
  EXPECT_NEAR(rates.burst_model(0, 0, 10).mean, begun + (6.0 + 10) / 8 - begun * 3 / 8 + begun * (0.16 + 0.25), 1e-6);
  rates.close();
  const double mean = 4.5 / 10;
  const double extra = (6.0 + 10) / 9 - mean * 4 / 9 + mean * (0.16 + 0.2);
  const BurstModel model = rates.burst_model(0, 0, 10);
  EXPECT_NEAR(model.mean, mean + extra, 1e-6);
  EXPECT_NEAR(model.size, mean / extra + 1, 1e-6);
}

TEST(RateStatistics, SilentWithoutThreeWindowLengths) {
  RateStatistics rates(1);
  EXPECT_EQ(rates.burst_model(0, 0, 2.9).mean, 0);
  EXPECT_GT(rates.burst_model(0, 0, 3).mean, 0);
}

TEST(RateStatistics, ATemplateThatComesInClumpsIsNoBurstAgain) {
  RateStatistics rates(1);
  for (std::int64_t bin = 0; bin < 10000; bin += 500) {
    for (int i = 0; i < 30; ++i) {
      rates.add(0, &bin);
    }
  }
  rates.close();
  const BurstModel model = rates.burst_model(0, 0, 10000);
  EXPECT_LT(nats(model, 30), 2);
  EXPECT_GT(nats(model, 600), 10);
}

TEST(RateStatistics, ANovelTemplateNeedsManyRepeats) {
  const RateStatistics rates(1);
  const BurstModel model = rates.burst_model(0, 0, 10000);
  EXPECT_LT(nats(model, 3), 1.5);
  EXPECT_GT(nats(model, 100), 10);
}

// The share of events that look like a burst of more than x nats in a stream with the learnt statistics is at most
// about e^-x.
TEST(RateStatistics, SurpriseOfASteadyStreamIsCalibrated) {
  Rng rng(17);
  for (const double rate : {0.05, 1.0, 20.0}) {
    RateStatistics rates(1);
    const int bins = 4000;
    double time = 0;
    while (time < bins) {
      time += -std::log(1 - rng.uniform()) / rate;
      const auto bin = static_cast<std::int64_t>(time);
      rates.add(0, &bin);
    }
    rates.close();
    const BurstModel model = rates.burst_model(0, 0, bins);
    // Others in a window around an event are Poisson with the rate.
    int over = 0;
    const int draws = 20000;
    for (int i = 0; i < draws; ++i) {
      std::uint64_t others = 0;
      for (double t = -std::log(1 - rng.uniform()); t < rate; t += -std::log(1 - rng.uniform())) {
        ++others;
      }
      over += others > 0 && negative_binomial_tail_nats(others, model.mean, model.size) > 4.6 ? 1 : 0;
    }
    EXPECT_LE(over, draws * 3 / 200) << "rate " << rate;
  }
}

TEST(RateStatistics, WindowsAndTemplatesHaveCountsOfTheirOwn) {
  RateStatistics both(2);
  RateStatistics fine(1);
  RateStatistics coarse(1);
  for (std::int64_t line = 0; line < 40; ++line) {
    const std::int64_t bins[] = {line * line / 7, line * line / 70};
    both.add(static_cast<std::size_t>(line % 3), bins);
    fine.add(static_cast<std::size_t>(line % 3), &bins[0]);
    coarse.add(static_cast<std::size_t>(line % 3), &bins[1]);
  }
  both.close();
  fine.close();
  coarse.close();
  EXPECT_EQ(both.size(), 3U);
  for (std::size_t id = 0; id < 4; ++id) {
    EXPECT_EQ(both.burst_model(id, 0, 300).mean, fine.burst_model(id, 0, 300).mean);
    EXPECT_EQ(both.burst_model(id, 0, 300).size, fine.burst_model(id, 0, 300).size);
    EXPECT_EQ(both.burst_model(id, 1, 30).mean, coarse.burst_model(id, 0, 30).mean);
  }
  ByteWriter out;
  both.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "rates");
  RateStatistics loaded(2);
  loaded.load(in, 3);
  ASSERT_TRUE(in.finish().ok());
  EXPECT_EQ(loaded.burst_model(2, 1, 30).mean, both.burst_model(2, 1, 30).mean);
}

TEST(RateStatistics, OfATemplateNeverSeenByHand) {
  const RateStatistics rates(1);
  const double mean = 0.5 / 10;
  const double extra = 2 + mean * (0.16 + 1);
  EXPECT_NEAR(rates.burst_model(7, 0, 10).mean, mean + extra, 1e-6);
  EXPECT_NEAR(rates.burst_model(7, 0, 10).size, mean / extra + 1, 1e-6);
}

TEST(RateStatistics, RemembersTheMostOfAWindow) {
  RateStatistics rates(2);
  rates.resize(3);
  rates.note(1, 1, 5);
  rates.note(1, 1, 4);
  EXPECT_EQ(rates.most(1, 1), 5U);
  EXPECT_EQ(rates.most(1, 0), 0U);
  EXPECT_EQ(rates.most(2, 1), 0U);
  EXPECT_EQ(rates.most(3, 0), 0U) << "beyond all templates";
}

TEST(RateStatistics, RefusesCountsThatNoLogHas) {
  const auto loads = [](double open, double sum, double companions) {
    ByteWriter out;
    out.i64(3);
    out.f64(open);
    out.f64(sum);
    out.f64(companions);
    out.u32(1);
    const std::string bytes = out.take();
    ByteReader in(bytes, "rates");
    RateStatistics rates(1);
    rates.load(in, 1);
    return in.finish().ok();
  };
  EXPECT_TRUE(loads(0, 0, 0));
  EXPECT_TRUE(loads(1e15, 1e15, 1e30));
  EXPECT_FALSE(loads(-1, 0, 0));
  EXPECT_FALSE(loads(2e15, 0, 0));
  EXPECT_FALSE(loads(0, -1, 0));
  EXPECT_FALSE(loads(0, 2e15, 0));
  EXPECT_FALSE(loads(0, 0, -1));
  EXPECT_FALSE(loads(0, 0, 2e30));
}

}  // namespace
}  // namespace logdetect
