#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "logdetect/learned/kept_sample.h"

namespace logdetect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kColumns = 2;
constexpr std::size_t kTemplates = 5;
constexpr std::uint64_t kMostRecords = std::uint64_t{1} << 56;

Event event_of(Micros time, std::uint32_t id, Level level, bool has_time) {
  Event event;
  event.time = time;
  event.template_id = TemplateId(id);
  event.level = level;
  event.has_time = has_time;
  return event;
}

KeptRows rows_of(std::vector<Event> events) {
  KeptRows out{events.size(), std::move(events), {}};
  out.rows.resize(out.events.size(), kColumns);
  for (std::size_t i = 0; i < out.events.size(); ++i) {
    out.rows.row(i)[0] = static_cast<float>(10 * i);
    out.rows.row(i)[1] = static_cast<float>(10 * i + 1);
  }
  return out;
}

// Windows of this length, one for each number of events that it scores.
KeptWindows windows_of(std::size_t length, const std::vector<std::size_t>& scored) {
  KeptWindows out;
  out.of = 100;
  out.windows.length = length;
  for (std::size_t w = 0; w < scored.size(); ++w) {
    out.windows.first.push_back(static_cast<std::uint32_t>(out.events.size()));
    out.windows.templates.insert(out.windows.templates.end(), length, static_cast<std::uint32_t>(w % kTemplates));
    out.windows.values.insert(out.windows.values.end(), length * WindowBatch::kNumbers, static_cast<float>(w));
    for (std::size_t i = 0; i < scored[w]; ++i) {
      out.windows.events.push_back(static_cast<std::uint32_t>(out.events.size()));
      out.events.push_back(event_of(static_cast<Micros>(w), 1, Level::kInfo, true));
    }
  }
  out.rows = rows_of(out.events).rows;
  return out;
}

struct Loaded {
  KeptSample sample;
  std::string error;  // empty: none
};

Loaded loaded(const KeptSample& from, std::size_t templates = kTemplates) {
  ByteWriter out;
  from.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  Loaded back;
  back.sample.load(in, kColumns, templates);
  const auto end = in.finish();
  back.error = end.ok() ? "" : end.error().to_string();
  return back;
}

KeptSample of_rows(KeptRows rows) {
  KeptSample sample;
  sample.fit = std::move(rows);
  return sample;
}

KeptSample of_windows(KeptWindows windows) {
  KeptSample sample;
  sample.fit_windows = std::move(windows);
  return sample;
}

TEST(KeptSampleBytes, AnEmptySampleComesBackEmpty) {
  const auto [sample, error] = loaded({});
  EXPECT_EQ(error, "");
  EXPECT_EQ(sample.fit.of, 0U);
  EXPECT_TRUE(sample.fit.events.empty());
  EXPECT_EQ(sample.fit_windows.of, 0U);
  EXPECT_EQ(sample.fit_windows.windows.size(), 0U);
}

TEST(KeptSampleBytes, OfAnEventTimeTemplateAndLevelComeBack) {
  const KeptSample from = of_rows(rows_of({event_of(-7, 0, Level::kUnknown, false), event_of(8, 4, Level::kFatal, true),
                                           event_of(9, 3, Level::kWarning, false)}));
  const auto [sample, error] = loaded(from);
  ASSERT_EQ(error, "");
  ASSERT_EQ(sample.fit.events.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(sample.fit.events[i].time, from.fit.events[i].time);
    EXPECT_EQ(sample.fit.events[i].template_id, from.fit.events[i].template_id);
    EXPECT_EQ(sample.fit.events[i].level, from.fit.events[i].level);
    EXPECT_EQ(sample.fit.events[i].has_time, from.fit.events[i].has_time);
    EXPECT_THAT(sample.fit.rows.row(i), ElementsAre(10.0F * static_cast<float>(i), 10.0F * static_cast<float>(i) + 1));
  }
}

TEST(KeptSampleBytes, EachPartComesBackInItsPlace) {
  KeptSample from;
  from.fit = rows_of({event_of(1, 0, Level::kInfo, true)});
  from.validation = rows_of({event_of(2, 0, Level::kInfo, true), event_of(3, 0, Level::kInfo, true)});
  from.fit_windows = windows_of(3, {1});
  from.validation_windows = windows_of(4, {2, 1});
  const auto [sample, error] = loaded(from);
  ASSERT_EQ(error, "");
  EXPECT_EQ(sample.fit.of, 1U);
  EXPECT_EQ(sample.validation.of, 2U);
  EXPECT_EQ(sample.fit_windows.windows.length, 3U);
  EXPECT_EQ(sample.validation_windows.windows.length, 4U);
}

