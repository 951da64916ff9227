#include "logdetect/detection/deployment_words.h"

#include <gtest/gtest.h>

#include <string>

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

TEST(TellsOfDeployment, ABeginningOfSomethingWithAVersionNumber) {
  for (const char* version : {"1.2", "v1.2", "V1.2.3", "0.9", "2.14.0", "9.0."}) {
    EXPECT_TRUE(tells_of_deployment(std::string("started orders ") + version)) << version;
    EXPECT_FALSE(tells_of_deployment(std::string("orders ") + version)) << "nothing begins: " << version;
  }
  for (const char* version :
       {"12", "123", "v", "v1.", "1.", ".12", "1.2.3.4", "w1.2", "1/2.3", "1.2a", "..", "vv1.2"}) {
    EXPECT_FALSE(tells_of_deployment(std::string("started orders ") + version)) << version;
  }
}

TEST(TellsOfDeployment, WordsAreToldInAnyCaseBetweenAnyMarks) {
  EXPECT_TRUE(tells_of_deployment("MIGRATED"));
  EXPECT_TRUE(tells_of_deployment("INITIALIZED KERNEL"));
  for (const char mark : std::string(" \t,;:=()[]\"'\n")) {
    EXPECT_TRUE(tells_of_deployment("a" + std::string(1, mark) + "deployed" + mark + mark + "b")) << mark;
  }
  for (const char mark : std::string("./-_{}<>")) {
    EXPECT_FALSE(tells_of_deployment("a" + std::string(1, mark) + "deployed")) << mark;
  }
  EXPECT_FALSE(tells_of_deployment("deployeds"));
  EXPECT_FALSE(tells_of_deployment("deploye"));
  EXPECT_FALSE(tells_of_deployment("deploye\x24"));
}

TEST(TellsOfDeployment, ListeningOnStandsTogether) {
  EXPECT_TRUE(tells_of_deployment("Listening On 80"));
  EXPECT_FALSE(tells_of_deployment("listening carefully on 80"));
  EXPECT_FALSE(tells_of_deployment("on listening"));
}

TEST(TellsOfDeployment, SixteenWordsAreRead) {
  const std::string fourteen = "a b c d e f g h i j k l m n ";
  EXPECT_TRUE(tells_of_deployment(fourteen + "o deployed"));
  EXPECT_FALSE(tells_of_deployment(fourteen + "o p deployed"));
  EXPECT_TRUE(tells_of_deployment(fourteen + "started version"));
  EXPECT_FALSE(tells_of_deployment(fourteen + "o started version"));
}

}  // namespace
}  // namespace logdetect
