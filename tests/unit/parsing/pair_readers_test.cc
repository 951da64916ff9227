// The edges of the readers of key=value lines and of objects.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "parsing/field_list.h"
#include "parsing/json_line.h"
#include "parsing/logfmt_line.h"

namespace logdetect {
namespace {

/// The pairs of a line, sorted; "none" if it is no such line.
std::string logfmt(std::string_view line) {
  FieldList fields;
  if (!read_logfmt(line, fields)) {
    return "none";
  }
  std::string pairs;
  fields.append_pairs(pairs);
  return pairs;
}

std::string json(JsonLine& reader, std::string_view line) {
  FieldList fields;
  if (!reader.read(line, fields)) {
    return "none";
  }
  std::string pairs;
  fields.append_pairs(pairs);
  return pairs;
}

std::string json(std::string_view line) {
  JsonLine reader;
  return json(reader, line);
}

TEST(ReadLogfmt, TakesTwoPairsAndMore) {
  EXPECT_EQ(logfmt("a=1 b=2"), "a=1 b=2");
  EXPECT_EQ(logfmt("  a=1   b=2  "), "a=1 b=2");
  EXPECT_EQ(logfmt("a=1\nb=2"), "a=1 b=2");
  EXPECT_EQ(logfmt("a=1"), "none");
  EXPECT_EQ(logfmt("a= b="), "a=\"\" b=\"\"");
  EXPECT_EQ(logfmt("a=1 b="), "a=1 b=\"\"");
}

TEST(ReadLogfmt, AKeyBeginsWithALetterOrAMark) {
  EXPECT_EQ(logfmt("_a=1 @b=2"), "@b=2 _a=1");
  EXPECT_EQ(logfmt("a.b-c/d@e1=1 b=2"), "a.b-c/d@e1=1 b=2");
  EXPECT_EQ(logfmt("1a=1 b=2"), "none");
  EXPECT_EQ(logfmt("-a=1 b=2"), "none");
  EXPECT_EQ(logfmt("a=1 2b=2 c=3"), "a=\"1 2b=2\" c=3") << "no key: part of the value";
  EXPECT_EQ(logfmt("a+=1 b=2"), "none");
}

TEST(ReadLogfmt, AKeyHasUpTo64Bytes) {
  const std::string key(64, 'k');
  EXPECT_EQ(logfmt(key + "=1 b=2"), "b=2 " + key + "=1");
  EXPECT_EQ(logfmt("k" + key + "=1 b=2"), "none");
}

TEST(ReadLogfmt, WordsWithoutEqualsBelongToTheValueBefore) {
  EXPECT_EQ(logfmt("a=one two  three b=2"), "a=\"one two  three\" b=2");
  EXPECT_EQ(logfmt("a=1 b=two three "), "a=1 b=\"two three\"");
  EXPECT_EQ(logfmt("a=\"x\" words b=2"), "none") << "behind quotes a key must follow";
}

TEST(ReadLogfmt, QuotesUndoBackslashes) {
  EXPECT_EQ(logfmt(R"(a="x\ny" b=2)"), "a=\"x\ny\" b=2");
  EXPECT_EQ(logfmt(R"(a="x\ty" b=2)"), "a=\"x\ty\" b=2");
  EXPECT_EQ(logfmt(R"(a="x\\" b=2)"), R"(a=x\ b=2)");
  EXPECT_EQ(logfmt(R"(a="\q" b=2)"), "a=q b=2");
  EXPECT_EQ(logfmt(R"(b=2 a="x")"), "a=x b=2");
  EXPECT_EQ(logfmt(R"(b=2 a="")"), "a=\"\" b=2");
  EXPECT_EQ(logfmt(R"(b=2 a="x\)"), "none");
  EXPECT_EQ(logfmt(R"(b=2 a="x)"), "none");
  EXPECT_EQ(logfmt(R"(b=2 a="x"y)"), "none");
  EXPECT_EQ(logfmt("a='x y' b=2"), "a=\"'x y'\" b=2") << "single quotes are letters";
}

TEST(ReadLogfmt, AnAuditStampIsTheTimeOfTheEvent) {
  EXPECT_EQ(logfmt("type=CWD msg=audit(17.25:7): a='x y'"), "a=\"x y\" event=CWD time=17.25");
  EXPECT_EQ(logfmt("type=CWD msg=audit(17.25:7) a=1"), "a=1 msg=audit(17.25:7) type=CWD");
  EXPECT_EQ(logfmt("type=CWD msg=audit(17x:7): a=1"), "a=1 msg=audit(17x:7): type=CWD");
  EXPECT_EQ(logfmt("type=CWD msg=audit(:7): a=1"), "a=1 msg=audit(:7): type=CWD");
  EXPECT_EQ(logfmt("type=CWD msg=audit(17): a=1"), "a=1 msg=audit(17): type=CWD");
  EXPECT_EQ(logfmt("type=CWD key=audit(17.25:7): a=1"), "a=1 key=audit(17.25:7): type=CWD");
  EXPECT_EQ(logfmt("a=1 type=CWD msg=audit(17.25:7):"), "a=1 time=17.25 type=CWD") << "a type further back is a pair";
  EXPECT_EQ(logfmt("type=CWD a=1"), "a=1 type=CWD");
}

TEST(JsonLine, NumbersKeepTheirValue) {
  EXPECT_EQ(json(R"({"a":18446744073709551615,"b":-9223372036854775808,"c":0.25,"d":-0.5e-3})"),
            "a=18446744073709551615 b=-9223372036854775808 c=0.25 d=-5e-04");
  EXPECT_EQ(json(R"({"a":1e999})"), "none");
  EXPECT_EQ(json(R"({"a":1.7976931348623157e308})"), "a=1.7976931348623157e+308");
}

TEST(JsonLine, ScalarsOfTwoLevelsAreRead) {
  EXPECT_EQ(json(R"({"a":true,"b":false,"c":null,"d":"x"})"), "a=true b=false c=null d=x");
  EXPECT_EQ(json(R"({"a":{"b":1,"c":[1],"d":{"e":2}},"f":[{"g":3}]})"), "a.b=1");
  EXPECT_EQ(json("{}"), "");
  EXPECT_EQ(json(" \t{}\r\n"), "");
  EXPECT_EQ(json("{"), "none");
  EXPECT_EQ(json("}"), "none");
  EXPECT_EQ(json(""), "none");
  EXPECT_EQ(json("[]"), "none");
}

TEST(JsonLine, NestsUpTo64Deep) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
      text += "{\"a\":";
    }
    return text + "1" + std::string(depth, '}');
  };
  EXPECT_EQ(json(nested(2)), "a.a=1");
  EXPECT_EQ(json(nested(63)), "");
  EXPECT_EQ(json(nested(65)), "none");
}

// Property: one reader reads lines of all lengths in any order as a fresh one does.
TEST(JsonLine, IsReadyForAnyLineAfterAnyOther) {
  JsonLine reader;
  for (const std::size_t size :
       {1U, 4084U, 4085U, 4087U, 4088U, 4089U, 4096U, 10U, 9000U, 8000U, 40'000U, 3U, 17'000U}) {
    const std::string value(size, 'x');
    std::string line = "{\"a\":\"";
    line += value;
    line += "\"}";
    EXPECT_EQ(json(reader, line), "a=" + value) << size;
    EXPECT_EQ(json(reader, "{\"a\":"), "none");
  }
}

}  // namespace
}  // namespace logdetect
