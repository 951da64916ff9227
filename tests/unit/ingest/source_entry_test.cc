#include "logdetect/ingest/source_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace logdetect {
namespace {

using testing::HasSubstr;

const std::vector<SourceOption>& sample_options() {
  static const std::vector<SourceOption> options = {{"wait", "s", "1.5", "how long", 0.5, 60},
                                                    {"from", "", "begin", "where", 0, 0, {"begin", "end"}},
                                                    {"group", "", "logdetect", "whose"}};
  return options;
}

TEST(SourceOptions, HavePresets) {
  const SourceOptions options(sample_options());
  EXPECT_EQ(options.number("wait"), 1.5);
  EXPECT_EQ(options.text("from"), "begin");
  EXPECT_EQ(options.text("group"), "logdetect");
}

TEST(SourceOptions, NumbersHaveARange) {
  for (const auto& [text, fits] : std::vector<std::pair<std::string, bool>>{{"0.5", true},
                                                                            {"60", true},
                                                                            {"1e1", true},
                                                                            {"0.49", false},
                                                                            {"60.01", false},
                                                                            {"-1", false},
                                                                            {"", false},
                                                                            {" 1", false},
                                                                            {"1s", false},
                                                                            {"nan", false},
                                                                            {"inf", false}}) {
    SourceOptions options(sample_options());
    const auto set = options.set("wait", text);
    EXPECT_EQ(set.ok(), fits) << text;
    if (!fits) {
      EXPECT_EQ(set.error().code, ErrorCode::kUsage);
      EXPECT_EQ(set.error().hint, "it must be a number from 0.5 to 60 (s)");
    }
  }
}

TEST(SourceOptions, WordsAreOfTheList) {
  SourceOptions options(sample_options());
  EXPECT_TRUE(options.set("from", "end").ok());
  EXPECT_EQ(options.text("from"), "end");
  EXPECT_EQ(SourceOptions(sample_options()).set("from", "ends").error().hint, "it must be one of begin, end");
  EXPECT_TRUE(options.set("group", "any & thing").ok());
  EXPECT_EQ(options.text("group"), "any & thing");
}

TEST(SourceOptions, UnknownNamesAreRefused) {
  SourceOptions options(sample_options());
  EXPECT_EQ(options.set("wiat", "1").error().hint, "did you mean 'wait'?");
  EXPECT_EQ(options.set("something", "1").error().hint, "the options are: wait, from, group");
  EXPECT_FALSE(SourceOptions().set("wait", "1").ok());
}

TEST(SourceOptions, InputsOfASourceMustAgree) {
  SourceOptions one(sample_options());
  SourceOptions two(sample_options());
  ASSERT_TRUE(one.set("wait", "2").ok());
  ASSERT_TRUE(two.set("wait", "2").ok());
  ASSERT_TRUE(two.set("from", "end").ok());
  ASSERT_TRUE(one.merge(two).ok());
  EXPECT_EQ(one.text("from"), "end");
  SourceOptions other(sample_options());
  ASSERT_TRUE(other.set("wait", "3").ok());
  const auto merged = one.merge(other);
  ASSERT_FALSE(merged.ok());
  EXPECT_THAT(merged.error().message, HasSubstr("two values: 2 and 3"));
}

TEST(SourceTable, EveryEntryIsWhole) {
  std::set<std::string_view> schemes;
  for (const SourceEntry& entry : source_table()) {
    EXPECT_TRUE(schemes.insert(entry.scheme).second) << entry.scheme;
    EXPECT_GE(entry.scheme.size(), 2U);
    EXPECT_FALSE(entry.summary.empty());
    EXPECT_NE(entry.open, nullptr);
    EXPECT_EQ(find_source(entry.scheme), &entry);
    for (const SourceOption& option : entry.options) {
      EXPECT_FALSE(option.help.empty()) << option.name;
      SourceOptions options(entry.options);
      EXPECT_TRUE(options.set(option.name, option.preset).ok()) << option.name << ": its preset does not fit";
    }
  }
  EXPECT_EQ(find_source("kafak"), nullptr);
  EXPECT_EQ(find_source(""), nullptr);
}

}  // namespace
}  // namespace logdetect
