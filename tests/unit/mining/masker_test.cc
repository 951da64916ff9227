#include "logdetect/mining/masker.h"

#include <gtest/gtest.h>

#include <string>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

// The message with values in angle brackets, lazy words in braces and delimiters as they are.
std::string masked(std::string_view message, const MinerOptions& options = {}) {
  const auto masker = Masker::create(options);
  EXPECT_TRUE(masker.ok());
  MaskedMessage out;
  masker->mask(message, out);
  std::string text;
  for (const Token& token : out.tokens) {
    switch (token.kind) {
      case Token::Kind::kValue:
        text += mask_name(token.mask);
        break;
      case Token::Kind::kLazyWord:
        text += '{' + std::string(out.token_text(token)) + '}';
        break;
      default:
        text += out.token_text(token);
    }
  }
  return text;
}

struct Case {
  const char* message;
  const char* expected;
};

class MaskerTable : public testing::TestWithParam<Case> {};

TEST_P(MaskerTable, CutsAndMasks) {
  EXPECT_EQ(masked(GetParam().message), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Values, MaskerTable,
    testing::Values(
        Case{"connect to 10.1.2.3:8080 failed", "connect to <IP> failed"}, Case{"from /10.1.2.3:8080.", "from <IP>."},
        Case{"took 12.5 ms", "took <NUM> ms"}, Case{"freed 12 KB of heap", "freed <NUM> {KB} of heap"},
        Case{"read 3 MiB/sec. now", "read <NUM> {MiB/sec}. now"},
        Case{"heap 12M->34M(56M) used", "heap <NUM>-><NUM>(<NUM>) used"},
        Case{"udp 10.0.0.1:53->10.0.0.2:80: timeout", "udp <IP>-><IP>: timeout"},
        Case{"request.id=7 ok", "request.id=<NUM> ok"}, Case{"at 95% load", "at <NUM> load"},
        Case{"delta -17 found", "delta <NUM> found"}, Case{"sent 1,234,567 bytes", "sent <NUM> bytes"},
        Case{"ptr 0xdeadBEEF freed", "ptr <HEX> freed"}, Case{"commit 9f4ef63a done", "commit <HEX> done"},
        Case{"id 123e4567-e89b-12d3-a456-426614174000 gone", "id <UUID> gone"},
        Case{"mac 00:1a:2b:3c:4d:5e up", "mac <MAC> up"}, Case{"peer fe80::1ff:fe23:4567:890a down", "peer <IP> down"},
        Case{"open /var/log/app.log failed", "open <PATH> failed"},
        Case{"load C:\\Windows\\x.dll now", "load <PATH> now"},
        Case{"GET https://example.org/a?b=c&d=e done", "GET <URL> done"},
        Case{"mail to jo.doe@example.org bounced", "mail to <EMAIL> bounced"},
        Case{"resolve db.example.com ok", "resolve <HOST> ok"}, Case{"listen localhost:8080 ok", "listen <HOST> ok"},
        Case{"at 2024-01-15 03:42:18.123 stopped", "at <TIME> stopped"},
        Case{"since Mon Jan  2 15:04:05 2006 idle", "since <TIME> idle"},
        Case{"expires 2 Jan 2026 15:04:05 soon", "expires <TIME> soon"}));

INSTANTIATE_TEST_SUITE_P(
    Words, MaskerTable,
    testing::Values(Case{"plain words stay", "plain words stay"}, Case{"", ""}, Case{"   ", ""},
                    Case{"  led and trailed  ", "led and trailed"}, Case{"node eth0 up", "node {eth0} up"},
                    Case{"block blk_123456 ok", "block <ID> ok"}, Case{"user=root tty=ssh", "user={root} tty={ssh}"},
                    Case{"ok = yes", "ok = {yes}"}, Case{"flag true set", "flag <*> set"},
                    Case{"call() done", "call({}) done"}, Case{"wait... done.", "wait... done."},
                    Case{"state: ready", "state: ready"}, Case{"kind:value here", "kind:value here"},
                    Case{"core.1234 dumped", "core.<NUM> dumped"}, Case{"May the force", "May the force"},
                    Case{"Sat down quickly", "Sat down quickly"}, Case{"main.py crashed", "main.py crashed"},
                    Case{"v1.2.3 out", "<ID> out"}, Case{"a <1 sec b", "a <NUM> b"},
                    Case{"uses IPV6 and SHA256 now", "uses IPV6 and SHA256 now"}, Case{"fan **** ok", "fan **** ok"}));

INSTANTIATE_TEST_SUITE_P(
    Places, MaskerTable,
    testing::Values(Case{"\"GET /a/b?x=1&y=2 HTTP/1.1\" 200", "\"GET <PATH>\" <NUM>"},
                    Case{"GET /index.html HTTP/1.0", "GET <PATH>"}, Case{"GET / HTTP/1.1", "GET <PATH>"},
                    Case{"read / write", "read / write"}, Case{"see /a/b. it is", "see <PATH> it is"},
                    Case{"see /a/b. It is", "see <PATH>. It is"}, Case{"10.0.0.1:80:Got it", "<IP>:Got it"},
                    Case{"at sched.cc:120 end", "at sched.cc:<NUM> end"},
                    Case{"at state.topAmount:204 end", "at state.topAmount:<NUM> end"},
                    Case{"Fan80211Unit::wake up", "<ID>::wake up"}, Case{"Fan::wake up", "Fan::wake up"},
                    Case{"[<02114537>] x", "[<NUM>] x"}, Case{"[<0211a537>] x", "[<HEX>] x"},
                    Case{"use <ok> here", "use <ok> here"},
                    Case{"<mem:10, cores:27> left", "<mem:<NUM>, cores:<NUM> left"},
                    Case{"reader #5 on @0x1f3", "reader #<NUM> on @<HEX>"},
                    Case{"steps 12##34##56 end", "steps <NUM>##<NUM>##<NUM> end"},
                    Case{"user= host=web1 id=", "user={} host={web1} id={}"}, Case{"size= 5 left", "size= <NUM> left"},
                    Case{"disk 512MB of 80x25 at 3.5GHz", "disk <NUM> of <NUM> at <NUM>"},
                    Case{"mask 0x10804000 set", "mask <HEX> set"},
                    Case{"gid FF:F2:9F:16:EB:27:00:0D:60:E9:14:D8 up", "gid <MAC> up"},
                    Case{"see http://a.example/b: gone", "see <URL>: gone"}));

TEST(Masker, QuotesAreOneValueWhereThatIsWanted) {
  MinerOptions options;
  options.quoted_values = true;
  EXPECT_EQ(masked("tag=\"a view lock\" isn't 'held by us' or \"\" \"x", options),
            "tag=\"<*>\" isn't '<*>' or \"\" \"x");
  EXPECT_EQ(masked("tag=\"a view lock\""), "tag=\"a view lock\"");
}

TEST(Masker, AnUnclosedQuoteIsLookedForOnce) {
  MinerOptions options;
  options.quoted_values = true;
  options.max_tokens = 65'535;
  const auto masker = Masker::create(options);
  MaskedMessage out;
  std::string message;
  for (int i = 0; i < 20'000; ++i) {
    message += i % 2 == 0 ? " \"x" : " 'y";
  }
  masker->mask(message + " \"", out);
  EXPECT_LE(out.tokens.size(), options.max_tokens);
}

TEST(Masker, CustomMasksComeFirst) {
  MinerOptions options;
  options.masks = {{"ORDER", "ord-[a-z]+"}};
  EXPECT_EQ(masked("placed ord-xyz now", options), "placed <CUSTOM> now");
  EXPECT_EQ(masked("ord-a ord-b", options), "<CUSTOM> <CUSTOM>");
}

TEST(Masker, CustomMasksThatBeginInsideAnotherValueDoNotStopTheScanner) {
  MinerOptions options;
  options.masks = {{"ANY", "[ c1]+[a-z]*"}};
  for (const char* message :
       {"a <1 cab b", "a   cab", "x 12 KB cab", "1 Jan 2024 10:00:00 c", "   ", "c", "see http://c/1c c"}) {
    EXPECT_FALSE(masked(message, options).empty() && message[0] != ' ') << message;
  }
}

TEST(Masker, RefusesAPatternRe2Refuses) {
  MinerOptions options;
  options.masks = {{"BAD", "(unclosed"}};
  const auto masker = Masker::create(options);
  ASSERT_FALSE(masker.ok());
  EXPECT_EQ(masker.error().code, ErrorCode::kConfig);
  EXPECT_NE(masker.error().message.find("BAD"), std::string::npos);
}

TEST(Masker, FoldsTheTailOfEndlessMessages) {
  const auto masker = Masker::create({});
  std::string message;
  for (int i = 0; i < 10'000; ++i) {
    message += "word ";
  }
  MaskedMessage out;
  masker->mask(message, out);
  EXPECT_EQ(out.tokens.size(), MinerOptions{}.max_tokens);
  EXPECT_EQ(out.tokens.back().kind, Token::Kind::kValue);
}

TEST(Masker, OneChunkOfManyPartsKeepsTheTokenLimitToo) {
  const auto masker = Masker::create({});
  for (const char* part : {"gh:", "a:", "x...", "(", "=1,"}) {
    std::string message;
    for (int i = 0; i < 5'000; ++i) {
      message += part;
    }
    MaskedMessage out;
    masker->mask(message, out);
    EXPECT_LE(out.tokens.size(), MinerOptions{}.max_tokens) << part;
  }
}

TEST(Masker, TokensCoverAnyBytesInOrderWithoutOverlap) {
  const auto masker = Masker::create({});
  Rng rng(7);
  MaskedMessage out;
  for (int round = 0; round < 20'000; ++round) {
    constexpr std::string_view kAlphabet = "aB9 .:/-_=<>()[]\"',;@\\%x\t\n\x80\xff";
    std::string message;
    for (std::uint64_t n = rng.below(40); n > 0; --n) {
      message += kAlphabet[rng.below(kAlphabet.size())];
    }
    masker->mask(message, out);
    std::size_t end = 0;
    for (const Token& token : out.tokens) {
      ASSERT_GE(token.begin, end) << message;
      end = token.begin + token.length;
      ASSERT_LE(end, message.size()) << message;
    }
  }
}

}  // namespace
}  // namespace logdetect
