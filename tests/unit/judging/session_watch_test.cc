#include "judging/session_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/models/ensemble.h"
#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::HandMadeBatch;
using testing::seconds;
using testing::watch_all;

constexpr Micros kStart = HandMadeBatch::kStart;
constexpr Micros kSecond = kMicrosPerSecond;
constexpr std::uint32_t kOther = 7;    // of no session
constexpr std::uint32_t kUnseen = 99;  // no session of training holds it
constexpr double kLongBefore = -1e6;

Micros at(double second) {
  return kStart + static_cast<Micros>(second * 1e6);
}

// How the sessions of training went.
struct Pace {
  Micros step = kSecond;  // from one record to the next
  int pauses_every = 0;   // work waits once in so many sessions; 0: never
  Micros pause = 0;
};

// Training: a thousand sessions of open (0), work (1) four times, close (2).
class SessionWatchTest : public ::testing::Test {
 protected:
  explicit SessionWatchTest(const Pace& pace = {}) {
    for (int i = 0; i < 1000; ++i) {
      SessionState state;
      Micros now = 0;
      for (const std::uint32_t id : {0U, 1U, 1U, 1U, 1U, 2U}) {
        const bool waits = pace.pauses_every > 0 && i % pace.pauses_every == 0 && state.events == 1;
        now += waits ? pace.pause : pace.step;
        Event event;
        event.template_id = TemplateId(id);
        event.session = SessionId(1);
        event.time = now;
        event.has_time = true;
        statistics_.learn(event, state);
      }
      statistics_.close(state);
    }
    statistics_.finish();
  }

  SessionWatch watch(bool keep_ended = false, std::size_t max_open = SessionWatch::kMaxOpen, bool active = true) {
    return {{statistics_, scorer_, kOther + 1, active}, options_, span_, keep_ended, max_open};
  }
  // A log that had begun long before.
  static HandMadeBatch log() {
    HandMadeBatch batch;
    batch.add(kLongBefore, kOther);
    return batch;
  }
  static void add(HandMadeBatch& batch, double second, std::uint32_t id, const std::string& session) {
    batch.add(second, id, session);
    batch.in_session(session);
  }
  static void add_whole(HandMadeBatch& batch, double second, const std::string& session) {
    for (const std::uint32_t id : {0U, 1U, 1U, 1U, 1U, 2U}) {
      add(batch, second++, id, session);
    }
  }
  [[nodiscard]] SessionScore score(const SessionState& state, std::optional<Micros> silence) const {
    return scorer_.score(statistics_, state, silence);
  }
  // When the silence of a session is looked at whose last event, of this template, came at `second`.
  [[nodiscard]] Micros first_look(double second, std::uint32_t id) const {
    return at(second) + statistics_.first_patience(id);
  }
  [[nodiscard]] Micros second_look(double second, std::uint32_t id) const {
    return at(second) + statistics_.patience(id);
  }

  SessionStatistics statistics_;
  SessionScorer scorer_{SessionScorer::Learnt{1, 1, std::log(1000)}};
  ThresholdOptions options_;
  JudgedSpan span_;
};

// One in a hundred waits for three days: the first look at a silence tells little.
class PausingSessions : public SessionWatchTest {
 protected:
  PausingSessions() : SessionWatchTest({kSecond, 100, 3 * kMicrosPerDay}) {}
};

// One in twenty waits for an hour, so that before the work nothing is strange until then.
class WaitingSessions : public SessionWatchTest {
 protected:
  WaitingSessions() : SessionWatchTest({kSecond, 20, kMicrosPerHour}) {}
};

// A tenth of a second is long before the shortest patience.
class QuickSessions : public SessionWatchTest {
 protected:
  QuickSessions() : SessionWatchTest({kSecond / 10, 0, 0}) {}
};

