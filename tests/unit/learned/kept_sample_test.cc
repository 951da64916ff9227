#include "logdetect/learned/kept_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace logdetect {
namespace {

constexpr std::size_t kColumns = 3;

KeptRows rows_of(std::size_t count, std::uint64_t of, std::uint32_t id) {
  KeptRows kept{of, std::vector<Event>(count), FeatureMatrix(count, kColumns)};
  for (std::size_t i = 0; i < count; ++i) {
    kept.events[i].template_id = TemplateId(id);
    kept.events[i].time = static_cast<Micros>(i);
    std::fill(kept.rows.row(i).begin(), kept.rows.row(i).end(), static_cast<float>(i));
  }
  return kept;
}

KeptWindows windows_of(std::size_t count, std::uint64_t of, std::uint32_t id) {
  KeptWindows kept;
  kept.of = of;
  kept.windows.length = 4;
  kept.rows.resize(count * 2, kColumns);
  for (std::size_t w = 0; w < count; ++w) {
    kept.windows.templates.insert(kept.windows.templates.end(), {WindowBatch::kPadding, id, id, id});
    kept.windows.values.insert(kept.windows.values.end(), 4 * WindowBatch::kNumbers, static_cast<float>(w));
    kept.windows.first.push_back(static_cast<std::uint32_t>(kept.events.size()));
    for (int i = 0; i < 2; ++i) {
      kept.windows.events.push_back(static_cast<std::uint32_t>(kept.events.size()));
      Event event;
      event.template_id = TemplateId(id);
      std::fill(kept.rows.row(kept.events.size()).begin(), kept.rows.row(kept.events.size()).end(),
                static_cast<float>(w));
      kept.events.push_back(event);
    }
  }
  return kept;
}

std::size_t count_of(const std::vector<Event>& events, std::uint32_t id) {
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(), [id](const Event& e) { return e.template_id == TemplateId(id); }));
}

TEST(KeptSample, JoinsInProportionToWhatEachStandsFor) {
  const KeptRows joined = join(rows_of(100, 1000, 1), rows_of(500, 500, 2));  // one in ten, all
  EXPECT_EQ(joined.of, 1500U);
  EXPECT_EQ(count_of(joined.events, 1), 100U);
  EXPECT_EQ(count_of(joined.events, 2), 50U);
  EXPECT_EQ(joined.events.front().template_id, TemplateId(1));  // old ones first
  EXPECT_EQ(joined.rows.rows(), 150U);
  const KeptRows other = join(rows_of(100, 100, 1), rows_of(10, 1000, 2));
  EXPECT_EQ(count_of(other.events, 1), 1U);
  EXPECT_EQ(count_of(other.events, 2), 10U);
  const KeptRows nothing_new = join(rows_of(100, 1000, 1), KeptRows{0, {}, FeatureMatrix(0, kColumns)});
  EXPECT_EQ(nothing_new.events.size(), 100U);
  EXPECT_EQ(join({}, rows_of(7, 7, 2)).events.size(), 7U);
}

TEST(KeptSample, WindowsKeepTheirEventsAndRows) {
  const KeptWindows joined = join(windows_of(40, 400, 1), windows_of(40, 40, 2));
  ASSERT_EQ(joined.windows.size(), 44U);
  ASSERT_EQ(joined.events.size(), 88U);
  for (std::size_t w = 0; w < joined.windows.size(); ++w) {
    ASSERT_EQ(joined.windows.fresh(w), 2U);
    const std::uint32_t event = joined.windows.events[joined.windows.first[w]];
    EXPECT_EQ(joined.events[event].template_id.value(), joined.windows.templates[w * 4 + 3]);
    EXPECT_EQ(joined.rows.row(event)[0], joined.windows.values[w * 4 * WindowBatch::kNumbers]);
  }
}

// Times of the rows that are left when `count` rows with the times 0, 1, ... are thinned.
std::vector<Micros> thinned_times(std::size_t count) {
  KeptSample sample;
  sample.fit = rows_of(count, count, 1);
  const KeptSample thin = sample.thinned();
  std::vector<Micros> times;
  for (std::size_t i = 0; i < thin.fit.events.size(); ++i) {
    times.push_back(thin.fit.events[i].time);
    EXPECT_EQ(thin.fit.rows.row(i)[2], static_cast<float>(thin.fit.events[i].time)) << "its own row";
  }
  return times;
}

TEST(KeptSample, UpToTheBoundNothingIsThinned) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, KeptSample::kRows - 1, KeptSample::kRows}) {
    EXPECT_EQ(thinned_times(count).size(), count);
  }
  KeptSample sample;
  sample.validation_windows = windows_of(KeptSample::kWindows, 9000, 1);
  EXPECT_EQ(sample.thinned().validation_windows.windows.size(), KeptSample::kWindows);
}

