#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

std::string two(int value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

/// `n` lines made by `make(i)`.
std::vector<std::string> lines_of(int n, const std::function<std::string(int)>& make) {
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    lines.push_back(make(i));
  }
  return lines;
}

std::string clock_of(int i) {
  return "08:" + two(i / 60 % 60) + ":" + two(i % 60);
}

/// Words that differ from line to line, as messages do.
std::string words(int i) {
  static const std::vector<std::string> verbs = {"moved", "lifted a", "stored the", "lost", "counted every", "sent"};
  static const std::vector<std::string> things = {"box", "pallet in aisle", "crane", "shelf near", "order for", "van"};
  return verbs[static_cast<std::size_t>(i) % 6] + " " + things[static_cast<std::size_t>(i * 7 / 3) % 6] + " " +
         std::to_string(i * 37);
}

struct Style {
  std::string name;
  std::function<std::string(int)> make;
  std::string plan;    // describe()
  std::string second;  // line 2 as parsed
};

const std::vector<std::string> levels = {"INFO", "INFO", "WARN", "INFO", "ERROR"};
const std::string& level_of(int i) {
  return levels[static_cast<std::size_t>(i) % levels.size()];
}

std::vector<Style> usual_styles() {
  return {
      {"syslog",
       [](int i) {
         return "Mar  4 " + clock_of(i) + " orchid " +
                (i % 3 == 0 ? "kernel: " : "cron[" + std::to_string(800 + i) + "]: ") + words(i);
       },
       "<time> <host> <component>: <message>", "1970-03-04T08:00:02Z|UNKNOWN|orchid|cron|802|stored the order for 74"},
      {"log4j",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + ",123 " + level_of(i) + " [worker thread " + std::to_string(i % 4) +
                "] org.example.Depot: " + words(i);
       },
       "<time> <level> [<skip>] <component>: <message>",
       "2024-05-06T08:00:02.123Z|WARNING||org.example.Depot||stored the order for 74"},
      {"apache error",
       [](int i) {
         return "[Mon May 06 " + clock_of(i) + " 2024] [" + (i % 4 == 0 ? "error" : "notice") + "] " + words(i);
       },
       "<time> [<level>] <message>", "2024-05-06T08:00:02Z|NOTICE||||stored the order for 74"},
      {"access",
       [](int i) {
         return "203.0.113." + std::to_string(i % 200) + " - - [06/May/2024:" + clock_of(i) + " +0000] \"" +
                (i % 5 == 0 ? "POST" : "GET") + " /shelf/" + std::to_string(i) + " HTTP/1.1\" 200 " +
                std::to_string(i * 11) + " \"-\" \"agent\"";
       },
       "<host> - - <time> <message>",
       "2024-05-06T08:00:02Z|UNKNOWN|203.0.113.2|||\"GET /shelf/2 HTTP/1.1\" 200 22 \"-\" \"agent\""},
      {"bars",
       [](int i) {
         return "20240506-" + clock_of(i) + ":6" + std::to_string(i % 10) + "|Step" + std::to_string(i % 3) + "|3000" +
                std::to_string(i % 7) + "|" + words(i);
       },
       "<time>|<component>|<pid>|<message>", "2024-05-06T08:00:02.062Z|UNKNOWN||Step2|30002|stored the order for 74"},
      {"glog",
       [](int i) {
         return std::string(i % 5 == 0 ? "E" : "I") + "0506 " + clock_of(i) + ".000123    " +
                std::to_string(40 + i % 9) + " depot.cc:" + std::to_string(i % 30) + "] " + words(i);
       },
       "<time> <pid> <component>] <message>", "1970-05-06T08:00:02.000123Z|INFO||depot.cc|42|stored the order for 74"},
      {"python",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + ",123 - depot.loader" + std::to_string(i % 2) + " - " + level_of(i) +
                " - " + words(i);
       },
       "<time> - <component> - <level> - <message>",
       "2024-05-06T08:00:02.123Z|WARNING||depot.loader0||stored the order for 74"},
      {"python basic", [](int i) { return level_of(i) + ":depot" + std::to_string(i % 4) + ":" + words(i); },
       "<level>:<component>:<message>", "-|WARNING||depot2||stored the order for 74"},
      {"logcat",
       [](int i) {
         return "05-06 " + clock_of(i) + ".123  " + std::to_string(1700 + i % 9) + "  " + std::to_string(2300 + i % 8) +
                " " + std::string(1, "DIWE"[i % 4]) + " Tile" + std::to_string(i % 6) + ": " + words(i);
       },
       "<time> <pid> <skip> <level> <component>: <message>",
       "1970-05-06T08:00:02.123Z|WARNING||Tile2|1702|stored the order for 74"},
  };
}

