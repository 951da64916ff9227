#include "judging/finding_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "logdetect/judging/session_explainer.h"
#include "unit/judging/finding_builder_support.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using testing::FindingBuilderTest;
using testing::HandMadeBatch;
using testing::text_of;

constexpr Micros kStart = HandMadeBatch::kStart;
constexpr Micros kSecond = kMicrosPerSecond;

// ---- sessions

class SessionFindings : public FindingBuilderTest {
 protected:
  // A session of open, a habitual report and a failure, which weighs most.
  static Sighting session(std::size_t row, std::uint32_t cause = testing::kFailure) {
    SessionSighting what;
    OpenSession& open = what.session;
    open.name = "job-7";
    open.position = {SourceId(4), 700, 30, 20};
    open.state.id = session_of("job-7");
    open.state.events = 4;
    open.state.last_template = testing::kReport;
    open.state.counts = {{testing::kOpened, 2, Alarm::kNone},
                         {testing::kReport, 1, Alarm::kNone},
                         {testing::kFailure, 1, Alarm::kError}};
    const SessionSign sign = SessionSign::kRareTemplate;
    what.score = {9, {{sign, cause, 1, 7}, {SessionSign::kMissing, testing::kClosed, 0, 2}}};
    Sighting sighting;
    sighting.row = row;
    sighting.time = kStart + 30 * kSecond;
    sighting.nats = 9;
    sighting.template_id = TemplateId(cause);
    sighting.what = std::move(what);
    return sighting;
  }
  std::vector<Reason> reasons_of(const Sighting& sighting) const {
    const auto& what = std::get<SessionSighting>(sighting.what);
    return explain_session(model_.sessions, what.session.state, what.score,
                           [](TemplateId id) { return text_of(id.value()); });
  }
  static std::string story_of(const Sighting& sighting) {
    const auto& what = std::get<SessionSighting>(sighting.what);
    return session_story(what.session.state, what.session.name, [](TemplateId id) { return text_of(id.value()); });
  }
};

TEST_F(SessionFindings, AtARecordStandAtIt) {
  HandMadeBatch batch("shop.log", 3);
  batch.add(0, testing::kHeartbeat, "heartbeat ok");
  batch.add(30, testing::kReport, "nightly report sent id=job-7", "web-1").alarm = Alarm::kWarning;
  batch.in_session("job-7");
  score(batch);
  const Sighting sighting = session(1);
  const Finding finding = completed(sighting, batch);
  EXPECT_TRUE(finding.whole_session);
  EXPECT_EQ(finding.session_cause, text_of(testing::kFailure));
  EXPECT_EQ(finding.source, "shop.log");
  EXPECT_EQ(finding.position.line, 2U);
  EXPECT_EQ(finding.host, "web-1");
  EXPECT_EQ(finding.session_name, "job-7");
  EXPECT_EQ(finding.time, kStart + 30 * kSecond);
  EXPECT_EQ(finding.alarm, Alarm::kError) << "of what weighs most in it";
  EXPECT_EQ(finding.template_id, TemplateId(testing::kReport)) << "of its last record";
  EXPECT_EQ(finding.template_text, text_of(testing::kReport));
  EXPECT_EQ(finding.message, "nightly report sent id=job-7");
  EXPECT_EQ(finding.verdict.surprise, 9);
  EXPECT_EQ(finding.verdict.threshold, model_.session_scorer.threshold()) << "sessions keep no hours";
  EXPECT_TRUE(finding.detectors.empty());
  EXPECT_THAT(finding.context_before, ElementsAre(story_of(sighting)));
  const std::vector<Reason> reasons = reasons_of(sighting);
  ASSERT_EQ(finding.reasons.size(), 2U);
  EXPECT_EQ(finding.reasons[0].sentence, reasons[0].sentence);
  EXPECT_EQ(finding.reasons[1].sentence, reasons[1].sentence);
  EXPECT_FALSE(finding.habitual);
}

