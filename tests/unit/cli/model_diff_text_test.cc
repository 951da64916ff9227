#include "cli/model_diff_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Micros kStart = 1'705'276'800LL * kMicrosPerSecond;  // 2024-01-15T00:00:00Z

TemplateChange change(const std::string& text, std::uint64_t before, std::uint64_t after, Alarm alarm = Alarm::kNone) {
  TemplateChange out;
  out.text = text;
  out.alarm = alarm;
  out.before = before;
  out.after = after;
  out.before_rate = static_cast<double>(before) / 10;
  out.after_rate = static_cast<double>(after) / 10;
  out.factor = before > 0 && after > 0 ? static_cast<double>(after) / static_cast<double>(before) : 0;
  out.p_value = 0.25;
  return out;
}

ModelFacts facts(const std::string& path) {
  ModelFacts out;
  out.path = path;
  out.id = "0123";
  out.records = 900;
  out.lines = 1000;
  out.templates = 1;
  out.has_time = true;
  out.first = kStart;
  out.last = kStart + kMicrosPerDay;
  out.hours = 23.5;
  out.header = "time message";
  out.threshold = 4.5;
  out.detectors = {{"novelty", 1}, {"forest", 0.02}};
  return out;
}

ModelDiff sample() {
  ModelDiff diff;
  diff.a = facts("old/");
  diff.b = facts("new/");
  diff.b.sessions = 1200;
  diff.b.session_key = "id=(x)";
  diff.b.session_threshold = 6.5;
  diff.traffic = 1.25;
  diff.added = {change("fresh failure", 0, 12'345, Alarm::kError), change("fresh", 0, 7, Alarm::kWarning)};
  diff.gone = {change("gone", 500, 0), change("rare", 1, 0)};
  diff.gone[1].chance = true;
  diff.changed = {change("more", 10, 55), change("fewer", 1000, 90), change("much", 10, 1000)};
  diff.steady = 1500;
  diff.config = {{"miner.depth", "4", "5"}, {"run.seed", "1", "2"}};
  return diff;
}

TEST(DiffText, ShowsFactsAndTables) {
  EXPECT_EQ(diff_text(sample(), {}),
            "1 template gone, 2 new, 3 changed in rate; 1,500 as before, 1 too rare to say that they are gone\n"
            "\n"
            "Model       - old/ (0123)\n"
            "            + new/ (0123)\n"
            "Training    900 records of 1,000 lines, 1 template\n"
            "Span        2024-01-15T00:00:00Z - 2024-01-16T00:00:00Z (23.5 h without gaps)\n"
            "Header      time message\n"
            "Threshold   4.500 nats\n"
            "Detectors   novelty (weight 1.00), forest (weight 0.02)\n"
            "Sessions    - none\n"
            "            + 1,200 sessions, key id=(x), threshold 6.50 nats\n"
            "Settings    miner.depth: 4 -> 5\n"
            "            run.seed: 1 -> 2\n"
            "\n"
            "New (2)\n"
            "      COUNT   PER HOUR         TEMPLATE\n"
            "     12,345       1234  error  fresh failure\n"
            "          7       0.70  warn   fresh\n"
            "\n"
            "Gone (1; --all: 1 more, too rare to say)\n"
            "      COUNT   PER HOUR         TEMPLATE\n"
            "        500       50.0         gone\n"
            "\n"
            "Changed in rate (3; traffic as a whole: x 1.25)\n"
            "     BEFORE      AFTER          PER HOUR    FACTOR         TEMPLATE\n"
            "         10         55      1.00 -> 5.50    x 5.50         more\n"
            "      1,000         90       100 -> 9.00  x 0.0900         fewer\n"
            "         10      1,000       1.00 -> 100     x 100         much\n");
}

TEST(DiffText, AllShowsWhatMayBeChanceToo) {
  DiffLayout layout;
  layout.all = true;
  layout.top = 1;
  const std::string text = diff_text(sample(), layout);
  EXPECT_THAT(text, HasSubstr("Gone (1, then 1 too rare to say)\n"));
  EXPECT_THAT(text, HasSubstr("          1       0.10         rare\n"));
  EXPECT_THAT(text, HasSubstr("fresh\n"));
  EXPECT_THAT(text, Not(HasSubstr("more; --top")));
}

TEST(DiffText, ShowsTheFirstOfEachKind) {
  DiffLayout layout;
  layout.top = 2;
  const std::string text = diff_text(sample(), layout);
  EXPECT_THAT(text, HasSubstr("fewer\n  and 1 more; --top 0 or --all shows all\n"));
  EXPECT_THAT(text, Not(HasSubstr("much")));
  layout.top = 0;
  EXPECT_THAT(diff_text(sample(), layout), HasSubstr("much"));
  layout.top = 3;
  EXPECT_THAT(diff_text(sample(), layout), HasSubstr("much"));
  EXPECT_THAT(diff_text(sample(), layout), Not(HasSubstr("more; --top")));
}

TEST(DiffText, EqualModelsHaveEmptyTables) {
  ModelDiff diff;
  diff.a = diff.b = facts("m/");
  diff.a.has_time = diff.b.has_time = false;
  diff.a.sessions = diff.b.sessions = 1;
  diff.a.id = diff.b.id = "";
  diff.per_hour = false;
  EXPECT_EQ(diff_text(diff, {}),
            "0 templates gone, 0 new, 0 changed in rate; 0 as before\n"
            "\n"
            "Model       m/\n"
            "Training    900 records of 1,000 lines, 1 template\n"
            "Span        no timestamps\n"
            "Header      time message\n"
            "Threshold   4.500 nats\n"
            "Detectors   novelty (weight 1.00), forest (weight 0.02)\n"
            "Sessions    1 session, threshold 0.00 nats\n"
            "Settings    no difference\n"
            "\nNew (0)\n"
            "\nGone (0)\n"
            "\nChanged in rate (0; traffic as a whole: x 1.00)\n");
  diff.added = {change("x", 0, 1)};
  EXPECT_THAT(diff_text(diff, {}), HasSubstr("      COUNT  PER 1,000         TEMPLATE\n"));
}

TEST(DiffText, RatesAndFactorsHaveThreeDigits) {
  ModelDiff diff;
  diff.changed = {change("a", 99, 100), change("b", 999, 1000), change("c", 100, 10), change("d", 1000, 99)};
  const std::string text = diff_text(diff, {});
  EXPECT_THAT(text, HasSubstr("9.90 -> 10.0    x 1.01         a\n"));
  EXPECT_THAT(text, HasSubstr("99.9 -> 100    x 1.00         b\n"));
  EXPECT_THAT(text, HasSubstr("10.0 -> 1.00    x 0.10         c\n"));
  EXPECT_THAT(text, HasSubstr("100 -> 9.90  x 0.0990         d\n"));
  diff.changed = {change("e", 1, 10)};
  EXPECT_THAT(diff_text(diff, {}), HasSubstr("0.10 -> 1.00      x 10         e\n"));
}

TEST(DiffText, TextsAreCutToTheWidthButKeepThirtyColumns) {
  ModelDiff diff;
  diff.added = {change(std::string(100, 't'), 0, 1)};
  DiffLayout layout;
  EXPECT_THAT(diff_text(diff, layout), HasSubstr("  " + std::string(48, 't') + "…\n"));
  layout.width = 40;
  EXPECT_THAT(diff_text(diff, layout), HasSubstr("  " + std::string(29, 't') + "…\n"));
}

TEST(DiffJson, HoldsAllOfIt) {
  ModelDiff diff = sample();
  diff.b.has_time = false;
  diff.added.resize(1);
  diff.gone.resize(1);
  diff.changed = {change("more", 10, 55, Alarm::kWarning)};
  diff.config.resize(1);
  const Json want = Json::parse(R"j({
    "before":{"path":"old/","model_id":"0123","records":900,"lines":1000,"templates":1,
      "first_time":"2024-01-15T00:00:00Z","last_time":"2024-01-16T00:00:00Z","hours":23.5,"header":"time message",
      "threshold":4.5,"detectors":[{"name":"novelty","weight":1.0},{"name":"forest","weight":0.02}],
      "session_key":"","sessions":0,"session_threshold":0.0},
    "after":{"path":"new/","model_id":"0123","records":900,"lines":1000,"templates":1,"hours":23.5,
      "header":"time message","threshold":4.5,
      "detectors":[{"name":"novelty","weight":1.0},{"name":"forest","weight":0.02}],
      "session_key":"id=(x)","sessions":1200,"session_threshold":6.5},
    "rate_unit":"per hour","traffic_factor":1.25,"gone_count":1,"new_count":1,"changed_count":1,"steady_count":1500,
    "new":[{"template":"fresh failure","alarm":"error","count_before":0,"count_after":12345,"rate_before":0.0,
      "rate_after":1234.5,"factor":null,"p_value":0.25,"chance":false}],
    "gone":[{"template":"gone","alarm":"none","count_before":500,"count_after":0,"rate_before":50.0,"rate_after":0.0,
      "factor":null,"p_value":0.25,"chance":false}],
    "changed":[{"template":"more","alarm":"warning","count_before":10,"count_after":55,"rate_before":1.0,
      "rate_after":5.5,"factor":5.5,"p_value":0.25,"chance":false}],
    "config":[{"path":"miner.depth","before":"4","after":"5"}]})j");
  EXPECT_EQ(json_text(diff_json(diff)), json_text(want));
  EXPECT_TRUE(diff_json(diff)["gone"][0]["factor"].is_null());
  diff.changed[0].factor = 0.5;
  EXPECT_EQ(diff_json(diff)["changed"][0]["factor"], 0.5);
  diff.per_hour = false;
  EXPECT_EQ(diff_json(diff)["rate_unit"], "per 1,000 records");
}

}  // namespace
}  // namespace logdetect
