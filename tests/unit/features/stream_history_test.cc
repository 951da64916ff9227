#include "features/stream_history.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

std::vector<std::uint32_t> values(const std::vector<TemplateId>& ids) {
  std::vector<std::uint32_t> result;
  for (const TemplateId id : ids) {
    result.push_back(id.value());
  }
  return result;
}

TEST(StreamHistory, KeepsStreamsApart) {
  StreamHistory history;
  history.begin_batch(5);
  EXPECT_EQ(history.push(1, 10).last, StreamHistory::kNone);
  EXPECT_EQ(history.push(2, 20).last, StreamHistory::kNone);
  EXPECT_EQ(history.push(1, 11).last, 10U);
  EXPECT_EQ(history.push(~std::uint64_t{0}, 30).last, StreamHistory::kNone);
  const auto context = history.push(1, 12);
  EXPECT_EQ(context.last, 11U);
  EXPECT_EQ(context.before_last, 10U);
  EXPECT_EQ(values(history.previous(4, 5)), (std::vector<std::uint32_t>{10, 11}));
  EXPECT_EQ(values(history.previous(4, 1)), (std::vector<std::uint32_t>{11}));
  EXPECT_TRUE(history.previous(0, 5).empty());
  EXPECT_TRUE(history.previous(99, 5).empty());
}

TEST(StreamHistory, AgreesWithPlainListsOverBatches) {
  Rng rng(9);
  StreamHistory history;
  std::map<std::uint32_t, std::vector<std::uint32_t>> lists;
  for (int batch = 0; batch < 30; ++batch) {
    const std::size_t size = batch == 15 ? 100'000 : 1 + rng.below(3000);  // one batch outgrows the ring
    std::vector<std::uint32_t> streams;
    std::vector<std::size_t> positions;
    history.begin_batch(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto stream = static_cast<std::uint32_t>(rng.below(50));
      const auto id = static_cast<std::uint32_t>(rng.below(1000));
      auto& list = lists[stream];
      const auto context = history.push(stream, id);
      ASSERT_EQ(context.last, list.empty() ? StreamHistory::kNone : list.back());
      ASSERT_EQ(context.before_last, list.size() < 2 ? StreamHistory::kNone : list[list.size() - 2]);
      streams.push_back(stream);
      positions.push_back(list.size());
      list.push_back(id);
    }
    for (int probe = 0; probe < 20; ++probe) {
      const std::size_t i = rng.below(size);
      const auto& list = lists[streams[i]];
      const std::size_t count = std::min<std::size_t>(5, positions[i]);
      const std::vector<std::uint32_t> expected(list.begin() + static_cast<std::ptrdiff_t>(positions[i] - count),
                                                list.begin() + static_cast<std::ptrdiff_t>(positions[i]));
      ASSERT_EQ(values(history.previous(i, 5)), expected);
    }
  }
}

TEST(StreamHistory, ManyStreamsDropTheOldest) {
  StreamHistory history;
  history.begin_batch(100'001);
  for (std::uint32_t stream = 0; stream < 100'000; ++stream) {
    history.push(stream, stream);
  }
  EXPECT_EQ(history.push(99'999, 1).last, 99'999U);
  history.begin_batch(1);
  EXPECT_EQ(history.push(0, 1).last, StreamHistory::kNone) << "stream 0 gave way to stream 65536";
}

TEST(StreamHistory, RestartForgets) {
  StreamHistory history;
  history.begin_batch(1);
  history.push(1, 10);
  history.restart();
  history.begin_batch(1);
  EXPECT_EQ(history.push(1, 11).last, StreamHistory::kNone);
  EXPECT_TRUE(history.previous(0, 5).empty());
}

}  // namespace
}  // namespace logdetect
