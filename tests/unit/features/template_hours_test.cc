#include "features/template_hours.h"

#include <gtest/gtest.h>

#include <cmath>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

using Shares = std::array<double, TemplateHours::kHours>;

Shares even() {
  Shares shares{};
  shares.fill(1.0 / TemplateHours::kHours);
  return shares;
}

Micros at(int day, int hour, int minute = 0) {
  return day * kMicrosPerDay + hour * kMicrosPerHour + minute * 60 * kMicrosPerSecond;
}

double nats(const TemplateHours& hours, int hour, const Shares& shares) {
  return -std::log(hours.share(0, static_cast<std::size_t>(hour), shares) * TemplateHours::kHours);
}

TEST(TemplateHours, OfficeHoursAreKept) {
  TemplateHours hours;
  Rng rng(1);
  for (int day = 0; day < 5; ++day) {
    for (int visit = 0; visit < 5; ++visit) {
      hours.add(0, at(day, 9 + static_cast<int>(rng.below(8)), visit), even());
    }
  }
  EXPECT_GT(nats(hours, 3, even()), 3);
  EXPECT_LT(nats(hours, 12, even()), 0.5);
  EXPECT_FALSE(hours.usual(0).empty());
  EXPECT_EQ(hours.usual(7), "");
}

TEST(TemplateHours, WhatComesAtAnyHourHasNone) {
  Rng rng(2);
  int unusual = 0;
  int asked = 0;
  for (int t = 0; t < 200; ++t) {
    TemplateHours hours;
    for (int day = 0; day < 7; ++day) {
      for (int n = 0; n < 3; ++n) {
        hours.add(0, at(day, static_cast<int>(rng.below(24)), n), even());
      }
    }
    for (int n = 0; n < 20; ++n) {
      unusual += nats(hours, static_cast<int>(rng.below(24)), even()) > 3 ? 1 : 0;
      ++asked;
    }
  }
  EXPECT_LE(unusual, asked / 50) << "three nats are one in twenty at most";
}

TEST(TemplateHours, AStormIsOneHour) {
  TemplateHours storm;
  for (int i = 0; i < 10'000; ++i) {
    storm.add(0, at(0, 15) + i, even());
  }
  EXPECT_TRUE(storm.counted(0, at(0, 15)));
  EXPECT_FALSE(storm.counted(0, at(0, 16)));
  EXPECT_LT(nats(storm, 3, even()), 0.5) << "a single hour tells little";
  EXPECT_EQ(storm.share(9, 3, even()), 1.0 / TemplateHours::kHours) << "an unknown template has its level's hours";
}

TEST(TemplateHours, SavedAndLoaded) {
  TemplateHours hours;
  for (int day = 0; day < 10; ++day) {
    hours.add(0, at(day, 9), even());
  }
  ByteWriter out;
  hours.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "hours");
  TemplateHours loaded;
  loaded.load(in, 1);
  ASSERT_TRUE(in.ok());
  EXPECT_EQ(loaded.share(0, 3, even()), hours.share(0, 3, even()));
  EXPECT_EQ(loaded.usual(0), hours.usual(0));
  ByteReader cut(std::string_view(bytes).substr(0, 30), "hours");
  TemplateHours broken;
  broken.load(cut, 1);
  EXPECT_FALSE(cut.ok());
}

TEST(TemplateHours, NeighbouringHoursCountInPart) {
  for (const int hour : {10, 0, 23}) {
    TemplateHours hours;
    hours.add(0, at(3, hour), even());
    const double keeps = 1 / (1 + std::exp(3.0));  // nothing but the first odds is known
    const auto expected = [&](double kernel) { return keeps * (kernel + 0.5 / 24) / 1.5 + (1 - keeps) / 24; };
    const auto share = [&](int away) {
      return hours.share(0, static_cast<std::size_t>((hour + away + 24) % 24), even());
    };
    EXPECT_NEAR(share(0), expected(0.5), 1e-9) << hour;
    EXPECT_NEAR(share(1), expected(0.2), 1e-9) << hour;
    EXPECT_NEAR(share(-1), expected(0.2), 1e-9) << hour;
    EXPECT_NEAR(share(2), expected(0.05), 1e-9) << hour;
    EXPECT_NEAR(share(-2), expected(0.05), 1e-9) << hour;
    EXPECT_NEAR(share(3), expected(0), 1e-9) << hour;
    EXPECT_NEAR(share(12), expected(0), 1e-9) << hour;
  }
}

TEST(TemplateHours, TheOddsAreThoseOfTheHoursBefore) {
  TemplateHours hours;
  hours.add(0, at(0, 10), even());
  hours.add(0, at(0, 10, 30), even());  // the same hour
  hours.add(0, at(1, 10), even());
  const double odds = -3 + std::log((0.5 + 0.5 / 24) / 1.5 * 24);
  const double keeps = 1 / (1 + std::exp(-odds));
  EXPECT_NEAR(hours.share(0, 3, even()), keeps * (0.5 / 24) / 2.5 + (1 - keeps) / 24, 1e-6);
  EXPECT_EQ(hours.usual(0), "") << "two hours are no habit";
}

TEST(TemplateHours, KnowsTheHourOfTheLastLineBefore1970Too) {
  TemplateHours hours;
  hours.add(2, -1, even());
  EXPECT_TRUE(hours.counted(2, -kMicrosPerHour));
  EXPECT_FALSE(hours.counted(2, 0));
  EXPECT_FALSE(hours.counted(3, -1));
  EXPECT_FALSE(hours.counted(0, -1)) << "another template";
  EXPECT_GT(hours.share(2, 23, even()), hours.share(2, 5, even()));
  EXPECT_EQ(hours.share(1, 23, even()), 1.0 / 24) << "never seen";
}

TEST(TemplateHours, RefusesWhatNoTrainingGives) {
  const auto loads = [](std::uint16_t seen, float odds) {
    ByteWriter out;
    out.u64(1);
    for (std::size_t hour = 0; hour < TemplateHours::kHours; ++hour) {
      out.u16(hour == 5 ? seen : 0);
    }
    out.u32(0);
    out.f32(odds);
    const std::string bytes = out.take();
    ByteReader in(bytes, "hours");
    TemplateHours loaded;
    loaded.load(in, 1);
    return in.ok();
  };
  EXPECT_TRUE(loads(60'000, 20));
  EXPECT_TRUE(loads(0, -5));
  EXPECT_FALSE(loads(60'001, 0));
  EXPECT_FALSE(loads(1, 20.5F));
  EXPECT_FALSE(loads(1, -5.5F));
  EXPECT_FALSE(loads(1, std::nanf("")));
}

}  // namespace
}  // namespace logdetect
