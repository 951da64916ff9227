#include "models/neural_training.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "logdetect/base/rng.h"
#include "models/neural_image.h"
#include "models/sequence_network.h"
#include "unit/models/reference_network.h"
#include "unit/models/torch_forward.h"

namespace logdetect {
namespace {

using testing::HasSubstr;

const NetworkShape kAutoencoder{6, 4, 2, 8, autoencoder_layers(16, 8)};
const NetworkShape kNextEvent{6, 4, 0, 8, predictor_layers(16)};

struct Windows {
  std::vector<std::int32_t> templates;
  std::vector<float> numeric;
};

// Cycles 0 1 2 3 4 from changing starts, the numeric features following the template.
Windows cycles(const NetworkShape& shape, std::size_t count) {
  Windows windows;
  for (std::size_t w = 0; w < count; ++w) {
    for (std::size_t t = 0; t < static_cast<std::size_t>(shape.length); ++t) {
      const std::size_t which = (w + t) % 5;
      windows.templates.push_back(static_cast<std::int32_t>(which));
      for (int f = 0; f < shape.numeric; ++f) {
        windows.numeric.push_back(static_cast<float>(which) * 0.5F - 1.0F + static_cast<float>(f));
      }
    }
  }
  return windows;
}

Windows noise(const NetworkShape& shape, std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  Windows windows;
  for (std::size_t i = 0; i < count * static_cast<std::size_t>(shape.length); ++i) {
    windows.templates.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(shape.vocabulary))));
    for (int f = 0; f < shape.numeric; ++f) {
      windows.numeric.push_back(static_cast<float>(rng.normal()));
    }
  }
  return windows;
}

NeuralOptions options_of(int epochs) {
  NeuralOptions options;
  options.epochs = epochs;
  options.patience = epochs;
  options.batch = 16;
  options.learning_rate = 0.02;
  options.unseen_share = 0;
  return options;
}

class NeuralTraining : public testing::Test {
 protected:
  void SetUp() override {
    if (neural_image().empty()) {
      GTEST_SKIP() << "built without LibTorch";
    }
  }

  static Result<TrainedNetwork> train(const NetworkShape& shape, const Windows& windows, const NeuralOptions& options,
                                      std::uint64_t seed = 42) {
    return train_network(shape, windows.templates, windows.numeric, options, seed, {});
  }

  // The weights that training starts from: a step so small that no weight moves.
  static std::vector<float> first_weights(const NetworkShape& shape, const Windows& windows) {
    NeuralOptions options = options_of(1);
    options.learning_rate = 1e-30;
    return train(shape, windows, options)->weights;
  }

  static double mean_error(const NetworkShape& shape, const std::vector<float>& weights, const Windows& windows) {
    const auto errors = forward_by_torch(shape, weights, windows.templates, windows.numeric);
    EXPECT_TRUE(errors.ok()) << errors.error().to_string();
    return std::accumulate(errors->begin(), errors->end(), 0.0) / static_cast<double>(errors->size());
  }
};

TEST_F(NeuralTraining, OverfitsATinySet) {
  for (const NetworkShape& shape : {kAutoencoder, kNextEvent}) {
    const Windows windows = cycles(shape, 40);
    const auto trained = train(shape, windows, options_of(100));
    ASSERT_TRUE(trained.ok()) << trained.error().to_string();
    EXPECT_GT(trained->curve.front().training, 1.0);
    // A next-event model cannot know the first event of a window: ln 5 over 8 positions.
    const double unknowable = shape == kNextEvent ? std::log(5.0) / 8 : 0;
    EXPECT_LT(mean_error(shape, trained->weights, windows), unknowable + 0.05);
    EXPECT_GT(mean_error(shape, trained->weights, noise(shape, 40, 1)), unknowable + 1.5);
  }
}

TEST_F(NeuralTraining, SameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  for (const NetworkShape& shape : {kAutoencoder, kNextEvent}) {
    const Windows windows = noise(shape, 100, 3);
    NeuralOptions options = options_of(3);
    options.unseen_share = 0.1;
    const auto first = train(shape, windows, options, 7);
    const auto second = train(shape, windows, options, 7);
    const auto other = train(shape, windows, options, 8);
    ASSERT_TRUE(first.ok() && second.ok() && other.ok());
    EXPECT_EQ(first->weights, second->weights);
    EXPECT_NE(first->weights, other->weights);
  }
}

TEST_F(NeuralTraining, TheGradientIsClipped) {
  Windows windows = noise(kAutoencoder, 16, 5);
  NeuralOptions options = options_of(1);
  options.learning_rate = 0.01;
  const std::vector<float> start = first_weights(kAutoencoder, windows);
  const auto moved = [&](double clip_norm) {
    options.clip_norm = clip_norm;
    const auto trained = train(kAutoencoder, windows, options);
    double square = 0;
    for (std::size_t i = 0; i < start.size(); ++i) {
      square += std::pow(static_cast<double>(trained->weights[i]) - static_cast<double>(start[i]), 2);
    }
    return std::sqrt(square);
  };
  // Adam's first step is rate * g / (|g| + 1e-8) for each weight, so its norm is at most rate * norm(g) / 1e-8: a norm
  // of 1e-9 can move the weights by a tenth of the rate; unclipped, each of a thousand weights moves by the rate.
  EXPECT_LE(moved(1e-9), 0.1 * options.learning_rate);
  EXPECT_GT(moved(1e-9), 0);
  EXPECT_GT(moved(1e9), 10 * options.learning_rate);
}