TEST(KeptSample, BeyondTheBoundItIsThinnedEvenlyFromTheFirstOn) {
  for (const std::size_t count : {KeptSample::kRows + 1, 2 * KeptSample::kRows, 5 * KeptSample::kRows / 2}) {
    const std::vector<Micros> times = thinned_times(count);
    ASSERT_EQ(times.size(), KeptSample::kRows);
    EXPECT_EQ(times.front(), 0);
    const auto step = static_cast<Micros>(count / KeptSample::kRows);
    for (std::size_t i = 1; i < times.size(); ++i) {
      EXPECT_GE(times[i] - times[i - 1], step);
      EXPECT_LE(times[i] - times[i - 1], step + 1);
    }
    EXPECT_GE(times.back() + step + 1, static_cast<Micros>(count)) << "to the last";
  }
}

TEST(KeptSample, EveryPartIsThinnedToItsOwnBound) {
  const KeptSample sample = KeptSample{rows_of(2000, 1, 1), rows_of(3000, 2, 1), windows_of(600, 3, 1),
                                       windows_of(700, 4, 1), std::vector<SessionSample>(3)}
                                .thinned();
  EXPECT_EQ(sample.fit.events.size(), 1024U);
  EXPECT_EQ(sample.validation.events.size(), 1024U);
  EXPECT_EQ(sample.fit_windows.windows.size(), 512U);
  EXPECT_EQ(sample.validation_windows.windows.size(), 512U);
  EXPECT_EQ(sample.validation_windows.events.size(), 1024U);
  EXPECT_EQ(sample.fit.of, 1U);
  EXPECT_EQ(sample.validation.of, 2U);
  EXPECT_EQ(sample.fit_windows.of, 3U);
  EXPECT_EQ(sample.validation_windows.of, 4U);
  EXPECT_TRUE(sample.sessions.empty()) << "a model keeps none";
}

// How many rows of each are left of so many that stand for so many.
std::pair<std::size_t, std::size_t> joined(std::size_t old, std::uint64_t old_of, std::size_t fresh,
                                           std::uint64_t fresh_of) {
  const KeptRows rows = join(rows_of(old, old_of, 1), rows_of(fresh, fresh_of, 2));
  EXPECT_EQ(rows.of, old_of + fresh_of);
  EXPECT_EQ(rows.rows.rows(), rows.events.size());
  return {count_of(rows.events, 1), count_of(rows.events, 2)};
}

TEST(KeptSample, OnlyTheDenserIsThinned) {
  using Pair = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(joined(10, 100, 10, 100), Pair(10, 10)) << "equally dense";
  EXPECT_EQ(joined(10, 20, 10, 40), Pair(5, 10));
  EXPECT_EQ(joined(10, 40, 10, 20), Pair(10, 5));
  EXPECT_EQ(joined(9, 30, 6, 10), Pair(9, 3));
  EXPECT_EQ(joined(10, 10, 3, 4), Pair(8, 3)) << "7.5, rounded";
  EXPECT_EQ(joined(10, 10, 1, 1000), Pair(1, 1)) << "never to nothing";
  EXPECT_EQ(joined(1, 1000, 10, 10), Pair(1, 1));
  EXPECT_EQ(joined(1, 1, 1, 1), Pair(1, 1));
}

TEST(KeptSample, WhatStandsForNothingIsNotWeighed) {
  using Pair = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(joined(0, 50, 7, 7), Pair(0, 7));
  EXPECT_EQ(joined(7, 7, 0, 50), Pair(7, 0));
  EXPECT_EQ(joined(7, 0, 9, 90), Pair(7, 9));
  EXPECT_EQ(joined(7, 70, 9, 0), Pair(7, 9));
  EXPECT_EQ(joined(0, 0, 0, 0), Pair(0, 0));
  EXPECT_EQ(joined(4, 1, 6, 1), Pair(4, 4));
}

TEST(KeptSample, JoinedRowsAreThoseOfTheirEvents) {
  const KeptRows rows = join(rows_of(3, 3, 1), rows_of(2, 2, 2));
  ASSERT_EQ(rows.events.size(), 5U);
  EXPECT_EQ(rows.rows.columns(), kColumns);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(rows.events[i].template_id, TemplateId(i < 3 ? 1 : 2));
    for (const float cell : rows.rows.row(i)) {
      EXPECT_EQ(cell, static_cast<float>(rows.events[i].time));
    }
  }
}