TEST(KeptSampleBytes, OfAWindowTemplatesValuesAndItsEventsComeBack) {
  KeptWindows windows = windows_of(3, {2, 0, 3, 1});
  windows.windows.templates[0] = WindowBatch::kPadding;
  const auto [sample, error] = loaded(of_windows(windows));
  ASSERT_EQ(error, "");
  const WindowBatch& back = sample.fit_windows.windows;
  EXPECT_EQ(sample.fit_windows.of, 100U);
  EXPECT_EQ(back.templates, windows.windows.templates);
  EXPECT_EQ(back.values, windows.windows.values);
  EXPECT_THAT(back.first, ElementsAre(0, 2, 2, 5));
  EXPECT_THAT(back.events, ElementsAre(0, 1, 2, 3, 4, 5));
  ASSERT_EQ(back.size(), 4U);
  EXPECT_EQ(back.fresh(3), 1U);
  EXPECT_THAT(sample.fit_windows.rows.row(5), ElementsAre(50, 51));
}

TEST(KeptSampleBytes, WindowsWithoutTheirEventsComeBack) {
  const auto [sample, error] = loaded(of_windows(windows_of(2, {0, 0, 0})));
  ASSERT_EQ(error, "");
  EXPECT_EQ(sample.fit_windows.windows.size(), 3U);
  EXPECT_TRUE(sample.fit_windows.events.empty());
}

TEST(KeptSampleBytes, AWindowScoresAtMostAllOfItsEvents) {
  EXPECT_EQ(loaded(of_windows(windows_of(3, {1, 3, 2}))).error, "");
  EXPECT_THAT(loaded(of_windows(windows_of(3, {1, 4, 2}))).error, HasSubstr("more events than it has"));
}

TEST(KeptSampleBytes, AWindowIsAtMostAThousandEventsLong) {
  EXPECT_EQ(loaded(of_windows(windows_of(1000, {1}))).error, "");
  EXPECT_THAT(loaded(of_windows(windows_of(1001, {1}))).error, HasSubstr("too long"));
}

TEST(KeptSampleBytes, TemplatesOfEventsMustBeKnown) {
  const KeptSample sample = of_rows(rows_of({event_of(1, 0, Level::kInfo, true), event_of(1, 3, Level::kInfo, true)}));
  EXPECT_EQ(loaded(sample, 4).error, "");
  EXPECT_THAT(loaded(sample, 3).error, HasSubstr("out of range"));
}

TEST(KeptSampleBytes, TemplatesOfWindowsMustBeKnownOrPadding) {
  KeptWindows windows = windows_of(3, {1});
  windows.windows.templates = {WindowBatch::kPadding, 1, 3};
  EXPECT_EQ(loaded(of_windows(windows), 4).error, "");
  EXPECT_THAT(loaded(of_windows(windows), 3).error, HasSubstr("unknown template"));
}

TEST(KeptSampleBytes, ALevelMustBeOne) {
  EXPECT_EQ(loaded(of_rows(rows_of({event_of(1, 0, static_cast<Level>(kLevelCount - 1), true)}))).error, "");
  EXPECT_THAT(loaded(of_rows(rows_of({event_of(1, 0, static_cast<Level>(kLevelCount), true)}))).error,
              HasSubstr("out of range"));
}

TEST(KeptSampleBytes, StandsForABoundedNumberOfRecords) {
  for (KeptRows KeptSample::*part : {&KeptSample::fit, &KeptSample::validation}) {
    KeptSample sample;
    (sample.*part).of = kMostRecords;
    EXPECT_EQ(loaded(sample).error, "");
    (sample.*part).of = kMostRecords + 1;
    EXPECT_THAT(loaded(sample).error, HasSubstr("too many records"));
  }
  KeptSample sample;
  sample.validation_windows.of = kMostRecords;
  EXPECT_EQ(loaded(sample).error, "");
  sample.validation_windows.of = kMostRecords + 1;
  EXPECT_THAT(loaded(sample).error, HasSubstr("too many records"));
}

TEST(KeptSampleBytes, WindowsAndEventsMustFitTogether) {
  KeptWindows windows = windows_of(3, {2, 1});
  windows.events.pop_back();
  windows.rows.resize(2, kColumns);
  EXPECT_THAT(loaded(of_windows(windows)).error, HasSubstr("do not fit together"));
  windows = windows_of(3, {2, 1});
  windows.events.push_back(windows.events.back());
  windows.rows.resize(4, kColumns);
  EXPECT_THAT(loaded(of_windows(windows)).error, HasSubstr("do not fit together"));
}

TEST(KeptSampleBytes, NumbersThatPromiseMoreThanThereIsAreRefusedBeforeMemoryIsTaken) {
  for (const std::uint64_t count : {std::uint64_t{1} << 20, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    ByteWriter out;
    out.u64(1);
    out.u64(count);
    const std::string bytes = out.take();
    ByteReader in(bytes, "test");
    KeptSample sample;
    sample.load(in, kColumns, kTemplates);
    EXPECT_FALSE(in.finish().ok());
    EXPECT_TRUE(sample.fit.events.empty()) << count;
  }
}

}  // namespace
}  // namespace logdetect
