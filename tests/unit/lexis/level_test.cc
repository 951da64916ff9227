#include "logdetect/lexis/level.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace logdetect {
namespace {

TEST(ParseLevel, KnowsTheWordsOfCommonLoggers) {
  const std::vector<std::pair<std::string_view, Level>> words = {
      {"trace", Level::kTrace},       {"finest", Level::kTrace},     {"finer", Level::kTrace},
      {"verbose", Level::kTrace},     {"trc", Level::kTrace},        {"debug", Level::kDebug},
      {"fine", Level::kDebug},        {"dbg", Level::kDebug},        {"info", Level::kInfo},
      {"inf", Level::kInfo},          {"information", Level::kInfo}, {"informational", Level::kInfo},
      {"notice", Level::kNotice},     {"note", Level::kNotice},      {"warn", Level::kWarning},
      {"warning", Level::kWarning},   {"wrn", Level::kWarning},      {"error", Level::kError},
      {"err", Level::kError},         {"severe", Level::kError},     {"failure", Level::kError},
      {"critical", Level::kCritical}, {"crit", Level::kCritical},    {"alert", Level::kCritical},
      {"fatal", Level::kFatal},       {"emergency", Level::kFatal},  {"emerg", Level::kFatal},
      {"panic", Level::kFatal},       {"ftl", Level::kFatal},
  };
  for (const auto& [word, level] : words) {
    std::string text(word);
    EXPECT_EQ(parse_level(text), level) << text;
    text[0] = static_cast<char>(text[0] - ('a' - 'A'));
    EXPECT_EQ(parse_level(text), level) << text;
    EXPECT_EQ(parse_level(text + "x"), Level::kUnknown) << text;
  }
  for (const std::string_view word : {"", "ok", "hint", "infos", "warned", "errors", "criticals"}) {
    EXPECT_EQ(parse_level(word), Level::kUnknown) << word;
  }
}

TEST(ParseLevel, LogIsALevelInCapitalsOnly) {
  EXPECT_EQ(parse_level("LOG"), Level::kInfo);
  EXPECT_EQ(parse_level("log"), Level::kUnknown);
  EXPECT_EQ(parse_level("Log"), Level::kUnknown);
}

TEST(ParseLevel, LettersOfEitherCase) {
  const std::string_view letters = "VTDINWECF";
  const std::vector<Level> levels = {Level::kTrace,   Level::kTrace, Level::kDebug,    Level::kInfo, Level::kNotice,
                                     Level::kWarning, Level::kError, Level::kCritical, Level::kFatal};
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char lower = static_cast<char>(letters[i] + ('a' - 'A'));
    EXPECT_EQ(level_of_letter(letters[i]), levels[i]) << letters[i];
    EXPECT_EQ(parse_level(letters.substr(i, 1)), levels[i]) << letters[i];
    EXPECT_EQ(parse_level({&lower, 1}), levels[i]) << lower;
    EXPECT_EQ(level_of_letter(lower), Level::kUnknown) << lower;
  }
  EXPECT_EQ(level_of_letter('X'), Level::kUnknown);
}

TEST(LevelOfSyslogNumber, SeverityIsTheRemainderByEight) {
  const std::vector<Level> levels = {Level::kFatal,   Level::kCritical, Level::kCritical, Level::kError,
                                     Level::kWarning, Level::kNotice,   Level::kInfo,     Level::kDebug};
  for (std::size_t number = 0; number <= 191; ++number) {
    EXPECT_EQ(level_of_syslog_number(std::to_string(number)), levels[number % 8]) << number;
    const std::string priority = "<" + std::to_string(number) + ">";
    EXPECT_EQ(parse_level(priority), levels[number % 8]) << priority;
  }
  for (const std::string_view digits : {"", "192", "999", "0007", "4x", "-1", "x"}) {
    EXPECT_EQ(level_of_syslog_number(digits), Level::kUnknown) << digits;
  }
  EXPECT_EQ(parse_level("<192>"), Level::kUnknown);
  EXPECT_EQ(parse_level("<4x"), Level::kUnknown);
}

TEST(LevelOfToken, WhatWrapsItIsTakenOff) {
  for (const std::string_view token : {"[ERROR]", "Error:", "<error>", "(ERROR),", "|ERROR|", "-ERROR-", "\"error\"",
                                       "'error'", "*ERROR*", "{error};", "[core:error]", "mod_a1:error"}) {
    EXPECT_EQ(level_of_token(token), Level::kError) << token;
  }
  for (const std::string_view token :
       {"", "[]", "E", "[E]", "eRROR", "ERRor", "errors", "Core:error", "a-b:error", "core:"}) {
    EXPECT_EQ(level_of_token(token), Level::kUnknown) << token;
  }
}

