#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/base/rng.h"
#include "parsing/field_list.h"
#include "parsing/json_line.h"
#include "parsing/logfmt_line.h"

namespace logdetect {
namespace {

HeaderParser parser_of(HeaderPlan::Kind kind) {
  HeaderPlan plan;
  plan.kind = kind;
  return HeaderParser(plan);
}

std::string json(std::string_view line) {
  HeaderParser parser = parser_of(HeaderPlan::Kind::kJson);
  return parsed_line(parser, line);
}

std::string logfmt(std::string_view line) {
  HeaderParser parser = parser_of(HeaderPlan::Kind::kLogfmt);
  return parsed_line(parser, line);
}

TEST(Json, UsualKeysInAnyCase) {
  EXPECT_EQ(
      json(
          R"({"@timestamp":"2024-05-06T08:09:10.5Z","LEVEL":"Warn","Message":"slow","host":"fern","logger":"a.B","pid":7})"),
      "2024-05-06T08:09:10.500Z|WARNING|fern|a.B|7|slow");
  EXPECT_EQ(json(R"({"asctime":"2024-05-06 08:09:10,123","levelname":"ERROR","msg":"x","name":"depot"})"),
            "2024-05-06T08:09:10.123Z|ERROR||depot||x");
  EXPECT_EQ(json(R"({"severity":"3","body":"x","hostname":"h","service":"s"})"), "-|ERROR|h|s||x");
  EXPECT_EQ(json(R"({"t":{"$date":"2024-05-06T08:09:10Z"},"s":"W","msg":"x"})"), "2024-05-06T08:09:10Z|WARNING||||x");
}

TEST(Json, NumericTimes) {
  EXPECT_EQ(json(R"({"ts":1714982950.25,"msg":"x"})"), "2024-05-06T08:09:10.250Z|UNKNOWN||||x");
  EXPECT_EQ(json(R"({"ts":1714982950250,"msg":"x"})"), "2024-05-06T08:09:10.250Z|UNKNOWN||||x");
  EXPECT_EQ(json(R"({"ts":1714982950250000,"msg":"x"})"), "2024-05-06T08:09:10.250Z|UNKNOWN||||x");
  EXPECT_EQ(json(R"({"ts":"1714982950","msg":"x"})"), "2024-05-06T08:09:10Z|UNKNOWN||||x");
  EXPECT_EQ(json(R"({"ts":-5,"msg":"x"})"), "-|UNKNOWN||||x ts=-5");
  EXPECT_EQ(json(R"({"ts":1e18,"time":"2024-05-06T08:09:10Z","msg":"x"})"),
            "2024-05-06T08:09:10Z|UNKNOWN||||x ts=1e+18");
}

TEST(Json, NumericLevels) {
  EXPECT_EQ(json(R"({"level":50,"msg":"x"})"), "-|ERROR||||x");
  EXPECT_EQ(json(R"({"level":4,"short_message":"x"})"), "-|WARNING||||x");
  EXPECT_EQ(json(R"({"level":"odd","msg":"x"})"), "-|UNKNOWN||||x level=odd");
}

TEST(Json, OtherKeysFollowSorted) {
  EXPECT_EQ(json(R"({"z":1,"msg":"m","a":true,"b":null,"c":"two words","d":"","e":1.5,"f":"say \"hi\""})"),
            R"(-|UNKNOWN||||m a=true b=null c="two words" d="" e=1.5 f="say \"hi\"" z=1)");
  EXPECT_EQ(json(R"({"b":2,"a":1})"), "-|UNKNOWN||||a=1 b=2");
  EXPECT_EQ(json(R"({"log":{"level":"error","deep":{"x":1}},"list":[1,2],"http":{"status":500},"msg":"m"})"),
            "-|ERROR||||m http.status=500");
}

TEST(Json, DockerLines) {
  EXPECT_EQ(json(R"({"log":"cart 12 is full\n","stream":"stderr","time":"2024-05-06T08:09:10.123456789Z"})"),
            "2024-05-06T08:09:10.123456Z|UNKNOWN||stderr||cart 12 is full");
  EXPECT_EQ(json(R"({"log":"error: \u00e4 \t x","time":"2024-05-06T08:09:10Z"})"),
            "2024-05-06T08:09:10Z|ERROR||||error: \xc3\xa4 \t x");
}

// Metamorphic: the order of the keys does not matter.
TEST(Json, KeyOrderDoesNotMatter) {
  std::vector<std::string> members = {R"("ts":"2024-05-06T08:09:10Z")",
                                      R"("time":"2023-01-01T00:00:00Z")",
                                      R"("level":"info")",
                                      R"("severity":"error")",
                                      R"("msg":"moved")",
                                      R"("message":"lifted")",
                                      R"("zone":"north")",
                                      R"("Zone":"south")",
                                      R"("n":17)",
                                      R"("service":"crane")",
                                      R"("app":"yard")",
                                      R"("k":{"b":1,"a":2})"};
  std::string first;
  Rng rng(9);
  for (int round = 0; round < 200; ++round) {
    for (std::size_t i = members.size() - 1; i > 0; --i) {
      std::swap(members[i], members[rng.next() % (i + 1)]);
    }
    std::string line = "{";
    for (const std::string& member : members) {
      line += (line.size() > 1 ? "," : "") + member;
    }
    const std::string parsed = json(line + "}");
    first = first.empty() ? parsed : first;
    ASSERT_EQ(parsed, first) << line;
  }
  EXPECT_EQ(first,
            "2023-01-01T00:00:00Z|INFO||crane||lifted Zone=south app=yard k.a=2 k.b=1 msg=moved n=17 severity=error "
            "ts=2024-05-06T08:09:10Z zone=north");
}

TEST(Json, WhatIsNoObjectStaysText) {
  for (const std::string_view line : {"{", "{}x", "{\"a\":", "{\"a\":1", "[1,2]", "\"x\"", "{\"a\":1}{\"b\":2}",
                                      "{a:1}", "{\"a\":NaN}", "not json", "{\"a\":\"\xff\"}"}) {
    EXPECT_EQ(json(line), "-|UNKNOWN||||" + std::string(line)) << line;
  }
  EXPECT_EQ(json("2024-05-06 08:09:10 ERROR plain line"), "2024-05-06T08:09:10Z|ERROR||||plain line");
}

TEST(Json, HostileObjects) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "{\"a\":";
  }
  const std::string closed = deep + "1" + std::string(100'000, '}');
  const std::string digits = "{\"n\":" + std::string(100'000, '9') + "}";
  std::string many = "{";
  for (int i = 0; i < 20'000; ++i) {
    many += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
  }
  many += "}";
  JsonLine reader;
  FieldList fields;
  EXPECT_FALSE(reader.read(deep, fields));
  EXPECT_FALSE(reader.read(closed, fields));
  EXPECT_FALSE(reader.read(digits, fields));
  fields.clear();
  ASSERT_TRUE(reader.read(many, fields));
  EXPECT_EQ(fields.size(), 20'000U);
  fields.clear();
  EXPECT_TRUE(reader.read(R"({"a":1,"a":2})", fields));
  // 64 levels are read, more are not
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
      text += "{\"a\":";
    }
    return text + "1" + std::string(depth, '}');
  };
  EXPECT_TRUE(reader.read(nested(60), fields));
  EXPECT_FALSE(reader.read(nested(70), fields));
  fields.clear();
  EXPECT_TRUE(reader.read(R"({"still":"works"})", fields));
}

