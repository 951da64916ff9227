#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "logdetect/base/rng.h"
#include "models/neural_training.h"
#include "models/sequence_model.h"
#include "unit/models/reference_network.h"
#include "unit/models/sample.h"

// A sequence model read from bytes, without LibTorch: what it makes of windows against the plain network.

namespace logdetect {
namespace {

constexpr std::size_t kLength = 5;
constexpr std::size_t kNumbers = WindowBatch::kNumbers;
constexpr std::size_t kTemplates = 8;  // known ones
const std::vector<std::uint32_t> kKept = {2, 0, 5};
constexpr std::int32_t kOther = 3;
constexpr std::int32_t kPadding = 4;
constexpr std::int32_t kUnseen = 5;

constexpr SequenceDesign kAutoencoder = {
    .numbers = kNumbers,
    .has_latent = true,
    .sizes =
        [](const NeuralOptions& options) {
          return NetworkSizes{options.hidden, options.latent};
        },
    .layers = [](const NetworkSizes& sizes) { return autoencoder_layers(sizes.hidden, sizes.latent); }};
constexpr SequenceDesign kPredictor = {
    .sizes =
        [](const NeuralOptions& options) {
          return NetworkSizes{options.latent, 0};
        },
    .layers = [](const NetworkSizes& sizes) { return predictor_layers(sizes.hidden); }};

// What a model file holds.
struct Stored {
  explicit Stored(bool autoencoder)
      : sizes(autoencoder ? NetworkSizes{5, 3} : NetworkSizes{7, 0}),
        shape{kUnseen + 1, 4, autoencoder ? static_cast<int>(kNumbers) : 0, static_cast<int>(kLength),
              autoencoder ? autoencoder_layers(5, 3) : predictor_layers(7)},
        weights(make_network(shape, 1, 21, 0.8).weights) {
    for (std::size_t f = 0; f < kNumbers; ++f) {
      mean.at(f) = 0.5F * static_cast<float>(f);
      precision.at(f) = 1 + static_cast<float>(f);
    }
  }
  [[nodiscard]] std::string bytes() const {
    ByteWriter out;
    for (const int value :
         {shape.vocabulary, shape.embedding, shape.numeric, sizes.hidden, sizes.latent, shape.length}) {
      out.u32(static_cast<std::uint32_t>(value));
    }
    out.u64(templates);
    out.u64(kept.size());
    for (const std::uint32_t id : kept) {
      out.u32(id);
    }
    out.f32s(mean);
    out.f32s(precision);
    out.u64(epochs);
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
      out.f64(3 - static_cast<double>(epoch));
      out.f64(2.5 - static_cast<double>(epoch));
    }
    out.u64(weights.size());
    out.f32s(weights);
    return out.take();
  }

