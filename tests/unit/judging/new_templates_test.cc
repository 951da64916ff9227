#include "judging/new_templates.h"

#include <gtest/gtest.h>

#include "unit/judging/small_model.h"

namespace logdetect {
namespace {

using testing::LogLines;
using testing::small_model;

class NewTemplatesTest : public ::testing::Test {
 protected:
  EventBatch find(LogLines& log) {
    ParsedBatch parsed = LineParser(&model_.masker, &model_.miner, nullptr).parse(log.take());
    new_templates_.find(parsed.batch);
    return std::move(parsed.batch);
  }

  const Model& model_ = *small_model();
  TemplateOverlay templates_{model_.miner, model_.config.miner};
  NewTemplates new_templates_{model_.masker, templates_};
};

TEST_F(NewTemplatesTest, KnownOnesStayAsTheyAre) {
  LogLines log;
  log.add(0, "request id=r1 took 12 ms");
  const EventBatch batch = find(log);
  EXPECT_EQ(batch.events[0].template_id, TemplateId(testing::kStep));
  EXPECT_FALSE(batch.events[0].is_new);
  EXPECT_EQ(batch.events[0].parameter_count, 2U);
  EXPECT_EQ(batch.parameters.size(), 2U);
  EXPECT_EQ(templates_.met(), 0U);
}

TEST_F(NewTemplatesTest, WhatFitsNoneIsNewAndBringsItsValues) {
  LogLines log;
  log.add(0, "request id=r1 took 12 ms");
  log.add(1, "cache holds 40 of 50 entries");
  log.add(2, "cache holds 41 of 50 entries");
  log.add(3, "quota exceeded by shop");
  const EventBatch batch = find(log);
  const Event& first = batch.events[1];
  EXPECT_TRUE(templates_.is_new(first.template_id));
  EXPECT_GE(first.template_id.value(), testing::kSmallTemplates);
  EXPECT_TRUE(first.is_new);
  EXPECT_EQ(templates_.text(first.template_id), "cache holds <NUM> of <NUM> entries");
  ASSERT_EQ(first.parameter_count, 2U);
  EXPECT_EQ(batch.parameters[first.first_parameter].text, "40");
  EXPECT_EQ(batch.parameters[first.first_parameter + 1].text, "50");
  const Event& second = batch.events[2];
  EXPECT_EQ(second.template_id, first.template_id) << "told before";
  EXPECT_TRUE(second.is_new) << "training never saw it";
  ASSERT_EQ(second.parameter_count, 2U);
  EXPECT_EQ(batch.parameters[second.first_parameter].text, "41");
  EXPECT_NE(batch.events[3].template_id, first.template_id);
  EXPECT_EQ(batch.events[3].parameter_count, 0U);
  EXPECT_EQ(templates_.met(), 2U);
}

TEST_F(NewTemplatesTest, AreAlarmingByTheirLevelAndTheirWords) {
  LogLines log;
  log.add(0, "cache warmed up");
  log.add(1, "cache could not be written: permission denied");
  log.add(2, "quota of shop looked at", "ERROR");
  const EventBatch batch = find(log);
  EXPECT_EQ(batch.events[0].alarm, Alarm::kNone);
  EXPECT_EQ(batch.events[1].alarm, Alarm::kWarning);
  EXPECT_EQ(batch.events[2].alarm, Alarm::kError);
}

TEST_F(NewTemplatesTest, PairsBesideTheMessageAreValuesByName) {
  LogLines log;
  log.add(0, "cart emptied size=7");
  ParsedBatch parsed = LineParser(&model_.masker, &model_.miner, nullptr).parse(log.take());
  parsed.batch.headers[0].extra_bytes = 7;  // " size=7"
  new_templates_.find(parsed.batch);
  EXPECT_EQ(templates_.text(parsed.batch.events[0].template_id), "cart emptied");
  ASSERT_EQ(parsed.batch.events[0].parameter_count, 1U);
  EXPECT_EQ(parsed.batch.parameters.back().name(), "size");
  EXPECT_EQ(parsed.batch.parameters.back().value(), "7");
}

}  // namespace
}  // namespace logdetect
