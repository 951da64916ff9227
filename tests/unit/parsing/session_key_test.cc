#include "logdetect/parsing/session_key.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

SessionKey key_of(const std::string& pattern) {
  SessionOptions options;
  options.key = pattern;
  auto key = SessionKey::create(options);
  EXPECT_TRUE(key.ok()) << pattern;
  return std::move(key).value();
}

TEST(SessionKey, TakesTheMatchOrItsFirstGroup) {
  EXPECT_EQ(key_of("job-\\d+").find("start job-17 now job-18"), "job-17");
  EXPECT_EQ(key_of("\\[vm: ([0-9a-f]+)\\]").find("x [vm: 00ff] up"), "00ff");
  EXPECT_EQ(key_of("req=(\\w+)").find("nothing of the kind"), "");
  EXPECT_EQ(key_of("(a)|b").find("b"), "b") << "a group that took no part gives way to the match";
}

TEST(SessionKey, LooksOnWhereTheLiteralBeginningIsNoMatch) {
  const SessionKey key = key_of("task_\\d+_end");
  EXPECT_EQ(key.find("task_ task_1 task_22_end"), "task_22_end");
  EXPECT_EQ(key.find("task_task_5_end"), "task_5_end");
  EXPECT_EQ(key.find(""), "");
}

TEST(SessionKey, TheLiteralShortCutChangesNothing) {
  // The same language with and without a literal beginning.
  const SessionKey fast = key_of("id=(\\d+)\\b");
  const SessionKey slow = key_of("[i]?[d]?(?:id|ID)=(\\d+)\\b");
  for (const char* line : {"id=12 x", "xid=12", "id=1a id=2", "id=", "iid=3;", "ID=4"}) {
    if (std::string(line).find("ID") == std::string::npos) {
      EXPECT_EQ(fast.find(line), slow.find(line)) << line;
    }
  }
  EXPECT_EQ(key_of("(?i)id=(\\d+)").find("Id=9"), "9");
  EXPECT_EQ(key_of("^id=(\\d+)").find("no id=9"), "") << "an anchor holds";
}

TEST(SessionKey, AnyBytesAndLongKeys) {
  EXPECT_EQ(key_of("k=([^ ]+)").find("k=\xff\xfe z"), "\xff\xfe");
  EXPECT_EQ(key_of("k=([^ ]+)").find("k=" + std::string(1000, 'x')).size(), SessionKey::kMaxKeyBytes);
}

TEST(SessionKey, RefusesABrokenPatternAndSaysWhich) {
  SessionOptions options;
  options.delimiter = "(";
  const auto key = SessionKey::create(options);
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::kConfig);
  EXPECT_EQ(key.error().where, "sessions.delimiter");
}

TEST(SessionKey, IsInactiveWithoutAnyRule) {
  const auto none = SessionKey::create({});
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->active());
  EXPECT_EQ(none->find("anything"), "");
  EXPECT_FALSE(none->begins("anything"));
}

}  // namespace
}  // namespace logdetect
