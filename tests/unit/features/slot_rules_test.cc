#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <string>
#include <vector>

#include "features/slot_statistics.h"
#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

// The limits of what SlotTable says, for one template.
class Slots {
 public:
  void learn(const std::vector<std::string>& texts, MaskKind kind = MaskKind::kNumber) {
    table_.learn(0, parameters(texts, kind));
  }
  [[nodiscard]] double surprise(const std::vector<std::string>& texts, MaskKind kind = MaskKind::kNumber) {
    return table_.surprise(0, parameters(texts, kind));
  }
  [[nodiscard]] std::optional<SlotRange> range(std::size_t slot = 0) const { return table_.range(0, slot); }
  [[nodiscard]] SlotTable& table() { return table_; }

 private:
  std::vector<Parameter> parameters(const std::vector<std::string>& texts, MaskKind kind) {
    std::vector<Parameter> out;
    for (const std::string& text : texts) {
      out.push_back({texts_.emplace_back(text), kind});
    }
    return out;
  }
  SlotTable table_;
  std::deque<std::string> texts_;
};

TEST(SlotWords, AnUnseenWordWeighsWhatTheReturnsTell) {
  Slots slots;
  for (int i = 0; i < 99; ++i) {
    slots.learn({i % 2 == 0 ? "a" : "b"}, MaskKind::kNone);
  }
  EXPECT_EQ(slots.surprise({"c"}, MaskKind::kNone), 0) << "99 are too few";
  slots.learn({"b"}, MaskKind::kNone);
  EXPECT_NEAR(slots.surprise({"c"}, MaskKind::kNone), std::log(100), 1e-12) << "98 changes led back to a known word";
  EXPECT_EQ(slots.surprise({"a"}, MaskKind::kNone), 0);
  slots.learn({"c"}, MaskKind::kNone);
  EXPECT_NEAR(slots.surprise({"d"}, MaskKind::kNone), std::log(100) - std::log(2), 1e-12) << "one came once only";
}

TEST(SlotWords, AConstantsFirstChangeWeighsByHowLongItWasOne) {
  Slots slots;
  for (int i = 0; i < 100; ++i) {
    slots.learn({"a"}, MaskKind::kNone);
  }
  EXPECT_NEAR(slots.surprise({"b"}, MaskKind::kNone), 0.3 * std::log(100), 1e-12);
  for (int i = 0; i < 900; ++i) {
    slots.learn({"a"}, MaskKind::kNone);
  }
  EXPECT_DOUBLE_EQ(slots.surprise({"b"}, MaskKind::kNone), 2) << "two nats at most";
}

TEST(SlotWords, SixteenAreAVocabularyAndSeventeenAreNot) {
  for (const int words : {16, 17}) {
    Slots slots;
    for (int i = 0; i < 340; ++i) {
      slots.learn({"w" + std::to_string(i % words)}, MaskKind::kNone);
    }
    EXPECT_EQ(slots.surprise({"other"}, MaskKind::kNone) > 0, words == 16) << words;
  }
}

TEST(SlotWords, WhatIsUniqueByNatureIsNotStudied) {
  for (const MaskKind kind : {MaskKind::kUuid, MaskKind::kTime, MaskKind::kId, MaskKind::kNone}) {
    Slots slots;
    for (int i = 0; i < 200; ++i) {
      slots.learn({i % 2 == 0 ? "a" : "b"}, kind);
    }
    const bool studied = kind == MaskKind::kId || kind == MaskKind::kNone;
    EXPECT_EQ(slots.surprise({"c"}, kind) > 0, studied) << static_cast<int>(kind);
  }
}

std::string mixed(int i) {  // twenty numbers in no order, none of them whole
  return std::to_string((i * 7) % 20) + ".5";
}

TEST(SlotNumbers, TwentyAreNeededAndNineInTen) {
  Slots slots;
  for (int i = 0; i < 19; ++i) {
    slots.learn({mixed(i)});
  }
  EXPECT_FALSE(slots.range().has_value());
  slots.learn({mixed(19)});
  EXPECT_TRUE(slots.range().has_value());
  for (const int words : {10, 11}) {
    Slots part;
    for (int i = 0; i < 100; ++i) {
      part.learn({i % 9 == 4 && i / 9 < words ? "none" : mixed(i)});
    }
    EXPECT_EQ(part.range().has_value(), words == 10) << words;
  }
  EXPECT_FALSE(slots.range(1).has_value()) << "there is no second slot";
  EXPECT_FALSE(slots.table().range(1, std::size_t{0}).has_value());
}