TEST_F(SessionFindings, ThatEndedStandAtTheirLastRecord) {
  HandMadeBatch known("jobs.log", 4);
  known.add(0, testing::kHeartbeat);
  score(known);
  builder_.begin(known.get());
  const Sighting sighting = session(Sighting::kNoRow);
  HandMadeBatch empty;
  const Finding finding = completed(sighting, empty);
  EXPECT_TRUE(finding.whole_session);
  EXPECT_EQ(finding.session_cause, text_of(testing::kFailure));
  EXPECT_EQ(finding.source, "jobs.log");
  EXPECT_EQ(finding.position.offset, 700U);
  EXPECT_EQ(finding.position.line, 30U);
  EXPECT_EQ(finding.time, kStart + 30 * kSecond);
  EXPECT_EQ(finding.last_time, finding.time);
  EXPECT_TRUE(finding.has_time);
  EXPECT_EQ(finding.session, session_of("job-7"));
  EXPECT_EQ(finding.session_name, "job-7");
  EXPECT_EQ(finding.template_id, TemplateId(testing::kReport));
  EXPECT_EQ(finding.template_text, text_of(testing::kReport));
  EXPECT_FALSE(finding.new_template);
  EXPECT_EQ(finding.alarm, Alarm::kError);
  EXPECT_EQ(finding.message, story_of(sighting));
  EXPECT_TRUE(finding.context_before.empty());
  EXPECT_EQ(finding.verdict.surprise, 9);
  EXPECT_EQ(finding.verdict.threshold, model_.session_scorer.threshold());
  ASSERT_EQ(finding.reasons.size(), 2U);
  EXPECT_EQ(finding.reasons[1].sentence, reasons_of(sighting)[1].sentence);
}

TEST_F(SessionFindings, OfALogWithoutAClockHaveNoTime) {
  HandMadeBatch known("jobs.log", 4);
  known.add(0, testing::kHeartbeat);
  known.get().has_time = false;
  score(known);
  builder_.begin(known.get());
  HandMadeBatch empty;
  const Finding finding = builder_.describe(session(Sighting::kNoRow), empty.get());
  EXPECT_EQ(finding.time, 0);
  EXPECT_EQ(finding.last_time, 0);
  EXPECT_FALSE(finding.has_time);
}

TEST_F(SessionFindings, ThatEndWithANewTemplateSaySo) {
  MaskedMessage message;
  model_.masker.mask("cart emptied", message);
  const TemplateId fresh = templates_.learn(message);
  Sighting sighting = session(Sighting::kNoRow);
  std::get<SessionSighting>(sighting.what).session.state.last_template = fresh.value();
  HandMadeBatch empty;
  EXPECT_TRUE(builder_.describe(sighting, empty.get()).new_template);
}

TEST_F(SessionFindings, AreAsAlarmingAsWhatWeighsMostInThem) {
  HandMadeBatch empty;
  EXPECT_EQ(builder_.describe(session(Sighting::kNoRow, testing::kReport), empty.get()).alarm, Alarm::kNone)
      << "the failure weighs less";
  HandMadeBatch batch;
  batch.add(0, testing::kReport).alarm = Alarm::kWarning;
  score(batch);
  EXPECT_EQ(builder_.describe(session(0, testing::kReport), batch.get()).alarm, Alarm::kWarning) << "the record's own";
}

TEST_F(SessionFindings, AreHabitsByWhatTheyHold) {
  const double threshold = model_.session_scorer.threshold();
  const auto habitual = [&](std::uint32_t cause, double missing, std::size_t row, bool odd = false) {
    HandMadeBatch batch;
    batch.add(0, testing::kReport);
    score(batch);
    make_calm(batch, 0);
    value(batch, 0, "length_surprise") = odd ? 4.0F : 0.0F;
    Sighting sighting = session(row, cause);
    std::get<SessionSighting>(sighting.what).score.parts[1].nats = missing;
    return builder_.describe(sighting, batch.get()).habitual;
  };
  const double little = threshold / 4 - 1e-9;
  for (const std::size_t row : {std::size_t{0}, Sighting::kNoRow}) {
    EXPECT_TRUE(habitual(testing::kReport, little, row));
    EXPECT_FALSE(habitual(testing::kReport, threshold / 4, row)) << "what is missing is news by itself";
    EXPECT_FALSE(habitual(testing::kFailure, little, row)) << "no habit";
  }
  EXPECT_FALSE(habitual(testing::kReport, little, 0, true)) << "its record comes otherwise than ever";
  EXPECT_TRUE(habitual(testing::kReport, little, Sighting::kNoRow, true));
}

// ---- what ids are made of and the allow rules look at

