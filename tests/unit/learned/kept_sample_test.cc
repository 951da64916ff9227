#include "logdetect/learned/kept_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

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
