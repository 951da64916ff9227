#include "mining/value_scanner.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/rng.h"
#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

std::uint16_t classes_of(std::string_view chunk) {
  std::uint16_t classes = 0;
  for (const char c : chunk) {
    classes |= char_class(c);
  }
  return classes;
}

/// "kind:text" of a value in a text, or "-".
std::string shown(std::string_view text, const ValueSpan& value) {
  if (!value.found()) {
    return "-";
  }
  return std::string(mask_name(value.kind)) + ":" + std::string(text.substr(value.begin, value.end - value.begin));
}

/// The long value at `at` of a text.
std::string long_value(std::string_view text, std::size_t at = 0) {
  std::size_t end = at;
  while (end < text.size() && (char_class(text[end]) & (kSpaceChar | kBreakChar)) == 0) {
    ++end;
  }
  return shown(text, match_long_value(text, at, end, classes_of(text.substr(at, end - at))));
}
std::string value(std::string_view chunk) {
  return shown(chunk, find_value(chunk, classes_of(chunk)));
}
std::string colon_value(std::string_view chunk) {
  return shown(chunk, match_colon_value(chunk));
}

TEST(LongValue, NamedDates) {
  for (const char* date :
       {"Mon Jan  2 15:04:05 2006", "Mon, Jan 2 15:04:05 2006", "Monday January 22 15:04:05", "Jan 2 2006 15:04:05",
        "Jan 2, 2006 15:04:05", "Jan 22 15:04:05", "2 Jan 2006 15:04:05", "22 January 15:04:05.123456789",
        "Dec 31 5:04:05,747", "Jan 2 15:04:05 2006", "31 Dec 2024  15:04:05"}) {
    EXPECT_EQ(long_value(date), "<TIME>:" + std::string(date));
    EXPECT_EQ(long_value(std::string(date) + "]"), "<TIME>:" + std::string(date));
    EXPECT_EQ(long_value("at " + std::string(date) + " it went", 3), "<TIME>:" + std::string(date));
  }
  EXPECT_EQ(long_value("Jan 2 15:04:05 20067"), "<TIME>:Jan 2 15:04:05") << "no year";
  EXPECT_EQ(long_value("Jan 2 15:04:05 200 x"), "<TIME>:Jan 2 15:04:05");
  EXPECT_EQ(long_value("Jan 2 15:04:05. It"), "<TIME>:Jan 2 15:04:05");
  EXPECT_EQ(long_value("Jan 2 15:04:05.x9"), "<TIME>:Jan 2 15:04:05");
  for (const char* text : {"Jan",
                           "Jan 2",
                           "Jan 2006 15:04:05",
                           "Jan 222 15:04:05",
                           "Jan 2 15:04",
                           "Jan 2 15:4:05",
                           "Jan 2 15:04:5",
                           "Jan 2 15:04:056",
                           "Jan 2 15:04:05x",
                           "Mon 2 15:04:05",
                           "Mon Mon 2 15:04:05",
                           "Monday",
                           "Mon,Jan 2 15:04:05",
                           "Jan2 15:04:05",
                           "222 Jan 15:04:05",
                           "2 Foo 15:04:05",
                           "Jan x 15:04:05",
                           "Jan 2x15:04:05",
                           "Jan 2 123:04:05",
                           "Jan 2 15:04:05.1234567890"}) {
    EXPECT_NE(long_value(text).substr(0, 6), "<TIME>") << text;
  }
}

TEST(LongValue, NumericDates) {
  for (const char* date : {"2024-01-15 03:42:18", "2024/01/15 03:42:18", "2024-1-5T3:42:18.123Z",
                           "2024-01-15:03:42:18,747", "2024-5-6 03:42:18"}) {
    EXPECT_EQ(long_value(date), "<TIME>:" + std::string(date));
    EXPECT_EQ(long_value(std::string(date) + " x"), "<TIME>:" + std::string(date));
  }
  for (const char* text :
       {"2024-01-15", "2024-01-15  03:42:18", "2024-01/15 03:42:18", "2024-01-15 03:42", "2024-01-15 03:42:18x",
        "20240-1-15 03:42:18", "202-01-15 03:42:18", "2024.01.15x 03:42:18", "2024-123-1 03:42:18"}) {
    EXPECT_EQ(long_value(text), "-") << text;
  }
}