TEST(KeptSample, WindowsAreJoinedInProportionToo) {
  const auto sizes = [](const KeptWindows& old, const KeptWindows& fresh) {
    const KeptWindows kept = join(old, fresh);
    EXPECT_EQ(kept.of, old.of + fresh.of);
    EXPECT_EQ(kept.windows.length, 4U);
    EXPECT_EQ(kept.rows.rows(), kept.events.size());
    return std::pair(count_of(kept.events, 1) / 2, count_of(kept.events, 2) / 2);
  };
  using Pair = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(sizes(windows_of(10, 20, 1), windows_of(10, 40, 2)), Pair(5, 10));
  EXPECT_EQ(sizes(windows_of(10, 40, 1), windows_of(10, 20, 2)), Pair(10, 5));
  EXPECT_EQ(sizes(windows_of(0, 5, 1), windows_of(3, 3, 2)), Pair(0, 3));
  EXPECT_EQ(sizes(windows_of(3, 3, 1), windows_of(0, 5, 2)), Pair(3, 0));
}

TEST(KeptSample, WindowsWithoutEventsAreJoinedWithoutRows) {
  KeptWindows bare = windows_of(3, 3, 1);
  bare.events.clear();
  bare.windows.events.clear();
  bare.windows.first = {0, 0, 0};
  bare.rows = FeatureMatrix();
  const KeptWindows kept = join(bare, bare);
  EXPECT_EQ(kept.windows.size(), 6U);
  EXPECT_EQ(kept.windows.templates.size(), 24U);
  EXPECT_EQ(kept.rows.rows(), 0U);
}

TEST(KeptSample, KeepsWhatWasSampled) {
  RowSample rows(2, 1);
  const std::vector<float> row = {1, 2, 3};
  for (int i = 0; i < 5; ++i) {
    rows.offer({}, row);
  }
  rows.finish();
  const KeptRows kept = keep(rows);
  EXPECT_EQ(kept.of, 5U);
  EXPECT_EQ(kept.events.size(), 2U);
  EXPECT_EQ(kept.rows.row(1)[2], 3);
  WindowSample windows(64, 10, true, 1);
  windows.finish();
  EXPECT_EQ(keep(windows).of, 0U);
  EXPECT_EQ(keep(windows).windows.size(), 0U);
}

TEST(KeptSample, AFreshOneStandsForNothing) {
  const KeptSample sample;
  EXPECT_EQ(sample.fit.of, 0U);
  EXPECT_EQ(sample.validation.of, 0U);
  EXPECT_EQ(sample.fit_windows.of, 0U);
  EXPECT_EQ(sample.validation_windows.of, 0U);
}

TEST(KeptSample, IsBoundedAndComesBackFromItsBytes) {
  KeptSample sample{rows_of(70'000, 1'000'000, 1), rows_of(9, 9, 2), windows_of(4000, 9000, 1), windows_of(3, 3, 2)};
  sample = sample.thinned();
  EXPECT_EQ(sample.fit.events.size(), KeptSample::kRows);
  EXPECT_EQ(sample.fit.of, 1'000'000U);
  EXPECT_EQ(sample.fit_windows.windows.size(), KeptSample::kWindows);
  EXPECT_TRUE(std::is_sorted(sample.fit.events.begin(), sample.fit.events.end(),
                             [](const Event& a, const Event& b) { return a.time < b.time; }));
  ByteWriter out;
  sample.save(out);
  const std::string bytes = out.take();
  KeptSample back;
  ByteReader in(bytes, "test");
  back.load(in, kColumns, 3);
  ASSERT_TRUE(in.finish().ok());
  ByteWriter again;
  back.save(again);
  EXPECT_EQ(again.take(), bytes);
  EXPECT_EQ(back.validation_windows.events.size(), 6U);
  EXPECT_EQ(back.fit.rows.row(5)[1], sample.fit.rows.row(5)[1]);
}

TEST(KeptSample, DamageIsRefused) {
  const KeptSample sample{rows_of(5, 5, 1), rows_of(2, 2, 1), windows_of(3, 3, 1), windows_of(1, 1, 1)};
  ByteWriter out;
  sample.save(out);
  const std::string bytes = out.take();
  const auto loads = [](std::string_view text, std::size_t templates) {
    KeptSample back;
    ByteReader in(text, "test");
    back.load(in, kColumns, templates);
    return in.finish().ok();
  };
  ASSERT_TRUE(loads(bytes, 2));
  EXPECT_FALSE(loads(bytes, 1));  // it names template 1
  for (std::size_t cut = 0; cut < bytes.size(); cut += 3) {
    EXPECT_FALSE(loads(std::string_view(bytes).substr(0, cut), 2)) << cut;
  }
}

}  // namespace
}  // namespace logdetect
