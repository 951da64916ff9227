#include "logdetect/reading/plan_chooser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/config/config.h"

namespace logdetect {
namespace {

RecordBatch batch_of(std::uint16_t source, const std::vector<std::string>& lines) {
  RecordBatch batch;
  std::uint64_t number = 0;
  for (const std::string& line : lines) {
    batch.append(line, {SourceId(source), 0, ++number, line.size() + 1}, 1, false);
  }
  return batch;
}

std::vector<std::string> dated_lines(int n) {
  std::vector<std::string> lines;
  for (int i = 0; i < n; ++i) {
    lines.push_back("2024-01-15 03:42:" + std::to_string(10 + i % 50) + " INFO server: request " + std::to_string(i));
  }
  return lines;
}

HeaderPlan plan_of_lines(const std::vector<std::string>& lines) {
  const std::size_t n = std::min<std::size_t>(lines.size(), 500);
  return detect_header(std::vector<std::string_view>(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(n)));
}

/// The plan of the batch's first record.
std::shared_ptr<const HeaderPlan> plan_for(PlanChooser& chooser, const RecordBatch& batch) {
  return chooser.plans_for(batch).front().plan;
}

TEST(PlanChooser, FilesWithoutHeaderShareOnePlan) {
  PlanChooser chooser({}, false, 2000);
  for (std::uint16_t source = 0; source < 40; ++source) {
    plan_for(chooser, batch_of(source, {"just words", "and more of them", "number " + std::to_string(source)}));
  }
  EXPECT_EQ(chooser.used().size(), 1U);
}

TEST(PlanChooser, AnotherLayoutGetsItsOwnPlanAndKeepsIt) {
  PlanChooser chooser({}, false, 2000);
  const auto dated = plan_for(chooser, batch_of(0, dated_lines(50)));
  const auto plain = plan_for(chooser, batch_of(1, {"just words", "and more of them"}));
  EXPECT_NE(dated, plain);
  EXPECT_EQ(plan_for(chooser, batch_of(0, {"just words now"})), dated) << "a source keeps its plan";
  EXPECT_EQ(plan_for(chooser, batch_of(2, dated_lines(30))), dated);
}

TEST(PlanChooser, FewLinesLeaveTheChoiceOpen) {
  PlanChooser first({}, false, 2000);
  const HeaderPlan dated = *plan_for(first, batch_of(0, dated_lines(50)));
  PlanChooser chooser({HeaderPlan{}, dated}, false, 2000, 20);
  EXPECT_EQ(plan_for(chooser, batch_of(7, dated_lines(2)))->describe(), dated.describe());
  EXPECT_EQ(plan_for(chooser, batch_of(7, {"words"}))->describe(), dated.describe()) << "one odd line changes nothing";
  EXPECT_EQ(plan_for(chooser, batch_of(8, {"words"}))->kind, HeaderPlan::Kind::kNone);
}

std::vector<std::string> new_lines(int n) {
  std::vector<std::string> lines;
  for (int i = 0; i < n; ++i) {
    lines.push_back("Mar  4 08:00:" + std::to_string(10 + i % 50) + " orchid " +
                    (i % 3 == 0 ? "kernel" : "cron[" + std::to_string(i) + "]") + ": item " + std::to_string(i * 7) +
                    (i % 2 == 0 ? " was moved" : " came back"));
  }
  return lines;
}

/// Where in the sequence the plan changes, and to what, with the lines divided into batches of `size`.
std::vector<std::string> changes(const std::vector<std::string>& lines, std::size_t size,
                                 std::vector<PlanNote>& notes) {
  std::vector<std::string> out;
  std::string last;
  PlanChooser known({plan_of_lines(lines)}, false, 2000, 40);
  for (std::size_t begin = 0; begin < lines.size(); begin += size) {
    RecordBatch batch;
    for (std::size_t i = begin; i < std::min(begin + size, lines.size()); ++i) {
      batch.append(lines[i], {SourceId(3), 0, i + 1, lines[i].size() + 1}, 1, false);
    }
    for (const PlanSpan& span : known.plans_for(batch)) {
      if (span.plan->describe() != last) {
        last = span.plan->describe();
        out.push_back(std::to_string(begin + span.begin) + " " + last);
      }
    }
  }
  notes = known.take_notes();
  return out;
}

TEST(PlanChooser, FindsANewLayoutWhereTheSourceChangesWhateverTheBatches) {
  std::vector<std::string> lines = dated_lines(3000);
  const std::vector<std::string> later = new_lines(3000);
  lines.insert(lines.end(), later.begin(), later.end());
  std::vector<PlanNote> notes;
  const std::vector<std::string> whole = changes(lines, lines.size(), notes);
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_TRUE(whole[0].starts_with("0 <time> <level> <component>: <message>")) << whole[0];
  EXPECT_NE(whole[1].find("<time> <host> <component>: <message>"), std::string::npos) << whole[1];
  const int where = std::stoi(whole[1]);
  EXPECT_GT(where, 3000);
  EXPECT_LT(where, 3600);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_GT(notes[0].line, 3000U);
  EXPECT_EQ(notes[0].text, "the header format changed; lines now read as <time> <host> <component>: <message>");
  for (const std::size_t size : {1U, 7U, 100U, 1021U}) {
    EXPECT_EQ(changes(lines, size, notes), whole) << size;
  }
}

TEST(PlanChooser, KeepsThePlanOverTracesAndShortDisturbances) {
  std::vector<std::string> lines = dated_lines(2000);
  for (std::size_t i = 500; i < 900; ++i) {
    lines[i] = "    at org.example.Depot.run(Depot.java:" + std::to_string(i) + ")";
  }
  std::vector<PlanNote> notes;
  EXPECT_EQ(changes(lines, 333, notes).size(), 1U);
  EXPECT_TRUE(notes.empty());
}

TEST(PlanChooser, SaysThatAGivenFormatDoesNotFit) {
  HeaderOptions options;
  options.format = "<Date> <Time> <Level> <Component>: <Content>";
  auto plans = configured_plans(options);
  ASSERT_TRUE(plans.ok()) << plans.error().to_string();
  PlanChooser good(*plans, true, 2000);
  good.plans_for(batch_of(0, dated_lines(300)));
  EXPECT_TRUE(good.misfits().empty());
  options.format = "<Date> <Time> [<Thread>] <Level> <Content>";
  plans = configured_plans(options);
  ASSERT_TRUE(plans.ok()) << plans.error().to_string();
  PlanChooser bad(*plans, true, 2000);
  bad.plans_for(batch_of(0, new_lines(300)));
  ASSERT_EQ(bad.misfits().size(), 1U);
  EXPECT_TRUE(bad.misfits()[0].text.starts_with("only ")) << bad.misfits()[0].text;
}

TEST(ConfiguredPlans, UnknownNamesAreHelped) {
  HeaderOptions options;
  options.format = "syslog_rfc3165";
  const auto plans = configured_plans(options);
  ASSERT_FALSE(plans.ok());
  EXPECT_NE(plans.error().hint.find("syslog_rfc3164"), std::string::npos);
}

// Knows two inputs and reads nothing.
class NamedSource final : public RecordSource {
 public:
  Result<bool> next(RecordBatch& /*batch*/, Micros /*wait*/) override { return false; }
  [[nodiscard]] IngestCounters counters() const override { return {}; }
  [[nodiscard]] const std::string& source_name(SourceId id) const override { return names_[id.value()]; }
  [[nodiscard]] Micros source_mtime(SourceId id) const override { return 100 + id.value(); }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return 77; }

