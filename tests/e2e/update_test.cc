// `train --update` through the real binary: what a model learnt stays, what is new is added.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::int64_t kHours = 3600;

// A quiet log with a line of a new kind after every tenth.
std::string with_a_new_kind(std::int64_t from, std::int64_t seconds, std::uint64_t seed) {
  std::istringstream quiet(quiet_log(from, seconds, seed));
  std::string text;
  std::size_t count = 0;
  for (std::string line; std::getline(quiet, line);) {
    text += line + "\n";
    if (++count % 10 == 0) {
      const auto second = from + static_cast<std::int64_t>(count / 2);
      text += odd_line(second, "cache warmed by node " + std::to_string(count % 7) + " from snapshot");
    }
  }
  return text;
}

// Rows of --scores with a verdict.
int flagged(const std::string& scores) {
  std::istringstream rows(scores);
  int count = 0;
  for (std::string row; std::getline(rows, row);) {
    std::vector<std::string> cells;
    std::istringstream cut(row);
    for (std::string cell; std::getline(cut, cell, ',');) {
      cells.push_back(cell);
    }
    count += cells.size() > 6 && cells[6] == "1" ? 1 : 0;
  }
  return count;
}

class Update : public testing::Test {
 protected:
  void SetUp() override {
    box_.write("old.log", quiet_log(0, 4 * kHours, 1));
    box_.write("new.log", with_a_new_kind(4 * kHours, 2 * kHours, 2));
    box_.write("later.log", with_a_new_kind(6 * kHours, 1200, 3));
    ASSERT_EQ(box_.run({"train", "--output", "model/", "old.log"}).exit, 0);
  }

  std::string scores(const std::string& log, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"scan",       "--model",  "model/",  "--scores",
                                      "scores.csv", "--output", "out.txt", log};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome scan = box_.run(words);
    EXPECT_EQ(scan.exit, 0) << scan.err;
    return box_.read("scores.csv");
  }

  // Template texts by id, as rows of `parse` have them.
  std::map<int, std::string> templates(const std::string& log) {
    const Outcome parsed = box_.run({"parse", "--model", "model/", "--format", "jsonl", log});
    EXPECT_EQ(parsed.exit, 0);
    std::map<int, std::string> found;
    std::istringstream lines(parsed.out);
    for (std::string line; std::getline(lines, line);) {
      const json row = json::parse(line);
      found[row.at("template_id").get<int>()] = row.at("template").get<std::string>();
    }
    return found;
  }

  json manifest() {
    return json::parse(box_.run({"model", "inspect", "--format", "json", "model/"}).out).at("manifest");
  }

  Sandbox box_;
};