TEST(SlotNumbers, OfOtherKindsAreNoQuantities) {
  Slots slots;
  for (int i = 0; i < 100; ++i) {
    slots.learn({mixed(i)}, MaskKind::kId);
  }
  EXPECT_FALSE(slots.range().has_value());
}

TEST(SlotNumbers, ThatChangedOnceAreAConstant) {
  Slots slots;
  for (int i = 0; i < 100; ++i) {
    slots.learn({i < 50 ? "1.5" : "2.5"});
  }
  EXPECT_FALSE(slots.range().has_value());
  slots.learn({"1.5"});
  EXPECT_TRUE(slots.range().has_value());
}

TEST(SlotNumbers, WholeOnesHaveWholeRanges) {
  Slots whole;
  Slots broken;
  for (int i = 0; i < 300; ++i) {
    whole.learn({std::to_string((i * 7) % 20)});
    broken.learn({mixed(i)});
  }
  ASSERT_TRUE(whole.range().has_value());
  EXPECT_EQ(whole.range()->low, std::floor(whole.range()->low));
  EXPECT_EQ(whole.range()->high, std::ceil(whole.range()->high));
  EXPECT_EQ(whole.range()->typical, std::round(whole.range()->typical));
  EXPECT_NE(broken.range()->typical, std::round(broken.range()->typical));
}

// As the header has it: beyond the range by how many e-foldings of its tail, on the scale on which that is less.
double folds(const SlotRange& range, double smallest, double largest, double n, double value) {
  const auto tail = [&](auto scale, double least) {
    const bool above = value > largest;
    const double end = scale(above ? largest : smallest);
    const double percent = scale(above ? range.high : range.low);
    const double a = std::abs(end - scale(range.typical)) / std::log(n / 2);
    const double b = std::abs(end - percent) / std::log(n / 100);
    return std::abs(scale(value) - end) / std::max({a, b, least});
  };
  const double size = std::max(std::abs(smallest), std::abs(largest));
  const double linear = tail([](double x) { return x; }, 0.01 * size);
  const double logarithmic =
      tail([](double x) { return std::copysign(std::log1p(std::abs(x)), x); }, 0.01 * std::min(1.0, std::log1p(size)));
  return std::min(linear, logarithmic);
}

TEST(SlotNumbers, AreSurprisingByTheFoldsOfTheirTail) {
  for (const double shift : {0.0, -300.0, 1000.0}) {
    Rng rng(11);
    Slots slots;
    std::vector<double> seen;
    for (int i = 0; i < 3000; ++i) {
      const std::string text = std::to_string(shift + 50 * rng.normal());
      seen.push_back(std::stod(text));
      slots.learn({text});
    }
    const auto [smallest, largest] = std::minmax_element(seen.begin(), seen.end());
    ASSERT_TRUE(slots.range().has_value());
    for (const double away : {1.0, 20.0, 60.0, 110.0}) {
      for (const double value : {*largest + away, *smallest - away}) {
        const std::string text = std::to_string(value);
        EXPECT_NEAR(slots.surprise({text}), folds(*slots.range(), *smallest, *largest, 3000, std::stod(text)), 1e-3)
            << shift << " " << value;
      }
    }
    EXPECT_EQ(slots.surprise({std::to_string(*largest)}), 0);
    EXPECT_EQ(slots.surprise({std::to_string(*smallest)}), 0);
    EXPECT_NEAR(slots.surprise({"900000000000"}), std::log(3000.0 / 2), 1e-9)
        << "no more than the changes are evidence";
  }
}

TEST(SlotLayout, EightMisfitsInARowStartAnew) {
  const std::vector<std::string> odd = {"c", "x"};
  const auto learnt = [&](int misfits, bool between) {
    Slots slots;
    for (int i = 0; i < 200; ++i) {
      slots.learn({i % 2 == 0 ? "a" : "b", "x"}, MaskKind::kNone);
    }
    for (int i = 0; i < misfits; ++i) {
      slots.learn({"a"}, MaskKind::kNone);
      if (between && i == 3) {
        slots.learn({"a", "x"}, MaskKind::kNone);
      }
    }
    return slots.surprise(odd, MaskKind::kNone) > 0;
  };
  EXPECT_TRUE(learnt(7, false));
  EXPECT_FALSE(learnt(8, false));
  EXPECT_TRUE(learnt(8, true));
  EXPECT_TRUE(learnt(11, true));
  EXPECT_FALSE(learnt(12, true));
}

