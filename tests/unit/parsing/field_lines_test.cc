// The edges of the readers of lines that state their fields in a form of their own.
#include "parsing/field_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "header_support.h"

namespace logdetect {
namespace {

using Kind = HeaderPlan::Kind;

std::string read_as(Kind kind, std::string_view line) {
  HeaderPlan plan;
  plan.kind = kind;
  HeaderParser parser(plan);
  return parsed_line(parser, line);
}

std::string cef(std::string_view line) {
  return read_as(Kind::kCef, line);
}

bool is_syslog(std::string_view line) {
  FieldList fields;
  return read_syslog(line, fields);
}

TEST(PayloadBegin, IsAtTheFrontOrBehindABlank) {
  constexpr std::size_t kNone = std::string_view::npos;
  EXPECT_EQ(payload_begin("{\"a\":1}"), 0U);
  EXPECT_EQ(payload_begin("x {\"a\":1}"), 2U);
  EXPECT_EQ(payload_begin("x\t{\"a\":1}"), 2U);
  EXPECT_EQ(payload_begin("x{\"a\":1}"), kNone);
  EXPECT_EQ(payload_begin("x {\"a\":1} y"), kNone) << "an object goes to the end";
  EXPECT_EQ(payload_begin("x CEF:0|a"), 2U);
  EXPECT_EQ(payload_begin("x CEF:1|a"), 2U);
  EXPECT_EQ(payload_begin("x CEF:2|a"), kNone);
  EXPECT_EQ(payload_begin("x LEEF:1.0|a"), 2U);
  EXPECT_EQ(payload_begin("x"), kNone);
  EXPECT_EQ(payload_begin(""), kNone);
}

TEST(PayloadBegin, LooksAt256Bytes) {
  const std::string object = "{\"a\":1}";
  EXPECT_EQ(payload_begin(std::string(254, ' ') + object), 254U);
  EXPECT_EQ(payload_begin(std::string(255, ' ') + object), std::string_view::npos);
}

TEST(ReadSyslog, ThePriorityGivesTheLevel) {
  const std::vector<std::pair<std::string, std::string>> levels = {{"3", "ERROR"},   {"4", "WARNING"}, {"6", "INFO"},
                                                                   {"7", "DEBUG"},   {"11", "ERROR"},  {"15", "DEBUG"},
                                                                   {"191", "DEBUG"}, {"28", "WARNING"}};
  for (const auto& [priority, level] : levels) {
    EXPECT_EQ(read_as(Kind::kSyslog, "<" + priority + ">1 - - - - - - moved"), "-|" + level + "||||moved");
    EXPECT_EQ(read_as(Kind::kSyslog, "<" + priority + ">moved"), "-|" + level + "||||moved");
  }
}

TEST(ReadSyslog, APriorityHasUpToThreeDigits) {
  EXPECT_TRUE(is_syslog("<0>moved"));
  EXPECT_TRUE(is_syslog("<191>moved"));
  EXPECT_FALSE(is_syslog("<192>moved")) << "of 24 facilities";
  EXPECT_FALSE(is_syslog("<0191>moved"));
  EXPECT_FALSE(is_syslog("<1x>moved"));
  EXPECT_FALSE(is_syslog("<>moved"));
  EXPECT_FALSE(is_syslog("<12"));
  EXPECT_FALSE(is_syslog("12>moved"));
  EXPECT_FALSE(is_syslog(""));
}

TEST(ReadSyslog, FieldsStandInTheirPlaces) {
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 2024-05-06T08:09:10Z gate billing 47 ID9 - moved"),
            "2024-05-06T08:09:10Z|WARNING|gate|billing|47|moved");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - - billing - - - moved"), "-|WARNING||billing||moved");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - gate - - - - moved"), "-|WARNING|gate|||moved");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - - - 47 - - moved"), "-|WARNING|||47|moved");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 -  billing 47 ID9 - moved"), "-|WARNING||billing|47|moved") << "no host";
}

TEST(ReadSyslog, WithoutATextTheMessageIsTheId) {
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - - - - ID9 -"), "-|WARNING||||ID9");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - - - - ID9 [x a=\"1\"]"), "-|WARNING||||ID9 a=1");
  EXPECT_EQ(read_as(Kind::kSyslog, "<12>1 - - - - - [x a=\"1\"]"), "-|WARNING||||a=1");
}

TEST(ReadSyslog, StructuredDataIsADashOrGroups) {
  EXPECT_TRUE(is_syslog("<1>1 t h a p i -"));
  EXPECT_TRUE(is_syslog("<1>1 t h a p i - m"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i -m"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i m"));
  EXPECT_TRUE(is_syslog("<1>1 t h a p i [x]"));
  EXPECT_TRUE(is_syslog("<1>1 t h a p i [x][y a=\"1\"] m"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x ="));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x =\"1\"]"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x a=1]"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x a=\"1\""));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x a=\"1\"y]"));
  const std::string key(64, 'k');
  EXPECT_TRUE(is_syslog("<1>1 t h a p i [x " + key + "=\"1\"]"));
  EXPECT_FALSE(is_syslog("<1>1 t h a p i [x " + key + "k=\"1\"]"));
}

