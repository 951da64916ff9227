#include "logdetect/report/encode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "logdetect/base/rng.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "unit/report/csv_reader.h"
#include "unit/report/samples.h"

namespace logdetect {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}
std::string csv_field(std::string_view text, bool guard = false) {
  std::string out;
  append_csv_field(out, text, guard);
  return out;
}
template <typename Number>
std::string number(Number value) {
  std::string out;
  append_json_number(out, value);
  return out;
}
std::string time_text(Micros time) {
  std::string out;
  append_rfc3339(out, time);
  return out;
}

std::string random_bytes(Rng& rng, std::size_t size) {
  // Heavy on what encoders treat specially.
  static constexpr std::string_view kLikely =
      "\"\\,\r\n\t \0=+-@'\x1b\x7f\x80\xc2\x9b\xe2\x80\xae\xef\xbb\xbf\xf0\x9f\x94\xa5";
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) {
    bytes += rng.below(2) == 0 ? kLikely[rng.below(kLikely.size())] : static_cast<char>(rng.below(256));
  }
  return bytes;
}

TEST(JsonString, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(json_string("plain text"), R"("plain text")");
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\n\r\t"), R"("\n\r\t")");
  EXPECT_EQ(json_string(std::string_view("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
  EXPECT_EQ(json_string("\xe2\x80\xa8\xe2\x80\xa9"), R"("\u2028\u2029")");
  EXPECT_EQ(json_string("\xe2\x80\xae"), R"("\u202e")");
  EXPECT_EQ(json_string("\xf3\xa0\x80\x81"), R"("\udb40\udc01")");  // a language tag character
  EXPECT_EQ(json_string("na\xc3\xafve \xf0\x9f\x94\xa5"), "\"na\xc3\xafve \xf0\x9f\x94\xa5\"");
}

TEST(JsonString, ReplacesIllFormedBytes) {
  EXPECT_EQ(json_string("a\xff"
                        "b"),
            "\"a\xef\xbf\xbd"
            "b\"");
  EXPECT_EQ(json_string("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(json_string("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(json_string("cut \xe2\x82"), "\"cut \xef\xbf\xbd\xef\xbf\xbd\"");
}

TEST(JsonString, AnyBytesReadBackAsTheirValidForm) {
  Rng rng(7);
  for (int round = 0; round < 3000; ++round) {
    const std::string bytes = random_bytes(rng, rng.below(40));
    const std::string encoded = json_string(bytes);
    const nlohmann::json parsed = nlohmann::json::parse(encoded, nullptr, false);
    ASSERT_TRUE(parsed.is_string()) << escape_for_terminal(encoded);
    ASSERT_EQ(parsed.get<std::string>(), to_valid_utf8(bytes));
    for (const char c : encoded) {
      ASSERT_GE(static_cast<unsigned char>(c), 0x20U);
      ASSERT_NE(c, '\x7f');
    }
    ASSERT_EQ(escape_for_terminal(encoded), encoded) << "something in it would move a terminal";
  }
}

TEST(CsvField, QuotesByRfc4180) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field(" padded"), "\" padded\"");
  EXPECT_EQ(csv_field("padded "), "\"padded \"");
  EXPECT_EQ(csv_field("in between"), "in between");
}

TEST(CsvField, KeepsControlCharactersOut) {
  EXPECT_EQ(csv_field(std::string_view("a\0b", 3)), "a\\0b");
  EXPECT_EQ(csv_field("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(csv_field("\xc2\x9b"
                      "2J"),
            "\\u009b2J");
  EXPECT_EQ(csv_field("\x7f"), "\\x7f");
  EXPECT_EQ(csv_field("\xff"), "\xef\xbf\xbd");
}

TEST(CsvField, DisarmsFormulasButNotNumbers) {
  EXPECT_EQ(csv_field("=1+1", true), "'=1+1");
  EXPECT_EQ(csv_field("@SUM(A1)", true), "'@SUM(A1)");
  EXPECT_EQ(csv_field("+cmd|x", true), "'+cmd|x");
  EXPECT_EQ(csv_field("-2+3", true), "'-2+3");
  EXPECT_EQ(csv_field("-inf", true), "'-inf");
  EXPECT_EQ(csv_field("-12.5", true), "-12.5");
  EXPECT_EQ(csv_field("+3", true), "+3");
  EXPECT_EQ(csv_field("\tx", true), "\"'\tx\"");
  EXPECT_EQ(csv_field("=1,2", true), "\"'=1,2\"");
  EXPECT_EQ(csv_field("=1+1", false), "=1+1");
}

TEST(CsvField, AnyBytesStayOneField) {
  Rng rng(11);
  for (int round = 0; round < 3000; ++round) {
    const std::string bytes = random_bytes(rng, rng.below(40));
    const bool guard = rng.below(2) == 0;
    const std::string row = csv_field(bytes, guard) + ',' + csv_field("end", guard) + '\n';
    const std::optional<std::vector<std::vector<std::string>>> rows = samples::read_csv(row);
    ASSERT_TRUE(rows.has_value()) << escape_for_terminal(row);
    ASSERT_EQ(rows->size(), 1U);
    ASSERT_EQ((*rows)[0].size(), 2U);
    ASSERT_EQ((*rows)[0][1], "end");
    const std::string& field = (*rows)[0][0];
    ASSERT_EQ(field, to_valid_utf8(field));
    ASSERT_EQ(field.find('\x1b'), std::string::npos);
    ASSERT_EQ(field.find('\0'), std::string::npos);
    if (guard && !field.empty()) {
      ASSERT_EQ(std::string_view("=@\t\r").find(field[0]), std::string_view::npos);
    }
  }
}

TEST(JsonNumber, IsShortestAndNeverNan) {
  EXPECT_EQ(number(0.1), "0.1");
  EXPECT_EQ(number(5.0), "5");
  EXPECT_EQ(number(1e22), "1e+22");
  EXPECT_EQ(number(0.7F), "0.7");
  EXPECT_EQ(number(std::uint64_t{18'446'744'073'709'551'615U}), "18446744073709551615");
  EXPECT_EQ(number(std::nan("")), "null");
  EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(number(std::numeric_limits<float>::infinity()), "null");
}

TEST(JsonNumber, ReadsBackAsTheSameDouble) {
  Rng rng(3);
  for (int round = 0; round < 2000; ++round) {
    const double value = std::ldexp(rng.uniform() - 0.5, static_cast<int>(rng.below(600)) - 300);
    const nlohmann::json parsed = nlohmann::json::parse(number(value), nullptr, false);
    ASSERT_TRUE(parsed.is_number());
    ASSERT_EQ(parsed.get<double>(), value);
  }
}

TEST(Time, IsRfc3339InUtc) {
  EXPECT_EQ(time_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(time_text(samples::kMorning), "2024-01-15T03:42:15Z");
  EXPECT_EQ(time_text(samples::kMorning + 250'000), "2024-01-15T03:42:15.250Z");
  EXPECT_EQ(time_text(samples::kMorning + 1), "2024-01-15T03:42:15.000001Z");
  EXPECT_EQ(time_text(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(time_text(951'782'400LL * kMicrosPerSecond), "2000-02-29T00:00:00Z");
  EXPECT_EQ(time_text(std::numeric_limits<Micros>::max()), "9999-12-31T23:59:59Z");
  EXPECT_EQ(time_text(std::numeric_limits<Micros>::min()), "0000-01-01T00:00:00Z");
}

TEST(CsvField, ControlCharactersEndWhereLatinLettersBegin) {
  const auto field = [](std::string_view text) {
    std::string out;
    append_csv_field(out, text, false);
    return out;
  };
  EXPECT_EQ(field("a\u009fb").find("\u009f"), std::string::npos);
  EXPECT_EQ(field("a\u00a0b"), "a\u00a0b");
  EXPECT_EQ(field("a\u00e9b"), "a\u00e9b");
  EXPECT_EQ(field("a\x7f"
                  "b")
                .find('\x7f'),
            std::string::npos);
}

TEST(JsonString, HiddenCharactersBeyondTheFirstPlaneAreAPairOfEscapes) {
  std::string out;
  append_json_string(out, "\U000e0041\U0001f525\uffe8");
  EXPECT_EQ(out, "\"\\udb40\\udc41\U0001f525\uffe8\"");
}

}  // namespace
}  // namespace logdetect
