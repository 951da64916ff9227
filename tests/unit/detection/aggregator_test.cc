#include "logdetect/detection/aggregator.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/detection/samples.h"

namespace logdetect {
namespace {

using samples::at;

TEST(AggregatorTable, NamesAreUniqueAndMade) {
  std::set<std::string_view> names;
  for (const AggregatorEntry& entry : aggregator_table()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.summary.empty());
    IncidentOptions options;
    options.aggregator = entry.name;
    EXPECT_NE(make_aggregator(options), nullptr);
  }
  EXPECT_TRUE(names.contains(IncidentOptions{}.aggregator));
}

TEST(AggregatorTable, AnUnknownNameIsABrokenInvariant) {
  IncidentOptions options;
  options.aggregator = "farness";
  EXPECT_DEATH((void)make_aggregator(options), "names of the table");
}

// What every aggregator promises of the findings that it is given.
class Aggregators : public ::testing::TestWithParam<AggregatorEntry> {
 protected:
  std::unique_ptr<Aggregator> make(const IncidentOptions& options = {}) const { return GetParam().make(options); }
};

TEST_P(Aggregators, CloseEveryFindingIntoTheIncidentTheyNamed) {
  const std::unique_ptr<Aggregator> aggregator = make();
  std::vector<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const Joined joined = aggregator->add(at(i * 400.0).of(static_cast<std::uint32_t>(i % 3)));
    if (joined.kept != nullptr) {
      EXPECT_EQ(joined.kept->incident_id, joined.incident_id);
    }
    ids.push_back(joined.incident_id);
  }
  aggregator->finish();
  std::uint64_t count = 0;
  for (const Incident& incident : aggregator->take_closed()) {
    count += incident.count;
    EXPECT_EQ(std::count(ids.begin(), ids.end(), incident.id), static_cast<std::ptrdiff_t>(incident.count));
    EXPECT_FALSE(incident.findings.empty());
    EXPECT_FALSE(incident.title.empty());
  }
  EXPECT_EQ(count, 20U);
  EXPECT_TRUE(aggregator->take_closed().empty());
}

TEST_P(Aggregators, WhatIsFilledInBelongsToTheIncident) {
  const std::unique_ptr<Aggregator> aggregator = make();
  Finding* const kept = aggregator->add(at(0)).kept;
  ASSERT_NE(kept, nullptr);
  kept->message = "the line itself";
  kept->reasons.emplace_back().sentence = "this is why";
  aggregator->finish();
  const std::vector<Incident> closed = aggregator->take_closed();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].findings.at(0).message, "the line itself");
  EXPECT_EQ(closed[0].findings.at(0).reasons.at(0).sentence, "this is why");
}

TEST_P(Aggregators, SurviveWhatTheyDoNotKnow) {
  const std::unique_ptr<Aggregator> aggregator = make();
  aggregator->update(at(0));
  aggregator->deployment(samples::kStart);
  aggregator->advance(samples::kStart);
  aggregator->finish();
  EXPECT_TRUE(aggregator->take_closed().empty());
}

INSTANTIATE_TEST_SUITE_P(All, Aggregators, ::testing::ValuesIn(aggregator_table()),
                         [](const auto& entry) { return std::string(entry.param.name); });

}  // namespace
}  // namespace logdetect
