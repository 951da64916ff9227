#include "cli/value_text.h"

#include <gtest/gtest.h>

#include <limits>

#include "cli/messages.h"

#include "logdetect/base/number_text.h"

namespace logdetect {
namespace {

TEST(Words, NumbersForPeople) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(145'892), "145,892");
  EXPECT_EQ(with_commas(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
  EXPECT_EQ(count_text(1, "line"), "1 line");
  EXPECT_EQ(count_text(0, "line"), "0 lines");
}

TEST(Words, Durations) {
  EXPECT_EQ(duration_text(0.42), "0.4 s");
  EXPECT_EQ(duration_text(59.94), "59.9 s");
  EXPECT_EQ(duration_text(185), "3 min 5 s");
  EXPECT_EQ(duration_text(60), "1 min 0 s");
  EXPECT_EQ(duration_text(3599.9), "59 min 59 s");
  EXPECT_EQ(duration_text(3600), "1 h 0 min");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
  EXPECT_EQ(duration_text(3'600'000), "1,000 h 0 min");
  EXPECT_EQ(duration_text(0), "0.0 s");
  EXPECT_EQ(duration_text(-1), "0.0 s");
  EXPECT_EQ(duration_text(std::numeric_limits<double>::quiet_NaN()), "0.0 s");
  EXPECT_FALSE(duration_text(std::numeric_limits<double>::infinity()).empty());
}

TEST(Words, Sizes) {
  EXPECT_EQ(size_text(999), "999 bytes");
  EXPECT_EQ(size_text(1000), "1.0 kB");
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(999'949), "999.9 kB");
  EXPECT_EQ(size_text(999'950), "1.0 MB") << "not 1000.0 kB";
  EXPECT_EQ(size_text(999'999), "1.0 MB");
  EXPECT_EQ(size_text(1'500'000'000), "1.5 GB");
  EXPECT_EQ(size_text(2'500'000'000'000), "2.5 TB");
  EXPECT_EQ(size_text(std::numeric_limits<std::uint64_t>::max()), "18446.7 PB");
}

TEST(Words, Choices) {
  constexpr std::array<std::string_view, 3> kWords = {"low", "medium", "high"};
  EXPECT_EQ(*choose("--x", "high", kWords), 2U);
  const Error error = choose("--x", "hgh", kWords).error();
  EXPECT_EQ(error.message, "--x must be low, medium or high, not 'hgh'");
  EXPECT_EQ(error.hint, "did you mean 'high'?");
  EXPECT_EQ(*read_count("--top", "12"), 12U);
  for (const char* bad : {"", "-1", "1.5", "1x", "99999999999999999999999"}) {
    EXPECT_FALSE(read_count("--top", bad).ok()) << bad;
  }
}

TEST(FormatMessage, SaysWhatWhereAndWhatToDo) {
  const Error error = make_error(ErrorCode::kConfig, "unknown key 'treshold'", "a.yaml:14:3", "did you mean x?");
  EXPECT_EQ(format_message("error", error, false),
            "logdetect: error: unknown key 'treshold'\n  --> a.yaml:14:3\n  help: did you mean x?\n");
  EXPECT_EQ(format_message("warning", make_error(ErrorCode::kInput, "cut short"), false),
            "logdetect: warning: cut short\n");
}

TEST(PrintProblems, ShowsTenAndCountsTheOthers) {
  const auto shown = [](std::size_t count) {
    testing::internal::CaptureStderr();
    print_problems(std::vector<Error>(count, make_error(ErrorCode::kInput, "cut short")), false);
    return testing::internal::GetCapturedStderr();
  };
  std::string ten;
  for (int i = 0; i < 10; ++i) {
    ten += "logdetect: warning: cut short\n";
  }
  EXPECT_EQ(shown(0), "");
  EXPECT_EQ(shown(1), "logdetect: warning: cut short\n");
  EXPECT_EQ(shown(10), ten);
  EXPECT_EQ(shown(11), ten + "logdetect: and 1 more problem of this kind\n");
  EXPECT_EQ(shown(1012), ten + "logdetect: and 1,002 more problems of this kind\n");
}

TEST(FormatMessage, WarningsAndErrorsHaveColoursOfTheirOwn) {
  const Error error = make_error(ErrorCode::kInput, "m", "", "h");
  EXPECT_EQ(format_message("note", error, true), "logdetect: \x1b[1;33mnote:\x1b[0m m\n\x1b[36m  help: \x1b[0mh\n");
}

TEST(FormatMessage, NothingReachesTheTerminalRaw) {
  const Error error = make_error(ErrorCode::kInput, "bad \x1b[31m name\n", "a\x07.log", "\xe2\x80\xae");
  const std::string text = format_message("error", error, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(text, "logdetect: error: bad \\x1b[31m name\\n\n  --> a\\x07.log\n  help: \\u202e\n");
}

TEST(FormatMessage, ColoursOnlyOurOwnWords) {
  const std::string text = format_message("error", make_error(ErrorCode::kInput, "m", "w"), true);
  EXPECT_EQ(text, "logdetect: \x1b[1;31merror:\x1b[0m m\n\x1b[36m  --> \x1b[0mw\n");
}

TEST(Words, AlignedTextIsNeverCut) {
  EXPECT_EQ(aligned_right("ab", 4), "  ab");
  EXPECT_EQ(aligned_left("ab", 4), "ab  ");
  EXPECT_EQ(aligned_right("abcde", 4), "abcde");
  EXPECT_EQ(aligned_left("abcde", 4), "abcde");
}

TEST(ShellQuoted, IsOneWordWhateverItHolds) {
  EXPECT_EQ(shell_quoted("a b $c"), "'a b $c'");
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace logdetect
