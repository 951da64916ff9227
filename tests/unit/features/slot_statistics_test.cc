#include "features/slot_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

// One template with one parameter.
class OneSlot {
 public:
  explicit OneSlot(MaskKind kind = MaskKind::kNumber) : kind_(kind) {}

  void learn(const std::string& text) {
    const Parameter parameter{text, kind_};
    table_.learn(0, {&parameter, 1});
  }
  void learn(double number) { learn(std::to_string(number)); }
  [[nodiscard]] double surprise(const std::string& text) const {
    const Parameter parameter{text, kind_};
    return table_.surprise(0, {&parameter, 1});
  }
  [[nodiscard]] double surprise(double number) const { return surprise(std::to_string(number)); }
  [[nodiscard]] const SlotTable& table() const { return table_; }

 private:
  SlotTable table_;
  MaskKind kind_;
};

TEST(SlotStatistics, ANumberFarOutsideItsRangeIsSurprising) {
  Rng rng(1);
  OneSlot slot;
  for (int i = 0; i < 2000; ++i) {
    slot.learn(20 + 5 * rng.normal());
  }
  EXPECT_EQ(slot.surprise(21), 0);
  EXPECT_LT(slot.surprise(40), 3);
  EXPECT_GT(slot.surprise(500), 6);
  EXPECT_LE(slot.surprise(1e15), 10);
  const auto range = slot.table().range(0, 0);
  ASSERT_TRUE(range.has_value());
  EXPECT_NEAR(range->typical, 19.5, 1.5);
  EXPECT_LT(range->low, 12);
  EXPECT_GT(range->high, 28);
}

TEST(SlotStatistics, DurationsAreJudgedOnTheLogScale) {
  Rng rng(2);
  OneSlot slot;
  for (int i = 0; i < 2000; ++i) {
    slot.learn(std::to_string(static_cast<int>(50 * std::exp(0.8 * rng.normal()))) + "ms");
  }
  EXPECT_EQ(slot.surprise("60ms"), 0);
  EXPECT_LT(slot.surprise("1ms"), 1);
  EXPECT_GT(slot.surprise("60s"), 5) << "the unit counts";
}

TEST(SlotStatistics, FewNumbersSayNothing) {
  OneSlot slot;
  for (int i = 0; i < 10; ++i) {
    slot.learn(i);
  }
  EXPECT_EQ(slot.surprise(1e9), 0);
  EXPECT_FALSE(slot.table().range(0, 0).has_value());
}

TEST(SlotStatistics, CountersAndClocksAreSilenced) {
  for (const double step : {1.0, 0.37, 1000.0}) {
    OneSlot slot;
    for (int i = 0; i < 500; ++i) {
      slot.learn(1e9 + step * i);
    }
    EXPECT_EQ(slot.surprise(2e12), 0);
    EXPECT_FALSE(slot.table().range(0, 0).has_value());
  }
  // A countdown leaves its range at the lower end.
  OneSlot down;
  for (int i = 0; i < 500; ++i) {
    down.learn(-i);
  }
  EXPECT_EQ(down.surprise(-1e9), 0);
}

TEST(SlotStatistics, RandomIdsAreQuietInTheirRange) {
  Rng rng(3);
  OneSlot slot;
  for (int i = 0; i < 5000; ++i) {
    slot.learn(std::to_string(rng.below(65536)));
  }
  double most = 0;
  for (int i = 0; i < 5000; ++i) {
    most = std::max(most, slot.surprise(std::to_string(rng.below(65536))));
  }
  EXPECT_LT(most, 1);
}

// Exchangeable values: the surprise of new ones must not exceed what their probability allows.
TEST(SlotStatistics, FalseAlarmsAreRareForManyShapes) {
  Rng rng(4);
  int alarms = 0;
  int silenced = 0;
  constexpr int kSlots = 200;
  constexpr int kLater = 2000;
  for (int s = 0; s < kSlots; ++s) {
    OneSlot slot;
    const int shape = s % 4;
    const auto draw = [&rng, shape]() {
      switch (shape) {
        case 0:
          return 100 + 10 * rng.normal();
        case 1:
          return std::exp(3 + rng.normal());
        case 2:
          return rng.uniform() * 1000;
        default:
          return -std::log(1 - rng.uniform()) * 5;
      }
    };
    for (int i = 0; i < 2000; ++i) {
      slot.learn(draw());
    }
    silenced += slot.table().range(0, 0).has_value() ? 0 : 1;
    for (int i = 0; i < kLater; ++i) {
      alarms += slot.surprise(draw()) > 4 ? 1 : 0;
    }
  }
  EXPECT_LE(alarms, kSlots * kLater / 1000);
  EXPECT_LE(silenced, kSlots / 40);
}

TEST(SlotStatistics, AnUnseenWordInASmallVocabularyIsSurprising) {
  const std::vector<std::string> verbs = {"GET", "POST", "PUT"};
  Rng rng(5);
  OneSlot slot(MaskKind::kNone);
  for (int i = 0; i < 50; ++i) {
    slot.learn(verbs[rng.below(3)]);
  }
  EXPECT_EQ(slot.surprise("TRACE"), 0) << "too little was seen";
  for (int i = 0; i < 5000; ++i) {
    slot.learn(verbs[rng.below(3)]);
  }
  EXPECT_EQ(slot.surprise("PUT"), 0);
  EXPECT_GT(slot.surprise("TRACE"), 7);
}

TEST(SlotStatistics, ManyWordsAreNoVocabulary) {
  Rng rng(6);
  OneSlot slot(MaskKind::kId);
  for (int i = 0; i < 5000; ++i) {
    slot.learn("user" + std::to_string(rng.below(400)));
  }
  EXPECT_EQ(slot.surprise("user4711"), 0);
}

