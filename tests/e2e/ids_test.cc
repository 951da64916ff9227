// Ids say what was found, not who read it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;

constexpr std::int64_t kHistory = 2 * 3600;

class Ids : public testing::Test {
 protected:
  Ids() {
    sandbox_.write("history.log", quiet_log(0, kHistory, 1));
    sandbox_.write("bad.log", bad_log(kHistory, 1200, 2));
    std::filesystem::create_directory(sandbox_.path("logs"));
    EXPECT_EQ(sandbox_.run({"train", "-q", "-o", "model", "history.log"}).exit, 0);
  }
  // "<id> <message>" of every finding, and the ids of incidents.
  std::vector<std::string> ids(const std::string& input) {
    const Outcome outcome = sandbox_.run({"scan", "-m", "model", "--format", "json", "--all", input});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::vector<std::string> out;
    const json result = json::parse(outcome.out, nullptr, false);
    for (const json& record : result["records"]) {
      if (record.contains("id")) {
        out.push_back(record["id"].get<std::string>() + " " + record.value("message", ""));
      }
    }
    EXPECT_GT(out.size(), 10U) << input;
    return out;
  }

  Sandbox sandbox_;
};

TEST_F(Ids, SixSpellingsOfOnePathGiveOneId) {
  const std::vector<std::string> expected = ids("bad.log");
  ASSERT_GT(expected.size(), 10U);
  const std::string absolute = sandbox_.path("bad.log");
  for (const std::string& spelling :
       {std::string("./bad.log"), absolute, std::string("logs/../bad.log"), std::string(".//bad.log"),
        absolute.substr(0, absolute.rfind('/')) + "/./bad.log"}) {
    EXPECT_EQ(ids(spelling), expected) << spelling;
  }
}

TEST_F(Ids, AreDistinct) {
  std::map<std::string, int> seen;
  for (const std::string& entry : ids("bad.log")) {
    EXPECT_EQ(++seen[entry.substr(0, entry.find(' '))], 1) << entry;
  }
}

TEST_F(Ids, DoNotDependOnWhatStandsBeforeInTheFileNorOnRotation) {
  const std::vector<std::string> expected = ids("bad.log");
  sandbox_.write("logs/bad.log.1", "\n\n" + bad_log(kHistory, 1200, 2));  // other offsets, lines and folder
  EXPECT_EQ(ids("logs/bad.log.1"), expected);
}

}  // namespace
}  // namespace logdetect
