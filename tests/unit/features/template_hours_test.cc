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

}  // namespace
}  // namespace logdetect
