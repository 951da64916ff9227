// What the ensemble does with each unit, shown with detectors made up for it.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "logdetect/models/ensemble.h"
#include "unit/models/sample.h"

namespace logdetect {
namespace {

// Says that a session is as many nats strange as it has events, and an event as its first column.
template <DetectorUnit unit>
class Counter final : public Detector {
 public:
  Result<void> fit(const TrainingSet& /*training*/) override { return {}; }
  void score(const ScoringInput& input, std::span<float> raw) const override {
    for (std::size_t i = 0; i < raw.size(); ++i) {
      raw[i] = unit == DetectorUnit::kSession ? static_cast<float>(input.log.sessions[i].state.events)
                                              : input.log.rows.row(i)[0];
    }
  }
  [[nodiscard]] std::vector<Contribution> contributions(std::span<const float> /*row*/) const override { return {}; }
  [[nodiscard]] bool in_nats() const override { return true; }
  [[nodiscard]] double default_cap() const override { return 10; }
  [[nodiscard]] std::size_t window_length() const override { return unit == DetectorUnit::kWindow ? 4 : 0; }
  void save(ByteWriter& /*out*/) const override {}
  Result<void> load(ByteReader& /*in*/, const FeatureSchema& /*schema*/) override { return {}; }
};

template <DetectorUnit unit>
std::unique_ptr<Detector> make_counter() {
  return std::make_unique<Counter<unit>>();
}

WindowPlan windows_of_six(const DetectorOptions& /*options*/) {
  return {{6, 0}, 30};
}

constexpr std::array<DetectorEntry, 3> kTable = {{
    {.name = "lines", .summary = "made up", .make = make_counter<DetectorUnit::kLine>},
    {.name = "windows",
     .summary = "made up",
     .make = make_counter<DetectorUnit::kWindow>,
     .unit = DetectorUnit::kWindow,
     .windows = windows_of_six,
     .default_weight = 0.5},
    {.name = "sessions",
     .summary = "made up",
     .make = make_counter<DetectorUnit::kSession>,
     .unit = DetectorUnit::kSession,
     .default_weight = 0.25},
}};

Ensemble made(const std::vector<std::string>& names) {
  EnsembleOptions options;
  options.detectors = names;
  auto ensemble = Ensemble::create(options, kTable);
  EXPECT_TRUE(ensemble.ok());
  return std::move(ensemble).value();
}

std::vector<SessionSample> sessions_of(const std::vector<std::uint32_t>& events) {
  std::vector<SessionSample> sessions(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    sessions[i].state.events = events[i];
  }
  return sessions;
}

TEST(DetectorUnits, SessionsHaveTotalsOfTheirOwnAndEventsNoPartInThem) {
  const Ensemble ensemble = made({"lines", "sessions"});
  const Sample sample = make_sample(20, 1);
  const std::vector<SessionSample> sessions = sessions_of({1, 8, 10, 11});
  LogView log = sample.log();
  log.sessions = sessions;
  BatchScores scores;
  ensemble.score({log}, scores);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(scores.total[i], sample.rows.row(i)[0]);
    EXPECT_EQ(scores.raw[20 + i], 0);
    EXPECT_EQ(scores.surprise[20 + i], 0);
  }
  EXPECT_EQ(ensemble.score_sessions({log}), (std::vector<float>{0.25F, 2, 2.5F, 2.5F})) << "weight 0.25, cap 10";
}

TEST(DetectorUnits, ASessionMemberKeepsNoRowOpen) {
  const Ensemble ensemble = made({"lines", "sessions"});
  const Sample sample = make_sample(20, 1);
  BatchScores scores;
  ensemble.score(sample.input(), scores, 1.5);  // columns are below 1, and nothing else can add to them
  EXPECT_EQ(std::count(scores.wanted.begin(), scores.wanted.end(), 0), 20);
}

TEST(DetectorUnits, WithoutSessionMembersSessionsAreNotJudged) {
  const Ensemble ensemble = made({"lines", "windows"});
  EXPECT_FALSE(ensemble.judges_sessions());
  EXPECT_TRUE(made({"sessions"}).judges_sessions());
  const Sample sample = make_sample(20, 1);
  const std::vector<SessionSample> sessions = sessions_of({1, 2});
  LogView log = sample.log();
  log.sessions = sessions;
  EXPECT_EQ(ensemble.score_sessions({log}), (std::vector<float>{0, 0}));
}

TEST(DetectorUnits, ALineAloneIsOnlyForDetectorsOfLines) {
  const Ensemble ensemble = made({"lines", "windows", "sessions"});
  const Sample sample = make_sample(1, 3);
  BatchScores scores;
  ensemble.score_line(sample.log(), scores);
  EXPECT_EQ(scores.total[0], sample.rows.row(0)[0]);
  EXPECT_EQ(scores.raw, (std::vector<float>{sample.rows.row(0)[0], 0, 0}));
}

TEST(DetectorUnits, WindowsAreAskedForByTheirDetectors) {
  const DetectorOptions options;
  EXPECT_EQ(made({"lines", "sessions"}).windows(options).cut.length, 0U);
  const WindowPlan plan = made({"lines", "windows"}).windows(options);
  EXPECT_EQ(plan.cut.length, 4U) << "what it was fitted to counts for more than its options";
  EXPECT_EQ(plan.cut.stride, 2U) << "half a window";
  EXPECT_EQ(plan.learn, 30U);
}

}  // namespace
}  // namespace logdetect
