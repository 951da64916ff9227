#include "cli/train_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Micros kStart = 1'705'276'800LL * kMicrosPerSecond;  // 2024-01-15T00:00:00Z

TrainReport learned() {
  TrainReport report;
  report.summary.lines = 1200;
  report.summary.records = report.summary.records_known = 1100;
  report.summary.templates_known = 40;
  report.summary.seconds = 2.5;
  report.summary.has_time = true;
  report.summary.first_time = kStart;
  report.summary.last_time = kStart + kMicrosPerDay;
  report.header = "time level message";
  report.threshold = 4.5;
  report.quantile_threshold = 4.25;
  report.validation_records = 400;
  report.validation_flagged = 3;
  return report;
}

TrainRequest request() {
  TrainRequest out;
  out.output = "model/";
  out.config.threshold.alerts_per_day = 0;
  return out;
}

OddTemplate odd(const std::string& example, double score, std::uint64_t count) {
  OddTemplate out;
  out.example = example;
  out.score = score;
  out.count = count;
  out.first = kStart;
  out.last = kStart + kMicrosPerHour;
  return out;
}

TEST(TrainText, AnOrdinaryTraining) {
  EXPECT_EQ(train_text(learned(), request(), true, false),
            "Learned from 1,200 log lines (1,100 records, 40 templates) in 2.5 s\n"
            "  records     1,100 records = 1,100 matched + 0 new + 0 unparsed + 0 dropped\n"
            "  span        2024-01-15T00:00:00Z - 2024-01-16T00:00:00Z\n"
            "  header      time level message\n"
            "  threshold   4.50 nats (of the validation part alone: 4.25)\n"
            "  validation  3 of 400 records flagged (0.75 %)\n"
            "\n"
            "Model written to model/. Next: logdetect scan --model model/ today.log\n");
}

TEST(TrainText, EverythingThatMayBeToldIsTold) {
  TrainReport report = learned();
  TrainRequest asked = request();
  asked.update = true;
  asked.config.threshold.alerts_per_day = 2;
  report.new_templates = 3;
  report.excluded = {{"a <*>", 20}, {"b", 30}};
  report.sessions = 50;
  report.session_threshold = 6.25;
  report.found_sessions = FoundSessions{"id=(\\w+)", "the id after 'id='", 0.876, 40};
  report.streams = 2;
  report.stream_word = "host";
  report.budget_threshold = 3.5;
  report.alerts_per_day = 1.5;
  report.curves = {{"autoencoder", {{0.9, 0.8}, {0.5, 0.4}, {0.4, 0.6}}}};
  report.odd_acknowledged = 1;
  EXPECT_EQ(train_text(report, asked, false, true),
            "Updated with 1,200 log lines (1,100 records, 40 templates) in 2.5 s\n"
            "  records     1,100 records = 1,100 matched + 0 new + 0 unparsed + 0 dropped\n"
            "  new         3 templates that the model did not know\n"
            "  excluded    50 records by 2 patterns, among the dropped\n"
            "  span        2024-01-15T00:00:00Z \u2013 2024-01-16T00:00:00Z\n"
            "  header      time level message\n"
            "  sessions    by the id after 'id=' (88 % of records, 50 sessions);\n"
            "              set sessions.key to change, `sessions.auto: false` to switch off; threshold 6.25 nats\n"
            "  streams     2 hosts told apart\n"
            "  autoencoder 3 epochs, validation loss 0.800 to 0.400 (epoch 2)\n"
            "    epoch 1  training 0.9000  validation 0.8000\n"
            "    epoch 2  training 0.5000  validation 0.4000\n"
            "    epoch 3  training 0.4000  validation 0.6000\n"
            "  threshold   4.50 nats (of the validation part alone: 4.25)\n"
            "  alerts      1.5 a day in the validation part (budget 2.0, which alone asks for 3.50 nats)\n"
            "  validation  3 of 400 records flagged (0.75 %)\n"
            "  odd         nothing but 1 acknowledged template\n"
            "\n"
            "Model written to model/. Next: logdetect scan --model model/ today.log\n");
}

