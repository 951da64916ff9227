#include "training/training_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "logdetect/reading/plan_chooser.h"
#include "unit/training/hand_made.h"

namespace logdetect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

HeaderPlan plan(const std::string& name) {
  HeaderPlan out;
  out.name = name;
  return out;
}

std::vector<std::string> names(const TrainingState& state) {
  std::vector<std::string> out;
  for (const HeaderPlan& plan : state.plans) {
    out.push_back(plan.name);
  }
  return out;
}

TEST(FreshState, KnowsNothing) {
  const TrainingState state = fresh_state(small_config());
  EXPECT_EQ(state.known_ids, 0U);
  EXPECT_FALSE(state.update);
  EXPECT_EQ(state.found_key, "");
  EXPECT_EQ(state.facts.records, 0U);
  EXPECT_EQ(state.miner.size(), 0U);
  EXPECT_EQ(state.baseline.events(), 0U);
  EXPECT_EQ(state.sessions.sessions(), 0U);
  EXPECT_FALSE(state.session_scorer.has_value());
  EXPECT_EQ(state.sample.fit.of, 0U);
}

TEST(TakePlans, AFreshTrainingKeepsThoseOfTheLastPass) {
  TrainingState state = fresh_state(small_config());
  state.take_plans({plan("a"), plan("b")});
  EXPECT_THAT(names(state), ElementsAre("a", "b"));
  state.take_plans({});
  EXPECT_THAT(names(state), ElementsAre("a", "b")) << "a pass over nothing used none";
  state.take_plans({plan("c")});
  EXPECT_THAT(names(state), ElementsAre("c"));
}

TEST(TakePlans, AnUpdateAddsToThoseOfTheModel) {
  TrainingState state = fresh_state(small_config());
  state.plans = {plan("a")};
  state.update = true;
  state.take_plans({plan("b"), plan("a")});
  EXPECT_THAT(names(state), ElementsAre("a", "b"));
  for (std::size_t i = 0; i < kMaxPlans; ++i) {
    state.take_plans({plan("more " + std::to_string(i))});
  }
  EXPECT_EQ(state.plans.size(), kMaxPlans);
}

class FromModel : public testing::Test {
 protected:
  void SetUp() override {
    auto training = train_by_hand(config_, steady_log(100), fresh_state(config_));
    ASSERT_TRUE(training.ok()) << training.error().to_string();
    bundle_ = bundle_model(*training->model);
  }
  Model model() {
    auto read = read_model(bundle_);
    return std::move(*read);
  }

  Config config_ = small_config();
  Bundle bundle_;
};

TEST_F(FromModel, GoesOnWhereTheModelStopped) {
  const auto state = TrainingState::from_model(model(), config_);
  ASSERT_TRUE(state.ok()) << state.error().to_string();
  EXPECT_TRUE(state->update);
  EXPECT_EQ(state->known_ids, 2U);
  EXPECT_EQ(state->facts.records, 100U);
  EXPECT_EQ(state->sample.fit.of, 80U);
  EXPECT_FALSE(state->session_scorer.has_value()) << "there were no sessions to judge by";
  EXPECT_FALSE(state->session_key.active());
}

TEST_F(FromModel, ASessionKeyThatTrainingFoundIsUsedAgain) {
  Model found = model();
  found.session_key = "req=(\\w+)";
  const auto state = TrainingState::from_model(std::move(found), config_);
  ASSERT_TRUE(state.ok()) << state.error().to_string();
  EXPECT_EQ(state->found_key, "req=(\\w+)");
  EXPECT_EQ(state->session_key.find("served req=42 today"), "42");
}

TEST_F(FromModel, AnotherNotionOfSessionsIsRefused) {
  for (int change = 0; change < 3; ++change) {
    Config other = config_;
    (change == 0 ? other.sessions.key : other.sessions.delimiter) = change < 2 ? "x" : "";
    other.sessions.gap_seconds = change == 2 ? 5 : 0;
    const auto state = TrainingState::from_model(model(), other);
    ASSERT_FALSE(state.ok()) << change;
    EXPECT_EQ(state.error().code, ErrorCode::kUsage);
    EXPECT_THAT(state.error().message, HasSubstr("another notion of sessions"));
  }
}

TEST_F(FromModel, AModelWithoutASampleIsRefused) {
  Model bare = model();
  bare.sample = {};
  const auto state = TrainingState::from_model(std::move(bare), config_);
  ASSERT_FALSE(state.ok());
  EXPECT_EQ(state.error().code, ErrorCode::kModel);
}

// The miner merges a template of the model into another one: what was learnt of the first is the second's.
TEST(FollowMerges, SampleAndBaselineFollow) {
  TrainingState state = fresh_state(small_config());
  MaskedMessage masked;
  const auto learn = [&](const std::string& name) {
    const std::string message = "greeting " + name + " sent home";
    state.masker.mask(message, masked);
    return state.miner.learn(masked);
  };
  learn("anna");
  learn("berta");
  state.miner.compact();
  ASSERT_EQ(state.miner.size(), 2U);
  state.known_ids = 2;
  state.update = true;
  for (const std::uint32_t id : {0U, 1U, 1U}) {
    state.sample.fit.events.emplace_back().template_id = TemplateId(id);
  }
  state.sample.fit_windows.windows.templates = {WindowBatch::kPadding, 1};
  for (const char* name : {"carla", "dora", "emil", "fritz", "gustav", "hans", "ida", "jakob", "karl", "lena", "max",
                           "nora", "otto", "paul", "rosa", "sven", "tina", "udo"}) {
    learn(name);
  }
  state.miner.compact(state.known_ids);
  ASSERT_EQ(state.miner.size(), 1U);
  state.follow_merges();
  const TemplateId now = state.miner.resolve(TemplateId(1));
  for (const Event& event : state.sample.fit.events) {
    EXPECT_EQ(event.template_id, now);
  }
  EXPECT_THAT(state.sample.fit_windows.windows.templates, ElementsAre(WindowBatch::kPadding, now.value()));
}

}  // namespace
}  // namespace logdetect