TEST_F(NeuralTraining, HugeInputsAreBorneByClippingOrRefused) {
  const Windows windows = noise(kAutoencoder, 40, 6);
  const auto train_on = [&](float scale) {
    Windows huge = windows;
    for (float& value : huge.numeric) {
      value *= scale;
    }
    NeuralOptions options = options_of(5);
    options.learning_rate = 1;
    return train(kAutoencoder, huge, options);
  };
  const auto borne = train_on(1e6F);
  ASSERT_TRUE(borne.ok()) << borne.error().to_string();
  EXPECT_EQ(weights_fault(kAutoencoder, borne->weights.data(), borne->weights.size()), "");
  const auto diverged = train_on(1e30F);
  ASSERT_FALSE(diverged.ok());
  EXPECT_THAT(diverged.error().message, HasSubstr("training diverged"));
}

TEST_F(NeuralTraining, LearnsTheIndexOfUnseenTemplates) {
  const Windows windows = cycles(kNextEvent, 200);  // never holds index 5
  Windows unseen = windows;
  for (std::size_t i = 4; i < unseen.templates.size(); i += 8) {
    unseen.templates[i] = 5;
  }
  const auto error_at_unseen = [&](double share) {
    NeuralOptions options = options_of(30);
    options.unseen_share = share;
    const auto trained = train(kNextEvent, windows, options);
    const auto errors = forward_by_torch(kNextEvent, trained->weights, unseen.templates, {});
    double sum = 0;
    for (std::size_t i = 4; i < errors->size(); i += 8) {
      sum += static_cast<double>((*errors)[i]) / 200;
    }
    return sum;
  };
  // Replaced with probability p, the index is expected with probability p wherever it stands: -ln p nats.
  EXPECT_NEAR(error_at_unseen(0.1), -std::log(0.1), 0.6);
  EXPECT_GT(error_at_unseen(0), 5);
}

TEST_F(NeuralTraining, RefusesWhatIsNoNumber) {
  for (const float odd : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Windows windows = noise(kAutoencoder, 20, 9);
    windows.numeric[77] = odd;
    const auto trained = train(kAutoencoder, windows, options_of(1));
    ASSERT_FALSE(trained.ok());
    EXPECT_EQ(trained.error().message, "neural training: a numeric feature is not finite");
  }
}

TEST_F(NeuralTraining, RefusesWindowsThatDoNotFit) {
  for (const std::int32_t odd : {-1, 6, std::numeric_limits<std::int32_t>::min()}) {
    Windows windows = noise(kNextEvent, 20, 9);
    windows.templates[5] = odd;
    const auto trained = train(kNextEvent, windows, options_of(1));
    ASSERT_FALSE(trained.ok());
    EXPECT_EQ(trained.error().message, "neural training: a template index is outside the vocabulary");
  }
  Windows windows = noise(kAutoencoder, 20, 9);
  windows.numeric.pop_back();
  EXPECT_FALSE(train(kAutoencoder, windows, options_of(1)).ok());
  EXPECT_FALSE(train(kAutoencoder, {}, options_of(1)).ok());
  NetworkShape shape = kAutoencoder;
  shape.length = 0;
  EXPECT_FALSE(train(shape, {}, options_of(1)).ok());
  EXPECT_FALSE(train(kAutoencoder, noise(kAutoencoder, 20, 9), options_of(0)).ok());
}

TEST_F(NeuralTraining, RefusesWeightsOfAnotherNetwork) {
  const Windows windows = noise(kNextEvent, 2, 9);
  const std::vector<float> weights(weight_count(kNextEvent) - 1);
  EXPECT_FALSE(forward_by_torch(kNextEvent, weights, windows.templates, {}).ok());
}

TEST_F(NeuralTraining, StopsEarlyAndKeepsTheBestEpoch) {
  const Windows windows = noise(kNextEvent, 60, 10);  // nothing to learn: the validation loss soon rises
  NeuralOptions options = options_of(200);
  options.patience = 4;
  const auto trained = train(kNextEvent, windows, options);
  ASSERT_TRUE(trained.ok());
  // It stops after the first `patience` epochs in a row that lowered the loss by less than 2 % together, no later.
  double progress = trained->curve.front().validation;
  int stale = 0;
  for (std::size_t epoch = 1; epoch < trained->curve.size(); ++epoch) {
    ASSERT_LT(stale, options.patience) << epoch;
    const double loss = trained->curve[epoch].validation;
    stale = loss < 0.98 * progress ? 0 : stale + 1;
    progress = stale == 0 ? loss : progress;
  }
  EXPECT_EQ(stale, options.patience);
  EXPECT_LT(trained->curve.size(), 50U);
  for (const EpochLoss& loss : trained->curve) {
    EXPECT_GE(loss.validation, trained->curve[static_cast<std::size_t>(trained->best_epoch - 1)].validation);
  }
  EXPECT_LT(trained->curve.back().training, trained->curve.front().training);
  // Training to just that epoch gives the weights that were kept.
  options.epochs = trained->best_epoch;
  EXPECT_EQ(train(kNextEvent, windows, options)->weights, trained->weights);
}

