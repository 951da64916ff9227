#include "logdetect/learned/window_sample.h"

#include <gtest/gtest.h>

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