TEST(LongValue, Urls) {
  for (const char* url :
       {"http://a", "https://example.org/a?b=c&d=e#f", "git+ssh://u@h:22/x", "a.b-c://d", "x1://(y"}) {
    EXPECT_EQ(long_value(url), "<URL>:" + std::string(url));
    for (const char* behind : {" x", "\"", "'", "<", ">", ",", ";", ")", "]", ": x", ". x", ".:. x", "\tx"}) {
      EXPECT_EQ(long_value(url + std::string(behind)), "<URL>:" + std::string(url)) << url << behind;
    }
  }
  EXPECT_EQ(long_value("http://a/b HTTP/1.1\""), "<URL>:http://a/b HTTP/1.1");
  EXPECT_EQ(long_value("http://a/b HTTP/2 x"), "<URL>:http://a/b HTTP/2");
  EXPECT_EQ(long_value("http://a/b HTTP/1.x"), "<URL>:http://a/b");
  EXPECT_EQ(long_value("http://a/b HTTP/x"), "<URL>:http://a/b");
  EXPECT_EQ(long_value("http://a/b HTTP/11"), "<URL>:http://a/b");
  for (const char* text : {"://a", "http:/a", "http://", "http://: x", "1http://a", "ht_tp://a", "ht@tp://a/b"}) {
    EXPECT_EQ(long_value(text), "-") << text;
  }
}

TEST(LongValue, TargetsOfRequests) {
  EXPECT_EQ(long_value("/a/b?x=1&y=(2) z"), "<PATH>:/a/b?x=1&y=(2)");
  EXPECT_EQ(long_value("/a/b?x=1 HTTP/1.1\" 200"), "<PATH>:/a/b?x=1 HTTP/1.1");
  for (const char* end : {"\"", "'", "<", ">", " "}) {
    EXPECT_EQ(long_value("/a?x" + std::string(end) + "more"), "<PATH>:/a?x") << end;
  }
  EXPECT_EQ(long_value("/a HTTP/1.0"), "<PATH>:/a HTTP/1.0");
  EXPECT_EQ(long_value("/ HTTP/2"), "<PATH>:/ HTTP/2");
  EXPECT_EQ(long_value("/a/b"), "-") << "the chunk alone says as much";
  EXPECT_EQ(long_value("/a/b more?"), "-");
}

TEST(LongValue, PlainNumbers) {
  for (const char* number : {"7", "1234567890", "-17", "+4", "3.25", "95%", "-0.5%", "1.2.3"}) {
    EXPECT_EQ(long_value(number), "<NUM>:" + std::string(number));
  }
  for (const char* text : {"-", "%", "+%", ".5", "5.", "--5", "10.0.0.1", "5#", "5_", "5/6"}) {
    EXPECT_EQ(long_value(text), "-") << text;
  }
}

TEST(Unit, IsOfBytesWithOrWithoutARate) {
  struct Row {
    const char* text;
    std::size_t length;
  };
  for (const Row& row :
       {Row{"B", 1},   Row{"KB", 2},      Row{"MB x", 2},  Row{"GB.", 2},  Row{"TB", 2},         Row{"KiB", 3},
        Row{"B/s", 3}, Row{"MiB/sec", 7}, Row{"KB/s,", 4}, Row{"KB/x", 2}, Row{"KB/seconds", 2}, Row{"KB/second", 2},
        Row{"", 0},    Row{"K", 0},       Row{"Ki", 0},    Row{"iB", 0},   Row{"PB", 0},         Row{"KBx", 0},
        Row{"KB_", 0}, Row{"KB5", 0},     Row{"b", 0},     Row{"KMB", 0},  Row{"KiiB", 0}}) {
    EXPECT_EQ(match_unit(row.text, 0), row.length) << row.text;
    EXPECT_EQ(match_unit("12 " + std::string(row.text), 3), row.length) << row.text;
  }
  EXPECT_EQ(match_unit("KB", 2), 0U);
}