std::vector<std::string> names_of(const std::vector<OpenSession>& sessions) {
  std::vector<std::string> names;
  for (const OpenSession& session : sessions) {
    names.push_back(session.name);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST_F(SessionWatchTest, UsualSessionsAreQuiet) {
  HandMadeBatch batch = log();
  add_whole(batch, 0, "a");
  add_whole(batch, 10, "b");
  batch.add(100'000, kOther);
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.finish(told);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(sessions.sessions(), 2U);
}

TEST_F(SessionWatchTest, ARecordMakesASessionStrangeAndItIsToldOnce) {
  HandMadeBatch batch = log();
  for (const std::uint32_t id : {0U, 1U, 1U, 1U, 1U}) {
    add(batch, static_cast<double>(batch.size()), id, "job-7");
  }
  add(batch, 6, kUnseen, "job-7");
  add(batch, 7, kUnseen + 1, "job-7");
  batch.add(100'000, kOther);
  SessionWatch sessions = watch(true);
  Sightings told = watch_all(sessions, batch);
  sessions.finish(told);
  ASSERT_EQ(told.size(), 1U);
  const Sighting& sighting = told[0];
  EXPECT_EQ(sighting.change, Sighting::Change::kBegan);
  EXPECT_EQ(sighting.row, 6U);
  EXPECT_EQ(sighting.time, at(6));
  EXPECT_EQ(sighting.template_id, TemplateId(kUnseen));
  EXPECT_EQ(sighting.bout_key, 0U);
  const auto& [session, found] = std::get<SessionSighting>(sighting.what);
  EXPECT_EQ(session.name, "job-7");
  EXPECT_EQ(session.position.line, 7U);
  EXPECT_EQ(session.state.events, 6U);
  EXPECT_EQ(session.state.lead, at(1) - at(kLongBefore));
  EXPECT_TRUE(session.reported);
  EXPECT_EQ(sighting.nats, score(session.state, std::nullopt).total);
  EXPECT_EQ(found.total, sighting.nats);
  ASSERT_FALSE(found.parts.empty());
  EXPECT_EQ(found.parts.front().sign, SessionSign::kNewTemplate);
  EXPECT_EQ(session.score, verdict_of(found.total, scorer_.threshold(), options_).score);
  const std::vector<OpenSession> ended = sessions.take_ended();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].state.events, 7U);
  EXPECT_GE(ended[0].score, session.score) << "the strangest it was";
}

TEST_F(SessionWatchTest, TheThresholdAndTheSensitivityDecide) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, kUnseen, "a");
  SessionWatch first = watch();
  const Sightings told = watch_all(first, batch);
  ASSERT_EQ(told.size(), 1U);
  scorer_ = SessionScorer({1, 1, told[0].nats});
  SessionWatch exact = watch();
  EXPECT_EQ(watch_all(exact, batch).size(), 1U);
  options_.sensitivity = Sensitivity::kLow;
  SessionWatch low = watch();
  EXPECT_TRUE(watch_all(low, batch).empty());
}

