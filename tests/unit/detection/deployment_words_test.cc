#include "logdetect/detection/deployment_words.h"

#include <gtest/gtest.h>

namespace logdetect {
namespace {

TEST(TellsOfDeployment, StartsAndVersions) {
  for (const char* message :
       {"starting orders 2.14.0, build 0a96b99b", "Started PaymentApplication in 4.2 seconds (process running for 5.1)",
        "listening on 0.0.0.0:8080 after 8165.8 ms", "Server listening on port 22.",
        "schema migrated from revision 41 to 42 in 88 ms", "Booting Linux on physical CPU 0x0",
        "postfix/postfix-script: starting the Postfix mail system version 3.5", "daemon started -- version 2.0.16",
        "Rollout of checkout v3.1 finished", "nginx restarted"}) {
    EXPECT_TRUE(tells_of_deployment(message)) << message;
  }
}

TEST(TellsOfDeployment, OrdinaryLinesAreNone) {
  for (const char* message :
       {"", "   ", "starting job 17", "connection to 10.1.2.3 started", "replica db-2 unreachable, attempt 3",
        "version mismatch: expected 2.1", "user listening to track 5", "fraud check v2 scored order 7281028",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen deployed"}) {
    EXPECT_FALSE(tells_of_deployment(message)) << message;
  }
}

}  // namespace
}  // namespace logdetect