TEST(Logfmt, PairsQuotesAndBareWords) {
  EXPECT_EQ(logfmt(R"(time=2024-05-06T08:09:10Z level=warn msg="slow \"arm\"" arm=3)"),
            R"(2024-05-06T08:09:10Z|WARNING||||slow "arm" arm=3)");
  EXPECT_EQ(logfmt("level=info msg=hello big world n=1"), "-|INFO||||hello big world n=1");
  EXPECT_EQ(logfmt("ts=2024-05-06 08:09:10 level=info msg=x"), "2024-05-06T08:09:10Z|INFO||||x");
  EXPECT_EQ(logfmt("level=info empty= msg=x"), "-|INFO||||x empty=\"\"");
  EXPECT_EQ(logfmt("b=2 a=1"), "-|UNKNOWN||||a=1 b=2");
}

TEST(Logfmt, WhatIsNoneStaysText) {
  for (const std::string_view line :
       {"", "a=1", "plain words", "x a=1 b=2", "a=\"open b=2", "a=\"x\"y b=2", "=1 b=2", "a=1 ="}) {
    FieldList fields;
    EXPECT_FALSE(read_logfmt(line, fields)) << line;
  }
}

TEST(Structured, BestKeyWins) {
  EXPECT_EQ(meaning_of_key("TimeStamp").role, KeyRole::kTime);
  EXPECT_EQ(meaning_of_key("log.Level").role, KeyRole::kLevel);
  EXPECT_LT(meaning_of_key("message").rank, meaning_of_key("log").rank);
  EXPECT_EQ(meaning_of_key("messages").role, KeyRole::kOther);
  EXPECT_EQ(meaning_of_key("").role, KeyRole::kOther);
  EXPECT_EQ(meaning_of_key(std::string(1000, 'a')).role, KeyRole::kOther);
  EXPECT_EQ(meaning_of_key("__REALTIME_TIMESTAMP").role, KeyRole::kTime);
}

TEST(Logfmt, AuditRecordsAreNamedByTheirType) {
  EXPECT_EQ(logfmt("type=CWD msg=audit(1714982950.250:77): cwd=\"/srv\""),
            "2024-05-06T08:09:10.250Z|UNKNOWN||||CWD cwd=/srv");
  EXPECT_EQ(logfmt("type=USER_LOGIN msg=audit(1714982950.250:78): pid=9 msg='op=login res=failed'"),
            "2024-05-06T08:09:10.250Z|UNKNOWN|||9|USER_LOGIN msg=\"op=login res=failed\"");
  EXPECT_EQ(logfmt("type=CWD msg=audit(x) level=info"), "-|INFO||||audit(x) type=CWD");
}

TEST(Json, OpenTelemetryRecords) {
  EXPECT_EQ(json(R"({"timeUnixNano":"1714982950250000000","severityText":"WARN","body":{"stringValue":"slow"}})"),
            "2024-05-06T08:09:10.250Z|WARNING||||slow");
}

}  // namespace
}  // namespace logdetect