TEST_F(SessionWatchTest, ASilenceThatIsStrangeIsToldJustBehindItsDeadline) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, 1, "a");
  const Micros deadline = first_look(1, 1);
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(deadline, told);
  EXPECT_TRUE(told.empty()) << "it may still come in time";
  sessions.advance(deadline + 1, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, Sighting::kNoRow);
  EXPECT_EQ(told[0].time, at(1)) << "of its last record";
  const auto& session = std::get<SessionSighting>(told[0].what).session;
  EXPECT_EQ(told[0].nats, score(session.state, deadline + 1 - at(1)).total);
  EXPECT_EQ(told[0].template_id, TemplateId(score(session.state, deadline + 1 - at(1)).parts.front().template_id));
  sessions.advance(at(50'000), told);
  sessions.finish(told);
  EXPECT_EQ(told.size(), 1U) << "told once";
}

TEST_F(SessionWatchTest, EventsMoveTheClockToo) {
  HandMadeBatch batch = log();
  for (const double second : {-3, -2, -1}) {
    batch.add(second, kOther);  // a leap of more than an hour is believed at its third record
  }
  add(batch, 0, 0, "a");
  batch.add(seconds(first_look(0, 0)) + 0.5, kOther);
  SessionWatch sessions = watch();
  const Sightings told = watch_all(sessions, batch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, Sighting::kNoRow) << "the record that shows it is of others";
}

TEST_F(SessionWatchTest, ARecordMovesTheDeadline) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, 1, "a");
  add(batch, 1.5, 1, "a");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(first_look(1, 1) + 1, told);
  EXPECT_TRUE(told.empty()) << "it went on since";
  sessions.advance(first_look(1.5, 1), told);
  EXPECT_TRUE(told.empty());
  sessions.advance(first_look(1.5, 1) + 1, told);
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(SessionWatchTest, AtTheBeginningOfALogNothingIsKnownOfWhatWentBefore) {
  HandMadeBatch batch;
  add(batch, 0, 2, "a");  // a close alone
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(at(3000), told);
  EXPECT_TRUE(told.empty());
  HandMadeBatch later = log();
  add(later, 0, 2, "a");
  SessionWatch others = watch();
  told = watch_all(others, later);
  others.advance(at(3000), told);
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(PausingSessions, AreLookedAtTwiceIfTheFirstLookTellsTooLittle) {
  const Micros first = first_look(0, 0);
  const Micros second = second_look(0, 0);
  ASSERT_LT(first, at(60));
  ASSERT_GT(second, at(3 * 86'400.0));
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(first + 1, told);
  sessions.advance(second, told);
  EXPECT_TRUE(told.empty());
  sessions.advance(second + 1, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].nats, score(std::get<SessionSighting>(told[0].what).session.state, second + 1 - at(0)).total);
}

TEST_F(PausingSessions, AreLookedAtOnceIfTheFirstLookTellsEnough) {
  scorer_ = SessionScorer({1, 1, 4});
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(first_look(0, 0), told);
  EXPECT_TRUE(told.empty());
  sessions.advance(first_look(0, 0) + 1, told);
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(PausingSessions, AfterARecordTheLooksBeginAnew) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  HandMadeBatch more;
  add(more, 100, 0, "a");
  SessionState state;
  state.lead = at(0) - at(kLongBefore);
  statistics_.follow(batch.get().event(1), state);
  statistics_.follow(more.get().event(0), state);
  const double early = score(state, first_look(100, 0) + 1 - at(100)).total;
  const double late = score(state, second_look(100, 0) + 1 - at(100)).total;
  ASSERT_LT(early, late);
  scorer_ = SessionScorer({1, 1, (early + late) / 2});
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(first_look(0, 0) + 1, told);  // the first look
  for (const Sighting& sighting : watch_all(sessions, more)) {
    told.push_back(sighting);
  }
  sessions.advance(first_look(100, 0) + 1, told);
  sessions.advance(second_look(100, 0), told);
  EXPECT_TRUE(told.empty());
  sessions.advance(second_look(100, 0) + 1, told);
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(WaitingSessions, AShorterDeadlineReplacesALongerOne) {
  ASSERT_GT(first_look(0, 0), at(3600));
  ASSERT_LT(first_look(1, 1), at(60));
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, 1, "a");
  add(batch, 1, 0, "b");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(first_look(1, 1), told);
  EXPECT_TRUE(told.empty());
  sessions.advance(first_look(1, 1) + 1, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<SessionSighting>(told[0].what).session.name, "a");
  sessions.advance(first_look(1, 0), told);
  EXPECT_EQ(told.size(), 1U);
  sessions.advance(first_look(1, 0) + 1, told);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<SessionSighting>(told[1].what).session.name, "b");
}

TEST_F(WaitingSessions, SilencesAreToldInOrderOfTheirDeadlines) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "late");
  add(batch, 1, 0, "soon");
  add(batch, 2, 1, "soon");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(at(10'000), told);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<SessionSighting>(told[0].what).session.name, "soon");
  EXPECT_EQ(std::get<SessionSighting>(told[1].what).session.name, "late");
}

TEST_F(SessionWatchTest, OnlyNewsIsJudged) {
  // Far more work than ever: strange from the record on that says so, but only 1, 2, 4, 8, ... records are looked at.
  scorer_ = SessionScorer({5, 5, 2.5});
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  for (int i = 0; i < 12; ++i) {
    add(batch, 1 + i, 1, "a");
  }
  SessionState state;
  std::size_t strange = 0;
  for (std::size_t i = 1; i < batch.size() && strange == 0; ++i) {
    statistics_.follow(batch.get().event(i), state);
    strange = verdict_of(score(state, std::nullopt).total, scorer_.threshold(), options_).anomalous ? i : 0;
  }
  ASSERT_EQ(strange, 6U) << "the fifth time";
  SessionWatch sessions = watch();
  const Sightings told = watch_all(sessions, batch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, 8U);
  EXPECT_EQ(told[0].template_id, TemplateId(1));
}

TEST_F(QuickSessions, ASlowStepIsNews) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  for (int i = 1; i <= 4; ++i) {
    add(batch, 0.1 * i, 1, "a");
  }
  add(batch, 1.3, 1, "a");
  SessionState state;
  double slowest = 0;
  for (std::size_t i = 1; i < batch.size(); ++i) {
    slowest = static_cast<double>(state.slowest);
    statistics_.follow(batch.get().event(i), state);
  }
  const double slower = static_cast<double>(state.slowest) - slowest;
  ASSERT_GT(slower, 1) << "the last step is the slowest";
  ASSERT_EQ(state.events, 6U) << "otherwise a record that is not looked at";
  scorer_ = SessionScorer({100, slowest, std::min(slower, 8.0)});
  SessionWatch sessions = watch();
  const Sightings told = watch_all(sessions, batch);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, 6U);
}

