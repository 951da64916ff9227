// Logs through the real binary: train, scan, parse, explain, model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "e2e/log_text.h"
#include "e2e/sandbox.h"

namespace logdetect {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kTrainSeconds = 4 * 3600;
constexpr std::int64_t kScanSeconds = 1200;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<json> objects_of(const std::string& jsonl) {
  std::vector<json> objects;
  for (const std::string& line : lines_of(jsonl)) {
    json object = json::parse(line, nullptr, false);
    EXPECT_FALSE(object.is_discarded()) << line;
    objects.push_back(std::move(object));
  }
  return objects;
}

std::vector<json> of_type(const std::vector<json>& objects, const std::string& type) {
  std::vector<json> out;
  std::copy_if(objects.begin(), objects.end(), std::back_inserter(out),
               [&](const json& object) { return object.value("type", "") == type; });
  return out;
}

// One sandbox with a trained model for all tests; each writes files of its own.
class Trained : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = std::make_unique<Sandbox>();
    shared_->write("history.log", quiet_log(0, kTrainSeconds, 1));
    shared_->write("bad.log", bad_log(kTrainSeconds, kScanSeconds, 2));
    shared_->write("quiet.log", quiet_log(kTrainSeconds, kScanSeconds, 3));
    trained_ = shared_->run({"train", "--output", "model/", "history.log"});
  }
  static void TearDownTestSuite() { shared_.reset(); }

  void SetUp() override { ASSERT_EQ(trained_.exit, 0) << trained_.err; }

  static std::string name_of_test() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
  static Outcome scan(std::vector<std::string> words, const Wiring& wiring = {}) {
    words.insert(words.begin(), {"scan", "--model", "model/"});
    return shared_->run(words, wiring);
  }

  static std::unique_ptr<Sandbox> shared_;
  static Outcome trained_;
};
std::unique_ptr<Sandbox> Trained::shared_;
Outcome Trained::trained_;

TEST_F(Trained, TrainSaysWhatItLearnedAndWhatIsNext) {
  EXPECT_THAT(trained_.out, StartsWith("Learned from "));
  EXPECT_THAT(trained_.out, HasSubstr("threshold"));
  EXPECT_THAT(trained_.out, HasSubstr("validation"));
  EXPECT_THAT(trained_.out,
              testing::EndsWith("Model written to model/. Next: logdetect scan --model model/ today.log\n"));
  EXPECT_TRUE(shared_->exists("model/model.ldm"));
}

TEST_F(Trained, ScanFindsTheOutage) {
  const Outcome outcome = scan({"--format", "jsonl", "bad.log"});
  EXPECT_EQ(outcome.exit, 0) << outcome.err;
  const std::vector<json> objects = objects_of(outcome.out);
  ASSERT_GE(objects.size(), 3U);
  EXPECT_EQ(objects.front()["type"], "header");
  EXPECT_EQ(objects.back()["type"], "summary");
  const std::vector<json> incidents = of_type(objects, "incident");
  ASSERT_FALSE(incidents.empty());
  const auto worst = std::max_element(incidents.begin(), incidents.end(), [](const json& a, const json& b) {
    return a["score"].get<double>() < b["score"].get<double>();
  });
  for (const char* field : {"id", "first", "last", "score", "severity", "title", "count"}) {
    EXPECT_TRUE(worst->contains(field)) << field;
  }
  // Without the Z, so that a fraction sorts behind the whole second.
  EXPECT_LE((*worst)["first"].get<std::string>(), "2024-01-15T04:10:01Z");
  EXPECT_GE((*worst)["last"].get<std::string>(), "2024-01-15T04:10:09");
  EXPECT_EQ((*worst)["severity"], "critical");
  EXPECT_GE((*worst)["count"].get<int>(), kOutageLines / 2);
}