TEST(TrainText, WhatIsNotThereIsNotTold) {
  TrainReport report = learned();
  report.summary.has_time = false;
  report.sessions = 1;
  report.validation_records = report.validation_flagged = 0;
  report.curves = {{"autoencoder", {{0.9, 0.8}}}};
  const std::string text = train_text(report, request(), true, false);
  EXPECT_THAT(text, Not(HasSubstr("span")));
  EXPECT_THAT(text, Not(HasSubstr("streams")));
  EXPECT_THAT(text, Not(HasSubstr("alerts")));
  EXPECT_THAT(text, Not(HasSubstr("training 0.9")));
  EXPECT_THAT(text, HasSubstr("  sessions    1 session; threshold 0.00 nats\n"));
  EXPECT_THAT(text, HasSubstr("  autoencoder 1 epoch, validation loss 0.800 to 0.800 (epoch 1)\n"));
  EXPECT_THAT(text, HasSubstr("  validation  0 of 0 records flagged (0.00 %)\n"));
  report.streams = 1;
  report.stream_word = "host";
  EXPECT_THAT(train_text(report, request(), true, false), HasSubstr("  streams     1 host told apart\n"));
}

TEST(TrainText, OddTemplatesAreCards) {
  TrainReport report = learned();
  report.odd = {odd("disk \x07 gone", 0.876, 1), odd("net it's down", 0.5, 1500)};
  report.odd[0].why = {"new \x1b", "rare"};
  report.odd[1].pattern = "net it's <*>";
  report.odd_templates = 2;
  report.odd_habits = 1234;
  report.odd_acknowledged = 3;
  const std::string want =
      "\nOdd in this training: the model itself would flag 2 templates of it, beside 1,234 that come regularly and 3 "
      "acknowledged. If one is no part of normal\n"
      "operation, train again without it:\n"
      "   1. score 0.88, 1 record, 2024-01-15T00:00:00Z\n"
      "      \"disk \\x07 gone\"\n"
      "      new \\x1b\n"
      "      rare\n"
      "   2. score 0.50, 1,500 records, 2024-01-15T00:00:00Z - 2024-01-15T01:00:00Z\n"
      "      \"net it's down\"\n"
      "      --exclude 'net it'\\''s <*>'\n"
      "\nModel written";
  EXPECT_THAT(train_text(report, request(), true, false), HasSubstr(want));
  report.odd_habits = 1;
  report.odd_acknowledged = 1;
  EXPECT_THAT(train_text(report, request(), true, false),
              HasSubstr(", beside 1 that come regularly and 1 acknowledged. If"));
  report.odd_acknowledged = 0;
  EXPECT_THAT(train_text(report, request(), true, false), HasSubstr(", beside 1 that come regularly. If"));
  report.odd_acknowledged = 3;
  report.odd_habits = 0;
  report.summary.has_time = false;
  const std::string text = train_text(report, request(), true, false);
  EXPECT_THAT(text, HasSubstr("flag 2 templates of it, beside 3 acknowledged. If"));
  EXPECT_THAT(text, HasSubstr("1 record\n"));
}

TEST(TrainText, TenCardsAreShownAndAllWhenAsked) {
  TrainReport report = learned();
  for (int i = 0; i < 10; ++i) {
    report.odd.push_back(odd("number " + std::to_string(i), 0.5, 1));
  }
  report.odd_templates = 10;
  EXPECT_THAT(train_text(report, request(), true, false), HasSubstr("  10. score"));
  EXPECT_THAT(train_text(report, request(), true, false), Not(HasSubstr("more")));
  report.odd.push_back(odd(std::string(101, 'x'), 0.5, 1));
  report.odd_templates = 2012;
  const std::string ten = train_text(report, request(), true, false);
  EXPECT_THAT(ten, HasSubstr("number 9"));
  EXPECT_THAT(ten, Not(HasSubstr("xxx")));
  EXPECT_THAT(ten, HasSubstr("\n  and 2,002 more; --verbose shows up to 100\n"));
  const std::string all = train_text(report, request(), true, true);
  EXPECT_THAT(all, HasSubstr("\"" + std::string(99, 'x') + "…\"\n"));
  EXPECT_THAT(all, HasSubstr("\n  and 2,001 more\n"));
}

}  // namespace
}  // namespace logdetect