TEST_F(SessionWatchTest, ARecordOutsideTheJudgedSpanTellsNothing) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, kUnseen, "a");
  add(batch, 2, 1, "a");
  span_.since = at(3);
  SessionWatch sessions = watch();
  EXPECT_TRUE(watch_all(sessions, batch).empty());
  HandMadeBatch more;
  add(more, 3, 1, "a");  // the fourth record: what the session holds is looked at again
  const Sightings told = watch_all(sessions, more);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].row, 0U);
  EXPECT_EQ(told[0].template_id, TemplateId(kUnseen));
}

TEST_F(SessionWatchTest, ASessionThatEndedOutsideTheJudgedSpanIsNotToldByItsSilence) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, kUnseen, "a");
  add(batch, 5, 0, "b");
  add(batch, 6, kUnseen, "b");
  span_.until = at(1);
  SessionWatch early = watch();
  Sightings told = watch_all(early, batch);
  early.finish(told);
  EXPECT_TRUE(told.empty());
  span_ = {.since = at(5), .until = {}};
  SessionWatch late = watch();
  told = watch_all(late, batch);
  late.finish(told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].time, at(6));
}

TEST_F(SessionWatchTest, AFullTableForgetsTheSessionThatWasSilentLongest) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 0.1, 0, "b");
  add(batch, 0.2, kUnseen, "a");
  batch.get().judged.back() = 0;
  add(batch, 0.3, 1, "b");
  add(batch, 0.4, 1, "b");  // a known one needs no room
  SessionWatch sessions = watch(true, 2);
  Sightings told = watch_all(sessions, batch);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(sessions.sessions(), 0U);
  HandMadeBatch more;
  add(more, 0.5, 0, "c");
  told = watch_all(sessions, more);
  EXPECT_EQ(sessions.sessions(), 1U);
  ASSERT_EQ(told.size(), 1U) << "judged for the last time";
  EXPECT_EQ(told[0].row, Sighting::kNoRow);
  EXPECT_EQ(told[0].time, at(0.2));
  const auto& forgotten = std::get<SessionSighting>(told[0].what).session;
  EXPECT_EQ(forgotten.name, "a");
  EXPECT_EQ(told[0].nats, score(forgotten.state, at(0.5) - at(0.2)).total);
  EXPECT_EQ(names_of(sessions.take_ended()), Names{"a"});
  sessions.finish(told);
  EXPECT_EQ(names_of(sessions.take_ended()), (Names{"b", "c"})) << "in order of their last record";
  EXPECT_EQ(sessions.sessions(), 3U);
}

