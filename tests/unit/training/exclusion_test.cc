#include "training/exclusion.h"

#include <gtest/gtest.h>

#include "logdetect/detection/allow_list.h"

namespace logdetect {
namespace {

TEST(Exclusion, TakesWhatAPatternMatchesAndCountsIt) {
  const std::vector<std::string> patterns = {"replica <*> lost", "disk <NUM> full<*>", "never said"};
  Exclusion exclusion(patterns);
  EXPECT_TRUE(exclusion.take("replica db-2 lost"));
  EXPECT_TRUE(exclusion.take("replica db-3 lost"));
  EXPECT_TRUE(exclusion.take("disk 7 full: 0 bytes left"));
  EXPECT_FALSE(exclusion.take("replica db-2 lost its lease"));
  EXPECT_FALSE(exclusion.take(""));
  EXPECT_EQ(exclusion.counts(), (std::vector<std::uint64_t>{2, 1, 0}));
}

TEST(Exclusion, TheFirstPatternThatFitsCounts) {
  const std::vector<std::string> patterns = {"a <*>", "a b"};
  Exclusion exclusion(patterns);
  EXPECT_EQ(exclusion.find("a b"), 0U);
  EXPECT_EQ(exclusion.counts(), (std::vector<std::uint64_t>{0, 0})) << "looking counts nothing";
}

TEST(Exclusion, RunsOfBlanksAreOneBlankAsInTemplates) {
  const std::vector<std::string> patterns = {"copied <NUM> files", "moved  two blanks"};
  Exclusion exclusion(patterns);
  EXPECT_TRUE(exclusion.take("copied   17\tfiles"));
  EXPECT_TRUE(exclusion.take("moved  two blanks")) << "as it is written";
  EXPECT_FALSE(exclusion.take("moved two blanks"));
}

TEST(Exclusion, WithoutPatternsNothingIsTaken) {
  const std::vector<std::string> none;
  Exclusion exclusion(none);
  EXPECT_TRUE(exclusion.empty());
  EXPECT_FALSE(exclusion.take("anything"));
}

TEST(ExclusionPattern, IsTheTemplateWhereItCanBeTyped) {
  EXPECT_EQ(exclusion_pattern("disk <NUM> is 'full'"), "disk <NUM> is 'full'");
  EXPECT_EQ(exclusion_pattern("caf\xc3\xa9 \x1b[31mred\x1b[0m"), "caf<*> <*>[31mred<*>[0m");
  EXPECT_EQ(exclusion_pattern("<*> <NUM>"), "<*> <NUM>");
  EXPECT_EQ(exclusion_pattern("<*>"), "") << "would leave out everything";
  EXPECT_EQ(exclusion_pattern("\xff\xfe"), "");
}

TEST(Exclusion, AShortRunOfBlanksAnywhereIsOneBlank) {
  const std::vector<std::string> patterns = {" begins with a blank", "a b"};
  for (const std::string message : {"  begins with a blank", "\tbegins\twith a blank", "a  b", "a \t b", "a\tb"}) {
    EXPECT_TRUE(Exclusion(patterns).take(message)) << message;
  }
  EXPECT_FALSE(Exclusion(patterns).take("ab"));
  EXPECT_FALSE(Exclusion(patterns).take("a  b "));
}

TEST(Exclusion, LaterPatternsAreSqueezedToo) {
  const std::vector<std::string> patterns = {"x", "y", "a b", "c d"};
  Exclusion exclusion(patterns);
  EXPECT_EQ(exclusion.find("c   d"), 3U);
  EXPECT_EQ(exclusion.find("a   b"), 2U) << "of this message, not of the one before";
}

TEST(ExclusionPattern, FourHundredBytesAreWholeOneMoreIsCut) {
  EXPECT_EQ(exclusion_pattern(std::string(400, 'x')), std::string(400, 'x'));
  EXPECT_EQ(exclusion_pattern(std::string(401, 'x')), std::string(400, 'x') + "<*>");
  EXPECT_EQ(exclusion_pattern(std::string(399, 'x') + "\xff\xff"), std::string(399, 'x') + "<*>") << "not twice";
}

TEST(ExclusionPattern, FromBlankToTildeCanBeTyped) {
  EXPECT_EQ(exclusion_pattern("a ~z"), "a ~z");
  EXPECT_EQ(exclusion_pattern("a\x1f\x7fz"), "a<*>z");
}

TEST(ExclusionPattern, LongTemplatesAreCutAndStillMatch) {
  const std::string text = "begin " + std::string(2000, 'x') + " end";
  const std::string pattern = exclusion_pattern(text);
  EXPECT_LE(pattern.size(), 403U);
  EXPECT_TRUE(matches_pattern(pattern, text));
}

}  // namespace
}  // namespace logdetect
