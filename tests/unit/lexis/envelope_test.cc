#include "logdetect/lexis/envelope.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

using Kind = Envelope::Kind;

TEST(Envelope, Kubernetes) {
  const Envelope whole = open_envelope("2024-05-06T08:09:10.1Z stderr F box 3");
  EXPECT_EQ(whole.kind, Kind::kCri);
  EXPECT_EQ(whole.time, "2024-05-06T08:09:10.1Z");
  EXPECT_EQ(whole.sender, "stderr");
  EXPECT_EQ(whole.body, "box 3");
  EXPECT_FALSE(whole.partial);
  EXPECT_TRUE(open_envelope("2024-05-06T08:09:10+02:00 stdout P:x half").partial);
  EXPECT_EQ(open_envelope("2024-05-06T08:09:10.1Z stdout F ").body, "");
  EXPECT_EQ(open_envelope("2024-05-06T08:09:10.1Z stdout F").body, "");
  for (const std::string_view line : {"2024-05-06T08:09:10.1Z stdout said hello", "2024-05-06T08:09:10.1Z stdin F x",
                                      "2024-05-06T08:09:10.1Z stdout ", "2024-05-06 08:09:10.1Z stdout F x",
                                      "2024-05-06T08:09:10.1Z stdout Full x"}) {
    EXPECT_EQ(open_envelope(line).kind, Kind::kNone) << line;
  }
}

TEST(Envelope, Docker) {
  const Envelope line = open_envelope(R"({"log":"say \"x\" \\\n","stream":"stderr","time":"t"})");
  EXPECT_EQ(line.kind, Kind::kDocker);
  EXPECT_EQ(line.sender, "stderr");
  EXPECT_EQ(line.body, R"(say \"x\" \\)");
  EXPECT_FALSE(line.partial);
  std::string buffer;
  EXPECT_EQ(plain_json_text(line.body, buffer), "say \"x\" \\");
  // A backslash and an n, not a line feed: the program's line is not at its end, but too short to have been cut.
  EXPECT_EQ(open_envelope(R"({"log":"x\\n","stream":"stdout","time":"t"})").body, R"(x\\n)");
  EXPECT_FALSE(open_envelope(R"({"log":"x","stream":"stdout","time":"t"})").partial);
  EXPECT_TRUE(open_envelope(R"({"log":")" + std::string(16'384, 'x') + R"(","stream":"stdout","time":"t"})").partial);
  for (const std::string_view other : {R"({"log":"x","level":"info","n":1})", R"({"log":"x never ends, stdout})",
                                       R"({"log":"x","stream":"north","time":"t"})"}) {
    EXPECT_EQ(open_envelope(other).kind, Kind::kNone) << other;
  }
}

TEST(Envelope, IsKnownFromItsShortestForm) {
  const std::string_view shortest = "2024-05-06T08:09:10Z stdout F x";
  EXPECT_EQ(open_envelope(shortest).body, "x");
  EXPECT_EQ(open_envelope(shortest.substr(0, 28)).kind, Kind::kNone) << "no tag";
  EXPECT_EQ(open_envelope(shortest.substr(0, 23)).kind, Kind::kNone);
  EXPECT_EQ(open_envelope("2024-05-06T08:09:1Z stdout F x").kind, Kind::kNone) << "a time is 20 bytes or more";
  EXPECT_EQ(open_envelope("x024-05-06T08:09:10Z stdout F x").kind, Kind::kNone);
  EXPECT_EQ(open_envelope(R"({"log":"","stream":"stdout"})").body, "") << "an empty line is a line";
}

TEST(Envelope, SenderOfComposeIsBounded) {
  const auto opened = [](std::size_t name) { return open_compose(std::string(name, 'a') + " | x").kind; };
  EXPECT_EQ(opened(62), Kind::kCompose);
  EXPECT_EQ(opened(63), Kind::kNone);
}

TEST(Envelope, Compose) {
  const Envelope line = open_compose("web_1    | \tat f");
  EXPECT_EQ(line.kind, Kind::kCompose);
  EXPECT_EQ(line.sender, "web_1");
  EXPECT_EQ(line.body, "\tat f");
  EXPECT_EQ(open_compose("web-1 |").body, "");
  for (const std::string_view other : {"", "web", "web|x", "| x", "two words | x", "web-1  ", "web-1  x | y"}) {
    EXPECT_EQ(open_compose(other).kind, Kind::kNone) << other;
  }
  EXPECT_TRUE(numbered_sender("yard-web-12"));
  for (const std::string_view name : {"", "web", "7", "2024-05-06", "web12", "-1", "web-"}) {
    EXPECT_FALSE(numbered_sender(name)) << name;
  }
}

TEST(Envelope, EscapesOfJson) {
  std::string buffer;
  EXPECT_EQ(plain_json_text("plain", buffer), "plain");
  EXPECT_EQ(plain_json_text(R"(\t\u003ca\u003e\/\r\n\u00e4)", buffer), "\t<a>/\r\n?");
  EXPECT_EQ(plain_json_text(R"(cut \u00)", buffer), "cut ?");
  EXPECT_EQ(plain_json_text("end \\", buffer), "end \\");
}

