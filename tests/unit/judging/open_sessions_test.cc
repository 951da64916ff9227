#include "logdetect/judging/open_sessions.h"

#include <gtest/gtest.h>

#include <list>

namespace logdetect {
namespace {

void touch(OpenSessions& table, std::uint64_t id) {
  table.touch(SessionId(id)).state.id = SessionId(id);
}

TEST(OpenSessions, HandsOutTheOneTouchedLongestAgo) {
  OpenSessions table(3);
  touch(table, 1);
  touch(table, 2);
  touch(table, 3);
  touch(table, 1);
  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.take_oldest().state.id, SessionId(2));
  EXPECT_EQ(table.find(SessionId(2)), nullptr);
  EXPECT_NE(table.find(SessionId(3)), nullptr);
  touch(table, 4);
  EXPECT_EQ(table.take_oldest().state.id, SessionId(3));
  EXPECT_EQ(table.take_oldest().state.id, SessionId(1));
  EXPECT_EQ(table.take_oldest().state.id, SessionId(4));
  EXPECT_EQ(table.size(), 0U);
}

TEST(OpenSessions, ATableWithoutRoomHoldsOne) {
  for (const std::size_t capacity : {0U, 1U}) {
    OpenSessions table(capacity);
    EXPECT_FALSE(table.full());
    EXPECT_EQ(table.oldest(), nullptr);
    touch(table, 1);
    EXPECT_TRUE(table.full());
    EXPECT_EQ(table.size(), 1U);
    EXPECT_EQ(table.oldest()->state.id, SessionId(1));
  }
}

TEST(OpenSessions, LookingTouchesNothing) {
  OpenSessions table(2);
  touch(table, 1);
  touch(table, 2);
  EXPECT_EQ(table.find(SessionId(1))->state.id, SessionId(1));
  EXPECT_EQ(table.find(SessionId(3)), nullptr);
  EXPECT_EQ(table.oldest()->state.id, SessionId(1));
  EXPECT_EQ(table.size(), 2U);
}

TEST(OpenSessions, TheNewestTouchedAgainStaysTheNewest) {
  OpenSessions table(3);
  touch(table, 1);
  touch(table, 2);
  touch(table, 2);
  EXPECT_EQ(table.take_oldest().state.id, SessionId(1));
  EXPECT_EQ(table.take_oldest().state.id, SessionId(2));
  EXPECT_EQ(table.oldest(), nullptr);
}

TEST(OpenSession, IsUnseenAndUnplannedAtFirst) {
  const OpenSession session;
  EXPECT_EQ(session.looks, 0U);
  EXPECT_EQ(session.deadline, 0);
  EXPECT_EQ(session.planned, OpenSession::kNever);
  EXPECT_FALSE(session.reported);
  EXPECT_EQ(session.score, 0);
}

TEST(OpenSessions, AgreesWithASlowReference) {
  constexpr std::size_t kCapacity = 50;
  OpenSessions table(kCapacity);
  std::list<std::uint64_t> reference;  // longest ago first
  std::uint64_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t id = (random >> 33) % 90;
    const bool known = table.find(SessionId(id)) != nullptr;
    if (!known && table.full()) {
      ASSERT_EQ(table.take_oldest().state.id, SessionId(reference.front()));
      reference.pop_front();
    }
    touch(table, id);
    reference.remove(id);
    reference.push_back(id);
    ASSERT_EQ(table.size(), reference.size());
    ASSERT_LE(table.size(), kCapacity);
  }
}

TEST(OpenSessions, ATakenSessionLeavesNothingBehind) {
  OpenSessions table(1);
  touch(table, 1);
  table.touch(SessionId(1)).name = "one";
  EXPECT_EQ(table.take_oldest().name, "one");
  touch(table, 2);
  EXPECT_EQ(table.find(SessionId(2))->name, "");
}

}  // namespace
}  // namespace logdetect