std::vector<Style> odd_styles() {
  return {
      {"spring",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + ".123+02:00  " + level_of(i) + " " + std::to_string(900 + i % 5) +
                " --- [           main] o.e.depot.Loader" + std::to_string(i % 3) + " : " + words(i);
       },
       "<time> <level> <pid> - [<skip>] <component> - <message>",
       "2024-05-06T06:00:02.123Z|WARNING||o.e.depot.Loader2|902|stored the order for 74"},
      {"bracketed level without time", [](int i) { return "[" + level_of(i) + "] " + words(i); }, "[<level>] <message>",
       "-|WARNING||||stored the order for 74"},
      {"until dash",
       [](int i) {
         return "[05.06 " + clock_of(i) + "] van" + std::to_string(i % 3) + (i % 4 == 0 ? ".exe *64" : ".exe") + " - " +
                words(i);
       },
       "<time> <component> - <message>", "1970-05-06T08:00:02Z|UNKNOWN||van2.exe||stored the order for 74"},
      {"no header", [](int i) { return words(i); }, "<message>", "-|UNKNOWN||||stored the order for 74"},
      {"json",
       [](int i) {
         return R"({"ts":"2024-05-06T)" + clock_of(i) + R"(Z","level":"info","msg":")" + words(i) + R"("})";
       },
       "JSON objects", "2024-05-06T08:00:02Z|INFO||||stored the order for 74"},
      {"logfmt",
       [](int i) {
         return "ts=2024-05-06T" + clock_of(i) + "Z level=info msg=\"" + words(i) + "\" n=" + std::to_string(i);
       },
       "key=value pairs", "2024-05-06T08:00:02Z|INFO||||stored the order for 74 n=2"},
  };
}

std::vector<Style> styles() {
  std::vector<Style> all = usual_styles();
  const std::vector<Style> odd = odd_styles();
  all.insert(all.end(), odd.begin(), odd.end());
  return all;
}

TEST(DetectHeader, FindsEachStyle) {
  for (const Style& style : styles()) {
    const HeaderPlan plan = plan_of(lines_of(600, style.make));
    EXPECT_EQ(plan.describe(), style.plan) << style.name;
    HeaderParser parser(plan);
    EXPECT_EQ(parsed_line(parser, style.make(2)), style.second) << style.name;
    EXPECT_EQ(plan.name, "auto");
  }
}

TEST(DetectHeader, InterleavedLayoutsAreEachReadByTheirPlan) {
  const auto line = [](int i) -> std::string {
    switch (i % 5) {
      case 0:
        return "Mar  4 " + clock_of(i) + " orchid cron[" + std::to_string(800 + i) + "]: " + words(i);
      case 1:
        return R"({"ts":"2024-05-06T)" + clock_of(i) + R"(Z","level":"warn","msg":")" + words(i) + R"("})";
      case 2:
        return "2024-05-06 " + clock_of(i) + ",123 WARN [main] org.example.Depot: " + words(i);
      case 3:
        return "ts=2024-05-06T" + clock_of(i) + "Z level=warn msg=\"" + words(i) + "\"";
      default:
        return "bare " + words(i);
    }
  };
  const HeaderPlan plan = plan_of(lines_of(1000, line));
  ASSERT_EQ(plan.kind, HeaderPlan::Kind::kMixed) << plan.describe();
  EXPECT_EQ(plan.parts.size(), 4U) << plan.describe();
  EXPECT_NEAR(plan.agreement, 0.8, 0.01);
  HeaderParser parser(plan);
  const std::vector<std::string> headers = {"|UNKNOWN|orchid|cron|", "|WARNING||||", "|WARNING||org.example.Depot||",
                                            "|WARNING||||", "-|UNKNOWN||||bare "};
  for (int i = 0; i < 1000; ++i) {
    const std::string read = parsed_line(parser, line(i));
    EXPECT_NE(read.find(headers[static_cast<std::size_t>(i % 5)]), std::string::npos) << line(i) << "\n" << read;
    EXPECT_TRUE(read.ends_with(words(i))) << line(i) << "\n" << read;
  }
  ByteWriter out;
  plan.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  const auto loaded = HeaderPlan::load(in);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->describe(), plan.describe());
}

