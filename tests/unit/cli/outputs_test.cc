#include "cli/outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/flags.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

Session session_of(Verb verb, const std::vector<std::string>& outputs, const std::string& format = "") {
  Session session;
  session.typed.verb = verb;
  session.typed.outputs = outputs;
  session.typed.format = format;
  return session;
}

TEST(FormatsOf, EveryVerbWithTheFlagHasSome) {
  int met = 0;
  for (const FlagSpec& flag : flag_table()) {
    for (const VerbSpec& verb : verb_table()) {
      if (long_name(flag.names) == "--format" && has_flag(verb.verb, flag)) {
        ++met;
        EXPECT_FALSE(formats_of(verb.verb).empty()) << verb.name;
        EXPECT_THAT(flag.help, HasSubstr("(default: " + std::string(formats_of(verb.verb).front().name) + ")"));
      }
    }
  }
  EXPECT_GT(met, 3) << "scan, watch, parse and others";
  EXPECT_TRUE(formats_of(Verb::kTrain).empty());
}

TEST(FormatsOf, WatchTakesWhatStreams) {
  EXPECT_FALSE(formats_of(Verb::kWatch).empty());
  for (const FormatInfo& format : formats_of(Verb::kWatch)) {
    EXPECT_TRUE(format.streams) << format.name;
  }
  EXPECT_LT(formats_of(Verb::kWatch).size(), formats_of(Verb::kScan).size());
}

TEST(ChosenFormat, IsTheFirstUnlessOneIsNamed) {
  EXPECT_EQ(chosen_format(session_of(Verb::kParse, {}).typed)->name, "csv");
  EXPECT_EQ(chosen_format(session_of(Verb::kParse, {}, "jsonl").typed)->name, "jsonl");
  const auto wrong = chosen_format(session_of(Verb::kModelDiff, {}, "jsno").typed);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().hint, "did you mean 'json'?");
}

TEST(ChosenOutputs, IsStandardOutputWhereNoneIsNamed) {
  const auto outputs = chosen_outputs(session_of(Verb::kScan, {}, "jsonl"));
  ASSERT_TRUE(outputs.ok());
  ASSERT_EQ(outputs->size(), 1U);
  EXPECT_EQ(outputs->front().format.name, "jsonl");
  EXPECT_EQ(outputs->front().target.entry->scheme, kStandardOutputScheme);
}

TEST(ChosenOutputs, ColoursAreForTheTerminalUnlessForced) {
  Session session = session_of(Verb::kScan, {"-", "x.txt"});
  session.terminal.colour_out = true;
  auto outputs = chosen_outputs(session);
  ASSERT_TRUE(outputs.ok());
  EXPECT_TRUE((*outputs)[0].coloured);
  EXPECT_FALSE((*outputs)[1].coloured);
  session.typed.color = "always";
  outputs = chosen_outputs(session);
  ASSERT_TRUE(outputs.ok());
  EXPECT_TRUE((*outputs)[1].coloured);
}

TEST(ChosenOutputs, OnlyATerminalShowsThem) {
  Session session = session_of(Verb::kScan, {"x.txt", "jsonl:-"});
  const auto outputs = chosen_outputs(session);
  ASSERT_TRUE(outputs.ok());
  EXPECT_FALSE(shown_on_terminal(session, *outputs));
  session.terminal.out = true;
  EXPECT_TRUE(shown_on_terminal(session, *outputs));
  EXPECT_FALSE(shown_on_terminal(session, {outputs->front()}));
}

TEST(ChosenDirectory, IsExactlyOne) {
  const auto directory = [](const std::vector<std::string>& outputs) {
    return chosen_directory(session_of(Verb::kTrain, outputs).typed);
  };
  ASSERT_TRUE(directory({"model/"}).ok());
  EXPECT_EQ(*directory({"model/"}), "model/");
  EXPECT_EQ(*directory({"json:model"}), "json:model") << "a model has no format";
  EXPECT_EQ(*directory({"file:///models/a"}), "/models/a");
  for (const auto& wrong : std::vector<std::vector<std::string>>{{}, {"a", "b"}, {"-"}, {"file://"}, {"queue://x"}}) {
    const auto refused = directory(wrong);
    ASSERT_FALSE(refused.ok()) << testing::PrintToString(wrong);
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
    EXPECT_EQ(refused.error().where, "--output");
  }
}

}  // namespace
}  // namespace logdetect
