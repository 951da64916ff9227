#include "logdetect/core/event.h"

#include <gtest/gtest.h>

#include <array>

namespace logdetect {
namespace {

TEST(Parameter, AnUnnamedOneIsAllValue) {
  const Parameter plain{"17", MaskKind::kNumber};
  EXPECT_FALSE(plain.named());
  EXPECT_EQ(plain.name(), "");
  EXPECT_EQ(plain.value(), "17");
}

TEST(Parameter, APairIsCutBehindItsName) {
  const Parameter pair{"box=17", MaskKind::kNumber, 4};
  EXPECT_TRUE(pair.named());
  EXPECT_EQ(pair.name(), "box");
  EXPECT_EQ(pair.value(), "17");
}

TEST(Parameter, NameAndValueOfAPairMayBeEmpty) {
  const Parameter nameless{"=17", MaskKind::kNumber, 1};
  EXPECT_TRUE(nameless.named());
  EXPECT_EQ(nameless.name(), "");
  EXPECT_EQ(nameless.value(), "17");
  const Parameter bare{"box=", MaskKind::kNone, 4};
  EXPECT_EQ(bare.name(), "box");
  EXPECT_EQ(bare.value(), "");
}

TEST(Parameter, TheFirstEqualsSignIsNotLookedFor) {
  const Parameter pair{"a=b=c", MaskKind::kNone, 4};
  EXPECT_EQ(pair.name(), "a=b");
  EXPECT_EQ(pair.value(), "c");
}

TEST(Event, AFreshOneBelongsToNothing) {
  const Event event;
  EXPECT_EQ(event.time, 0);
  EXPECT_FALSE(event.template_id.valid());
  EXPECT_FALSE(event.stream.valid());
  EXPECT_FALSE(event.session.valid());
  EXPECT_EQ(event.group, 0U);
  EXPECT_EQ(event.message_bytes, 0U);
  EXPECT_EQ(event.first_parameter, 0U);
  EXPECT_EQ(event.parameter_count, 0U);
  EXPECT_EQ(event.token_count, 0U);
  EXPECT_EQ(event.level, Level::kUnknown);
  EXPECT_EQ(event.alarm, Alarm::kNone);
  EXPECT_FALSE(event.has_time || event.is_new || event.begins_session || event.deployment);
}

TEST(Header, AFreshOneStatesNothing) {
  const Header header;
  EXPECT_EQ(header.time, 0);
  EXPECT_FALSE(header.has_time || header.year_missing || header.date_missing);
  EXPECT_EQ(header.level, Level::kUnknown);
  EXPECT_EQ(header.quality, HeaderQuality::kBare);
  EXPECT_EQ(header.extra_bytes, 0U);
  EXPECT_TRUE(header.message.empty());
}

TEST(Level, RisesWithSeverityAndHasNames) {
  constexpr std::array<std::string_view, 9> kNames{"UNKNOWN", "TRACE", "DEBUG",    "INFO", "NOTICE",
                                                   "WARNING", "ERROR", "CRITICAL", "FATAL"};
  EXPECT_EQ(kLevelCount, 9);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    EXPECT_EQ(level_name(static_cast<Level>(i)), kNames.at(i));
  }
  EXPECT_EQ(kAlarmCount, 3);
}

TEST(MaskKind, HasANameInPointedBrackets) {
  EXPECT_EQ(mask_name(MaskKind::kNumber), "<NUM>");
  EXPECT_EQ(mask_name(MaskKind::kHex), "<HEX>");
  EXPECT_EQ(mask_name(MaskKind::kIp), "<IP>");
  EXPECT_EQ(mask_name(MaskKind::kHost), "<HOST>");
  EXPECT_EQ(mask_name(MaskKind::kMac), "<MAC>");
  EXPECT_EQ(mask_name(MaskKind::kUuid), "<UUID>");
  EXPECT_EQ(mask_name(MaskKind::kPath), "<PATH>");
  EXPECT_EQ(mask_name(MaskKind::kUrl), "<URL>");
  EXPECT_EQ(mask_name(MaskKind::kEmail), "<EMAIL>");
  EXPECT_EQ(mask_name(MaskKind::kTime), "<TIME>");
  EXPECT_EQ(mask_name(MaskKind::kId), "<ID>");
}

}  // namespace
}  // namespace logdetect
