#include "logdetect/reading/line_parser.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "unit/reading/reading_lines.h"

namespace logdetect {
namespace {

using namespace testing_support;

TEST(AlarmOf, TheLevelDecidesAndWordsRaiseTheRest) {
  struct Case {
    Level level;
    Alarm calm;
    Alarm alarming;
  };
  for (const Case& one :
       {Case{Level::kUnknown, Alarm::kNone, Alarm::kError}, Case{Level::kTrace, Alarm::kNone, Alarm::kWarning},
        Case{Level::kInfo, Alarm::kNone, Alarm::kWarning}, Case{Level::kNotice, Alarm::kNone, Alarm::kWarning},
        Case{Level::kWarning, Alarm::kWarning, Alarm::kWarning}, Case{Level::kError, Alarm::kError, Alarm::kError},
        Case{Level::kCritical, Alarm::kError, Alarm::kError}, Case{Level::kFatal, Alarm::kError, Alarm::kError}}) {
    EXPECT_EQ(alarm_of(one.level, false), one.calm) << level_name(one.level);
    EXPECT_EQ(alarm_of(one.level, true), one.alarming) << level_name(one.level);
  }
}

TEST(SessionOf, NamesHaveIdsOfTheirOwnAndNeverTheIdOfNone) {
  constexpr std::uint64_t kHighest = std::uint64_t{1} << 63;  // set in the id that means none
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 200; ++i) {
    const SessionId id = session_of("req-" + std::to_string(i));
    EXPECT_TRUE(id.valid());
    EXPECT_LT(id.value(), kHighest);
    ids.insert(id.value());
  }
  EXPECT_EQ(ids.size(), 200U);
  EXPECT_EQ(session_of("req-7"), session_of("req-7"));
}

/// A batch of lines that all follow the plan of a pattern.
PlannedBatch planned(const std::vector<std::string>& lines, std::string_view pattern) {
  PlannedBatch batch;
  batch.records = batch_of(SourceId(3), lines);
  batch.plans = {{0, plan_of_pattern(pattern)}};
  batch.source_name = "logs/depot.log.2.gz";
  batch.source_mtime = 1234;
  batch.source = SourceId(3);
  batch.bytes_consumed = 77;
  return batch;
}

constexpr std::string_view kPattern = "<time> <level> <host> <component>: <message>";

TEST(LineParser, CarriesAlongWhatIsKnownOfTheBatch) {
  LineParser parser(nullptr, nullptr, nullptr);
  const ParsedBatch parsed = parser.parse(planned({"2024-01-15 03:42:17 INFO orchid depot: opened"}, kPattern));
  EXPECT_EQ(parsed.source_name, "logs/depot.log.2.gz");
  EXPECT_EQ(parsed.source_mtime, 1234);
  EXPECT_EQ(parsed.source, SourceId(3));
  EXPECT_EQ(parsed.bytes_consumed, 77U);
  EXPECT_TRUE(parsed.headed);
  EXPECT_EQ(parsed.invalid_utf8, 0U);
  EXPECT_EQ(parsed.batch.records.size(), 1U);
  EXPECT_EQ(parsed.times.size(), 1U);
}

TEST(LineParser, CutsHeadersIntoEvents) {
  LineParser parser(nullptr, nullptr, nullptr);
  const ParsedBatch parsed = parser.parse(planned({"2024-01-15 03:42:17 ERROR orchid depot: opened", "x"}, kPattern));
  ASSERT_EQ(parsed.batch.events.size(), 2U);
  const Event& event = parsed.batch.events[0];
  EXPECT_EQ(event.level, Level::kError);
  EXPECT_TRUE(event.has_time);
  EXPECT_EQ(parsed.times[0].time, 1'705'290'137 * kMicrosPerSecond);
  EXPECT_EQ(event.message_bytes, 6U);
  EXPECT_EQ(parsed.batch.headers[0].message, "opened");
  EXPECT_EQ(parsed.batch.headers[0].component, "depot");
  EXPECT_FALSE(event.template_id.valid()) << "without a miner";
  EXPECT_FALSE(event.deployment);
  EXPECT_EQ(event.group, 0U);
  EXPECT_FALSE(parsed.batch.events[1].has_time);
  EXPECT_EQ(parsed.batch.events[1].message_bytes, 1U);
}

TEST(LineParser, AnEmptyBatchAndOneWithoutColumnsAreNotHeaded) {
  LineParser parser(nullptr, nullptr, nullptr);
  PlannedBatch words = planned({"just words"}, kPattern);
  words.plans = {{0, std::make_shared<const HeaderPlan>()}};
  EXPECT_FALSE(parser.parse(std::move(words)).headed);
  EXPECT_EQ(parser.parse(planned({}, kPattern)).batch.events.size(), 0U);
}

TEST(LineParser, CountsRecordsThatAreNoText) {
  LineParser parser(nullptr, nullptr, nullptr);
  EXPECT_EQ(parser.parse(planned({"good", "bad \xFF", "gut \xC3\xBC", "\xC3", "good"}, kPattern)).invalid_utf8, 2U);
}

TEST(LineParser, EachPlanHoldsFromItsRecordOn) {
  LineParser parser(nullptr, nullptr, nullptr);
  const std::string line = "2024-01-15 03:42:17 ERROR orchid depot: opened";
  PlannedBatch batch = planned({line, line, line, line}, kPattern);
  batch.plans = {{0, std::make_shared<const HeaderPlan>()},
                 {1, plan_of_pattern(kPattern)},
                 {3, plan_of_pattern("<time> <level> <message>")}};
  const ParsedBatch parsed = parser.parse(std::move(batch));
  EXPECT_TRUE(parsed.headed) << "one of the plans has columns";
  EXPECT_EQ(parsed.batch.headers[0].component, "");
  EXPECT_EQ(parsed.batch.headers[1].message, "opened");
  EXPECT_EQ(parsed.batch.headers[2].message, "opened");
  EXPECT_EQ(parsed.batch.headers[3].message, "orchid depot: opened");
}

TEST(LineParser, LinesOfOneHostAreOneStream) {
  LineParser parser(nullptr, nullptr, nullptr);
  const ParsedBatch parsed = parser.parse(
      planned({"2024-01-15 03:42:17 INFO orchid depot: opened", "2024-01-15 03:42:18 INFO tulip depot: opened",
               "2024-01-15 03:42:19 INFO orchid shop: closed"},
              kPattern));
  const std::vector<Event>& events = parsed.batch.events;
  EXPECT_EQ(events[0].stream, events[2].stream);
  EXPECT_NE(events[0].stream, events[1].stream);
  EXPECT_TRUE(events[0].stream.valid());
  const ParsedBatch hostless = parser.parse(planned({"2024-01-15 03:42:17 INFO opened"}, "<time> <level> <message>"));
  EXPECT_EQ(hostless.batch.events[0].stream, StreamId(0)) << "a log of one machine is one stream";
}

std::vector<std::uint64_t> groups_by(RateKey key, std::string_view pattern) {
  LineParser parser(nullptr, nullptr, nullptr, nullptr, key);
  const ParsedBatch parsed = parser.parse(
      planned({"2024-01-15 03:42:17 INFO orchid depot: opened", "2024-01-15 03:42:18 INFO tulip depot: opened",
               "2024-01-15 03:42:19 INFO aster shop: closed"},
              pattern));
  std::vector<std::uint64_t> groups;
  for (const Event& event : parsed.batch.events) {
    groups.push_back(event.group);
  }
  return groups;
}

TEST(LineParser, CountsByWhatTheRateKeyNames) {
  EXPECT_EQ(groups_by(RateKey::kNone, kPattern), (std::vector<std::uint64_t>{0, 0, 0}));
  const std::vector<std::uint64_t> hosts = groups_by(RateKey::kHost, kPattern);
  EXPECT_EQ(std::set(hosts.begin(), hosts.end()).size(), 3U);
  EXPECT_FALSE(std::set(hosts.begin(), hosts.end()).contains(0));
  const std::vector<std::uint64_t> components = groups_by(RateKey::kComponent, kPattern);
  EXPECT_EQ(components[0], components[1]);
  EXPECT_NE(components[0], components[2]);
  const std::vector<std::uint64_t> files = groups_by(RateKey::kFile, kPattern);
  EXPECT_EQ(std::set(files.begin(), files.end()).size(), 1U);
  EXPECT_NE(files[0], 0U);
  EXPECT_EQ(groups_by(RateKey::kHost, "<time> <level> <message>"), (std::vector<std::uint64_t>{0, 0, 0}));
}

TEST(LineParser, AFileIsCountedByItsStem) {
  const auto group_in = [](const std::string& name) {
    LineParser parser(nullptr, nullptr, nullptr, nullptr, RateKey::kFile);
    PlannedBatch batch = planned({"words"}, kPattern);
    batch.source_name = name;
    return parser.parse(std::move(batch)).batch.events[0].group;
  };
  EXPECT_EQ(group_in("logs/depot.log.2.gz"), group_in("depot.log"));
  EXPECT_NE(group_in("logs/depot.log"), group_in("shop.log"));
}

TEST(LineParser, DeploymentsAreMarkedByTheirPattern) {
  const auto marker = LineMarker::create("version [0-9]+ is up", "test");
  ASSERT_TRUE(marker.ok());
  LineParser parser(nullptr, nullptr, nullptr, &*marker);
  const ParsedBatch parsed = parser.parse(
      planned({"2024-01-15 03:42:17 INFO orchid depot: version 7 is up", "2024-01-15 03:42:18 INFO orchid depot: x"},
              kPattern));
  EXPECT_TRUE(parsed.batch.events[0].deployment);
  EXPECT_FALSE(parsed.batch.events[1].deployment);
  const auto idle = LineMarker::create("", "test");
  ASSERT_TRUE(idle.ok());
  LineParser unmarked(nullptr, nullptr, nullptr, &*idle);
  EXPECT_FALSE(unmarked.parse(planned({"version 7 is up"}, kPattern)).batch.events[0].deployment);
}

SessionKey session_key(const std::string& key, const std::string& delimiter = {}) {
  SessionOptions options;
  options.key = key;
  options.delimiter = delimiter;
  auto made = SessionKey::create(options);
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

TEST(LineParser, SessionsAreFoundWhereAKeyIsGiven) {
  const SessionKey key = session_key("req=(\\w+)", "begins anew");
  LineParser parser(nullptr, nullptr, &key);
  const ParsedBatch parsed =
      parser.parse(planned({"req=a1 opened", "nothing of it", "req=b2 begins anew", "req=a1"}, kPattern));
  const EventBatch& batch = parsed.batch;
  EXPECT_EQ(batch.session_names, (std::vector<std::string_view>{"a1", "", "b2", "a1"}));
  EXPECT_EQ(batch.events[0].session, session_of("a1"));
  EXPECT_FALSE(batch.events[1].session.valid());
  EXPECT_EQ(batch.events[2].session, session_of("b2"));
  EXPECT_EQ(batch.events[3].session, batch.events[0].session);
  EXPECT_FALSE(batch.events[0].begins_session);
  EXPECT_TRUE(batch.events[2].begins_session);
}

TEST(LineParser, WithoutAKeyNoSessionsAreLookedFor) {
  const SessionKey idle = session_key("");
  LineParser parser(nullptr, nullptr, &idle);
  EXPECT_TRUE(parser.parse(planned({"req=a1 opened"}, kPattern)).batch.session_names.empty());
}

class LineParserTemplates : public testing::Test {
 protected:
  LineParserTemplates() : masker_(std::move(Masker::create({})).value()), miner_(MinerOptions()) {
    MaskedMessage message;
    for (const char* text : {"box 17 moved from 10.0.0.1 to 10.0.0.2", "box 18 moved from 10.0.0.3 to 10.0.0.4",
                             "lid of box 17 failed", "the depot is open"}) {
      masker_.mask(text, message);
      miner_.learn(message);
    }
    miner_.compact();
  }

  ParsedBatch parse(const std::vector<std::string>& lines) {
    LineParser parser(&masker_, &miner_, nullptr);
    return parser.parse(planned(lines, "<level>: <message>"));
  }

  Masker masker_;
  TemplateMiner miner_;
};

TEST_F(LineParserTemplates, EachEventHasItsParametersInTheBatch) {
  const ParsedBatch parsed =
      parse({"INFO: the depot is open", "INFO: box 21 moved from 10.1.1.1 to 10.1.1.2",
             "INFO: something else entirely came to pass", "INFO: box 22 moved from 10.2.2.2 to 10.2.2.3"});
  const std::vector<Event>& events = parsed.batch.events;
  EXPECT_TRUE(events[0].template_id.valid());
  EXPECT_EQ(events[0].parameter_count, 0U);
  EXPECT_FALSE(events[2].template_id.valid());
  EXPECT_EQ(events[2].parameter_count, 0U);
  EXPECT_EQ(events[1].template_id, events[3].template_id);
  EXPECT_NE(events[1].template_id, events[0].template_id);
  ASSERT_EQ(parsed.batch.parameters.size(), 6U);
  for (const std::size_t i : {1U, 3U}) {
    EXPECT_EQ(events[i].first_parameter, i == 1 ? 0U : 3U);
    EXPECT_EQ(events[i].parameter_count, 3U);
  }
  EXPECT_EQ(parsed.batch.parameters[0].text, "21");
  EXPECT_EQ(parsed.batch.parameters[3].text, "22");
  EXPECT_EQ(parsed.batch.parameters[5].text, "10.2.2.3");
}

TEST_F(LineParserTemplates, TokensAreCountedWhetherATemplateFitsOrNot) {
  MaskedMessage message;
  masker_.mask("the depot is open", message);
  const ParsedBatch parsed = parse({"INFO: the depot is open", "INFO: the crane is gone"});
  EXPECT_EQ(parsed.batch.events[0].token_count, message.tokens.size());
  EXPECT_EQ(parsed.batch.events[1].token_count, message.tokens.size());
}

TEST_F(LineParserTemplates, TheWordsOfTheTemplateMakeAnAlarm) {
  const ParsedBatch parsed = parse({"INFO: lid of box 17 failed", "INFO: the depot is open", "ERROR: the depot is open",
                                    "ERROR: something else entirely came to pass"});
  EXPECT_EQ(parsed.batch.events[0].alarm, Alarm::kWarning);
  EXPECT_EQ(parsed.batch.events[1].alarm, Alarm::kNone);
  EXPECT_EQ(parsed.batch.events[2].alarm, Alarm::kError);
  EXPECT_EQ(parsed.batch.events[3].alarm, Alarm::kNone) << "what has no template is judged later";
}

TEST_F(LineParserTemplates, AParserGoesOnFromBatchToBatch) {
  LineParser parser(&masker_, &miner_, nullptr);
  for (int i = 0; i < 3; ++i) {
    const ParsedBatch parsed =
        parser.parse(planned({"INFO: box 21 moved from 10.1.1.1 to 10.1.1.2"}, "<level>: <message>"));
    EXPECT_EQ(parsed.batch.events[0].first_parameter, 0U);
    EXPECT_EQ(parsed.batch.events[0].parameter_count, 3U);
  }
}

}  // namespace
}  // namespace logdetect
