#include "cli/formats_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace logdetect {
namespace {

using testing::HasSubstr;
using testing::Not;

FormatExplanation explanation() {
  FormatLayout layout;
  layout.plan = "time, level, message";
  layout.found = "auto";
  layout.builtin = {"mine", "yours"};
  layout.lines = 750;
  layout.columns = {{"time", "timestamp", 1, {"12:00", "12:01"}}, {"level", "token", 0.5, {std::string(61, 'v')}}};
  layout.time = "12:00";
  layout.time_read = "2024-01-15T12:00:00Z";
  layout.time_missing = "date, zone";
  layout.pattern = "<Time> <Level> <Content>";
  layout.pattern_share = 0.995;
  layout.yaml = "name: mine\nkind: pattern\n";
  layout.examples = {{"12:00 INFO ", "all \x1b well"}};
  FormatExplanation found;
  found.input = "app.log";
  found.lines = 1500;
  found.full = 750;
  found.partial = 300;
  found.bare = 450;
  found.zone = "UTC";
  found.layouts = {layout};
  found.notes = {"a note"};
  return found;
}

TEST(ExplanationText, TellsHowALogIsUnderstood) {
  EXPECT_EQ(explanation_text(explanation()),
            "app.log: 1,500 records, header read in full 50.0 %, in part 20.0 %, not at all 30.0 %\n"
            "\n"
            "time, level, message\n"
            "  lines    750 (50.0 %)\n"
            "  found    by column steadiness; the same as the built-in format mine, yours\n"
            "  time     12:00  read as  2024-01-15T12:00:00Z; states no date, zone: taken as UTC (--timezone)\n"
            "  column   time      timestamp       100.0 %  12:00 | 12:01\n"
            "  column   level     token           50.0 %   " +
                std::string(59, 'v') +
                "…\n"
                "  header   12:00 INFO \n"
                "  message  all \\x1b well\n"
                "  to say it  --log-format '<Time> <Level> <Content>'   (cuts 99.5 % of the lines looked at the same "
                "way)\n"
                "  or in a file, --log-format FILE.yaml:\n"
                "    name: mine\n"
                "    kind: pattern\n");
}

TEST(ExplanationText, LeavesOutWhatIsNotKnown) {
  FormatExplanation found = explanation();
  FormatLayout& layout = found.layouts[0];
  layout.found = "nginx";
  layout.builtin.clear();
  layout.time_read.clear();
  layout.pattern_share = 0;
  layout.yaml.clear();
  found.whole = false;
  const std::string text = explanation_text(found);
  EXPECT_THAT(text, HasSubstr("app.log: first 1,500 records, "));
  EXPECT_THAT(text, HasSubstr("  found    given: nginx\n"));
  EXPECT_THAT(text, HasSubstr("  time     none\n"));
  EXPECT_THAT(text, Not(HasSubstr("--log-format")));
  layout.time_read = "2024-01-15T12:00:00Z";
  layout.time.clear();
  layout.time_missing = "year";
  EXPECT_THAT(explanation_text(found), HasSubstr("  time     2024-01-15T12:00:00Z; states no year\n"));
  layout.time_missing.clear();
  EXPECT_THAT(explanation_text(found), HasSubstr("  time     2024-01-15T12:00:00Z\n"));
}

TEST(ExplanationText, AnEmptyLogHasNoShares) {
  FormatExplanation found;
  found.input = "empty.log";
  EXPECT_EQ(explanation_text(found),
            "empty.log: 0 records, header read in full 0.0 %, in part 0.0 %, not at all 0.0 %\n");
}

TEST(ExplanationJson, HoldsAllOfIt) {
  FormatExplanation found = explanation();
  found.layouts[0].columns.resize(1);
  const Json want = Json::parse(R"({"input":"app.log","records":1500,"whole":true,"full":750,"partial":300,"bare":450,
    "timezone":"UTC","layouts":[{"plan":"time, level, message","lines":750,"found":"auto","builtin":["mine","yours"],
    "time":"12:00","time_read":"2024-01-15T12:00:00Z","time_missing":"date, zone",
    "columns":[{"field":"time","form":"timestamp","share":1.0,"values":["12:00","12:01"]}],
    "log_format":"<Time> <Level> <Content>","log_format_share":0.995,"yaml":"name: mine\nkind: pattern\n",
    "examples":[{"header":"12:00 INFO ","message":"all \u001b well"}]}],"notes":["a note"]})");
  EXPECT_EQ(json_text(explanation_json(found)), json_text(want));
}

TEST(FormatDetails, ShowThePatternAndTheSamples) {
  FormatSpec spec;
  spec.name = "mine";
  spec.summary = "our own";
  spec.kind = "pattern";
  spec.pattern = "<Time> <Content>";
  spec.samples.resize(2);
  spec.samples[0].line = "12:00 a\x1b";
  spec.samples[1].line = "12:01 b";
  EXPECT_EQ(format_details(spec),
            "mine - our own\n  kind     pattern\n  pattern  <Time> <Content>\n  sample   12:00 a\\x1b\n"
            "  sample   12:01 b\n");
  spec.pattern.clear();
  EXPECT_THAT(format_details(spec), Not(HasSubstr("pattern  ")));
}

}  // namespace
}  // namespace logdetect