// Against the definition, digit by digit.
TEST(HexRun, HasSixAndMoreDigitsOfBothSortsOrAPrefix) {
  Rng rng(3);
  for (int round = 0; round < 5000; ++round) {
    std::string run;
    for (std::uint64_t n = 1 + rng.below(9); n > 0; --n) {
      run += "0123456789abcdefABCDEF09"[rng.below(24)];
    }
    const bool digit = run.find_first_of("0123456789") != std::string::npos;
    const bool letter = run.find_first_not_of("0123456789") != std::string::npos;
    EXPECT_EQ(is_hex_run(run), run.size() >= 6 && digit && letter) << run;
    EXPECT_FALSE(is_hex_run(run + "g")) << run;
    EXPECT_TRUE(is_hex_run("0x" + run)) << run;
    EXPECT_TRUE(is_hex_run("0X" + run)) << run;
    EXPECT_FALSE(is_hex_run("0x" + run + "g")) << run;
    EXPECT_FALSE(is_hex_run("1x" + run)) << run;
  }
  EXPECT_FALSE(is_hex_run("0x"));
  EXPECT_FALSE(is_hex_run(""));
}

TEST(ColonValue, AddressesOfHardware) {
  EXPECT_EQ(colon_value("00:1a:2b:3c:4d:5e"), "<MAC>:00:1a:2b:3c:4d:5e");
  EXPECT_EQ(colon_value("0:1:2:3:4:5"), "<MAC>:0:1:2:3:4:5");
  std::string infiniband = "80";
  for (int groups = 2; groups <= 22; ++groups) {
    infiniband += ":0f";
    EXPECT_EQ(colon_value(infiniband).substr(0, 5) == "<MAC>", groups >= 6 && groups <= 20) << groups;
    EXPECT_EQ(colon_value(infiniband) == "-", groups < 4 || groups > 20) << groups;
  }
}

TEST(ColonValue, AddressesOfTheNetwork) {
  for (const char* ip : {"fe80::1ff:fe23:4567:890a", "2001:db8:0:0:1:0:0:1", "1::2:3", "::1:2:3", "10.0.0.1:80",
                         "10.0.0.1:65535", "::ffff:1:2"}) {
    EXPECT_EQ(colon_value(ip), "<IP>:" + std::string(ip));
  }
  for (const char* id : {"12:30:59:123", "1:2:3:4", "abc:1:2:3:4"}) {
    EXPECT_EQ(colon_value(id), "<ID>:" + std::string(id));
  }
  for (const char* text :
       {"12:30:59", "1::2", "12345:1:2:3", "1:2:3:g", "10.0.0.1:8", "10.0.0.1:123456", "10.0.0.1:8x", ":80"}) {
    EXPECT_EQ(colon_value(text), "-") << text;
  }
}

TEST(ColonValue, HostsWithAPort) {
  for (const char* host :
       {"localhost:8080", "db.example.com:5432", "web-1:80", "node7:22", "a.b:80", "my-host:65535"}) {
    EXPECT_EQ(colon_value(host), "<HOST>:" + std::string(host));
  }
  for (const char* text :
       {"key:80", "localhost:8", "web-1:8", "web-1:123456", "web-1:x", "web-1:", "7web:80", "-web:80", "sched.cc:120",
        "Main.java:77", "state.topAmount:204", "under_score.x:80", "a b-1:80", "w@b-1:80"}) {
    EXPECT_EQ(colon_value(text), "-") << text;
  }
}

TEST(ColonValue, PathsWithADrive) {
  EXPECT_EQ(colon_value("C:\\x"), "<PATH>:C:\\x");
  for (const char* text : {"C:\\", "1:\\x", "C:/x", "C;\\x", "CC:\\x"}) {
    EXPECT_EQ(colon_value(text), "-") << text;
  }
}

TEST(Value, InternetAddresses) {
  EXPECT_EQ(value("10.1.2.3"), "<IP>:10.1.2.3");
  EXPECT_EQ(value("/10.1.2.33/24"), "<IP>:10.1.2.33");
  EXPECT_EQ(value("x-255.255.255.255-y"), "<IP>:255.255.255.255");
  EXPECT_EQ(value("1-10.1.2.3"), "<IP>:10.1.2.3");
  for (const char* text : {"a10.1.2.3", "10.1.2.3a", "10.1.2.3456", "10.1.2.3_", "10.1.2", "10.1..3.4"}) {
    EXPECT_NE(value(text).substr(0, 4), "<IP>") << text;
  }
}

