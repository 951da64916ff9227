#include "parsing/front_level.h"

#include <gtest/gtest.h>

#include <string>

namespace logdetect {
namespace {

TEST(LevelInFront, IsALevelWithColonOrInBrackets) {
  EXPECT_EQ(level_in_front("error: no room"), Level::kError);
  EXPECT_EQ(level_in_front("[WARN] no room"), Level::kWarning);
  EXPECT_EQ(level_in_front("(info) room"), Level::kInfo);
  EXPECT_EQ(level_in_front("<debug> room"), Level::kDebug);
  EXPECT_EQ(level_in_front("error:"), Level::kError) << "nothing behind it";
  EXPECT_EQ(level_in_front("error no room"), Level::kUnknown) << "a word of the sentence";
  EXPECT_EQ(level_in_front("[WARN) no room"), Level::kUnknown);
  EXPECT_EQ(level_in_front("room: error"), Level::kUnknown);
  EXPECT_EQ(level_in_front(""), Level::kUnknown);
  EXPECT_EQ(level_in_front("E:"), Level::kUnknown) << "a letter is no word";
  EXPECT_EQ(level_in_front("[E] x"), Level::kUnknown);
}

TEST(LevelInFront, LooksNoFurtherThanTheLongestWord) {
  EXPECT_EQ(level_in_front(std::string(15, 'x') + ": error: y"), Level::kUnknown);
  EXPECT_EQ(level_in_front("[EMERGENCY]: no room at all"), Level::kFatal);
}

TEST(FrontLevels, RememberWhatTheFunctionSays) {
  FrontLevels fronts;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 500; ++i) {
      const std::string number = std::to_string(i);
      for (const std::string& message :
           {"error: box " + number + " was lost", "[WARN] box " + number + " is heavy", "box " + number + " moved on",
            number + " boxes were moved", "fatal: " + number, std::string(15, 'b') + number,
            std::string(16, 'b') + number}) {
        ASSERT_EQ(fronts.of(message), level_in_front(message)) << message;
      }
    }
  }
}

TEST(FrontLevels, SixteenNulsAreNoLevel) {
  FrontLevels fronts;
  EXPECT_EQ(fronts.of(std::string(16, '\0')), Level::kUnknown);
}

}  // namespace
}  // namespace logdetect
