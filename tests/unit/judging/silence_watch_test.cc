#include "judging/silence_watch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "unit/judging/judging_support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::HandMadeBatch;
using testing::seconds;
using testing::watch_all;

const double kNeeded = std::log(1000);
constexpr Micros kStart = HandMadeBatch::kStart;

class Silences : public ::testing::Test {
 protected:
  // Six hours of a beat every 10 s.
  Silences() : baseline_(FeatureOptions{}) {
    EventScript script;
    for (int second = 0; second < 6 * 3600; second += 10) {
      script.add(second, 0);
    }
    testing::learn(baseline_, script);
  }
  static void beats(HandMadeBatch& batch, int from, int to) {
    for (int second = from; second <= to; second += 10) {
      batch.add(second, 0, "beat", "web-1");
    }
  }
  SilenceWatch watch(const JudgedSpan& span = {}) { return {baseline_.rhythms(), kNeeded, span}; }

  Baseline baseline_;
};

TEST_F(Silences, AHeartbeatThatStopsIsToldWhenItsSilenceIsImprobable) {
  HandMadeBatch batch;
  for (int second = 0; second < 2000; second += 10) {
    if (second <= 500 || second >= 1500) {
      batch.add(second, 0, "beat", "web-1");
    }
    batch.add(second + 3, 1);  // time goes on
  }
  SilenceWatch silences = watch();
  Sightings told = watch_all(silences, batch);
  silences.finish(told);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].change, Sighting::Change::kBegan);
  EXPECT_EQ(told[0].row, Sighting::kNoRow);
  EXPECT_EQ(told[0].template_id, TemplateId(0));
  EXPECT_NEAR(seconds(told[0].time), 510, 0.1) << "when the next beat was due";
  EXPECT_GE(told[0].nats, kNeeded - 1e-6);
  const auto& silence = std::get<SilenceSighting>(told[0].what);
  EXPECT_NEAR(seconds(silence.last), 500, 0.1);
  EXPECT_GT(seconds(silence.now), 510);
  EXPECT_LT(seconds(silence.now), 600);
  EXPECT_EQ(silence.line, "beat");
  EXPECT_EQ(silence.host, "web-1");
  EXPECT_EQ(told[1].change, Sighting::Change::kEnded);
  EXPECT_EQ(told[1].bout_key, told[0].bout_key);
  EXPECT_NEAR(seconds(std::get<SilenceSighting>(told[1].what).now), 1500, 4);
}

TEST_F(Silences, TheUsualIsNone) {
  HandMadeBatch batch;
  beats(batch, 0, 3600);
  SilenceWatch silences = watch();
  EXPECT_TRUE(watch_all(silences, batch).empty());
}

TEST_F(Silences, AreFoundWhileNothingArrivesAndTheEndOfALogIsNone) {
  HandMadeBatch batch;
  beats(batch, 0, 500);
  SilenceWatch silences = watch();
  Sightings told = watch_all(silences, batch);
  silences.finish(told);
  EXPECT_TRUE(told.empty()) << "the log ended";
  silences.advance(kStart + 515 * kMicrosPerSecond, told);
  EXPECT_TRUE(told.empty()) << "not yet";
  silences.advance(kStart + 900 * kMicrosPerSecond, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_LT(seconds(std::get<SilenceSighting>(told[0].what).now), 600);
  silences.advance(kStart + 9000 * kMicrosPerSecond, told);
  EXPECT_EQ(told.size(), 1U) << "told once";
  silences.finish(told);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[1].change, Sighting::Change::kChanged) << "longer, but not over";
  EXPECT_EQ(seconds(std::get<SilenceSighting>(told[1].what).now), 9000);
}

TEST_F(Silences, BeginAtTheirDeadlineWheneverThatIsLookedAt) {
  HandMadeBatch batch;
  beats(batch, 0, 500);
  SilenceWatch late = watch();
  Sightings first = watch_all(late, batch);
  late.advance(kStart + 9000 * kMicrosPerSecond, first);
  ASSERT_EQ(first.size(), 1U);
  const Micros deadline = std::get<SilenceSighting>(first[0].what).now;
  SilenceWatch edge = watch();
  Sightings told = watch_all(edge, batch);
  edge.advance(deadline, told);
  EXPECT_TRUE(told.empty()) << "not beyond it yet";
  edge.advance(deadline + 1, told);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(std::get<SilenceSighting>(told[0].what).now, deadline);
}

TEST_F(Silences, OutsideTheJudgedSpanAreNotToldNorIsTheirEnd) {
  HandMadeBatch batch;
  beats(batch, 0, 500);
  batch.add(1000, 1);
  beats(batch, 1500, 1600);
  const Micros due = kStart + 510 * kMicrosPerSecond;
  for (const JudgedSpan& span : {JudgedSpan{due + 1, {}}, JudgedSpan{{}, due}}) {
    SilenceWatch silences = watch(span);
    EXPECT_TRUE(watch_all(silences, batch).empty());
  }
  for (const JudgedSpan& span : {JudgedSpan{due, {}}, JudgedSpan{{}, due + 1}}) {
    SilenceWatch silences = watch(span);
    EXPECT_EQ(watch_all(silences, batch).size(), 2U);
  }
}

TEST_F(Silences, AClockSetBackBeginsAnew) {
  HandMadeBatch batch;
  beats(batch, 0, 500);
  beats(batch, -90'000, -89'000);  // an older log
  SilenceWatch silences = watch();
  EXPECT_TRUE(watch_all(silences, batch).empty());
}

TEST_F(Silences, OfALogWithoutRhythmsThereAreNone) {
  const Baseline empty{FeatureOptions{}};
  SilenceWatch silences(empty.rhythms(), kNeeded, {});
  HandMadeBatch batch;
  beats(batch, 0, 50);
  Sightings told = watch_all(silences, batch);
  silences.advance(kStart + 9000 * kMicrosPerSecond, told);
  silences.finish(told);
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace logdetect
