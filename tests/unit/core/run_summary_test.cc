#include "logdetect/core/run_summary.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

TEST(RunSummary, AFreshOneCountsNothing) {
  const RunSummary fresh;
  for (const auto member : {&RunSummary::bytes,
                            &RunSummary::lines,
                            &RunSummary::records,
                            &RunSummary::records_known,
                            &RunSummary::records_new,
                            &RunSummary::records_unparsed,
                            &RunSummary::records_dropped,
                            &RunSummary::records_bare,
                            &RunSummary::records_truncated,
                            &RunSummary::records_without_time,
                            &RunSummary::records_late,
                            &RunSummary::invalid_utf8,
                            &RunSummary::templates_known,
                            &RunSummary::templates_new,
                            &RunSummary::templates_evicted,
                            &RunSummary::anomalies,
                            &RunSummary::acknowledged,
                            &RunSummary::habitual,
                            &RunSummary::sessions,
                            &RunSummary::sessions_anomalous,
                            &RunSummary::sessions_acknowledged,
                            &RunSummary::incidents,
                            &RunSummary::inputs_skipped}) {
    EXPECT_EQ(fresh.*member, 0U);
  }
  EXPECT_EQ(fresh.first_time, 0);
  EXPECT_EQ(fresh.last_time, 0);
  EXPECT_FALSE(fresh.has_time);
  EXPECT_EQ(fresh.seconds, 0);
  EXPECT_EQ(fresh.records_judged(), 0U);
}

TEST(RunSummary, OfDriftNothingIsKnownAtFirst) {
  const Drift drift;
  EXPECT_EQ(drift.state, Drift::State::kUnknown);
  EXPECT_EQ(drift.unmatched_share, 0);
  EXPECT_EQ(drift.unparsed_share, 0);
  EXPECT_EQ(drift.new_templates_per_1000, 0);
  EXPECT_EQ(drift.usual_unmatched_share, 0);
  EXPECT_EQ(drift.usual_new_templates_per_1000, 0);
}

TEST(RunSummary, EachFateHasItsOwnCounter) {
  RunSummary summary;
  const auto count = [&summary](RecordFate fate, int times) {
    for (int i = 0; i < times; ++i) {
      summary.count(fate);
    }
  };
  count(RecordFate::kDropped, 1);
  count(RecordFate::kMatched, 2);
  count(RecordFate::kUnparsed, 3);
  count(RecordFate::kNew, 4);
  EXPECT_EQ(summary.records_dropped, 1U);
  EXPECT_EQ(summary.records_known, 2U);
  EXPECT_EQ(summary.records_unparsed, 3U);
  EXPECT_EQ(summary.records_new, 4U);
  EXPECT_EQ(summary.records, 0U) << "whoever reads counts the records";
}

TEST(RunSummary, JudgedIsWhatWasNotDropped) {
  RunSummary summary;
  summary.records_dropped = 1000;
  summary.records_known = 100;
  summary.records_new = 20;
  summary.records_unparsed = 3;
  EXPECT_EQ(summary.records_judged(), 123U);
}

TEST(RunSummary, DriftHasAWordForEachState) {
  EXPECT_EQ(drift_name(Drift::State::kUnknown), "unknown");
  EXPECT_EQ(drift_name(Drift::State::kNone), "none");
  EXPECT_EQ(drift_name(Drift::State::kNewRelease), "new_release");
  EXPECT_EQ(drift_name(Drift::State::kOtherLog), "other_log");
}

}  // namespace
}  // namespace logdetect
