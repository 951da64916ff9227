#include "logdetect/features/sequence_windows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

FeatureSchema two_columns() {
  return {{{"length_surprise", "nats", ""}, {"template_rarity", "nats", ""}}};
}

Event event_of(std::uint32_t stream, std::uint32_t id, double seconds) {
  Event event;
  event.stream = StreamId(stream);
  event.template_id = TemplateId(id);
  event.time = static_cast<Micros>(seconds * static_cast<double>(kMicrosPerSecond));
  return event;
}

struct Batch {
  std::vector<Event> events;
  FeatureMatrix rows;
};

Batch random_batch(Rng& rng, std::size_t size, std::uint64_t streams, double& now) {
  Batch batch{{}, FeatureMatrix(size, 2)};
  for (std::size_t i = 0; i < size; ++i) {
    now += rng.uniform();
    batch.events.push_back(
        event_of(static_cast<std::uint32_t>(rng.below(streams)), static_cast<std::uint32_t>(rng.below(100)), now));
    if (rng.below(3) == 0) {
      batch.events.back().session = SessionId(rng.below(streams));
    }
    batch.rows.row(i)[0] = static_cast<float>(rng.uniform());
    batch.rows.row(i)[1] = static_cast<float>(rng.uniform());
  }
  return batch;
}

std::pair<bool, std::uint64_t> owner(const Event& event) {
  return event.session.valid() ? std::pair(true, event.session.value())
                               : std::pair(false, std::uint64_t{event.stream.value()});
}

// Every event once, at the right place of a window that holds exactly what its sequence said last.
TEST(SequenceWindows, AgreesWithPlainListsForAnyStride) {
  constexpr std::size_t kLength = 6;
  for (const std::size_t stride : {1U, 3U, 6U}) {
    Rng rng(stride);
    SequenceWindows windows(two_columns(), {kLength, stride});
    std::map<std::pair<bool, std::uint64_t>, std::vector<std::pair<Event, std::vector<float>>>> lists;
    WindowBatch out;
    double now = 0;
    for (int round = 0; round < 40; ++round) {
      const Batch batch = random_batch(rng, rng.below(200), 7, now);
      windows.cut(batch.events, batch.rows, out);
      std::vector<std::size_t> place(batch.events.size());  // of each event in its list, counted from 1
      for (std::size_t i = 0; i < batch.events.size(); ++i) {
        auto& list = lists[owner(batch.events[i])];
        list.emplace_back(batch.events[i], std::vector<float>(batch.rows.row(i).begin(), batch.rows.row(i).end()));
        place[i] = list.size();
      }
      std::vector<int> scored(batch.events.size());
      for (std::size_t w = 0; w < out.size(); ++w) {
        const std::size_t fresh = out.fresh(w);
        ASSERT_GE(fresh, 1U);
        ASSERT_LE(fresh, stride);
        for (std::size_t k = 0; k < fresh; ++k) {
          ++scored[out.events[out.first[w] + k]];
        }
        const std::uint32_t newest = out.events[out.first[w] + fresh - 1];
        const auto& list = lists[owner(batch.events[newest])];
        for (std::size_t t = 0; t < kLength; ++t) {
          const std::size_t at = w * kLength + t;
          const std::size_t before = kLength - 1 - t;
          if (place[newest] <= before) {
            ASSERT_EQ(out.templates[at], WindowBatch::kPadding);
            continue;
          }
          const auto& [event, row] = list[place[newest] - 1 - before];
          ASSERT_EQ(out.templates[at], event.template_id.value());
          ASSERT_EQ(out.values[at * WindowBatch::kNumbers], row[1]);      // template_rarity
          ASSERT_EQ(out.values[at * WindowBatch::kNumbers + 2], row[0]);  // length_surprise
          ASSERT_EQ(out.values[at * WindowBatch::kNumbers + 1], 0.0F);    // the schema lacks it
          if (before < fresh) {
            const std::uint32_t index = out.events[out.first[w] + fresh - 1 - before];
            ASSERT_EQ(batch.events[index].time, event.time);
          }
          if (place[newest] - before >= 2) {
            const Micros gap = event.time - list[place[newest] - 2 - before].first.time;
            ASSERT_FLOAT_EQ(out.values[at * WindowBatch::kNumbers + 5],
                            std::log1p(static_cast<float>(gap) / static_cast<float>(kMicrosPerSecond)));
          }
        }
      }
      ASSERT_TRUE(std::all_of(scored.begin(), scored.end(), [](int times) { return times == 1; }));
    }
  }
}

TEST(SequenceWindows, LengthZeroMakesNone) {
  SequenceWindows windows(two_columns(), {0, 1});
  WindowBatch out;
  const std::vector<Event> events = {event_of(1, 1, 1)};
  windows.cut(events, FeatureMatrix(1, 2), out);
  EXPECT_EQ(out.size(), 0U);
  EXPECT_EQ(windows.sequences(), 0U);
}

TEST(SequenceWindows, OfTooManySequencesTheLeastRecentIsForgottenButScored) {
  constexpr std::size_t kMost = 3;
  SequenceWindows windows(two_columns(), {4, 4}, kMost);
  WindowBatch out;
  std::vector<Event> events;
  for (const std::uint32_t stream : {1U, 2U, 3U, 1U, 4U, 1U, 2U}) {  // 4 takes the place of 2, then 2 that of 3
    events.push_back(event_of(stream, stream, static_cast<double>(events.size())));
  }
  FeatureMatrix rows(events.size(), 2);
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::fill(rows.row(i).begin(), rows.row(i).end(), 1.0F);
  }
  windows.cut(events, rows, out);
  EXPECT_EQ(windows.sequences(), kMost);
  std::vector<std::uint32_t> scored = out.events;
  std::sort(scored.begin(), scored.end());
  EXPECT_EQ(scored, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(out.events.front(), 1U) << "what is forgotten is scored first";
  for (std::size_t w = 0; w < out.size(); ++w) {
    if (out.events[out.first[w]] == 6) {
      EXPECT_EQ(out.templates[w * 4 + 2], WindowBatch::kPadding) << "sequence 2 began anew";
    }
    if (out.events[out.first[w]] == 0) {
      EXPECT_EQ(out.fresh(w), 3U) << "sequence 1 was kept";
    }
  }
}

TEST(SequenceWindows, TimeThatRunsBackCountsAsNone) {
  SequenceWindows windows(two_columns(), {2, 2});
  WindowBatch out;
  const std::vector<Event> events = {event_of(1, 1, 100), event_of(1, 2, 50)};
  FeatureMatrix rows(2, 2);
  std::fill(rows.row(0).begin(), rows.row(0).end(), 0.0F);
  std::fill(rows.row(1).begin(), rows.row(1).end(), 0.0F);
  windows.cut(events, rows, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out.values[2 * WindowBatch::kNumbers - 1], 0.0F);
}

}  // namespace
}  // namespace logdetect
