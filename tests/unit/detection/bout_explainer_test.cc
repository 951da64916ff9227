#include "logdetect/detection/bout_explainer.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

TEST(BoutExplainer, ABurstInWords) {
  Bout bout;
  bout.kind = BoutKind::kBurst;
  bout.start = 60 * kMicrosPerSecond;
  bout.peak = 75 * kMicrosPerSecond;
  bout.end = 3661 * kMicrosPerSecond;
  bout.window_seconds = 60;
  bout.observed = 3380;
  bout.usual_high = 4;
  EXPECT_EQ(explain_bout(bout, "x").sentence,
            "burst: 3,380 of these in 60 s at 00:01:15 (usual: 0 to 4), from 00:01:00 on");
  bout.over = true;
  const Reason reason = explain_bout(bout, "x");
  EXPECT_EQ(reason.sentence, "burst: 3,380 of these in 60 s at 00:01:15 (usual: 0 to 4), from 00:01:00 to 01:01:01");
  EXPECT_EQ(reason.kind, reasons::kBurst);
  EXPECT_EQ(reason.unit, "lines in 60 s");
  EXPECT_EQ(reason.share, 1);
}

TEST(BoutExplainer, ASilenceInWords) {
  Bout bout;
  bout.kind = BoutKind::kSilence;
  bout.observed = 3610;
  bout.usual_low = 10;
  bout.usual_high = 12.1;
  EXPECT_EQ(explain_bout(bout, "heartbeat ok: up <NUM> s, <NUM> connections").sentence,
            "silence: [heartbeat ok: up <NUM> s, ...] did not come for at least 3,610 s (usual: every 10 s, at "
            "most 12.1 s apart), and had not come back by then");
  bout.over = true;
  const Reason reason = explain_bout(bout, "beat");
  EXPECT_EQ(reason.sentence, "silence: [beat] did not come for 3,610 s (usual: every 10 s, at most 12.1 s apart)");
  EXPECT_EQ(reason.kind, reasons::kSilence);
}

TEST(BoutExplainer, ClocksHaveSecondsAtAnyTime) {
  Bout bout;
  bout.kind = BoutKind::kBurst;
  bout.over = true;
  bout.window_seconds = 3600;
  bout.observed = 12;
  bout.usual_low = 1;
  bout.usual_high = 2;
  bout.start = -1;
  bout.peak = 9 * kMicrosPerSecond + 999'999;
  bout.end = 5 * kMicrosPerDay + 86'399 * kMicrosPerSecond;
  const Reason reason = explain_bout(bout, "x");
  EXPECT_EQ(reason.sentence, "burst: 12 of these in 3,600 s at 00:00:09 (usual: 1 to 2), from 23:59:59 to 23:59:59");
  EXPECT_EQ(reason.feature, "burst_3600s");
  EXPECT_EQ(reason.observed, 12);
  EXPECT_EQ(reason.expected_low, 1);
  EXPECT_EQ(reason.expected_high, 2);
  bout.kind = BoutKind::kSilence;
  const Reason silence = explain_bout(bout, "x");
  EXPECT_EQ(silence.feature, "rhythm");
  EXPECT_EQ(silence.unit, "s between two lines");
  EXPECT_EQ(silence.observed, 12);
  EXPECT_EQ(silence.share, 1);
}

}  // namespace
}  // namespace logdetect