TEST(LevelOfToken, LooksAtFortyEightBytesOfAToken) {
  const std::string word = ":error";
  EXPECT_EQ(level_of_token(std::string(48 - word.size(), 'm') + word), Level::kError);
  EXPECT_EQ(level_of_token(std::string(49 - word.size(), 'm') + word), Level::kUnknown);
}

struct Pair {
  std::string_view token;
  Level level;
  std::string_view name;
};

TEST(SplitLevelPair, TakesLevelAndName) {
  for (const Pair& pair : std::vector<Pair>{{"[core:warn]", Level::kWarning, "core"},
                                            {"WARNING/MainProcess", Level::kWarning, "MainProcess"},
                                            {"app.WARNING:", Level::kWarning, "app"},
                                            {"daemon.warn", Level::kWarning, "daemon"},
                                            {"local7.err", Level::kError, "local7"},
                                            {"authpriv.notice", Level::kNotice, "authpriv"},
                                            {"W/Tag", Level::kWarning, "Tag"},
                                            {"A/Tag", Level::kFatal, "Tag"},
                                            {"V/Tag", Level::kTrace, "Tag"}}) {
    Level level = Level::kUnknown;
    std::string_view name;
    EXPECT_TRUE(split_level_pair(pair.token, level, name)) << pair.token;
    EXPECT_EQ(level, pair.level) << pair.token;
    EXPECT_EQ(name, pair.name) << pair.token;
  }
}

TEST(SplitLevelPair, NamesAndPathsAreNone) {
  for (const std::string_view token : {"", "warn", "/warn", "uvicorn.error", "a/b/warn", "app.WARNING.x", "X/Tag", "W/",
                                       "server.Warning", "plain.warn", "core:thing", "12:30"}) {
    Level level = Level::kUnknown;
    std::string_view name;
    EXPECT_FALSE(split_level_pair(token, level, name)) << token;
  }
}

TEST(LevelOfToken, IsWrittenInOneCaseOrAsAName) {
  for (const std::string word : {"err", "ERR", "Err", "note", "NOTE", "Note", "fatal", "FATAL", "Fatal"}) {
    EXPECT_NE(level_of_token(word), Level::kUnknown) << word;
    EXPECT_EQ(level_of_token("x" + word), Level::kUnknown) << word;
  }
  // Every other way to write the five letters is a word of somebody's own.
  for (unsigned capitals = 0; capitals < 32; ++capitals) {
    std::string word = "error";
    for (std::size_t i = 0; i < word.size(); ++i) {
      word[i] = static_cast<char>(word[i] - ((capitals >> i & 1U) != 0 ? 'a' - 'A' : 0));
    }
    const bool usual = capitals == 0 || capitals == 1 || capitals == 31;
    EXPECT_EQ(level_of_token(word), usual ? Level::kError : Level::kUnknown) << word;
  }
}

TEST(SplitLevelPair, LettersOfAndroid) {
  for (int letter = 'A'; letter <= 'Z'; ++letter) {
    const std::string token = std::string(1, static_cast<char>(letter)) + "/Tag";
    Level level = Level::kUnknown;
    std::string_view name;
    const bool known = std::string_view("VDIWEFA").find(static_cast<char>(letter)) != std::string_view::npos;
    ASSERT_EQ(split_level_pair(token, level, name), known) << token;
    if (known) {
      EXPECT_EQ(level, letter == 'A' ? Level::kFatal : level_of_letter(static_cast<char>(letter)));
      EXPECT_EQ(name, "Tag");
    }
  }
}

TEST(SplitLevelPair, FacilitiesOfSyslog) {
  for (const std::string facility : {"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron",
                                     "authpriv", "ftp", "local0", "local7"}) {
    Level level = Level::kUnknown;
    std::string_view name;
    const std::string token = facility + ".err";
    EXPECT_TRUE(split_level_pair(token, level, name)) << facility;
    EXPECT_EQ(level, Level::kError) << facility;
    EXPECT_EQ(name, facility);
    EXPECT_FALSE(split_level_pair("x" + facility + ".err", level, name)) << facility;
    EXPECT_FALSE(split_level_pair(facility + "x.err", level, name)) << facility;
  }
}

TEST(SplitLevelPair, BehindAPointALevelIsInCapitals) {
  for (const std::string_view token : {"app.ERR", "app.INFO", "app.LOG"}) {
    Level level = Level::kUnknown;
    std::string_view name;
    EXPECT_TRUE(split_level_pair(token, level, name)) << token;
    EXPECT_EQ(name, "app");
  }
  for (const std::string_view token : {"app.E", "app.Err", "app.err", "app.", "app.ERR2", ".ERR", "[.ERR]", "core:"}) {
    Level level = Level::kUnknown;
    std::string_view name;
    EXPECT_FALSE(split_level_pair(token, level, name)) << token;
  }
}

}  // namespace
}  // namespace logdetect