  NetworkSizes sizes;
  NetworkShape shape;
  std::vector<float> weights;
  std::size_t templates = kTemplates;
  std::vector<std::uint32_t> kept = kKept;
  std::size_t epochs = 2;
  std::array<float, kNumbers> mean{};
  std::array<float, kNumbers> precision{};
};

bool loads(const SequenceDesign& design, const Stored& stored) {
  SequenceModel model(design);
  const std::string bytes = stored.bytes();
  ByteReader in(bytes, "test");
  return model.load(in).ok() && in.finish().ok();
}

SequenceModel loaded(const SequenceDesign& design, const Stored& stored) {
  SequenceModel model(design);
  const std::string bytes = stored.bytes();
  ByteReader in(bytes, "test");
  EXPECT_TRUE(model.load(in).ok());
  return model;
}

// Random windows with padding, known and unknown templates, and repeats.
WindowBatch random_windows(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  WindowBatch windows;
  windows.length = kLength;
  for (std::size_t w = 0; w < count; ++w) {
    const std::size_t fresh = 1 + rng.below(kLength);
    if (w % 4 == 3) {  // the window before it once more
      const std::size_t from = windows.templates.size() - kLength;
      for (std::size_t t = 0; t < kLength; ++t) {
        windows.templates.push_back(windows.templates[from + t]);
        for (std::size_t f = 0; f < kNumbers; ++f) {
          windows.values.push_back(windows.values[(from + t) * kNumbers + f]);
        }
      }
    } else {
      const std::size_t padding = rng.below(3);
      for (std::size_t t = 0; t < kLength; ++t) {
        windows.templates.push_back(t < padding ? WindowBatch::kPadding
                                                : static_cast<std::uint32_t>(rng.below(kTemplates + 2)));
        for (std::size_t f = 0; f < kNumbers; ++f) {
          windows.values.push_back(t < padding ? 0.0F : static_cast<float>(2 * rng.normal()));
        }
      }
    }
    windows.first.push_back(static_cast<std::uint32_t>(windows.events.size()));
    for (std::size_t i = 0; i < fresh; ++i) {
      windows.events.push_back(static_cast<std::uint32_t>(windows.events.size()));
    }
  }
  std::reverse(windows.events.begin(), windows.events.end());
  return windows;
}

std::int32_t index_of(std::uint32_t id) {
  if (id == WindowBatch::kPadding) {
    return kPadding;
  }
  const auto kept = std::find(kKept.begin(), kKept.end(), id);
  return kept != kKept.end() ? static_cast<std::int32_t>(kept - kKept.begin()) : id < kTemplates ? kOther : kUnseen;
}

// As the header of SequenceModel has it.
std::vector<double> errors_of(const Stored& stored, const WindowBatch& windows, std::size_t w) {
  std::vector<std::int32_t> templates;
  std::vector<float> numbers;
  for (std::size_t t = w * kLength; t < (w + 1) * kLength; ++t) {
    templates.push_back(index_of(windows.templates[t]));
    for (std::size_t f = 0; stored.shape.numeric > 0 && f < kNumbers; ++f) {
      const float deviations = (windows.values[t * kNumbers + f] - stored.mean.at(f)) * stored.precision.at(f);
      const float eighths = std::nearbyint(std::clamp(deviations, -4.0F, 4.0F) * 8) / 8;
      numbers.push_back(windows.templates[t] == WindowBatch::kPadding ? 0.0F : eighths);
    }
  }
  return ReferenceNetwork(stored.shape, stored.weights).errors(templates, numbers);
}

std::vector<float> scores(const SequenceModel& model, const WindowBatch& windows,
                          const std::vector<std::uint8_t>& wanted = {}) {
  const std::vector<Event> events(windows.events.size());
  const FeatureMatrix rows(events.size(), 1);
  std::vector<float> raw(events.size(), -1.0F);
  ScoringInput input{{.events = events, .rows = rows, .windows = windows}};
  input.wanted = wanted;
  model.score(input, raw);
  return raw;
}

class BothDesigns : public ::testing::TestWithParam<bool> {
 protected:
  const Stored stored_{GetParam()};
  const SequenceDesign& design_ = GetParam() ? kAutoencoder : kPredictor;
};

TEST_P(BothDesigns, EventsGetTheErrorOfTheirPlaceInTheWindow) {
  const SequenceModel model = loaded(design_, stored_);
  for (const std::size_t count : {std::size_t{1}, std::size_t{60}, std::size_t{130}}) {
    const WindowBatch windows = random_windows(count, count);
    for (int round = 0; round < 2; ++round) {  // the second time from what is remembered
      const std::vector<float> raw = scores(model, windows);
      for (std::size_t w = 0; w < count; ++w) {
        const std::vector<double> expected = errors_of(stored_, windows, w);
        const std::size_t fresh = windows.fresh(w);
        for (std::size_t i = 0; i < fresh; ++i) {
          const double error = expected[kLength - fresh + i];
          ASSERT_NEAR(static_cast<double>(raw[windows.events[windows.first[w] + i]]), error, 1e-4 * (1 + error))
              << "window " << w;
        }
      }
    }
  }
}

TEST_P(BothDesigns, WindowsThatNobodyWantsAreSpared) {
  const SequenceModel model = loaded(design_, stored_);
  const WindowBatch windows = random_windows(40, 3);
  const std::vector<float> all = scores(model, windows);
  std::vector<std::uint8_t> wanted(windows.events.size());
  for (std::size_t i = 0; i < wanted.size(); i += 7) {
    wanted[i] = 1;
  }
  const std::vector<float> some = scores(loaded(design_, stored_), windows, wanted);
  std::size_t spared = 0;
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const auto events = std::span(windows.events).subspan(windows.first[w], windows.fresh(w));
    const bool asked = std::any_of(events.begin(), events.end(), [&](std::uint32_t i) { return wanted[i] != 0; });
    for (const std::uint32_t i : events) {
      EXPECT_EQ(some[i], asked ? all[i] : -1.0F);
      spared += asked ? 0 : 1;
    }
  }
  EXPECT_GT(spared, 10U);
}

