#include "report/style.h"

#include <gtest/gtest.h>

#include "logdetect/base/number_text.h"
#include "logdetect/report/summary_text.h"
#include "report/buffered_output.h"

namespace logdetect {
namespace {

Style style(bool plain, std::size_t width = 100) {
  ReportOptions options;
  options.plain = plain;
  options.width = width;
  return Style(options);
}

TEST(Style, LeavesWhatTheWidthAllowsButTwentyColumnsAtLeast) {
  EXPECT_EQ(style(false).left(0), 100U);
  EXPECT_EQ(style(false).left(79), 21U);
  EXPECT_EQ(style(false).left(80), 20U);
  EXPECT_EQ(style(false).left(81), 20U);
  EXPECT_EQ(style(false).left(100), 20U);
  EXPECT_EQ(style(false).left(5000), 20U);
}

TEST(Style, PlainTextIsCutByDotsThatCount) {
  EXPECT_EQ(style(true).log_text("abcdef", 6), "abcdef");
  EXPECT_EQ(style(true).log_text("abcdefg", 6), "abc...");
  EXPECT_EQ(style(true).log_text("abcdefg", 3), "...");
  EXPECT_EQ(style(true).log_text("abcdefg", Style::kWhole), "abcdefg");
  EXPECT_EQ(style(false).log_text("abcdef", 6), "abcdef");
  EXPECT_EQ(style(false).log_text("abcdefg", 6), "abcde…");
}

TEST(Style, QuotesCount) {
  EXPECT_EQ(style(true).quoted("abcdef", 8), "\"abcdef\"");
  EXPECT_EQ(style(true).quoted("abcdefg", 8), "\"abc...\"");
  EXPECT_EQ(style(true).quoted("abcdefg", Style::kWhole), "\"abcdefg\"");
}

TEST(Style, PlainTextNamesCodePointsByFourOrEightDigits) {
  const Style plain = style(true);
  EXPECT_EQ(plain.log_text("\u00a1", Style::kWhole), "\\u00a1");
  EXPECT_EQ(plain.log_text("\u00e9", Style::kWhole), "\\u00e9");
  EXPECT_EQ(plain.log_text("\u4e16x", Style::kWhole), "\\u4e16x");
  EXPECT_EQ(plain.log_text("\uffe8", Style::kWhole), "\\uffe8");
  EXPECT_EQ(plain.log_text("\U0001f525", Style::kWhole), "\\U0001f525");
  EXPECT_EQ(plain.log_text("\U00010000", Style::kWhole), "\\U00010000");
  EXPECT_EQ(plain.log_text("~", Style::kWhole), "~");
}

TEST(Style, ALongRecordIsEscapedOnlyAsFarAsItIsShown) {
  const std::string wide = "a" + std::string(400, 'b');
  EXPECT_EQ(style(false).log_text(wide, 30), "a" + std::string(28, 'b') + "…");
  std::string combining;
  for (int i = 0; i < 40; ++i) {
    combining += "e\u0301\u0301\u0301";
  }
  const std::string shown = style(false).log_text(combining, 30);
  EXPECT_TRUE(shown.ends_with("…"));
  EXPECT_GT(shown.size(), 29U * 7) << "twenty-nine letters with their accents fit";
}

TEST(Style, RuleIsThirtyColumnsWide) {
  EXPECT_EQ(style(true).rule, std::string(30, '='));
  EXPECT_EQ(style(false).rule.size(), 90U);
}

TEST(Style, TagsAreColouredBySeverity) {
  ReportOptions options;
  EXPECT_EQ(Style(options).severity_tag(Severity::kMedium), "[MEDIUM]");
  options.coloured = true;
  EXPECT_EQ(Style(options).severity_tag(Severity::kLow), "\x1b[36m[LOW]\x1b[0m");
  EXPECT_EQ(Style(options).severity_tag(Severity::kMedium), "\x1b[33m[MEDIUM]\x1b[0m");
  EXPECT_EQ(Style(options).severity_tag(Severity::kHigh), "\x1b[31m[HIGH]\x1b[0m");
  EXPECT_EQ(Style(options).severity_tag(Severity::kCritical), "\x1b[1;31m[CRITICAL]\x1b[0m");
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(999'999), "999,999");
  EXPECT_EQ(with_commas(1'000'000), "1,000,000");
  EXPECT_EQ(count_text(0, "line"), "0 lines");
  EXPECT_EQ(count_text(1, "line"), "1 line");
  EXPECT_EQ(count_text(2000, "line"), "2,000 lines");
}

TEST(Numbers, AScoreIsNeverShownAsCertain) {
  EXPECT_EQ(score_text(0.5), "0.50");
  EXPECT_EQ(score_text(0.984), "0.98");
  EXPECT_EQ(score_text(0.9999), "0.99");
  EXPECT_EQ(score_text(1), "0.99");
  EXPECT_EQ(score_text(-0.5), "0.00");
}

TEST(Numbers, TimesAreToldByTheSecondInUtc) {
  constexpr Micros kTime = 1'705'290'135LL * kMicrosPerSecond;  // 2024-01-15T03:42:15Z
  EXPECT_EQ(date_clock_text(kTime + 999'999), "2024-01-15 03:42:15");
  EXPECT_EQ(clock_text(kTime), "03:42:15");
  const Micros midnight = kTime / kMicrosPerDay * kMicrosPerDay;
  EXPECT_TRUE(same_day(midnight, midnight + kMicrosPerDay - 1));
  EXPECT_FALSE(same_day(midnight, midnight + kMicrosPerDay));
  EXPECT_FALSE(same_day(midnight, midnight - 1));
}

TEST(SummaryText, SharesHaveTwoDigitsThatMeanSomething) {
  EXPECT_EQ(percent_text(0), "0 %");
  EXPECT_EQ(percent_text(0.00004), "0.00 %");
  EXPECT_EQ(percent_text(0.0004), "0.04 %");
  EXPECT_EQ(percent_text(0.00094), "0.09 %");
  EXPECT_EQ(percent_text(0.00096), "0.1 %");
  EXPECT_EQ(percent_text(0.031), "3.1 %");
  EXPECT_EQ(percent_text(0.0994), "9.9 %");
  EXPECT_EQ(percent_text(0.0996), "10 %");
  EXPECT_EQ(percent_text(0.924), "92 %");
  EXPECT_EQ(percent_text(1), "100 %");
}

TEST(SummaryText, RecordsAreTheSumOfTheirFates) {
  RunSummary summary;
  summary.records = 2250;
  summary.records_known = 2100;
  summary.records_new = 138;
  summary.records_unparsed = 10;
  summary.records_dropped = 2;
  EXPECT_EQ(records_text(summary), "2,250 records = 2,100 matched + 138 new + 10 unparsed + 2 dropped");
}

TEST(SummaryText, DriftIsToldByItsState) {
  Drift drift{Drift::State::kNone, 0.01, 0, 1.5, 0.02, 12};
  const std::string measured =
      "1.0 % of the records fit no template of the model (1.5 new templates per 1,000 records; at the end of training: "
      "2.0 %, 12)";
  EXPECT_EQ(drift_text(drift), "Drift: none: " + measured);
  drift.state = Drift::State::kUnknown;
  EXPECT_EQ(drift_text(drift), "");
  drift.state = Drift::State::kNewRelease;
  EXPECT_EQ(drift_text(drift), "Drift: " + measured + ": a new release? Train again with a day of it");
  drift.state = Drift::State::kOtherLog;
  EXPECT_TRUE(drift_text(drift).starts_with("Wrong model: " + measured + ": "));
}

// The pieces that reach the descriptor.
class Pieces final : public BufferedOutput {
 public:
  Pieces() : BufferedOutput(-1, "nowhere") {}
  std::vector<std::size_t> sizes;
  std::string bytes;

 private:
  Result<void> write_piece(std::string_view piece) override {
    sizes.push_back(piece.size());
    bytes += piece;
    return {};
  }
};

using Sizes = std::vector<std::size_t>;

TEST(BufferedOutput, AFullBufferGoesOutWhereAWriteEnds) {
  Pieces output;
  ASSERT_TRUE(output.write(std::string(65'535, 'a')).ok());
  ASSERT_TRUE(output.write("b").ok());
  EXPECT_EQ(output.sizes, Sizes{}) << "65,536 bytes fit";
  ASSERT_TRUE(output.write("cd").ok());
  EXPECT_EQ(output.sizes, Sizes{65'536});
  ASSERT_TRUE(output.flush().ok());
  EXPECT_EQ(output.sizes, (Sizes{65'536, 2}));
  ASSERT_TRUE(output.flush().ok());
  EXPECT_EQ(output.sizes, (Sizes{65'536, 2})) << "nothing is nothing";
  EXPECT_EQ(output.bytes, std::string(65'535, 'a') + "bcd");
}

TEST(BufferedOutput, WhatFillsABufferAloneIsNotCopied) {
  Pieces output;
  ASSERT_TRUE(output.write("x").ok());
  ASSERT_TRUE(output.write(std::string(65'536, 'a')).ok());
  EXPECT_EQ(output.sizes, (Sizes{1, 65'536}));
  ASSERT_TRUE(output.write(std::string(65'535, 'b')).ok());
  EXPECT_EQ(output.sizes, (Sizes{1, 65'536}));
  ASSERT_TRUE(output.commit().ok());
  EXPECT_EQ(output.sizes, (Sizes{1, 65'536, 65'535}));
}

}  // namespace
}  // namespace logdetect