TEST(DetectHeader, TimesWithAndWithoutFractionAreOneLayout) {
  const HeaderPlan plan = plan_of(lines_of(500, [](int i) {
    return "2024-05-06T" + clock_of(i) + (i % 4 == 0 ? "Z " : ".123Z ") + level_of(i) + " depot: " + words(i);
  }));
  EXPECT_EQ(plan.describe(), "<time> <level> <component>: <message>");
}

TEST(DetectHeader, FitsNearlyEveryLineItLearntFrom) {
  for (const Style& style : styles()) {
    if (style.name != "no header") {
      EXPECT_GT(plan_of(lines_of(600, style.make)).agreement, 0.97) << style.name;
    }
  }
}

TEST(DetectHeader, IsDeterministic) {
  for (const Style& style : styles()) {
    const auto lines = lines_of(300, style.make);
    ByteWriter first;
    ByteWriter second;
    plan_of(lines).save(first);
    plan_of(lines).save(second);
    EXPECT_EQ(first.take(), second.take()) << style.name;
  }
}

TEST(DetectHeader, StackTracesBetweenTheLinesDoNotHideThePlan) {
  const auto lines = lines_of(600, [](int i) {
    const int k = i % 6;
    return k < 3    ? "2024-05-06 " + clock_of(i) + " ERROR depot.Loader" + std::to_string(i % 4) + ": " + words(i)
           : k == 3 ? std::string("java.lang.IllegalStateException: no shelf")
                    : "\tat org.example.Depot.load(Depot.java:" + std::to_string(i) + ")";
  });
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parser.plan().describe(), "<time> <level> <component>: <message>");
  EXPECT_EQ(parsed_line(parser, lines[0]), "2024-05-06T08:00:00Z|ERROR||depot.Loader0||moved box 0");
  EXPECT_EQ(parsed_line(parser, lines[3]), "-|UNKNOWN||||java.lang.IllegalStateException: no shelf");
  EXPECT_LT(parser.plan().agreement, 0.6);
}

TEST(DetectHeader, PrefersTheTimeThatSaysMost) {
  const auto lines = lines_of(300, [](int i) {
    return "- " + std::to_string(1'714'982'400 + i) + " 2024.05.06 node" + std::to_string(i % 9) + " May 6 " +
           clock_of(i) + " node" + std::to_string(i % 9) + "/a cron[" + std::to_string(i) + "]: " + words(i);
  });
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parsed_line(parser, lines[2]), "2024-05-06T08:00:02Z|UNKNOWN|node2/a|cron|2|stored the order for 74");
}

TEST(DetectHeader, DayFirstIsLearntFromTheSample) {
  const auto lines = lines_of(200, [](int i) { return two(i % 28 + 1) + "/05/2024 " + clock_of(i) + " " + words(i); });
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parsed_line(parser, "03/05/2024 08:00:02 moved"), "2024-05-03T08:00:02Z|UNKNOWN||||moved");
}

TEST(DetectHeader, DoesNotEatConstantWordsOfTheMessage) {
  const auto lines =
      lines_of(300, [](int i) { return "2024-05-06 " + clock_of(i) + " Accepted parcel " + std::to_string(i); });
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parsed_line(parser, lines[2]), "2024-05-06T08:00:02Z|UNKNOWN||||Accepted parcel 2");
}

