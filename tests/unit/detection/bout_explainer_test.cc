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

}  // namespace
}  // namespace logdetect