TEST(SlotLayout, SixteenParametersAreStudied) {
  Slots slots;
  std::vector<std::string> texts(18, "a");
  for (int i = 0; i < 200; ++i) {
    std::fill(texts.begin(), texts.end(), i % 2 == 0 ? "a" : "b");
    slots.learn(texts, MaskKind::kNone);
  }
  texts[16] = texts[17] = "c";
  EXPECT_EQ(slots.surprise(texts, MaskKind::kNone), 0);
  texts[15] = "c";
  EXPECT_GT(slots.surprise(texts, MaskKind::kNone), 4);
  EXPECT_EQ(slots.surprise({"c"}, MaskKind::kNone), 0) << "another number of them";
}

TEST(SlotLayout, EachSlotHasItsOwnSurprise) {
  Slots slots;
  for (int i = 0; i < 400; ++i) {
    slots.learn({i % 2 == 0 ? "a" : "b", "x"}, MaskKind::kNone);
  }
  const std::vector<Parameter> odd = {{"c", MaskKind::kNone}, {"y", MaskKind::kNone}};
  EXPECT_NEAR(slots.table().slot_surprise(0, odd, 0), std::log(400), 1e-12);
  EXPECT_NEAR(slots.table().slot_surprise(0, odd, 1), 0.3 * std::log(400), 1e-12);
  EXPECT_EQ(slots.table().slot_surprise(0, odd, 2), 0);
  EXPECT_EQ(slots.table().slot_surprise(1, odd, 0), 0) << "another template";
  EXPECT_EQ(slots.table().surprise(0, odd), slots.table().slot_surprise(0, odd, 0)) << "the largest";
}

TEST(SlotNames, ANameNeverSeenIsAConstantsFirstChange) {
  Slots slots;
  const Parameter pair{"k=v", MaskKind::kNone, 2};
  const auto learn_pairs = [&](int count) {
    for (int i = 0; i < count; ++i) {
      slots.table().learn(0, {&pair, 1});
    }
  };
  const Parameter other{"j=v", MaskKind::kNone, 2};
  learn_pairs(50);
  EXPECT_NEAR(slots.table().surprise(0, {&other, 1}), 0.3 * std::log(50), 1e-12);
  EXPECT_EQ(slots.table().surprise(1, {&other, 1}), 0) << "of an unknown template";
  EXPECT_EQ(slots.table().surprise(0, {&pair, 1}), 0);
  learn_pairs(1950);
  EXPECT_DOUBLE_EQ(slots.table().surprise(0, {&other, 1}), 2);
}

TEST(SlotNames, SixteenAreTold) {
  for (const int names : {15, 16}) {
    Slots slots;
    for (int key = 0; key < names; ++key) {
      const std::string text = "k" + std::to_string(key) + "=v";
      const Parameter pair{text, MaskKind::kNone, static_cast<std::uint16_t>(text.find('=') + 1)};
      slots.table().learn(0, {&pair, 1});
    }
    const Parameter other{"j=v", MaskKind::kNone, 2};
    EXPECT_EQ(slots.table().surprise(0, {&other, 1}) > 0, names == 15);
  }
}

TEST(SlotTable, SavedAndLoadedSaysTheSameAndLearnsOn) {
  Rng rng(4);
  Slots slots;
  for (int i = 0; i < 1000; ++i) {
    slots.learn({std::to_string(5 * rng.normal()), i % 3 == 0 ? "a" : "b", std::to_string(i)});
  }
  ByteWriter out;
  slots.table().save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "slots");
  SlotTable loaded;
  loaded.load(in, 1);
  ASSERT_TRUE(in.finish().ok());
  const std::vector<Parameter> odd = {{"60.5", MaskKind::kNumber}, {"c", MaskKind::kNumber}, {"77", MaskKind::kNumber}};
  for (int round = 0; round < 3; ++round) {
    for (std::size_t slot = 0; slot < odd.size(); ++slot) {
      EXPECT_EQ(loaded.slot_surprise(0, odd, slot), slots.table().slot_surprise(0, odd, slot));
    }
    loaded.learn(0, odd);
    slots.table().learn(0, odd);
  }
  ByteReader none(bytes, "slots");
  SlotTable refused;
  refused.load(none, 0);
  EXPECT_FALSE(none.ok()) << "more templates than the model has";
}

}  // namespace
}  // namespace logdetect