TEST(DetectHeader, HostileSamples) {
  const std::vector<std::vector<std::string>> samples = {
      {},
      {""},
      {"   ", "\t", ""},
      {std::string(65'536, '[')},
      {std::string(65'536, '|')},
      {std::string(65'536, '{')},
      {std::string(1000, '\0'), std::string("\0\0a", 3)},
      {std::string(65'536, '<') + ">", std::string(65'536, '(')},
      {"{\"a\":"},
      {"=", "a=", "a=b", "=b"},
      {"\xff\xfe\xfd", "\xc0\x80"},
      std::vector<std::string>(2000, "[[[[[[ ]"),
      std::vector<std::string>(300, std::string(2000, ':')),
  };
  for (const auto& sample : samples) {
    const HeaderPlan plan = plan_of(sample);
    HeaderParser parser(plan);
    for (const std::string& line : sample) {
      Arena arena;
      Header header;
      ParsedTime parsed;
      parser.parse(line, arena, header, parsed);
      EXPECT_FALSE(header.has_time);
      EXPECT_LE(header.message.size(), line.size());
    }
  }
}

TEST(DetectHeader, AnEmptyGroupAmongGroupsIsOne) {
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(100 + i);
    lines.push_back("2024.05.06 08:09:10.123 [ " + n + " ] {" + (i % 2 == 0 ? "" : "f3a1-" + n) + "} <" +
                    (i % 3 == 0 ? "Debug" : "Error") + "> " + (i % 2 == 0 ? "Shelf" : "CartKeeper") + ": moved box " +
                    n);
  }
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parsed_line(parser, lines[4]), "2024-05-06T08:09:10.123Z|ERROR||Shelf|104|moved box 104");
  EXPECT_EQ(parsed_line(parser, lines[3]), "2024-05-06T08:09:10.123Z|DEBUG||CartKeeper|103|moved box 103");
}

TEST(DetectHeader, AHexadecimalThreadIsNoHost) {
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) {
    lines.push_back("2024-05-06 08:09:10.123456+0200 0x1f" + std::to_string(100 + i) +
                    (i % 2 == 0 ? " Info" : " Error") + "  cartd: moved box " + std::to_string(i));
  }
  HeaderParser parser(plan_of(lines));
  EXPECT_EQ(parsed_line(parser, lines[0]), "2024-05-06T06:09:10.123456Z|INFO||cartd||moved box 0");
}

/// `n` lines, of which every tenth (or as `odd` says) lacks what the others have.
std::vector<std::string> lines_but(int n, const std::function<bool(int)>& odd, const std::string& usual,
                                   const std::string& other) {
  return lines_of(n, [&](int i) { return (odd(i) ? other : usual) + " " + words(i); });
}

TEST(DetectHeader, LettersMustStandInNearlyEveryLine) {
  const auto letters = [](int odd_lines) {
    return plan_of(lines_but(
                       20, [odd_lines](int i) { return i < odd_lines; }, "E", "the"))
        .describe();
  };
  EXPECT_EQ(letters(0), "<level> <message>");
  EXPECT_EQ(letters(1).find("<level>"), std::string::npos) << "19 of 20 are not more than 95 %";
}

TEST(DetectHeader, AWordOfCapitalsOrAFileIsNoHost) {
  const auto described = [](const std::string& usual, const std::string& other, int others) {
    return plan_of(lines_of(20,
                            [&](int i) {
                              return "2024-05-06 " + clock_of(i) + " " + (i < others ? other : usual) +
                                     " INFO depot: " + words(i);
                            }))
        .describe();
  };
  EXPECT_EQ(described("orchid", "orchid", 0), "<time> <host> <level> <component>: <message>");
  EXPECT_EQ(described("DISK", "orchid", 10), "<time> <host> <level> <component>: <message>") << "ten of twenty";
  EXPECT_EQ(described("DISK", "orchid", 9), "<time> <skip> <level> <component>: <message>");
  EXPECT_EQ(described("main.log", "orchid", 10), "<time> <host> <level> <component>: <message>");
  EXPECT_EQ(described("main.log", "orchid", 9), "<time> <skip> <level> <component>: <message>");
}

}  // namespace
}  // namespace logdetect