TEST_P(BothDesigns, AreSavedAsTheyWere) {
  const SequenceModel model = loaded(design_, stored_);
  EXPECT_EQ(model.window_length(), kLength);
  ASSERT_EQ(model.learning_curve().size(), 2U);
  EXPECT_EQ(model.learning_curve()[0].training, 3);
  EXPECT_EQ(model.learning_curve()[1].validation, 1.5);
  ByteWriter out;
  model.save(out);
  EXPECT_EQ(out.take(), stored_.bytes());
}

TEST_P(BothDesigns, WhatDoesNotFitIsRefused) {
  EXPECT_TRUE(loads(design_, stored_));
  EXPECT_FALSE(loads(GetParam() ? kPredictor : kAutoencoder, stored_)) << "of the other kind";
  const auto refused = [&](const auto& change) {
    Stored changed = stored_;
    change(changed);
    return !loads(design_, changed);
  };
  EXPECT_TRUE(refused([](Stored& s) { s.kept = {2, 0, 8}; })) << "an unknown template";
  EXPECT_FALSE(refused([](Stored& s) { s.kept = {2, 0, 7}; }));
  EXPECT_TRUE(refused([](Stored& s) { s.kept = {2, 0, 2}; })) << "twice";
  EXPECT_TRUE(refused([](Stored& s) { s.kept = {2, 0}; })) << "another vocabulary";
  EXPECT_TRUE(refused([](Stored& s) { s.templates = std::size_t{1} << 40; }));
  EXPECT_FALSE(refused([](Stored& s) { s.mean[5] = -1e6F; }));
  EXPECT_TRUE(refused([](Stored& s) { s.mean[5] = -1.1e6F; }));
  EXPECT_FALSE(refused([](Stored& s) { s.precision[0] = 0; }));
  EXPECT_FALSE(refused([](Stored& s) { s.precision[0] = 1e6F; }));
  EXPECT_TRUE(refused([](Stored& s) { s.precision[0] = 1.1e6F; }));
  EXPECT_TRUE(refused([](Stored& s) { s.precision[0] = -1; }));
  EXPECT_FALSE(refused([](Stored& s) { s.epochs = 10'000; })) << "as many as training can have";
  EXPECT_TRUE(refused([](Stored& s) { s.epochs = 10'001; }));
  EXPECT_TRUE(refused([](Stored& s) { s.weights.pop_back(); }));
  EXPECT_TRUE(refused([](Stored& s) { ++s.shape.vocabulary; }));
  EXPECT_TRUE(refused([](Stored& s) { ++s.shape.numeric; }));
  EXPECT_TRUE(refused([](Stored& s) { s.sizes.latent = s.sizes.latent == 0 ? 3 : 0; }));
  EXPECT_TRUE(refused([](Stored& s) { s.shape.length = 0; }));
}

INSTANTIATE_TEST_SUITE_P(Kinds, BothDesigns, ::testing::Bool());

TEST(PredictorFromBytes, ExpectsTheKeptTemplatesByTheirNats) {
  const Stored stored(false);
  const SequenceModel model = loaded(kPredictor, stored);
  for (const std::vector<std::uint32_t>& before :
       {std::vector<std::uint32_t>{}, {2}, {5, 1, 9}, {0, 2, 5, 0}, {7, 7, 7, 0, 2, 5, 0}}) {
    std::vector<std::int32_t> window(kLength, kPadding);
    for (std::size_t i = 0; i < std::min(before.size(), kLength - 1); ++i) {
      window[kLength - 2 - i] = index_of(before[before.size() - 1 - i]);
    }
    std::vector<std::pair<double, std::uint32_t>> order;
    for (const std::uint32_t id : kKept) {
      window.back() = index_of(id);
      order.emplace_back(ReferenceNetwork(stored.shape, stored.weights).errors(window, {}).back(), id);
    }
    std::sort(order.begin(), order.end());
    const std::vector<TemplateId> previous(before.begin(), before.end());
    const std::vector<TemplateId> all = model.expected_after(previous, 9);
    ASSERT_EQ(all.size(), kKept.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i], TemplateId(order[i].second));
    }
    EXPECT_EQ(model.expected_after(previous, 1), std::vector<TemplateId>{all[0]});
    EXPECT_TRUE(model.expected_after(previous, 0).empty());
  }
}

TEST(NeuralDetectorsFromBytes, SpeakOfTheSequenceAndOfNothingElse) {
  for (const bool autoencoder : {true, false}) {
    const auto detector = find_detector(autoencoder ? "autoencoder" : "next_event")->make();
    const std::string bytes = Stored(autoencoder).bytes();
    ByteReader in(bytes, "test");
    ASSERT_TRUE(detector->load(in, sample_schema()).ok());
    EXPECT_EQ(detector->in_nats(), !autoencoder);
    EXPECT_EQ(detector->window_length(), kLength);
    EXPECT_EQ(detector->learning_curve().size(), 2U);
    const auto parts = detector->contributions(std::vector<float>(5, 1.0F));
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].column, 3U);
    EXPECT_EQ(parts[0].share, 1);
    FeatureSchema first;  // the first column is a column, too
    first.columns.push_back({"sequence_surprise", "nats", "made up"});
    ByteReader again(bytes, "test");
    ASSERT_TRUE(detector->load(again, first).ok());
    EXPECT_EQ(detector->contributions(std::vector<float>(1)).size(), 1U);
    ByteReader other(bytes, "test");
    ASSERT_TRUE(detector->load(other, FeatureSchema{}).ok());
    EXPECT_TRUE(detector->contributions({}).empty());
    ByteWriter out;
    detector->save(out);
    EXPECT_EQ(out.take(), bytes);
  }
}

TEST(TrainNetwork, RefusesWindowsOfAnotherSize) {
  const NetworkShape shape{6, 4, 2, 4, autoencoder_layers(3, 2)};
  const auto message = [&](const NetworkShape& of, std::size_t templates, std::size_t numbers) {
    const auto trained =
        train_network(of, std::vector<std::int32_t>(templates), std::vector<float>(numbers), NeuralOptions(), 1, {});
    return trained.ok() ? std::string("trained") : trained.error().message;
  };
  const std::string misfit = "neural training: the windows do not fit the sizes of the network";
  EXPECT_EQ(message(shape, 7, 14), misfit);
  EXPECT_EQ(message(shape, 8, 15), misfit);
  EXPECT_EQ(message(shape, 8, 8), misfit);
  NetworkShape impossible = shape;
  impossible.length = 0;
  EXPECT_THAT(message(impossible, 8, 16), ::testing::HasSubstr("length 0 is not in"));
}

}  // namespace
}  // namespace logdetect