TEST(ReadCef, TheSeverityGivesTheLevel) {
  const std::vector<std::pair<std::string, std::string>> levels = {{"0", "INFO"},     {"3", "INFO"},
                                                                   {"4", "WARNING"},  {"6", "WARNING"},
                                                                   {"7", "ERROR"},    {"8", "ERROR"},
                                                                   {"9", "CRITICAL"}, {"10", "CRITICAL"},
                                                                   {"03", "INFO"},    {"07", "ERROR"},
                                                                   {"Low", "INFO"},   {"Medium", "WARNING"},
                                                                   {"High", "ERROR"}, {"Very-High", "CRITICAL"},
                                                                   {" 7 ", "ERROR"}};
  for (const auto& [severity, level] : levels) {
    EXPECT_EQ(cef("CEF:0|Yard|Gate|2|104|bent|" + severity + "|"), "-|" + level + "||Gate||bent") << severity;
  }
  EXPECT_EQ(cef("CEF:0|Yard|Gate|2|104|bent|odd|"), "-|UNKNOWN||Gate||bent severity=odd");
  EXPECT_EQ(cef("CEF:0|Yard|Gate|2|104|bent|100|"), "-|UNKNOWN||Gate||bent severity=100");
}

TEST(ReadCef, TheHeadHasSevenParts) {
  EXPECT_EQ(cef("CEF:0|Yard|Gate|2|104|bent|3"), "-|INFO||Gate||bent") << "the last bar may be left out";
  EXPECT_EQ(cef("CEF:0|Yard|Gate|2|104|bent"), "-|UNKNOWN||||CEF:0|Yard|Gate|2|104|bent");
  EXPECT_EQ(cef("fern CEF:0|Yard|Gate|2|104|bent|3|"), "-|INFO|fern|Gate||bent");
  EXPECT_EQ(cef("- CEF:0|Yard|Gate|2|104|bent|3|"), "-|INFO||Gate||bent");
  EXPECT_EQ(cef(R"(CEF:0|Yard|Gate\|2\\|2|104|a\|b|3|)"), R"(-|INFO||Gate|2\||a|b)");
  EXPECT_EQ(cef("moved a box"), "-|UNKNOWN||||moved a box");
}

TEST(ReadCef, AValueEndsBeforeTheNextKey) {
  const std::string head = "CEF:0|Yard|Gate|2|104|bent|3|";
  const std::string read = "-|INFO||Gate||bent";
  EXPECT_EQ(cef(head + "a=1 b=2"), read + " a=1 b=2");
  EXPECT_EQ(cef(head + "a=one two b=2"), read + " a=\"one two\" b=2");
  EXPECT_EQ(cef(head + "a= b=2"), read + " a=\"\" b=2");
  EXPECT_EQ(cef(head + "  a=1  "), read + " a=1");
  EXPECT_EQ(cef(head + "a.b-c[0]_d=1"), read + " a.b-c[0]_d=1");
  EXPECT_EQ(cef(head + "a=x\\=y"), read + " a=\"x=y\"");
  EXPECT_EQ(cef(head + "a=x\\ny\\rz\\\\"), read + " a=\"x\ny\rz\\\\\"");
  EXPECT_EQ(cef(head + "a=x\\"), read + " a=x\\");
  EXPECT_EQ(cef(head + "no pair"), read + " rest=\"no pair\"");
  EXPECT_EQ(cef(head + "dvchost=fern"), "-|INFO|fern|Gate||bent");
  EXPECT_EQ(cef(head + "dvchost=1234567890123456789"), read + " dvchost=1234567890123456789") << "a number";
  EXPECT_EQ(cef(head + "dvchost=12345678901234567890"), "-|INFO|12345678901234567890|Gate||bent");
  EXPECT_EQ(cef(head + "rt=1714982950000"), "2024-05-06T08:09:10Z|INFO||Gate||bent");
  const std::string key(63, 'k');
  EXPECT_EQ(cef(head + "a=1 " + key + "=2"), read + " a=1 " + key + "=2");
  EXPECT_EQ(cef(head + "a=1 " + key + "kk=2"), read + " a=\"1 " + key + "kk=2\"") << "too long for a key";
}

TEST(ReadLeef, PairsArePartedByTabsOrWhatIsGiven) {
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2|bent|a=1\tb=x y"), "-|UNKNOWN||Gate||bent a=1 b=\"x y\"");
  EXPECT_EQ(cef("LEEF:2.0|Yard|Gate|2|bent|^|a=1^b=2"), "-|UNKNOWN||Gate||bent a=1 b=2");
  EXPECT_EQ(cef("LEEF:2.0|Yard|Gate|2|bent|;|a=1;b=2"), "-|UNKNOWN||Gate||bent a=1 b=2");
  EXPECT_EQ(cef("LEEF:2.0|Yard|Gate|2|bent||a=1\tb=2"), "-|UNKNOWN||Gate||bent a=1 b=2");
  EXPECT_EQ(cef("LEEF:2.0|Yard|Gate|2|bent|a"), "-|UNKNOWN||||LEEF:2.0|Yard|Gate|2|bent|a") << "no delimiter";
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2"), "-|UNKNOWN||||LEEF:1.0|Yard|Gate|2");
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2|bent|"), "-|UNKNOWN||Gate||bent");
}