TEST(Value, MailPathsAndHosts) {
  for (const char* mail : {"jo.doe+x@example.org", "a@b.c", "a_1-b@x-y.z"}) {
    EXPECT_EQ(value(mail), "<EMAIL>:" + std::string(mail));
  }
  for (const char* text : {"@b.c", "a@b", "a@.c", "a@b.", "a@b@c.d", "a*b@c.d", "a.b@c"}) {
    EXPECT_EQ(value(text), "-") << text;
  }
  for (const char* path : {"/a", "/var/log/app.1.log", "\\\\host\\share", "~/x", "C:\\x"}) {
    EXPECT_EQ(value(path), "<PATH>:" + std::string(path));
  }
  for (const char* text : {"/", "a/b", "\\x", "~x/y", "C:\\", "1:/x"}) {
    EXPECT_NE(value(text).substr(0, 6), "<PATH>") << text;
  }
  for (const char* host : {"db.example.com", "a.de", "x_y-1.local", "7.a.net", "h.localdomain"}) {
    EXPECT_EQ(value(host), "<HOST>:" + std::string(host));
  }
  for (const char* text :
       {"main.py", "it.is", ".com", "-a.com", "a..com", "a.c", "a.xyz", "a.Com", "a.c1", "a*b.com", "com"}) {
    EXPECT_NE(value(text).substr(0, 6), "<HOST>") << text;
  }
}

TEST(Value, UuidsHaveTheirForm) {
  const std::string uuid = "123e4567-e89b-12d3-a456-426614174000";
  EXPECT_EQ(value(uuid), "<UUID>:" + uuid);
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    std::string wrong = uuid;
    wrong[i] = uuid[i] == '-' ? 'a' : 'g';
    EXPECT_NE(value(wrong).substr(0, 6), "<UUID>") << wrong;
    wrong[i] = uuid[i] == '-' ? '_' : '-';
    EXPECT_NE(value(wrong).substr(0, 6), "<UUID>") << wrong;
  }
  EXPECT_NE(value(uuid + "0").substr(0, 6), "<UUID>");
}

TEST(Value, NumbersWithUnits) {
  for (const char* number :
       {"126MB", "1.5s", "-3ms", "+7d", "80x25", "-80x25", "10.5GiB", "3kB", "95%", "12", "1x5", "100x1"}) {
    EXPECT_EQ(value(number), "<NUM>:" + std::string(number));
  }
  for (const char* text : {"0x25", "5parsecs", "5xx", "5x", "x25", "1.s", "5.MB", "12-MB", "5x5x"}) {
    EXPECT_NE(value(text), "<NUM>:" + std::string(text)) << text;
  }
  EXPECT_EQ(value("12345d"), "<HEX>:12345d") << "like its neighbours, whatever their digits are";
  EXPECT_EQ(value("1234d"), "<NUM>:1234d");
  EXPECT_EQ(value("00x25"), "<NUM>:00x25") << "no prefix";
}

TEST(Value, VersionsAreNames) {
  for (const char* version : {"v1.2", "v2.6.5-rc1", "v10.20x"}) {
    EXPECT_EQ(value(version), "<ID>:" + std::string(version));
  }
  for (const char* text : {"v1", "v.1", "w1.2", "v1-2", "v1.x"}) {
    EXPECT_NE(value(text).substr(0, 4), "<ID>") << text;
  }
}

TEST(Value, ANumberOrAHexadecimalRunMayBeAPart) {
  EXPECT_EQ(value("core-1234"), "<NUM>:1234");
  EXPECT_EQ(value("req#9f4ef63a"), "<HEX>:9f4ef63a");
  EXPECT_EQ(value("a.5"), "<NUM>:5");
  EXPECT_EQ(value("db-2-x"), "<NUM>:2");
  EXPECT_EQ(value("eth0-7"), "<NUM>:7");
  EXPECT_EQ(value("1.2-x"), "<NUM>:1");
  for (const char* text : {"eth0", "u20x", "x_5", "5_x", "abc", "dead-beef", "a1.2b"}) {
    EXPECT_EQ(value(text), "-") << text;
  }
}

}  // namespace
}  // namespace logdetect