TEST(SlotStatistics, AConstantThatChangesSaysLittle) {
  OneSlot pid;
  for (int i = 0; i < 5000; ++i) {
    pid.learn(std::string("4242"));
  }
  EXPECT_LE(pid.surprise(std::string("31337")), 2);
  OneSlot date(MaskKind::kNone);
  for (int i = 0; i < 5000; ++i) {
    date.learn("2024-01-0" + std::to_string(1 + i / 1000));
  }
  EXPECT_LE(date.surprise("2024-01-06"), 2);
}

TEST(SlotStatistics, AGeneralisedTemplateStartsAnew) {
  SlotTable table;
  const std::vector<Parameter> one = {{"7", MaskKind::kNumber}};
  const std::vector<Parameter> two = {{"alpha", MaskKind::kNone}, {"9", MaskKind::kNumber}};
  table.learn(0, one);
  std::vector<std::string> numbers;
  for (int i = 0; i < 200; ++i) {
    numbers.push_back(std::to_string(10 + i % 7));
  }
  for (const std::string& number : numbers) {
    const std::vector<Parameter> values = {{"alpha", MaskKind::kNone}, {number, MaskKind::kNumber}};
    table.learn(0, values);
  }
  EXPECT_FALSE(table.range(0, 0).has_value());
  ASSERT_TRUE(table.range(0, 1).has_value());
  EXPECT_EQ(table.surprise(0, two), table.slot_surprise(0, two, 1));
  EXPECT_EQ(table.surprise(0, one), 0) << "another number of parameters cannot be compared";
  EXPECT_EQ(table.surprise(12345, one), 0);
}

// Pairs are found by their name, whatever else the record holds.
TEST(SlotStatistics, PairsAreStudiedByName) {
  Rng rng(5);
  SlotTable table;
  const auto record = [](double value, const std::vector<std::string>& pairs) {
    std::vector<std::string> texts = {std::to_string(value)};
    texts.insert(texts.end(), pairs.begin(), pairs.end());
    return texts;
  };
  const auto parameters = [](const std::vector<std::string>& texts) {
    std::vector<Parameter> out = {{texts[0], MaskKind::kNumber}};
    for (std::size_t i = 1; i < texts.size(); ++i) {
      const bool number = texts[i].find_first_of("0123456789") != std::string::npos;
      out.push_back(
          {texts[i], number ? MaskKind::kNumber : MaskKind::kNone, static_cast<std::uint16_t>(texts[i].find('=') + 1)});
    }
    return out;
  };
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::string> pairs;
    if (rng.next() % 2 == 0) {
      pairs.push_back("retry=" + std::to_string(rng.next() % 4));
    }
    if (rng.next() % 2 == 0) {
      pairs.push_back(rng.next() % 2 == 0 ? "zone=north" : "zone=south");
    }
    const auto texts = record(20 + 5 * rng.normal(), pairs);
    table.learn(0, parameters(texts));
  }
  const auto surprise = [&](double value, const std::vector<std::string>& pairs) {
    const auto texts = record(value, pairs);
    return table.surprise(0, parameters(texts));
  };
  EXPECT_EQ(surprise(20, {"zone=south"}), 0);
  EXPECT_EQ(surprise(20, {"zone=south", "retry=3"}), 0);
  EXPECT_GT(surprise(20, {"zone=south", "retry=5000"}), 3);
  EXPECT_GT(surprise(20, {"zone=west"}), 3);
  EXPECT_GT(surprise(500, {"zone=north"}), 6);
  const double strange_key = surprise(20, {"door=open"});
  EXPECT_GT(strange_key, 1);
  EXPECT_LE(strange_key, 2);

  ByteWriter out;
  table.save(out);
  SlotTable loaded;
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  loaded.load(in, 1);
  ASSERT_TRUE(in.ok());
  const auto texts = record(20, {"retry=5000"});
  EXPECT_EQ(loaded.surprise(0, parameters(texts)), table.surprise(0, parameters(texts)));
  ASSERT_TRUE(loaded.range(0, parameters(texts), 1).has_value());
  EXPECT_LE(loaded.range(0, parameters(texts), 1)->high, 3);
}

TEST(SlotStatistics, NamesAreBounded) {
  SlotTable table;
  for (int i = 0; i < 200; ++i) {
    for (int key = 0; key < 50; ++key) {
      const std::string text = "k" + std::to_string(key) + "=x";
      const Parameter pair{text, MaskKind::kNone, static_cast<std::uint16_t>(text.find('=') + 1)};
      table.learn(0, {&pair, 1});
    }
  }
  const std::string text = "k40=y";  // beyond the names kept: silent, and so is what was never seen
  const Parameter pair{text, MaskKind::kNone, 4};
  EXPECT_EQ(table.surprise(0, {&pair, 1}), 0);
}

TEST(SlotStatistics, TheNextNumberOfACountIsNoUnseenWordAndAnUnseenCodeIs) {
  Rng rng(8);
  OneSlot items;
  OneSlot status;
  const std::vector<std::string> codes = {"200", "201", "304", "404"};
  for (int i = 0; i < 5000; ++i) {
    items.learn(std::to_string(1 + static_cast<int>(-1.2 * std::log(1 - rng.uniform()))));
    status.learn(codes[rng.below(codes.size())]);
  }
  const auto range = items.table().range(0, 0);
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->low, 1) << "counts have whole ranges";
  EXPECT_EQ(range->high, std::round(range->high));
  EXPECT_LT(items.surprise("14"), 4);
  EXPECT_GT(items.surprise("90000"), 7);
  EXPECT_GT(status.surprise("500"), 7);
}

}  // namespace
}  // namespace logdetect