TEST_F(SessionWatchTest, ASmallTableStillKeepsEveryDeadline) {
  constexpr int kMany = 40;
  HandMadeBatch batch = log();
  for (int i = 0; i < kMany; ++i) {
    add(batch, 0.01 * i, 0, "s" + std::to_string(i));
  }
  SessionWatch sessions = watch(false, 2);
  Sightings told = watch_all(sessions, batch);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(sessions.sessions(), kMany - 2U);
  sessions.advance(first_look(0.01 * (kMany - 2), 0) + 1, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<SessionSighting>(told[0].what).session.name, "s38");
  sessions.advance(first_look(0.01 * (kMany - 1), 0) + 1, told);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(std::get<SessionSighting>(told[1].what).session.name, "s39");
}

TEST_F(SessionWatchTest, WhatIsSilentForAnHourIsForgotten) {
  HandMadeBatch batch = log();
  add_whole(batch, 0, "a");
  SessionWatch sessions = watch(true);
  Sightings told = watch_all(sessions, batch);
  sessions.advance(at(5) + kMicrosPerHour, told);
  EXPECT_EQ(sessions.sessions(), 0U);
  EXPECT_TRUE(sessions.take_ended().empty());
  sessions.advance(at(5) + kMicrosPerHour + 1, told);
  EXPECT_EQ(sessions.sessions(), 1U);
  const std::vector<OpenSession> ended = sessions.take_ended();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].state.events, 6U);
  EXPECT_TRUE(sessions.take_ended().empty()) << "taken";
  HandMadeBatch more;
  add(more, 10'000, 0, "a");
  told = watch_all(sessions, more);
  sessions.finish(told);
  EXPECT_EQ(sessions.sessions(), 2U);
  EXPECT_EQ(sessions.take_ended().at(0).state.events, 1U) << "another one of the same name";
}

TEST_F(PausingSessions, AreForgottenAfterTwiceTheLongestPauseOfTraining) {
  const Micros memory = 2 * statistics_.longest_pause();
  ASSERT_GT(memory, 6 * kMicrosPerDay);
  HandMadeBatch batch = log();
  add_whole(batch, 0, "a");
  SessionWatch sessions = watch();
  Sightings told = watch_all(sessions, batch);
  sessions.advance(at(5) + memory, told);
  EXPECT_EQ(sessions.sessions(), 0U);
  sessions.advance(at(5) + memory + 1, told);
  EXPECT_EQ(sessions.sessions(), 1U);
}

TEST_F(SessionWatchTest, TheEndOfTheLogIsNoSilence) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "cut");
  SessionWatch sessions = watch(true);
  Sightings told = watch_all(sessions, batch);
  sessions.finish(told);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(sessions.sessions(), 1U);
  EXPECT_EQ(names_of(sessions.take_ended()), Names{"cut"});
}

TEST_F(SessionWatchTest, EndedSessionsAreKeptOnlyIfAskedFor) {
  HandMadeBatch batch = log();
  add_whole(batch, 0, "a");
  SessionWatch sessions = watch(false);
  Sightings told = watch_all(sessions, batch);
  sessions.finish(told);
  EXPECT_EQ(sessions.sessions(), 1U);
  EXPECT_TRUE(sessions.take_ended().empty());
}

TEST_F(SessionWatchTest, WhereTrainingSawTooFewNothingIsFollowed) {
  HandMadeBatch batch = log();
  add(batch, 0, 0, "a");
  add(batch, 1, kUnseen, "a");
  SessionWatch sessions = watch(true, SessionWatch::kMaxOpen, false);
  Sightings told = watch_all(sessions, batch);
  sessions.advance(at(100'000), told);
  sessions.finish(told);
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(sessions.sessions(), 0U);
  EXPECT_TRUE(sessions.take_ended().empty());
}

}  // namespace
}  // namespace logdetect