TEST_F(NeuralTraining, TheListenerCanStopIt) {
  const Windows windows = cycles(kNextEvent, 40);
  std::vector<int> heard;
  const auto trained =
      train_network(kNextEvent, windows.templates, {}, options_of(50), 42, [&](int epoch, const EpochLoss& loss) {
        EXPECT_GT(loss.training, 0);
        heard.push_back(epoch);
        return epoch < 3;
      });
  ASSERT_TRUE(trained.ok());
  EXPECT_THAT(heard, testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(trained->curve.size(), 3U);
  EXPECT_EQ(weights_fault(kNextEvent, trained->weights.data(), trained->weights.size()), "");
}

TEST_F(NeuralTraining, LibTorchAgreesWithThePlainReference) {
  std::vector<NetworkShape> shapes = other_shapes();
  shapes.insert(shapes.end(), {kAutoencoder,
                               kNextEvent,
                               {3, 2, 0, 1, predictor_layers(4)},  // windows of one event
                               {3, 2, 0, 1, autoencoder_layers(4, 2)},
                               {3, 1, 1, 4, autoencoder_layers(1, 1)},  // matrices of one column
                               {3, 1, 0, 4, predictor_layers(1)}});
  for (const NetworkShape& shape : shapes) {
    const Windows windows = noise(shape, 30, 11);
    Rng rng(12);
    std::vector<float> weights(weight_count(shape));
    for (float& weight : weights) {
      weight = static_cast<float>(rng.normal() * 0.5);
    }
    const auto trained = train(shape, windows, options_of(5));
    ASSERT_TRUE(trained.ok()) << trained.error().to_string();
    for (const std::vector<float>& of : {weights, trained->weights}) {
      const auto errors = forward_by_torch(shape, of, windows.templates, windows.numeric);
      ASSERT_TRUE(errors.ok());
      const ReferenceNetwork reference(shape, of);
      const auto length = static_cast<std::size_t>(shape.length);
      const std::size_t width = length * static_cast<std::size_t>(shape.numeric);
      for (std::size_t w = 0; w < 30; ++w) {
        const auto expected = reference.errors(std::span(windows.templates).subspan(w * length, length),
                                               std::span(windows.numeric).subspan(w * width, width));
        for (std::size_t t = 0; t < length; ++t) {
          EXPECT_NEAR((*errors)[w * length + t], expected[t], 1e-5 * (1 + expected[t]));
        }
      }
    }
  }
}

TEST_F(NeuralTraining, TheKernelEqualsLibTorchOnTrainedWeights) {
  for (const NetworkShape& shape : {kAutoencoder, kNextEvent}) {
    const auto trained = train(shape, cycles(shape, 60), options_of(40));
    ASSERT_TRUE(trained.ok()) << trained.error().to_string();
    for (const LstmKernel* kernel : lstm_kernels()) {
      const auto network = SequenceNetwork::create(shape, trained->weights, *kernel);
      ASSERT_TRUE(network.ok()) << network.error().to_string();
      // What it learnt, and what it never saw: the index of unseen templates (the last) too.
      for (const Windows& windows : {cycles(shape, 50), noise(shape, 50, 11)}) {
        const auto expected = forward_by_torch(shape, trained->weights, windows.templates, windows.numeric);
        ASSERT_TRUE(expected.ok());
        const std::vector<std::uint32_t> fresh(expected->size() / static_cast<std::size_t>(shape.length),
                                               static_cast<std::uint32_t>(shape.length));
        std::vector<float> errors(expected->size());
        network->errors(windows.templates, windows.numeric, fresh, errors);
        for (std::size_t i = 0; i < errors.size(); ++i) {
          const auto theirs = static_cast<double>((*expected)[i]);
          EXPECT_NEAR(static_cast<double>(errors[i]), theirs, 1e-5 * (1 + theirs)) << kernel->name;
        }
      }
    }
  }
}

TEST_F(NeuralTraining, SaysWhenThereIsNoCuda) {
  NeuralOptions options = options_of(1);
  options.device = Device::kCuda;
  const auto trained = train(kNextEvent, cycles(kNextEvent, 20), options);
  if (!trained.ok()) {
    EXPECT_EQ(trained.error().code, ErrorCode::kUsage);
    EXPECT_THAT(trained.error().message, HasSubstr("sees no CUDA device"));
    EXPECT_EQ(trained.error().hint, "train with --device cpu");
  }
}

}  // namespace
}  // namespace logdetect
