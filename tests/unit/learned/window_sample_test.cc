#include "logdetect/learned/window_sample.h"

#include <gtest/gtest.h>

#include <vector>

namespace logdetect {
namespace {

// A stream of windows of length 2, each scoring one event whose template tells its position.
void offer_all(WindowSample& sample, std::uint32_t count) {
  FeatureMatrix rows(1, 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    WindowBatch windows;
    windows.length = 2;
    windows.templates = {i, i};
    windows.values.assign(2 * WindowBatch::kNumbers, static_cast<float>(i));
    windows.first = {0};
    windows.events = {0};
    std::vector<Event> events(1);
    events[0].template_id = TemplateId(i);
    rows.row(0)[0] = static_cast<float>(i);
    sample.offer(windows, 0, i, events, rows);
  }
  sample.finish();
}

TEST(WindowSample, KeepsAllOfAFewInOrder) {
  WindowSample sample(6400, 1000, true, 1);
  offer_all(sample, 1000);
  ASSERT_EQ(sample.size(), 1000U);
  ASSERT_EQ(sample.events().size(), 1000U);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(sample.windows().templates[2 * i], i);
    EXPECT_EQ(sample.windows().events[i], i);
    EXPECT_EQ(sample.events()[i].template_id, TemplateId(i));
    EXPECT_EQ(sample.rows().row(i)[0], static_cast<float>(i));
  }
}

// A batch of three windows of length 2 that score one event, two and one; of the four events, row i holds 10 + i.
struct ThreeWindows {
  ThreeWindows() : events(4), rows(4, 2) {
    windows.length = 2;
    windows.templates = {0, 1, 1, 2, 2, 3};
    windows.first = {0, 1, 3};
    windows.events = {0, 2, 1, 3};
    for (std::uint32_t i = 0; i < 6 * WindowBatch::kNumbers; ++i) {
      windows.values.push_back(static_cast<float>(i));
    }
    for (std::uint32_t i = 0; i < 4; ++i) {
      events[i].template_id = TemplateId(i);
      rows.row(i)[0] = static_cast<float>(10 + i);
      rows.row(i)[1] = static_cast<float>(20 + i);
    }
  }
  void offer_to(WindowSample& sample) const {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      sample.offer(windows, w, w, events, rows);
    }
    sample.finish();
  }

  WindowBatch windows;
  std::vector<Event> events;
  FeatureMatrix rows;
};

TEST(WindowSample, EachWindowOfABatchBringsItsOwn) {
  const ThreeWindows batch;
  WindowSample sample(640, 3, true, 1);
  batch.offer_to(sample);
  ASSERT_EQ(sample.size(), 3U);
  EXPECT_EQ(sample.offered(), 3U);
  EXPECT_EQ(sample.windows().length, 2U);
  EXPECT_EQ(sample.windows().templates, batch.windows.templates);
  EXPECT_EQ(sample.windows().values, batch.windows.values);
  EXPECT_EQ(sample.windows().first, batch.windows.first);
  EXPECT_EQ(sample.windows().events, (std::vector<std::uint32_t>{0, 1, 2, 3})) << "counted in the sample's events";
  const std::vector<std::uint32_t> order = {0, 2, 1, 3};
  ASSERT_EQ(sample.events().size(), 4U);
  ASSERT_EQ(sample.rows().rows(), 4U);
  ASSERT_EQ(sample.rows().columns(), 2U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(sample.events()[i].template_id, TemplateId(order[i]));
    EXPECT_EQ(sample.rows().row(i)[0], static_cast<float>(10 + order[i]));
    EXPECT_EQ(sample.rows().row(i)[1], static_cast<float>(20 + order[i]));
  }
}

