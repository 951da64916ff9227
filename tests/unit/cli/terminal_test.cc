#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <map>

namespace logdetect {
namespace {

bool colour(Color when, bool is_terminal, const std::map<std::string, std::string>& environment = {}) {
  return use_colour(when, is_terminal, [&](const char* name) -> const char* {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
  });
}

TEST(UseColour, FollowsTheTerminalByDefault) {
  EXPECT_TRUE(colour(Color::kAuto, true));
  EXPECT_FALSE(colour(Color::kAuto, false));
}

TEST(UseColour, TheFlagBeatsEverything) {
  EXPECT_TRUE(colour(Color::kAlways, false, {{"NO_COLOR", "1"}, {"TERM", "dumb"}}));
  EXPECT_FALSE(colour(Color::kNever, true, {{"FORCE_COLOR", "1"}}));
}

TEST(UseColour, KnowsTheUsualVariables) {
  EXPECT_FALSE(colour(Color::kAuto, true, {{"NO_COLOR", "1"}}));
  EXPECT_TRUE(colour(Color::kAuto, true, {{"NO_COLOR", ""}})) << "an empty NO_COLOR counts as not set";
  EXPECT_TRUE(colour(Color::kAuto, false, {{"CLICOLOR_FORCE", "1"}}));
  EXPECT_TRUE(colour(Color::kAuto, false, {{"FORCE_COLOR", "1"}, {"TERM", "dumb"}}));
  EXPECT_FALSE(colour(Color::kAuto, false, {{"FORCE_COLOR", "0"}}));
  EXPECT_FALSE(colour(Color::kAuto, false, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}));
  EXPECT_FALSE(colour(Color::kAuto, true, {{"TERM", "dumb"}}));
  EXPECT_FALSE(colour(Color::kAuto, true, {{"CLICOLOR", "0"}}));
}

TEST(ReadColour, TakesThreeWords) {
  EXPECT_EQ(*read_colour(""), Color::kAuto);
  EXPECT_EQ(*read_colour("always"), Color::kAlways);
  EXPECT_EQ(*read_colour("never"), Color::kNever);
  EXPECT_EQ(read_colour("alway").error().hint, "did you mean 'always'?");
}

}  // namespace
}  // namespace logdetect