 private:
  std::vector<std::string> names_ = {"first.log", "second.log"};
};

TEST(PlanBatch, CarriesWhatItsSourceKnows) {
  const NamedSource source;
  PlanChooser chooser({}, false, 2000);
  const PlannedBatch planned = plan_batch(batch_of(1, dated_lines(3)), source, chooser);
  EXPECT_EQ(planned.source, SourceId(1));
  EXPECT_EQ(planned.source_name, "second.log");
  EXPECT_EQ(planned.source_mtime, 101);
  EXPECT_EQ(planned.bytes_consumed, 77U);
  EXPECT_EQ(planned.records.size(), 3U);
  ASSERT_EQ(planned.plans.size(), 1U);
  EXPECT_EQ(planned.plans[0].begin, 0U);
}

TEST(NoteText, NamesTheSourceAndTheLineIfThereIsOne) {
  EXPECT_EQ(note_text({SourceId(1), 17, "it changed"}, "a.log"), "a.log:17: it changed");
  EXPECT_EQ(note_text({SourceId(1), 1, "it changed"}, "a.log"), "a.log:1: it changed");
  EXPECT_EQ(note_text({SourceId(1), 0, "it never fits"}, "a.log"), "a.log: it never fits");
}

}  // namespace
}  // namespace logdetect