TEST_F(Update, ANewKindOfLineIsQuietAfterwardsAndOldIdsStay) {
  const std::map<int, std::string> before = templates("old.log");
  const int loud = flagged(scores("later.log"));
  EXPECT_GT(loud, 100);
  const json first = manifest();

  const Outcome updated = box_.run({"train", "--update", "--output", "model/", "new.log"});
  ASSERT_EQ(updated.exit, 0) << updated.err;
  EXPECT_THAT(updated.out, HasSubstr("Updated with"));
  EXPECT_THAT(updated.out, HasSubstr("1 template that the model did not know"));
  EXPECT_LT(flagged(scores("later.log")), loud / 20);
  EXPECT_EQ(templates("old.log"), before);

  const json second = manifest();
  EXPECT_EQ(second.at("first_time"), first.at("first_time"));
  EXPECT_GT(second.at("last_time").get<std::string>(), first.at("last_time").get<std::string>());
  EXPECT_GT(second.at("records").get<int>(), first.at("records").get<int>() + 10'000);
  EXPECT_EQ(second.at("templates").get<int>(), first.at("templates").get<int>() + 1);

  // What neither log held is as strange as before.
  const std::string quiet = quiet_log(8 * kHours, 600, 5);
  box_.write("quiet.log", quiet);
  box_.write("odd.log", quiet + odd_line(8 * kHours + 600, "disk array degraded, slot 4 lost"));
  EXPECT_EQ(flagged(scores("odd.log")), flagged(scores("quiet.log")) + 1);
  EXPECT_EQ(box_.run({"model", "verify", "model/"}).exit, 0);
}

TEST_F(Update, TellsWhichAllowRulesAreTakenIn) {
  box_.write("rare.log",
             with_a_new_kind(4 * kHours, 2 * kHours, 2) + odd_line(6 * kHours, "disk array degraded, slot 4 lost"));
  box_.write("model/allow.yaml",
             "- id: warm\n  pattern: cache warmed by node <*>\n- id: disk\n  pattern: disk array <*>\n"
             "- id: known\n  pattern: query took <*>\n- id: unheard\n  pattern: words that nobody says\n");
  const Outcome updated = box_.run({"train", "--update", "--output", "model/", "rare.log"});
  ASSERT_EQ(updated.exit, 0) << updated.err;
  // "disk" is still odd, so its rule is needed; "known" allowed something else than lines, such as a silence.
  EXPECT_THAT(updated.err, HasSubstr("1 allow rule taken in by the model, which knows now what they allow: warm; "));
  EXPECT_THAT(updated.out, HasSubstr("1 acknowledged"));
  EXPECT_THAT(updated.out, testing::Not(HasSubstr("\"disk array")));
  EXPECT_TRUE(box_.exists("model/allow.yaml"));
  const Outcome scan = box_.run({"scan", "--model", "model/", "later.log"});
  EXPECT_THAT(scan.err, HasSubstr("4 allow rules allowed nothing here: warm, disk, known, unheard; "));
}

TEST_F(Update, NothingNewChangesNoVerdict) {
  box_.write("bad.log", bad_log(8 * kHours, 1200, 7));
  box_.write("same.log", quiet_log(4 * kHours, 2 * kHours, 4));
  const auto verdicts = [this] {
    std::istringstream rows(scores("bad.log"));
    std::vector<std::string> out;
    for (std::string row; std::getline(rows, row);) {
      std::vector<std::string> cells;
      std::istringstream cut(row);
      for (std::string cell; std::getline(cut, cell, ',');) {
        cells.push_back(cell);
      }
      out.push_back(cells.at(6));
    }
    return out;
  };
  const std::vector<std::string> before = verdicts();
  ASSERT_EQ(box_.run({"train", "--update", "--output", "model/", "same.log"}).exit, 0);
  EXPECT_EQ(verdicts(), before);
}

// A log of another layout teaches the model that layout, and takes none away.
TEST_F(Update, LayoutsAddUp) {
  std::string other;
  for (int i = 0; i < 600; ++i) {
    other += "Jan 15 05:" + std::to_string(10 + i / 60 % 50) + ":" + std::to_string(10 + i % 50) + " web-1 cron[" +
             std::to_string(100 + i) + "]: job number " + std::to_string(i) + " finished\n";
  }
  box_.write("other.log", other);
  const std::string before = scores("old.log");
  ASSERT_EQ(box_.run({"train", "--update", "--output", "model/", "other.log"}).exit, 0);
  const Outcome inspected = box_.run({"model", "inspect", "model/"});
  EXPECT_THAT(inspected.out, HasSubstr(" | "));  // two plans
  EXPECT_EQ(flagged(scores("other.log")), 0);
  EXPECT_EQ(flagged(scores("old.log")), flagged(before));
}

TEST_F(Update, IsTheSameForAnyNumberOfThreads) {
  const std::string model = box_.read("model/model.ldm");
  std::string first;
  for (const std::string threads : {"1", "2", "5"}) {
    box_.write("model/model.ldm", model);
    ASSERT_EQ(box_.run({"train", "--update", "--threads", threads, "--output", "model/", "new.log"}).exit, 0);
    const std::string updated = box_.read("model/model.ldm");
    EXPECT_TRUE(first.empty() || first == updated) << threads;
    first = updated;
  }
}

TEST_F(Update, CanBeDoneAgainAndAgain) {
  for (int day = 0; day < 3; ++day) {
    box_.write("day.log", quiet_log((4 + day) * kHours, kHours, static_cast<std::uint64_t>(10 + day)));
    const Outcome updated = box_.run({"train", "--update", "--output", "model/", "day.log"});
    ASSERT_EQ(updated.exit, 0) << day;
    // Shares of templates are of all records that the model stands for, not of those of the day.
    EXPECT_THAT(updated.err, testing::Not(HasSubstr("of the records fell into one template"))) << day;
  }
  EXPECT_LT(box_.read("model/model.ldm").size(), 4'000'000U);
  EXPECT_LE(flagged(scores("old.log")), flagged(scores("new.log")));
}

TEST_F(Update, AContradictionOrAMissingModelIsSaid) {
  const std::string model = box_.read("model/model.ldm");
  const Outcome other = box_.run({"train", "--update", "--detectors", "novelty", "--output", "model/", "new.log"});
  EXPECT_EQ(other.exit, 2);
  EXPECT_THAT(other.err, HasSubstr("the model to update was trained with ensemble.detectors"));
  EXPECT_THAT(other.err, HasSubstr("--detectors"));
  EXPECT_EQ(box_.run({"train", "--update", "--target-fpr", "0.01", "--output", "model/", "new.log"}).exit, 0);
  const Outcome none = box_.run({"train", "--update", "--output", "nowhere/", "new.log"});
  EXPECT_EQ(none.exit, 4);
  EXPECT_THAT(none.err, HasSubstr("no model there"));
  box_.write("model/model.ldm", model.substr(0, model.size() / 2));
  EXPECT_EQ(box_.run({"train", "--update", "--output", "model/", "new.log"}).exit, 4);
  EXPECT_EQ(box_.read("model/model.ldm").size(), model.size() / 2);  // untouched
}

TEST_F(Update, WarnsOfALogItLearntAlready) {
  const Outcome again = box_.run({"train", "--update", "--output", "model/", "old.log"});
  EXPECT_EQ(again.exit, 0);
  EXPECT_THAT(again.err, HasSubstr("before the model's training ends"));
}

// A line a minute for three and a half days; in the held-out part a kind that training proper never saw: one alert a
// day.
TEST(AlertBudget, RaisesTheThresholdAndIsReported) {
  const std::vector<std::string> kinds = {"alpha", "bravo", "cedar", "delta", "ember", "flint",
                                          "grove", "haven", "ivory", "jolly", "karma", "lemon"};
  std::string log;
  for (int minute = 0; minute < 5000; ++minute) {
    const bool odd = minute > 4000 && minute % 80 == 0;
    log += odd_line(minute * 60, odd ? "component " + kinds.at(static_cast<std::size_t>(minute / 80 % 12)) + " was seen"
                                     : "request " + std::to_string(minute) + " was served");
  }
  Sandbox box;
  box.write("history.log", log);
  const auto threshold = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train", "--output", "model/", "history.log"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome trained = box.run(words);
    EXPECT_EQ(trained.exit, 0) << trained.err;
    EXPECT_EQ(trained.out.find("alerts  ") != std::string::npos, more.size() > 2);
    return json::parse(box.run({"model", "inspect", "--format", "json", "model/"}).out)
        .at("manifest")
        .at("threshold_nats")
        .get<double>();
  };
  const double free = threshold({"--target-fpr", "0.5"});
  EXPECT_EQ(threshold({"--target-fpr", "0.5", "--alerts-per-day", "1000"}), free);
  EXPECT_GT(threshold({"--target-fpr", "0.5", "--alerts-per-day", "1"}), free);
  EXPECT_LE(threshold({"--target-fpr", "0.5", "--alerts-per-day", "0.01"}), 2 * free + 1e-6);
  EXPECT_EQ(box.run({"train", "--alerts-per-day", "-1", "--output", "model/", "history.log"}).exit, 2);
}