TEST(ReadLeef, KeysMayMeanTimeLevelAndHost) {
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2|bent|sev=9\tdvchost=fern\tdevTime=1714982950000"),
            "2024-05-06T08:09:10Z|CRITICAL|fern|Gate||bent");
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2|bent|=1\tword\tb=2"), "-|UNKNOWN||Gate||bent b=2") << "no keys";
  const std::string key(64, 'k');
  EXPECT_EQ(cef("LEEF:1.0|Yard|Gate|2|bent|" + key + "=1\t" + key + "k=2"), "-|UNKNOWN||Gate||bent " + key + "=1");
}

TEST(ReadJournal, KeysAreCapitalsDigitsAndUnderscores) {
  const auto journal = [](const std::string& lines) { return read_as(Kind::kJournal, "__CURSOR=s\n" + lines); };
  EXPECT_EQ(journal("MESSAGE=moved\nA_1=x"), "-|UNKNOWN||||moved A_1=x");
  EXPECT_EQ(journal("MESSAGE=moved\na=x\n=x\nB C=x"), "-|UNKNOWN||||moved");
  const std::string key(64, 'K');
  EXPECT_EQ(journal("MESSAGE=moved\n" + key + "=1\n" + key + "K=2"), "-|UNKNOWN||||moved " + key + "=1");
  EXPECT_EQ(journal("MESSAGE=moved\n_UID=0\nSYSLOG_FACILITY=3\nPRIORITY=4"), "-|WARNING||||moved")
      << "what the journal notes of every entry";
  EXPECT_EQ(read_as(Kind::kJournal, "MESSAGE=moved\n__CURSOR=s"), "-|UNKNOWN||||MESSAGE=moved\n__CURSOR=s");
  FieldList fields;
  EXPECT_FALSE(read_journal("__CURSOR=s\nJOB=1", fields)) << "neither message nor time";
  EXPECT_TRUE(read_journal("__REALTIME_TIMESTAMP=1714982950000000", fields));
}

TEST(ReadJournal, ABinaryValueHasItsLengthInEightBytes) {
  const auto binary = [](std::size_t size, const std::string& value) {
    std::string out = "__CURSOR=s\nMESSAGE\n";
    for (int i = 0; i < 8; ++i) {
      out += static_cast<char>(static_cast<unsigned char>(size >> (8 * i)));
    }
    return read_as(Kind::kJournal, out + value + "\nJOB=1");
  };
  EXPECT_EQ(binary(3, "a\nb"), "-|UNKNOWN||||a\nb JOB=1");
  EXPECT_EQ(binary(259, std::string(259, 'x')), "-|UNKNOWN||||" + std::string(259, 'x') + " JOB=1");
  FieldList fields;
  EXPECT_TRUE(read_journal(std::string("__A=1\nMESSAGE\n\x01\0\0\0\0\0\0\0x", 23), fields));
  EXPECT_EQ(fields.value_of("MESSAGE"), "x");
  fields.clear();
  EXPECT_FALSE(read_journal(std::string("__A=1\nMESSAGE\n\0\0\0\0\0\0\0\0", 22), fields)) << "nothing follows it";
}

TEST(ReadContainer, LinesThatTheRunTimeCutArePutTogether) {
  const std::string full = "2024-05-06T08:09:10.5Z stderr F ";
  const std::string part = "2024-05-06T08:09:11.5Z stderr P ";
  const auto container = [](const std::string& text) { return read_as(Kind::kContainer, text); };
  EXPECT_EQ(container(full + "moved"), "2024-05-06T08:09:10.500Z|UNKNOWN||stderr||moved");
  EXPECT_EQ(container(full + "a\n" + full + "b"), "2024-05-06T08:09:10.500Z|UNKNOWN||stderr||a\nb");
  EXPECT_EQ(container(part + "a\n" + full + "b"), "2024-05-06T08:09:11.500Z|UNKNOWN||stderr||ab");
  EXPECT_EQ(container(full + "a\nplain"), "2024-05-06T08:09:10.500Z|UNKNOWN||stderr||a\nplain");
  EXPECT_EQ(container("web-1  | a\nweb-1  | b"), "-|UNKNOWN|web-1|||a\nb");
  EXPECT_EQ(container("plain\n" + full + "a"), "-|UNKNOWN||||plain\n" + full + "a");
  FieldList fields;
  std::string message;
  EXPECT_FALSE(read_container("", fields, message));
  EXPECT_EQ(fields.size(), 0U);
}

}  // namespace
}  // namespace logdetect