class Subjects : public SessionFindings {
 protected:
  Subjects() : known_("/var/log/jobs.log.2.gz", 4), batch_("/var/log/shop.log.1", 3) {
    known_.add(0, testing::kHeartbeat, "heartbeat ok");
    builder_.begin(known_.get());
    batch_.add(0, testing::kHeartbeat, "heartbeat ok");
    batch_.add(7, testing::kFailure, "disk check failed", "db-1");
    batch_.header().component = "disks";
    builder_.begin(batch_.get());
  }
  Subject subject(const Sighting& sighting) { return builder_.subject(sighting, batch_.get()); }

  HandMadeBatch known_;
  HandMadeBatch batch_;
};

TEST_F(Subjects, OfALineAreItsRecord) {
  Sighting sighting = line_at(batch_, 1);
  sighting.time += kSecond;
  const Subject line = subject(sighting);
  EXPECT_EQ(line.template_text, text_of(testing::kFailure));
  EXPECT_EQ(line.message(), "disk check failed");
  EXPECT_EQ(line.host, "db-1");
  EXPECT_EQ(line.component, "disks");
  EXPECT_EQ(line.stream, "shop.log");
  EXPECT_EQ(line.session, "");
  EXPECT_EQ(line.time, kStart + 7 * kSecond) << "rules ask for the record's own";
  EXPECT_EQ(line.began, kStart + 8 * kSecond);
  batch_.get().parsed.batch.events[1].has_time = false;
  EXPECT_FALSE(subject(sighting).time) << "no time of its own";
}

TEST_F(Subjects, OfABurstAreTheRecordItWasNoticedAt) {
  Sighting sighting = line_at(batch_, 1);
  sighting.time -= kSecond;
  sighting.what = BurstSighting{};
  const Subject burst = subject(sighting);
  EXPECT_EQ(burst.message(), "disk check failed");
  EXPECT_EQ(burst.host, "db-1");
  EXPECT_EQ(burst.stream, "shop.log");
  EXPECT_EQ(burst.time, kStart + 7 * kSecond);
  EXPECT_EQ(burst.began, kStart + 6 * kSecond);
}

TEST_F(Subjects, OfASilenceAreItsLastLineAndWhenTheNextWasDue) {
  for (const std::size_t row : {std::size_t{1}, Sighting::kNoRow}) {
    Sighting sighting;
    sighting.row = row;
    sighting.time = kStart + 99 * kSecond;
    sighting.template_id = TemplateId(testing::kHeartbeat);
    SilenceSighting what;
    what.position.source = SourceId(4);
    what.line = "heartbeat ok now";
    what.host = "web-3";
    what.component = "heart";
    sighting.what = what;
    const Subject silence = subject(sighting);
    EXPECT_EQ(silence.template_text, "heartbeat ok");
    EXPECT_EQ(silence.message(), "heartbeat ok now");
    EXPECT_EQ(silence.host, "web-3");
    EXPECT_EQ(silence.component, "heart");
    EXPECT_EQ(silence.stream, "jobs.log");
    EXPECT_EQ(silence.time, kStart + 99 * kSecond);
    EXPECT_EQ(silence.began, kStart + 99 * kSecond);
  }
}

TEST_F(Subjects, OfASessionAreTheTemplateThatWeighsMost) {
  const Sighting at = session(1);
  const Subject at_record = subject(at);
  EXPECT_EQ(at_record.template_text, text_of(testing::kFailure));
  EXPECT_EQ(at_record.message(), at_record.template_text);
  EXPECT_EQ(at_record.host, "db-1");
  EXPECT_EQ(at_record.component, "disks");
  EXPECT_EQ(at_record.time, kStart + 7 * kSecond) << "of the record";
  const Sighting over = session(Sighting::kNoRow);
  const Subject ended = subject(over);
  EXPECT_EQ(ended.message(), text_of(testing::kFailure));
  EXPECT_EQ(ended.host, "");
  EXPECT_EQ(ended.stream, "jobs.log");
  EXPECT_EQ(ended.session, "job-7");
  EXPECT_EQ(ended.time, kStart + 30 * kSecond) << "of its last record";
  EXPECT_EQ(ended.began, kStart + 30 * kSecond);
}

TEST_F(Subjects, WithoutAnyClockHaveNoTime) {
  batch_.get().has_time = false;
  builder_.begin(batch_.get());
  EXPECT_FALSE(subject(session(Sighting::kNoRow)).time);
  EXPECT_EQ(subject(session(Sighting::kNoRow)).began, 0);
  EXPECT_EQ(subject(line_at(batch_, 1)).began, 0);
}

}  // namespace
}  // namespace logdetect
