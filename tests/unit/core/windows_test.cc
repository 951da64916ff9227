#include "logdetect/core/windows.h"

#include <gtest/gtest.h>

#include <string_view>

#include "logdetect/core/session.h"

namespace logdetect {
namespace {

TEST(WindowBatch, EachWindowScoresTheEventsUpToTheNext) {
  WindowBatch batch;
  batch.first = {0, 3, 3, 7};
  batch.events = {10, 11, 12, 13, 14, 15, 16, 17, 18};
  ASSERT_EQ(batch.size(), 4U);
  EXPECT_EQ(batch.fresh(0), 3U);
  EXPECT_EQ(batch.fresh(1), 0U);
  EXPECT_EQ(batch.fresh(2), 4U);
  EXPECT_EQ(batch.fresh(3), 2U) << "the last one has the rest";
}

TEST(WindowBatch, ASingleWindowScoresAll) {
  WindowBatch batch;
  batch.first = {0};
  batch.events = {4, 5};
  EXPECT_EQ(batch.fresh(0), 2U);
}

TEST(WindowBatch, ClearKeepsOnlyTheShape) {
  WindowBatch batch;
  EXPECT_EQ(batch.length, 0U);
  batch.length = 8;
  batch.templates = {1, 2};
  batch.values = {1.0F, 2.0F};
  batch.first = {0};
  batch.events = {4};
  batch.clear();
  EXPECT_EQ(batch.size(), 0U);
  EXPECT_TRUE(batch.templates.empty() && batch.values.empty() && batch.events.empty());
  EXPECT_EQ(batch.length, 8U);
}

TEST(WindowOptions, MakeNoWindowsUnlessAsked) {
  const WindowOptions options;
  EXPECT_EQ(options.length, 0U);
  EXPECT_EQ(options.stride, 1U);
}

TEST(SessionState, AFreshOneHasSeenNothing) {
  const SessionState state;
  EXPECT_FALSE(state.id.valid());
  EXPECT_EQ(state.lead, SessionState::kWhole);
  EXPECT_EQ(state.first, 0);
  EXPECT_EQ(state.last, 0);
  EXPECT_FALSE(state.timed);
  EXPECT_EQ(state.events, 0U);
  EXPECT_EQ(state.worst_step, 0);
  EXPECT_EQ(state.slowest, 0);
  EXPECT_EQ(state.slow_duration, 0);
  for (const std::uint32_t none : {state.last_template, state.before_last, state.step_template, state.step_after,
                                   state.slow_template, state.slow_after}) {
    EXPECT_EQ(none, SessionState::kNone);
  }
  EXPECT_TRUE(state.counts.empty());
  EXPECT_EQ(SessionCount().template_id, 0U);
  EXPECT_EQ(SessionCount().count, 0U);
  EXPECT_EQ(SessionCount().alarm, Alarm::kNone);
  EXPECT_EQ(SessionSample().silence, 0);
}

}  // namespace
}  // namespace logdetect
