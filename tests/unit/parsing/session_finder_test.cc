#include "logdetect/parsing/session_finder.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

const auto kSame = [](TemplateId id) { return id; };

std::string hex_of(int n) {
  return to_hex(hash_mix(1, static_cast<std::uint64_t>(n)), 12);
}

// 3,000 records of jobs of five steps, eight of them at a time; `id` writes a job's id.
template <typename Write>
std::optional<FoundSessions> find_in_jobs(Write id) {
  SessionFinder finder;
  for (int i = 0; i < 3000; ++i) {
    const int job = i / 40 * 8 + i % 8;
    const int step = i / 8 % 5;
    finder.offer(
        "step " + std::string(1, static_cast<char>('a' + step)) + " " + id(job) + " on host-0" + std::to_string(i % 3),
        TemplateId(static_cast<std::uint32_t>(step)));
  }
  return finder.find(kSame);
}

TEST(SessionFinder, FindsAnIdByItsPrefix) {
  const auto found = find_in_jobs([](int job) { return "job_" + std::to_string(100'000 + job); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "job_-?\\d+");
  EXPECT_EQ(found->words, "the ids that begin with 'job_'");
  EXPECT_EQ(found->coverage, 1);
  EXPECT_EQ(found->sessions, 600U);
}

TEST(SessionFinder, FindsAnIdByTheWordBeforeIt) {
  const auto found = find_in_jobs([](int job) { return "[order: " + hex_of(job) + "]"; });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "order: ([-\\w]+)");
  EXPECT_EQ(found->words, "the id after 'order: '");
}

TEST(SessionFinder, FindsUuids) {
  const auto found = find_in_jobs([](int job) {
    const std::string h = hex_of(job);
    return h.substr(0, 8) + "-" + h.substr(8, 4) + "-4000-8000-" + h;
  });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->words, "the UUID");
}

TEST(SessionFinder, PrefersTheSessionThatTellsMore) {
  // Each job has an order, and each two steps of it a request of their own.
  SessionFinder finder;
  for (int i = 0; i < 3000; ++i) {
    const int job = i / 6;
    const int request = i / 3;
    finder.offer("req-" + hex_of(100'000 + request) + " order=" + hex_of(job) + " step",
                 TemplateId(static_cast<std::uint32_t>(i % 6)));
  }
  const auto found = finder.find(kSame);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->words, "the id after 'order='");
}

TEST(SessionFinder, IsSilentWithoutAThread) {
  // Hosts: few, and they come all the time.
  EXPECT_FALSE(find_in_jobs([](int job) { return "node-" + std::to_string(10'000 + job % 10); }));
  // Workers: many records each, from beginning to end.
  EXPECT_FALSE(find_in_jobs([](int job) { return "worker=" + hex_of(job % 100); }));
  // An id of its own on every record.
  int n = 0;
  EXPECT_FALSE(find_in_jobs([&n](int) { return "message_" + std::to_string(100'000 + n++); }));
  // No id at all, and no record at all.
  EXPECT_FALSE(find_in_jobs([](int) { return "nothing"; }));
  EXPECT_FALSE(SessionFinder().find(kSame));
}

TEST(SessionFinder, IsSilentWhereAValueMeansOneKindOfRecord) {
  SessionFinder finder;
  for (int i = 0; i < 3000; ++i) {
    finder.offer("retry key_" + std::to_string(100'000 + i / 5), TemplateId(0));
  }
  EXPECT_FALSE(finder.find(kSame));
}

TEST(SessionFinder, AnyBytesAndAnyLength) {
  SessionFinder finder;
  for (int i = 0; i < 25'000; ++i) {
    finder.offer(std::string(static_cast<std::size_t>(i % 5000), static_cast<char>(i)) + "=-_-0", TemplateId(0));
  }
  EXPECT_FALSE(finder.find(kSame));
}

}  // namespace
}  // namespace logdetect
