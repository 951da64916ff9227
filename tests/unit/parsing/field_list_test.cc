#include "parsing/field_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace logdetect {
namespace {

using Kind = FieldList::Kind;
using ::testing::ElementsAre;

/// A header with the memory it points into.
struct Written {
  Arena arena;
  Header header;
  ParsedTime parsed;
  std::size_t stated = 0;
  explicit Written(FieldList& fields, const std::vector<std::string>& shape = {}) {
    std::vector<HeaderStep> steps;
    for (const std::string& key : shape) {
      steps.push_back({HeaderStep::Kind::kLiteral, HeaderField::kSkip, key});
    }
    stated = fields.write_header(arena, header, parsed, steps);
  }
};

Level level_of(std::string_view value, Kind kind = Kind::kNumber) {
  FieldList fields;
  fields.add("level", value, kind);
  return Written(fields).header.level;
}

TEST(FieldList, LevelsInNumbersAreTensOrThoseOfSyslog) {
  EXPECT_EQ(level_of("10"), Level::kTrace);
  EXPECT_EQ(level_of("20"), Level::kDebug);
  EXPECT_EQ(level_of("30"), Level::kInfo);
  EXPECT_EQ(level_of("39"), Level::kInfo);
  EXPECT_EQ(level_of("40"), Level::kWarning);
  EXPECT_EQ(level_of("50"), Level::kError);
  EXPECT_EQ(level_of("60"), Level::kFatal);
  EXPECT_EQ(level_of("69"), Level::kFatal);
  EXPECT_EQ(level_of("70"), Level::kUnknown);
  EXPECT_EQ(level_of("09"), Level::kUnknown);
  EXPECT_EQ(level_of("1x"), Level::kUnknown);
  EXPECT_EQ(level_of("100"), Level::kUnknown);
  EXPECT_EQ(level_of("3"), Level::kError);
  EXPECT_EQ(level_of("7"), Level::kDebug);
  EXPECT_EQ(level_of("warn", Kind::kText), Level::kWarning);
}

TEST(FieldList, TheBestKeyWhoseValueMakesSenseWins) {
  FieldList fields;
  fields.add("time", "yesterday", Kind::kText);
  fields.add("ts", "1714982950", Kind::kNumber);
  fields.add("message", "7", Kind::kNumber);
  fields.add("msg", " moved ", Kind::kText);
  fields.add("host", "9", Kind::kNumber);
  fields.add("hostname", "fern", Kind::kText);
  fields.add("pid", "12", Kind::kNumber);
  const Written written(fields);
  EXPECT_TRUE(written.header.has_time);
  EXPECT_EQ(written.header.time, 1'714'982'950'000'000);
  EXPECT_EQ(written.parsed.time, written.header.time);
  EXPECT_TRUE(written.parsed.has_zone);
  EXPECT_EQ(written.header.host, "fern");
  EXPECT_EQ(written.header.pid, "12");
  EXPECT_EQ(written.header.message, "moved host=9 message=7 time=yesterday");
  EXPECT_EQ(written.stated, 5U);
  EXPECT_EQ(written.header.extra_bytes, written.header.message.size() - 5);
  EXPECT_EQ(written.header.quality, HeaderQuality::kFull);
  EXPECT_THAT(fields.other_keys(), ElementsAre("host", "message", "time"));
}

TEST(FieldList, AWordIsNeitherTimeNorMessageNorName) {
  FieldList fields;
  fields.add("time", "null", Kind::kWord);
  fields.add("msg", "true", Kind::kWord);
  fields.add("logger", "false", Kind::kWord);
  const Written written(fields);
  EXPECT_FALSE(written.header.has_time);
  EXPECT_EQ(written.header.component, "");
  EXPECT_EQ(written.header.message, "logger=false msg=true time=null");
  EXPECT_EQ(written.stated, 0U);
  EXPECT_EQ(written.header.extra_bytes, 0U) << "without a message the pairs are the message";
  EXPECT_EQ(written.header.quality, HeaderQuality::kPartial);
}

TEST(FieldList, ATimeOrAMessageMakesAHeaderFull) {
  FieldList timed;
  timed.add("time", "08:09:10", Kind::kText);
  const Written with_time(timed);
  EXPECT_EQ(with_time.header.quality, HeaderQuality::kFull);
  EXPECT_TRUE(with_time.header.date_missing);
  FieldList said;
  said.add("msg", "moved", Kind::kText);
  EXPECT_EQ(Written(said).header.quality, HeaderQuality::kFull);
  FieldList placed;
  placed.add("host", "fern", Kind::kText);
  EXPECT_EQ(Written(placed).header.quality, HeaderQuality::kPartial);
  FieldList yearless;
  yearless.add("time", "May  6 08:09:10", Kind::kText);
  const Written without_year(yearless);
  EXPECT_TRUE(without_year.header.year_missing);
  EXPECT_FALSE(without_year.header.date_missing);
}

TEST(FieldList, AStreamIsAComponentOnlyOfAContainer) {
  FieldList container;
  container.add("stream", "stdout", Kind::kText);
  EXPECT_EQ(Written(container).header.component, "stdout");
  FieldList river;
  river.add("stream", "north", Kind::kText);
  const Written written(river);
  EXPECT_EQ(written.header.component, "");
  EXPECT_EQ(written.header.message, "stream=north");
}

TEST(FieldList, ARoleGivenGoesBeforeWhatAKeyUsuallyMeans) {
  FieldList fields;
  fields.add("service", "usual", Kind::kText);
  fields.add_as(KeyRole::kComponent, "x", "given");
  fields.add_as(KeyRole::kOther, "message", "other");
  const Written written(fields);
  EXPECT_EQ(written.header.component, "given");
  EXPECT_EQ(written.header.message, "message=other service=usual");
  EXPECT_TRUE(fields.has(KeyRole::kComponent));
  EXPECT_FALSE(fields.has(KeyRole::kMessage));
  EXPECT_FALSE(fields.has(KeyRole::kTime));
}

TEST(FieldList, NestedKeysAreJoinedByAPoint) {
  FieldList fields;
  fields.add_nested("log", "level", "warn", Kind::kText);
  fields.add_nested("http", "status", "500", Kind::kNumber);
  const Written written(fields);
  EXPECT_EQ(written.header.level, Level::kWarning);
  EXPECT_EQ(written.header.message, "http.status=500");
}

TEST(FieldList, ValuesAreFoundAndReplacedByKey) {
  FieldList fields;
  fields.add("a", "1", Kind::kText);
  fields.add("b", "2", Kind::kText);
  fields.add("b", "3", Kind::kText);
  EXPECT_EQ(fields.value_of("b"), "2") << "the first of several";
  EXPECT_EQ(fields.value_of("c"), "");
  fields.replace("b", "4");
  fields.replace("c", "5");
  EXPECT_EQ(fields.value_of("b"), "4");
  EXPECT_EQ(fields.value_of("a"), "1");
  EXPECT_EQ(fields.size(), 3U);
  std::string pairs;
  fields.append_pairs(pairs);
  EXPECT_EQ(pairs, "a=1 b=3 b=4") << "sorted by key, then by value";
}

TEST(FieldList, At64PairsTheOthersAreLeftOut) {
  for (const std::size_t n : {64U, 65U}) {
    FieldList fields;
    for (std::size_t i = 0; i < n; ++i) {
      fields.add("k" + std::to_string(100 + i), "1", Kind::kNumber);
    }
    std::string pairs;
    fields.append_pairs(pairs);
    EXPECT_TRUE(pairs.ends_with("k163=1"));
    const Written written(fields);
    EXPECT_EQ(written.header.message, pairs);
    EXPECT_EQ(fields.other_keys().size(), 64U);
  }
}

TEST(FieldList, OnlyTextIsPutInQuotes) {
  FieldList fields;
  fields.add("a", "x y", Kind::kText);
  fields.add("b", "x", Kind::kText);
  fields.add("c", "", Kind::kText);
  fields.add("d", "", Kind::kWord);
  std::string pairs = "words";
  fields.append_pairs(pairs);
  EXPECT_EQ(pairs, "words a=\"x y\" b=x c=\"\" d=");
  EXPECT_EQ(Written(fields).header.message, "a=\"x y\" b=x c=\"\" d=");
}

TEST(FieldList, ClearForgetsPairsAndThatTheyWereOfAJournal) {
  FieldList fields;
  fields.add("__CURSOR", "s", Kind::kText);
  fields.add("_UID", "0", Kind::kText);
  fields.add("SYSLOG_FACILITY", "3", Kind::kText);
  fields.add("JOB", "7", Kind::kText);
  EXPECT_EQ(Written(fields).header.message, "JOB=7");
  fields.clear();
  EXPECT_EQ(fields.size(), 0U);
  EXPECT_TRUE(fields.other_keys().empty());
  fields.add("_UID", "0", Kind::kText);
  fields.add("SYSLOG_FACILITY", "3", Kind::kText);
  EXPECT_EQ(Written(fields).header.message, "SYSLOG_FACILITY=3 _UID=0");
}

TEST(FieldList, WithoutAMessageTheShapeStandsInItsPlace) {
  const std::vector<std::string> shape = {"b", "d", "f", "h"};
  const auto message = [&](const std::vector<std::string>& keys, std::size_t& extra) {
    FieldList fields;
    for (const std::string& key : keys) {
      fields.add(key, "1", Kind::kNumber);
    }
    const Written written(fields, shape);
    extra = written.header.extra_bytes;
    return std::string(written.header.message);
  };
  std::size_t extra = 0;
  EXPECT_EQ(message({"b", "d", "f", "h"}, extra), "b=1 d=1 f=1 h=1");
  EXPECT_EQ(extra, 0U);
  EXPECT_EQ(message({"h", "a", "d", "e"}, extra), "b= d=1 f= h=1 a=1 e=1") << "half of the shape will do";
  EXPECT_EQ(extra, std::string(" a=1 e=1").size());
  EXPECT_EQ(message({"h", "a"}, extra), "a=1 h=1") << "a quarter will not";
  EXPECT_EQ(extra, 0U);
}

TEST(FieldList, FreeTextIsNotPartOfAShape) {
  FieldList fields;
  fields.add("a", "two words", Kind::kText);
  fields.add("b", "x,y", Kind::kText);
  fields.add("c", "", Kind::kText);
  const Written written(fields, {"a", "b", "c"});
  EXPECT_EQ(written.header.message, "a= b= c= a=\"two words\" b=x,y");
  EXPECT_EQ(written.stated, 0U);
}

TEST(FieldList, AStatedMessageNeedsNoShape) {
  FieldList fields;
  fields.add("msg", "moved", Kind::kText);
  fields.add("a", "1", Kind::kNumber);
  const Written written(fields, {"a"});
  EXPECT_EQ(written.header.message, "moved a=1");
  EXPECT_EQ(written.stated, 5U);
}

TEST(MeaningOfKey, RanksFollowTheRolesOfTheTable) {
  const std::vector<std::vector<std::string>> better_first = {
      {"@timestamp", "timestamp", "time", "ts", "date", "t", "observedTimeUnixNano"},
      {"level", "log.level", "severity", "lvl", "priority", "s", "fields.level"},
      {"message", "msg", "log", "event", "operationName"},
      {"host", "hostname", "host.name", "node", "_hostname"},
      {"logger", "component", "service", "app", "sourceContext", "stream"},
      {"pid", "process_id", "process.pid", "_pid", "syslog_pid"}};
  const std::vector<KeyRole> roles = {KeyRole::kTime, KeyRole::kLevel,     KeyRole::kMessage,
                                      KeyRole::kHost, KeyRole::kComponent, KeyRole::kPid};
  for (std::size_t i = 0; i < roles.size(); ++i) {
    for (std::size_t k = 0; k < better_first[i].size(); ++k) {
      const KeyMeaning meaning = meaning_of_key(better_first[i][k]);
      EXPECT_EQ(meaning.role, roles[i]) << better_first[i][k];
      if (k > 0) {
        EXPECT_GT(meaning.rank, meaning_of_key(better_first[i][k - 1]).rank) << better_first[i][k];
      }
    }
  }
  EXPECT_EQ(meaning_of_key("__REALTIME_TIMESTAM").role, KeyRole::kOther);
  EXPECT_EQ(meaning_of_key("x").role, KeyRole::kOther);
}

}  // namespace
}  // namespace logdetect