TEST_F(Trained, ABaselineIsTheModelTrainedOnIt) {
  ASSERT_EQ(shared_->run({"train", "--seed", "7", "-o", "seed7", "history.log"}).exit, 0);
  const Outcome by_model = shared_->run({"scan", "-m", "seed7", "--format", "jsonl", "bad.log"});
  const Outcome by_baseline =
      shared_->run({"scan", "--baseline", "history.log", "--seed", "7", "--format", "jsonl", "bad.log"});
  EXPECT_EQ(by_model.out, by_baseline.out);
  const Outcome other_seed = shared_->run({"scan", "--baseline", "history.log", "--format", "jsonl", "bad.log"});
  EXPECT_NE(by_model.out, other_seed.out) << "the seed is part of what identifies a model";
}

TEST_F(Trained, AMissingInputBesideAGoodOneLeavesTheRestJudged) {
  const Outcome outcome = scan({"--format", "jsonl", "no-such.log", "bad.log"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_NE(outcome.err.find("no-such.log"), std::string::npos);
  EXPECT_FALSE(of_type(objects_of(outcome.out), "incident").empty());
}

TEST_F(Trained, AQuietLogIsMostlyQuiet) {
  shared_->run({"scan", "--model", "model/", "--scores", "quiet-scores.csv", "quiet.log"});
  const std::vector<std::string> rows = lines_of(shared_->read("quiet-scores.csv"));
  const auto header = rows.at(0);
  EXPECT_THAT(header, StartsWith("source,line,last_line,time,template_id,score,anomaly"));
  EXPECT_EQ(rows.size() - 1, lines_of(shared_->read("quiet.log")).size()) << "a row for every record";
  const auto flagged = std::count_if(rows.begin() + 1, rows.end(), [](const std::string& row) {
    std::size_t at = 0;
    for (int comma = 0; comma < 6; ++comma) {
      at = row.find(',', at) + 1;
    }
    return row.compare(at, 1, "1") == 0 || row.compare(at, 4, "true") == 0;
  });
  EXPECT_LE(flagged, static_cast<std::ptrdiff_t>(rows.size() / 20));
}

TEST_F(Trained, JsonIsOneValidDocument) {
  const Outcome outcome = scan({"--format", "json", "--all", "bad.log"});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_FALSE(json::parse(outcome.out, nullptr, false).is_discarded());
}

TEST_F(Trained, ThreadsDoNotChangeAByte) {
  for (const char* format : {"json", "jsonl", "csv"}) {
    const Outcome one = scan({"--threads", "1", "--format", format, "--scores", "s1.csv", "bad.log"});
    const Outcome two = scan({"--threads", "2", "--format", format, "--scores", "s2.csv", "bad.log"});
    EXPECT_EQ(one.exit, 0) << one.err;
    EXPECT_EQ(one.out, two.out) << format;
    EXPECT_EQ(shared_->read("s1.csv"), shared_->read("s2.csv"));
  }
}

TEST_F(Trained, ThreadsDoNotChangeTheModel) {
  for (const char* threads : {"1", "2"}) {
    const std::string model = std::string("model-") + threads;
    ASSERT_EQ(shared_->run({"train", "--threads", threads, "-o", model, "history.log"}).exit, 0);
  }
  const std::string scan1 = shared_->run({"scan", "-m", "model-1", "--format", "jsonl", "bad.log"}).out;
  const std::string scan2 = shared_->run({"scan", "-m", "model-2", "--format", "jsonl", "bad.log"}).out;
  EXPECT_EQ(scan1, scan2) << "the model's id is part of the header";
}

TEST_F(Trained, StandardInputGzipAndFileAgree) {
  const std::string text = shared_->read("bad.log");
  shared_->write_gzip("packed.gz", text);
  ASSERT_EQ(scan({"--scores", "from-file.csv", "bad.log"}).exit, 0);
  ASSERT_EQ(scan({"--scores", "from-gzip.csv", "packed.gz"}).exit, 0);
  ASSERT_EQ(scan({"--scores", "from-stdin.csv", "-"}, {.input = text}).exit, 0);
  const auto without_source = [](const std::string& csv) {
    std::string out;
    for (const std::string& line : lines_of(csv)) {
      out += line.substr(line.find(',')) + "\n";
    }
    return out;
  };
  const std::string expected = without_source(shared_->read("from-file.csv"));
  EXPECT_EQ(expected, without_source(shared_->read("from-gzip.csv")));
  EXPECT_EQ(expected, without_source(shared_->read("from-stdin.csv")));
}

TEST_F(Trained, NothingNamedMeansStandardInput) {
  const Outcome outcome = scan({"--format", "jsonl"}, {.input = shared_->read("bad.log")});
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_FALSE(of_type(objects_of(outcome.out), "incident").empty());
}

TEST_F(Trained, FailOnDecidesTheExitStatus) {
  EXPECT_EQ(scan({"bad.log"}).exit, 0);
  EXPECT_EQ(scan({"--fail-on", "any", "bad.log"}).exit, 1);
  EXPECT_EQ(scan({"--fail-on", "none", "bad.log"}).exit, 0);
}

TEST_F(Trained, AMissingInputBesideAGoodOneIsAWarningOrAnErrorButNeverSilent) {
  const Outcome outcome = scan({"--format", "jsonl", "bad.log", "no-such.log"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, HasSubstr("no-such.log"));
}

TEST_F(Trained, ADamagedInputGivesResultsAndExit3) {
  shared_->write_gzip("whole.gz", shared_->read("bad.log"));
  const std::string packed = shared_->read("whole.gz");
  shared_->write("cut.gz", packed.substr(0, packed.size() - packed.size() / 8));
  const Outcome outcome = scan({"--format", "jsonl", "cut.gz"});
  EXPECT_EQ(outcome.exit, 3);
  EXPECT_THAT(outcome.err, HasSubstr("cut.gz"));
  EXPECT_FALSE(of_type(objects_of(outcome.out), "incident").empty()) << "what could be read is judged";
  EXPECT_EQ(scan({"--fail-on", "any", "cut.gz"}).exit, 3) << "incomplete input outweighs findings";
}

TEST_F(Trained, EmptyAndBinaryInputs) {
  shared_->write("empty.log", "");
  EXPECT_EQ(scan({"empty.log"}).exit, 0);
  shared_->write("binary.log", std::string("\x7f"
                                           "ELF\0\0\0\1\2\3",
                                           10) +
                                   std::string(4096, '\0'));
  const Outcome binary = scan({"binary.log"});
  EXPECT_EQ(binary.exit, 3);
  EXPECT_THAT(binary.err, HasSubstr("--text"));
  EXPECT_EQ(scan({"--text", "binary.log"}).exit, 0);
}

TEST_F(Trained, AWrongOrBrokenModelIsExit4) {
  EXPECT_EQ(shared_->run({"scan", "--model", "nowhere", "bad.log"}).exit, 4);
  std::filesystem::create_directory(shared_->path("text-model"));
  shared_->write("text-model/model.ldm", "this is not a model\n");
  EXPECT_EQ(shared_->run({"scan", "--model", "text-model", "bad.log"}).exit, 4);
  const std::string whole = shared_->read("model/model.ldm");
  std::filesystem::create_directory(shared_->path("cut-model"));
  for (const std::size_t part : {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    shared_->write("cut-model/model.ldm", std::string_view(whole).substr(0, part));
    const Outcome outcome = shared_->run({"model", "verify", "cut-model"});
    EXPECT_EQ(outcome.exit, 4) << part;
    EXPECT_THAT(outcome.err, HasSubstr("cut-model"));
  }
  std::string flipped = whole;
  flipped[whole.size() / 3] = static_cast<char>(flipped[whole.size() / 3] ^ 1);
  shared_->write("cut-model/model.ldm", flipped);
  EXPECT_EQ(shared_->run({"scan", "--model", "cut-model", "bad.log"}).exit, 4);
}

TEST_F(Trained, OutputsThatCannotBeWrittenAreExit5) {
  EXPECT_EQ(scan({"--output", "bad.log/inside.txt", "bad.log"}).exit, 5);
  EXPECT_EQ(scan({"--output", "no/such/directory/r.txt", "bad.log"}).exit, 5);
  EXPECT_EQ(scan({"--scores", "no/such/directory/s.csv", "bad.log"}).exit, 5);
  EXPECT_EQ(scan({"bad.log"}, {.output_path = "/dev/full"}).exit, 5);
  EXPECT_EQ(shared_->run({"train", "-o", "bad.log/model", "history.log"}).exit, 5);
}

TEST_F(Trained, AnOutputFileAppearsWholeAndOnlyThen) {
  const Outcome direct = scan({"--format", "jsonl", "bad.log"});
  ASSERT_EQ(scan({"--format", "jsonl", "-o", "result.jsonl", "bad.log"}).exit, 0);
  EXPECT_EQ(shared_->read("result.jsonl"), direct.out);
  shared_->write("kept.jsonl", "old");
  EXPECT_EQ(shared_->run({"scan", "-m", "nowhere", "-o", "kept.jsonl", "bad.log"}).exit, 4);
  EXPECT_EQ(shared_->read("kept.jsonl"), "old");
}

TEST_F(Trained, AnInputThatIsAlsoTheOutputIsRefused) {
  const std::string before = shared_->read("quiet.log");
  EXPECT_EQ(scan({"-o", "quiet.log", "quiet.log"}).exit, 2);
  EXPECT_EQ(scan({"quiet.log"}, {.output_path = shared_->path("quiet.log")}).exit, 2);
  std::filesystem::create_symlink("quiet.log", shared_->path("alias.log"));
  EXPECT_EQ(scan({"--scores", "alias.log", "quiet.log"}).exit, 2);
  EXPECT_EQ(shared_->read("quiet.log"), before);
}

TEST_F(Trained, AReaderThatLeavesEndsTheRunQuietly) {
  for (const char* format : {"text", "json", "jsonl", "csv"}) {
    const Outcome outcome = scan({"--all", "--format", format, "bad.log"}, {.closed_reader = true});
    EXPECT_EQ(outcome.exit, 0) << format << outcome.err;
    EXPECT_EQ(outcome.err, "") << format;
  }
  const Outcome rows = shared_->run({"parse", "history.log"}, {.closed_reader = true});
  EXPECT_EQ(rows.exit, 0) << rows.err;
}

TEST_F(Trained, LogTextNeverReachesTheOutputRaw) {
  std::string text = quiet_log(kTrainSeconds, 300, 5);
  for (int i = 0; i < 20; ++i) {
    text += odd_line(kTrainSeconds + 300 + i, "evil \x1b]0;title\x07 \x1b[2J \xe2\x80\xae reversed \xff\xfe end");
  }
  shared_->write("evil.log", text);
  for (const char* format : {"text", "json", "jsonl", "csv"}) {
    const Outcome outcome = scan({"--all", "--verbose", "--format", format, "evil.log"});
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b"))) << format;
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x07"))) << format;
    EXPECT_THAT(outcome.out, HasSubstr("reversed")) << format;
  }
  const Outcome shown = scan({"--all", "--verbose", "evil.log"}, {.output_is_terminal = true});
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b]")));
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b[2J")));
  EXPECT_THAT(shown.out, HasSubstr("\x1b[")) << "our own colours on a terminal";
  const Outcome plain = scan({"evil.log"}, {.output_is_terminal = true, .environment = {"NO_COLOR=1"}});
  EXPECT_THAT(plain.out, Not(HasSubstr("\x1b[3")));
}

TEST_F(Trained, SinceAndUntilLimitWhatIsJudged) {
  const Outcome late = scan({"--format", "jsonl", "--since", "2024-01-15T04:15:00Z", "bad.log"});
  EXPECT_EQ(late.exit, 0) << late.err;
  for (const json& incident : of_type(objects_of(late.out), "incident")) {
    EXPECT_GE(incident["first"].get<std::string>(), "2024-01-15T04:15:00");
  }
  const Outcome early = scan({"--scores", "early.csv", "--until", "2024-01-15T04:00:10Z", "bad.log"});
  EXPECT_EQ(early.exit, 0) << early.err;
  EXPECT_LT(lines_of(shared_->read("early.csv")).size(), 100U);
}

void expect_counts_add_up(const json& summary) {
  EXPECT_EQ(summary["records"].get<std::uint64_t>(),
            summary["records_known"].get<std::uint64_t>() + summary["records_new"].get<std::uint64_t>() +
                summary["records_unparsed"].get<std::uint64_t>() + summary["records_dropped"].get<std::uint64_t>())
      << summary.dump(2);
  EXPECT_GE(summary["lines"].get<std::uint64_t>(), summary["records"].get<std::uint64_t>());
}

// "12 records = 9 matched + 2 new + 1 unparsed + 0 dropped" in some text; the numbers, the sum first.
std::vector<std::uint64_t> counts_in(const std::string& text) {
  const std::size_t end = text.find(" dropped");
  const std::size_t begin = text.rfind('\n', end) + 1;
  std::vector<std::uint64_t> numbers;
  std::istringstream words(end == std::string::npos ? std::string() : text.substr(begin, end - begin));
  for (std::string word; words >> word;) {
    std::erase(word, ',');
    if (!word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      numbers.push_back(std::stoull(word));
    }
  }
  if (numbers.size() > 5) {  // "2,000 log lines, " before it
    numbers.erase(numbers.begin(), numbers.end() - 5);
  }
  return numbers;
}

TEST_F(Trained, CountsAddUpOnAwkwardInput) {
  std::string odd = bad_log(kTrainSeconds, 300, 5);
  odd += "\n\n   \n\r\n";                                                  // blank lines
  odd += std::string("no header, \xff\x00\xfe bytes\n", 21);               // binary in a line
  odd += odd_line(kTrainSeconds + 301, std::string(200'000, 'x')) + "\n";  // longer than the limit
  odd += odd_line(kTrainSeconds + 302, "failed") + "java.lang.IllegalStateException: no\n\tat a.B.c(B.java:7)\n";
  odd += "stray output of another program\nand more of it\n";
  odd += quiet_log(kTrainSeconds + 303, 300, 6) + "an unfinished line";
  shared_->write("odd.log", odd);
  const std::vector<std::vector<std::string>> ranges = {
      {},
      {"--since", "2024-01-15T04:02:00Z"},
      {"--until", "2024-01-15T04:05:00Z"},
      {"--since", "2024-01-15T04:02:00Z", "--until", "2024-01-15T04:05:00Z"},
      {"--since", "2025-01-15T04:02:00Z"}};
  for (std::vector<std::string> words : ranges) {
    words.insert(words.end(), {"--format", "jsonl", "odd.log"});
    const Outcome outcome = scan(words);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    const json summary = of_type(objects_of(outcome.out), "summary").at(0);
    expect_counts_add_up(summary);
    EXPECT_EQ(summary["records_dropped"].get<std::uint64_t>() > 0, words.size() > 3);
    EXPECT_EQ(summary["records_truncated"], 1);
    EXPECT_GE(summary["records_bare"].get<std::uint64_t>(), 3U);
    if (words.size() == 3) {
      EXPECT_GE(summary["records_unparsed"].get<std::uint64_t>(), 3U);
      EXPECT_GE(summary["records_new"].get<std::uint64_t>(), 3U);
      words = {"odd.log"};
      const std::vector<std::uint64_t> told = counts_in(scan(words).out);
      ASSERT_EQ(told.size(), 5U);
      EXPECT_EQ(told[0], summary["records"].get<std::uint64_t>());
      EXPECT_EQ(told[3], summary["records_unparsed"].get<std::uint64_t>());
    }
  }
  for (const Outcome& outcome :
       {shared_->run({"train", "-o", "odd-model", "odd.log"}), shared_->run({"parse", "-o", "odd.csv", "odd.log"}),
        shared_->run({"train", "-o", "odd-model", "--days", "0.002", "odd.log"}),
        shared_->run({"parse", "-o", "odd.csv", "--model", "model/", "odd.log"})}) {
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    const std::vector<std::uint64_t> told = counts_in(outcome.out + outcome.err);
    ASSERT_EQ(told.size(), 5U) << outcome.out << outcome.err;
    EXPECT_EQ(told[0], told[1] + told[2] + told[3] + told[4]);
    EXPECT_GT(told[0], 500U);
  }
}

// What another program of the shop writes: many kinds, none of them known.
std::string other_log(int lines) {
  constexpr std::array<const char*, 6> kVerbs = {"mounted",    "compacted", "scrubbed",
                                                 "rebalanced", "verified",  "trimmed"};
  constexpr std::array<const char*, 5> kThings = {"volume", "shard", "bucket", "journal", "snapshot"};
  std::string out;
  for (int i = 0; i < lines; ++i) {
    out += odd_line(kTrainSeconds + i / 4, std::string(kVerbs.at(static_cast<std::size_t>(i % 6))) + " the " +
                                               kThings.at(static_cast<std::size_t>(i / 6 % 5)) + " after " +
                                               std::to_string(i) + " blocks");
  }
  return out;
}

TEST_F(Trained, AWrongModelIsSaidFirst) {
  shared_->write("other.log", other_log(1'000));
  const Outcome text = scan({"other.log"});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_THAT(text.out, StartsWith("Wrong model: 100 % of the records fit no template of the model ("));
  EXPECT_THAT(text.err, Not(HasSubstr("fit no template"))) << "said once";
  const Outcome machine = scan({"--format", "jsonl", "other.log"});
  const json summary = of_type(objects_of(machine.out), "summary").at(0);
  EXPECT_EQ(summary["drift"]["state"], "other_log");
  EXPECT_DOUBLE_EQ(summary["drift"]["unmatched_share"].get<double>(), 1);
  EXPECT_THAT(machine.err, HasSubstr("not trained on this kind of log"));
}

TEST_F(Trained, ANewReleaseIsSaidAndAFailureIsNot) {
  constexpr std::array<const char*, 12> kStatements = {"lease renewed",
                                                       "lease lost: waiting",
                                                       "(cold) start of the planner",
                                                       "planner: 4 plans kept, 2 dropped",
                                                       "index rebuilt without locks in 7 ms",
                                                       "index [main] is behind by 12 entries",
                                                       "peer joined",
                                                       "peer left the ring; ring has 5 members now",
                                                       "quota = 80, used = 12",
                                                       "quota check skipped",
                                                       "hint \"parallel\" ignored",
                                                       "vacuum of the old generation has been finished after 3 rounds"};
  std::string release;
  for (int i = 0; i < 400; ++i) {
    release += quiet_log(kTrainSeconds + 10L * i, 10, static_cast<std::uint64_t>(i)) +
               odd_line(kTrainSeconds + 10L * i + 9, kStatements.at(static_cast<std::size_t>(i) % kStatements.size()));
  }
  shared_->write("release.log", release);
  const Outcome text = scan({"release.log"});
  EXPECT_THAT(text.out, HasSubstr("a new release? Train again"));
  EXPECT_THAT(text.out, StartsWith("Scanned"));
  for (const char* log : {"quiet.log", "bad.log"}) {
    const json summary = of_type(objects_of(scan({"--format", "jsonl", log}).out), "summary").at(0);
    EXPECT_EQ(summary["drift"]["state"], "none") << log;
  }
}

TEST_F(Trained, ExplainShowsWhatScanSaved) {
  for (const char* format : {"json", "jsonl"}) {
    const std::string file = std::string("saved.") + format;
    ASSERT_EQ(scan({"--format", format, "-o", file, "bad.log"}).exit, 0);
    const std::string jsonl = scan({"--format", "jsonl", "bad.log"}).out;
    const std::string id = of_type(objects_of(jsonl), "incident").front()["id"];
    const Outcome from_file = shared_->run({"explain", id, "--from", file});
    EXPECT_EQ(from_file.exit, 0) << from_file.err;
    EXPECT_FALSE(from_file.out.empty());
    const Outcome from_stdin = shared_->run({"explain", id}, {.input = shared_->read(file)});
    EXPECT_EQ(from_stdin.out, from_file.out);
    EXPECT_EQ(shared_->run({"explain", "I-000000000000", "--from", file}).exit, 2);
  }
  EXPECT_EQ(shared_->run({"explain", "I-000000000000", "--from", "bad.log"}).exit, 3);
}

TEST_F(Trained, ModelInspectAndVerify) {
  const Outcome text = shared_->run({"model", "inspect", "model/"});
  EXPECT_EQ(text.exit, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("housekeeping removed"));
  EXPECT_THAT(text.out, HasSubstr("forest"));
  const Outcome machine = shared_->run({"model", "inspect", "model/", "--format", "json"});
  const json model = json::parse(machine.out, nullptr, false);
  ASSERT_FALSE(model.is_discarded()) << machine.out;
  EXPECT_GT(model["threshold"].get<double>(), 0);
  EXPECT_GE(model["templates"].size(), 5U);
  EXPECT_EQ(model["detectors"].size(), 2U);
  const Outcome verify = shared_->run({"model", "verify", "model/"});
  EXPECT_EQ(verify.exit, 0);
  EXPECT_THAT(verify.out, StartsWith("model/: intact ("));
}

TEST_F(Trained, ParseWritesARowForEveryRecord) {
  const Outcome csv = shared_->run({"parse", "quiet.log"});
  EXPECT_EQ(csv.exit, 0) << csv.err;
  const std::vector<std::string> rows = lines_of(csv.out);
  EXPECT_EQ(rows.at(0).substr(0, rows.at(0).find('\r')), "line,last_line,time,level,template_id,template,parameters");
  EXPECT_EQ(rows.size() - 1, lines_of(shared_->read("quiet.log")).size());
  const Outcome jsonl = shared_->run({"parse", "--format", "jsonl", "--model", "model/", "quiet.log"});
  EXPECT_EQ(jsonl.exit, 0) << jsonl.err;
  const std::vector<json> objects = objects_of(jsonl.out);
  ASSERT_EQ(objects.size(), rows.size() - 1);
  for (const char* field : {"line", "last_line", "time", "level", "template_id", "template", "parameters"}) {
    EXPECT_TRUE(objects.front().contains(field)) << field;
  }
}

TEST_F(Trained, ABaselineStandsInForAModel) {
  const Outcome outcome =
      shared_->run({"scan", "--baseline", "history.log", "--format", "jsonl", "--fail-on", "any", "bad.log"});
  EXPECT_EQ(outcome.exit, 1) << outcome.err;
}

TEST_F(Trained, CtrlCEndsAScanOfASlowPipe) {
  for (const char* threads : {"1", "2"}) {
    for (const int signal : {SIGINT, SIGTERM}) {
      Process process = shared_->start(
          {"scan", "-m", "model/", "--threads", threads, "--format", "jsonl", "-o", "interrupted.jsonl", "-"},
          {.keep_input_open = true});
      process.feed(quiet_log(kTrainSeconds, 60, 7));
      // Signals are caught before the input is opened; the model is loaded within this time or the read starts later.
      for (int i = 0; i < 100; ++i) {
        short_pause();
      }
      process.send(signal);
      const Outcome outcome = process.wait();
      EXPECT_EQ(outcome.exit, 128 + signal) << "threads " << threads << ": " << outcome.err;
      for (const auto& entry : std::filesystem::directory_iterator(shared_->path("."))) {
        EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("interrupted.jsonl.tmp")));
      }
    }
  }
}

TEST_F(Trained, ASecondCtrlCEndsAtOnce) {
  Process process = shared_->start({"scan", "-m", "model/", "-"}, {.keep_input_open = true});
  for (int i = 0; i < 100; ++i) {
    short_pause();
  }
  process.send(SIGINT);
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 130) << outcome.err;
}

TEST_F(Trained, AnInterruptedTrainingLeavesTheOldModel) {
  const std::string before = shared_->read("model/model.ldm");
  Process process = shared_->start({"train", "-o", "model/", "-"}, {.keep_input_open = true});
  process.feed(quiet_log(0, 600, 9));
  for (int i = 0; i < 100; ++i) {
    short_pause();
  }
  process.send(SIGTERM);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.exit, 143) << outcome.err;
  EXPECT_EQ(shared_->read("model/model.ldm"), before);
  EXPECT_EQ(shared_->run({"train", "-o", "model/", "no-such.log"}).exit, 3);
  EXPECT_EQ(shared_->read("model/model.ldm"), before);
}

TEST_F(Trained, ProgressIsNeverWrittenIntoAPipe) {
  EXPECT_THAT(scan({"bad.log"}).err, Not(HasSubstr("\r")));
}

TEST_F(Trained, QuietSaysNothingBesideResults) {
  EXPECT_EQ(shared_->run({"train", "-q", "-o", "quiet-model", "history.log"}).out, "");
  EXPECT_EQ(shared_->run({"model", "verify", "-q", "model/"}).out, "");
}

// A release that says so in words no list of ours holds, and what is new in it, far apart.
TEST_F(Trained, ADeployMarkerGathersWhatIsNewAndCalm) {
  constexpr std::array<const char*, 4> kNews = {"basket merged for guest", "wish list shared by mail",
                                                "coupon preview was shown", "stock counter refreshed lazily"};
  std::string log = quiet_log(kTrainSeconds, 60, 1);
  log += "2024-01-15 04:01:00,000 INFO [web] request 4711 GET /items started\n";  // known, and still the marker
  for (std::size_t i = 0; i < kNews.size(); ++i) {
    const auto second = static_cast<std::int64_t>(kTrainSeconds + 61 + 360 * i);
    log += quiet_log(second, 359, i) + quiet_log(second + 359, 1, 5);
    std::string news = odd_line(second + 359, kNews.at(i));
    news.replace(news.find("ERROR"), 5, "INFO");
    log += news;
  }
  shared_->write("release-marked.log", log);
  const auto deployments = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> words = {"--format", "jsonl"};
    words.insert(words.end(), flags.begin(), flags.end());
    words.emplace_back("release-marked.log");
    const Outcome outcome = scan(words);
    EXPECT_EQ(outcome.exit, 0) << outcome.err;
    std::vector<json> out;
    for (const json& incident : of_type(objects_of(outcome.out), "incident")) {
      if (incident.value("deployment", false)) {
        out.push_back(incident);
      }
    }
    return out;
  };
  EXPECT_TRUE(deployments({}).empty());
  const std::vector<json> found = deployments({"--deploy-marker", "request 4711 GET"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["severity"], "low");
  EXPECT_EQ(found[0]["count"], 4);
  shared_->write("marker.yaml", "incidents:\n  deploy_marker: request 4711 GET\n");
  EXPECT_EQ(deployments({"--config", "marker.yaml"}).size(), 1U);
}

TEST_F(Trained, AWrongDeployMarkerIsPlaced) {
  const Outcome flag = scan({"--deploy-marker", "live *** now", "quiet.log"});
  EXPECT_EQ(flag.exit, 2);
  EXPECT_THAT(flag.err, HasSubstr("bad repetition operator: **, at character 6\n  --> --deploy-marker\n"));
}

}  // namespace
}  // namespace logdetect
