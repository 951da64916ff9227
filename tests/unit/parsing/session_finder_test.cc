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

// 4,000 records, every tenth of them a step of one of four jobs at a time, the others without an id. A job has `steps`
// templates; `id` writes what names it.
template <typename Write>
std::optional<FoundSessions> find_in_part(int steps, Write id) {
  SessionFinder finder;
  for (int i = 0; i < 4000; ++i) {
    const int n = i / 10;
    const int job = n / 20 * 4 + n % 4;
    const int step = n / 4 % 5 % steps;
    if (i % 10 == 0) {
      finder.offer("INFO step " + std::string(1, static_cast<char>('a' + step)) + " of " + id(job) + ", 64512 bytes",
                   TemplateId(static_cast<std::uint32_t>(step)));
    } else {
      finder.offer("INFO cache hit for item " + std::to_string(10'000 + i * i % 97), TemplateId(9));
    }
  }
  return finder.find(kSame);
}

TEST(SessionFinder, FindsAProcedureInAPartOfTheLog) {
  const auto found = find_in_part(5, [](int job) { return "order " + std::to_string(7'000'000 + job * 37); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pattern, "\\border (\\d{5,})\\b");
  EXPECT_EQ(found->words, "the number after 'order '");
  EXPECT_EQ(found->coverage, 0.1);
  EXPECT_EQ(found->sessions, 80U);
  const auto marked = find_in_part(5, [](int job) { return "ticket #" + std::to_string(40'000 + job); });
  ASSERT_TRUE(marked);
  EXPECT_EQ(marked->pattern, "\\bticket \\#(\\d{5,})\\b");
  const auto prefixed = find_in_part(5, [](int job) { return "task_" + std::to_string(100'000 + job); });
  ASSERT_TRUE(prefixed);
  EXPECT_EQ(prefixed->words, "the ids that begin with 'task_'");
}

TEST(SessionFinder, IsSilentWhereAPartHasNoProcedure) {
  // A port: the connection comes and goes, and that is all.
  EXPECT_FALSE(find_in_part(2, [](int job) { return "port " + std::to_string(30'000 + job); }));
  // Numbers that stay, and numbers that are small.
  EXPECT_FALSE(find_in_part(5, [](int job) { return "user " + std::to_string(10'000 + job % 10); }));
  EXPECT_FALSE(find_in_part(5, [](int job) { return "attempt " + std::to_string(1000 + job); }));
  // No plain word stands before them.
  EXPECT_FALSE(
      find_in_part(5, [](int job) { return "0x" + std::to_string(job) + " " + std::to_string(10'000 + job); }));
}

TEST(SessionFinder, PrefersWhatThreadsMostRecords) {
  SessionFinder finder;
  for (int i = 0; i < 4000; ++i) {
    const std::string order = i % 2 == 0 ? " of order " + std::to_string(10'000 + i / 40) : "";
    const int step = i % 4 + (i % 2 == 0 ? 10 * (1 + i / 2 % 10) : 0);
    finder.offer("task_" + std::to_string(100'000 + i / 4) + " step" + order,
                 TemplateId(static_cast<std::uint32_t>(step)));
  }
  const auto found = finder.find(kSame);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->words, "the ids that begin with 'task_'");
}

// A word of its own for each number.
std::string letters_of(int n) {
  std::string out = "w";
  for (int i = 0; i < 4; ++i, n /= 26) {
    out += static_cast<char>('a' + n % 26);
  }
  return out;
}

TEST(SessionFinder, NumbersDoNotCrowdOutWhatIsNamedLikeAnId) {
  for (const bool many_words : {false, true}) {
    SessionFinder finder;
    for (int i = 0; i < 4000; ++i) {
      std::string record;
      for (int word = 0; word < 20; ++word) {
        record += letters_of(many_words ? 20 * i + word : word) + " " + std::to_string(10'000 + 20 * i + word) + " ";
      }
      const bool of_request = i >= 100 && i % 20 < 11;
      const int step = i % 20;
      record += of_request ? "req-" + hex_of(i / 20) + " step" : "tick";
      finder.offer(record, TemplateId(static_cast<std::uint32_t>(of_request ? step : 99)));
    }
    const auto found = finder.find(kSame);
    ASSERT_TRUE(found) << many_words;
    EXPECT_EQ(found->words, "the ids that begin with 'req-'");
    EXPECT_GT(found->coverage, 0.5);
    EXPECT_LT(found->coverage, 0.55);
  }
}

TEST(SessionFinder, WhatIsNamedLikeAnIdDoesNotCrowdOutNumbers) {
  SessionFinder finder;
  for (int i = 0; i < 4000; ++i) {
    std::string record = "order " + std::to_string(7'000'000 + i / 5) + " step";
    for (int word = 0; word < 20; ++word) {
      record += " " + letters_of(word) + "=" + std::to_string(10'000 + 20 * i + word);
    }
    finder.offer(record, TemplateId(static_cast<std::uint32_t>(i % 5)));
  }
  const auto found = finder.find(kSame);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->words, "the number after 'order '");
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