TEST(WindowSample, WithoutEventsKeepsTheWindowsAlone) {
  const ThreeWindows batch;
  WindowSample sample(640, 3, false, 1);
  batch.offer_to(sample);
  ASSERT_EQ(sample.size(), 3U);
  EXPECT_EQ(sample.windows().templates, batch.windows.templates);
  EXPECT_EQ(sample.windows().fresh(0), 0U);
  EXPECT_EQ(sample.windows().fresh(2), 0U);
  EXPECT_TRUE(sample.events().empty());
  EXPECT_EQ(sample.rows().rows(), 0U);
}

TEST(WindowSample, OfNothingIsEmpty) {
  WindowSample sample(640, 0, true, 1);
  sample.finish();
  EXPECT_EQ(sample.offered(), 0U);
  EXPECT_EQ(sample.size(), 0U);
  EXPECT_EQ(sample.events().size(), 0U);
}

TEST(WindowSample, HowMuchAStretchKeepsIsASixtyFourthButAtLeastOne) {
  const auto kept = [](std::size_t capacity) {
    WindowSample sample(capacity, 64 * 1000, true, 1);
    offer_all(sample, 1000);  // all in the first stretch
    return sample.size();
  };
  EXPECT_EQ(kept(0), 1U);
  EXPECT_EQ(kept(1), 1U);
  EXPECT_EQ(kept(64), 1U);
  EXPECT_EQ(kept(127), 1U);
  EXPECT_EQ(kept(128), 2U);
  EXPECT_EQ(kept(640), 10U);
}

TEST(WindowSample, WhatComesAfterTheExpectedEndIsOfTheLastStretch) {
  WindowSample sample(64 * 2, 64, true, 1);
  offer_all(sample, 1000);  // 64 were expected
  EXPECT_EQ(sample.size(), 63U + 2U);
  EXPECT_EQ(sample.offered(), 1000U);
  WindowSample unforeseen(64 * 2, 0, true, 1);
  offer_all(unforeseen, 1000);
  EXPECT_EQ(unforeseen.size(), 1U + 2U) << "the first is at the beginning";
}

TEST(WindowSample, ASampledWindowKeepsItsEventsWhenItReplacesAnother) {
  WindowSample sample(64 * 4, 64 * 1000, true, 3);
  offer_all(sample, 1000);
  ASSERT_EQ(sample.size(), 4U);
  ASSERT_EQ(sample.events().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(sample.events()[i].template_id, TemplateId(sample.windows().templates[2 * i]));
    EXPECT_EQ(sample.windows().fresh(i), 1U);
    EXPECT_TRUE(i == 0 || sample.windows().templates[2 * i - 1] < sample.windows().templates[2 * i]) << "in order";
  }
}

TEST(WindowSample, EveryStretchHasItsShare) {
  WindowSample sample(640, 100'000, true, 2);
  offer_all(sample, 100'000);
  ASSERT_EQ(sample.size(), 640U);
  std::vector<int> per_stretch(64);
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const std::uint32_t position = sample.windows().templates[2 * i];
    ++per_stretch.at(std::size_t{position} * 64 / 100'000);
    EXPECT_EQ(sample.events()[sample.windows().events[i]].template_id, TemplateId(position));
    EXPECT_EQ(sample.windows().values[2 * i * WindowBatch::kNumbers], static_cast<float>(position));
  }
  for (const int count : per_stretch) {
    EXPECT_NEAR(count, 10, 1);  // a window at the border may count to either side
  }
}

TEST(WindowSample, IsUniformWithinAStretch) {
  constexpr std::uint32_t kCount = 64;  // all in the first stretch of a long stream
  std::vector<int> kept(kCount);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    WindowSample sample(64 * 8, 64 * 1000, false, seed);
    offer_all(sample, kCount);
    ASSERT_EQ(sample.size(), 8U);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      ++kept[sample.windows().templates[2 * i]];
    }
  }
  for (const int times : kept) {
    EXPECT_NEAR(times, 250, 5 * 15);  // five standard deviations
  }
}

}  // namespace
}  // namespace logdetect