// A run of one repeated new error: the first and every repeat score high, not only the first.
TEST(PoolExhausted, EveryRepeatOfANewErrorScoresHigh) {
  Sandbox box;
  box.write("old.log", quiet_log(0, 4 * kHours, 1));
  std::string log = quiet_log(4 * kHours, 600, 2);
  for (int i = 0; i < 15; ++i) {
    log += odd_line(4 * kHours + 600 + i, "Database connection pool exhausted, 0 available");
  }
  box.write("bad.log", log);
  for (const std::string detectors : {"novelty,forest", "classic", "all"}) {
    const Outcome trained =
        box.run({"train", "--epochs", "8", "--detectors", detectors, "--output", "model/", "old.log"});
    if (trained.exit == 2 && trained.err.find("libtorch") != std::string::npos) {
      continue;  // these need it
    }
    ASSERT_EQ(trained.exit, 0) << trained.err;
    ASSERT_EQ(box.run({"scan", "--model", "model/", "--scores", "scores.csv", "--output", "o.txt", "bad.log"}).exit, 0);
    std::istringstream rows(box.read("scores.csv"));
    std::vector<std::string> last;
    for (std::string row; std::getline(rows, row);) {
      last.push_back(row);
    }
    ASSERT_GT(last.size(), 15U);
    // The classic pair does not know novelty; the run must still stand out as a whole.
    const int needed = detectors == "classic" ? 8 : 15;
    EXPECT_GE(flagged(box.read("scores.csv")), needed) << detectors;
    int high = 0;
    for (std::size_t i = last.size() - 15; i < last.size(); ++i) {
      std::istringstream cut(last[i]);
      std::string cell;
      for (int column = 0; column <= 5; ++column) {
        std::getline(cut, cell, ',');
      }
      high += std::stod(cell) >= 0.5 ? 1 : 0;
    }
    EXPECT_GE(high, needed) << detectors;
  }
}

}  // namespace
}  // namespace logdetect