// Any text, escaped as JSON does it, comes out as it went in.
TEST(Envelope, DockerGivesBackWhatWasPutIn) {
  Rng rng(2);
  for (int round = 0; round < 5000; ++round) {
    std::string said;
    for (std::uint64_t n = rng.below(12); n > 0; --n) {
      said += "\\\"n{},x"[rng.below(7)];
    }
    std::string escaped;
    for (const char c : said) {
      escaped += c == '\\' || c == '"' ? "\\" : "";
      escaped += c;
    }
    const bool ended = rng.below(2) == 0;
    const std::string line = R"({"log":")" + escaped + (ended ? R"(\n)" : "") + R"(","stream":"stdout","time":"t"})";
    const Envelope envelope = open_envelope(line);
    ASSERT_EQ(envelope.kind, Kind::kDocker) << line;
    ASSERT_EQ(envelope.body, escaped) << line;
    ASSERT_EQ(envelope.sender, "stdout") << line;
    std::string buffer;
    ASSERT_EQ(plain_json_text(envelope.body, buffer), said) << line;
  }
}

TEST(Envelope, DockerCutsLinesOfAboutSixteenThousandBytes) {
  const auto opened = [](std::size_t bytes, const std::string& end) {
    const Envelope envelope =
        open_envelope(R"({"log":")" + std::string(bytes, 'x') + end + R"(","stream":"stderr","time":"t"})");
    return std::pair(envelope.partial, envelope.body.size());
  };
  EXPECT_FALSE(opened(15'999, "").first);
  EXPECT_TRUE(opened(16'000, "").first);
  EXPECT_FALSE(opened(16'000, R"(\n)").first);
  EXPECT_EQ(opened(16'000, R"(\n)").second, 16'000U);
}

TEST(Envelope, TimeOfKubernetesIsBounded) {
  const auto opened = [](std::size_t bytes) {
    std::string time = "2024-05-06T08:09:10.";
    time.resize(bytes, '0');
    return open_envelope(time + " stdout F x").kind;
  };
  EXPECT_EQ(opened(39), Kind::kCri);
  EXPECT_EQ(opened(40), Kind::kNone);
  const auto tagged = [](std::size_t bytes) {
    const std::string line = "2024-05-06T08:09:10Z stderr F:" + std::string(bytes - 2, 't') + " x";
    return std::string(open_envelope(line).body);
  };
  EXPECT_EQ(tagged(2), "x");
  EXPECT_EQ(tagged(63), "x");
}

TEST(Envelope, ALineIsKnownByItsPunctuation) {
  for (const std::string_view line :
       {"2024-05-06T08:09:10Z stdout F x", "2024-05-06T08:09:10Z stderr P x", "2024-05-06T08:09:10+02:00 stdout F x"}) {
    EXPECT_EQ(open_envelope(line).kind, Kind::kCri) << line;
  }
  for (const std::string_view line : {"2024/05-06T08:09:10Z stdout F x", "2024-05-06t08:09:10Z stdout F x",
                                      "2024-05-06T08:09:10Z  stdout F x", "2024-05-06T08:09:10Z stdoutF x and more",
                                      "2024-05-06T08:09:10Z stdout G x", "2024-05-06T08:09:10Z stdout FP x"}) {
    EXPECT_EQ(open_envelope(line).kind, Kind::kNone) << line;
  }
  EXPECT_EQ(open_envelope(R"({"log":"x","stream":"stdout","time":"t"} )").kind, Kind::kNone);
  EXPECT_EQ(open_envelope(R"({"lag":"x","stream":"stdout","time":"t"})").kind, Kind::kNone);
}

TEST(Envelope, NumberedSendersEndInANumberBehindAName) {
  for (const std::string_view name : {"w-1", "a_7", "web_1", "yard-web-12", "x1-23"}) {
    EXPECT_TRUE(numbered_sender(name)) << name;
  }
  for (const std::string_view name : {"_1", "-", "w-", "w1", "w.1", "1-1", "1web-1", "w-1x", "12"}) {
    EXPECT_FALSE(numbered_sender(name)) << name;
  }
}

TEST(Envelope, EscapesByNumberAreAsciiOrAQuestionMark) {
  std::string buffer;
  EXPECT_EQ(plain_json_text(R"(\u0026\u0009\u003c\u003e|)", buffer), "&\t<>|");
  EXPECT_EQ(plain_json_text(R"(\u003)", buffer), "?");
  EXPECT_EQ(plain_json_text(R"(\u)", buffer), "?");
  EXPECT_EQ(plain_json_text(R"(a\u20acb)", buffer), "a?b");
  EXPECT_EQ(plain_json_text(R"(\\u0026)", buffer), R"(\u0026)");
}

}  // namespace
}  // namespace logdetect
