#include "models/sequence_network.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "unit/models/reference_network.h"

namespace logdetect {
namespace {

constexpr double kClose = 1e-5;

SequenceNetwork network_of(const NetworkSample& sample, const LstmKernel& kernel = *lstm_kernels().front()) {
  auto network = SequenceNetwork::create(sample.shape, sample.weights, kernel);
  EXPECT_TRUE(network.ok()) << network.error().message;
  return std::move(network).value();
}

std::vector<float> all_errors(const SequenceNetwork& network, const NetworkSample& sample) {
  const auto length = static_cast<std::size_t>(sample.shape.length);
  const std::vector<std::uint32_t> fresh(sample.templates.size() / length, static_cast<std::uint32_t>(length));
  std::vector<float> out(sample.templates.size());
  network.errors(sample.templates, sample.numeric, fresh, out);
  return out;
}

// Sizes that fill groups and lanes exactly, and sizes that do not.
std::vector<NetworkShape> shapes() {
  std::vector<NetworkShape> all = {autoencoder_shape(), autoencoder_shape(70, 1, 17, 5), autoencoder_shape(2, 0, 1, 1),
                                   next_event_shape(),  next_event_shape(131, 40),       next_event_shape(3, 1)};
  const std::vector<NetworkShape> others = other_shapes();
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

TEST(SequenceNetwork, EqualsThePlainReference) {
  for (const NetworkShape& shape : shapes()) {
    const NetworkSample sample = make_network(shape, 7, 1);
    const ReferenceNetwork reference(shape, sample.weights);
    const auto length = static_cast<std::size_t>(shape.length);
    const std::size_t values = length * static_cast<std::size_t>(shape.numeric);
    for (const LstmKernel* kernel : lstm_kernels()) {
      const std::vector<float> fast = all_errors(network_of(sample, *kernel), sample);
      for (std::size_t w = 0; w < 7; ++w) {
        const auto slow = reference.errors(std::span(sample.templates).subspan(w * length, length),
                                           std::span(sample.numeric).subspan(w * values, values));
        for (std::size_t t = 0; t < length; ++t) {
          EXPECT_NEAR(static_cast<double>(fast[w * length + t]), slow[t], kClose * (1 + slow[t])) << kernel->name;
        }
      }
    }
  }
}

TEST(SequenceNetwork, KernelsAgree) {
  const NetworkSample sample = make_network(autoencoder_shape(), 60, 2);
  const std::vector<float> first = all_errors(network_of(sample), sample);
  for (const LstmKernel* kernel : lstm_kernels()) {
    const std::vector<float> other = all_errors(network_of(sample, *kernel), sample);
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_NEAR(first[i], other[i], kClose * (1 + static_cast<double>(first[i]))) << kernel->name;
    }
  }
}

TEST(SequenceNetwork, AWindowDoesNotDependOnItsNeighbours) {
  for (const NetworkShape& shape : shapes()) {
    const NetworkSample sample = make_network(shape, 101, 3);
    const SequenceNetwork network = network_of(sample);
    const std::vector<float> together = all_errors(network, sample);
    const auto length = static_cast<std::size_t>(shape.length);
    const std::size_t values = length * static_cast<std::size_t>(shape.numeric);
    for (const std::size_t w : {std::size_t{0}, std::size_t{47}, std::size_t{48}, std::size_t{100}}) {
      for (const std::uint32_t fresh : {0U, 1U, 20U}) {
        std::vector<float> alone(fresh);
        network.errors(std::span(sample.templates).subspan(w * length, length),
                       std::span(sample.numeric).subspan(w * values, values), std::array{fresh}, alone);
        for (std::size_t i = 0; i < fresh; ++i) {
          EXPECT_EQ(alone[i], together[(w + 1) * length - fresh + i]);  // to the last bit
        }
      }
    }
  }
}

TEST(SequenceNetwork, MixedFreshCountsComeInOrder) {
  const NetworkSample sample = make_network(next_event_shape(), 55, 4);
  const SequenceNetwork network = network_of(sample);
  const std::vector<float> all = all_errors(network, sample);
  std::vector<std::uint32_t> fresh;
  std::vector<float> expected;
  for (std::size_t w = 0; w < 55; ++w) {
    fresh.push_back(static_cast<std::uint32_t>(w % 21));
    expected.insert(expected.end(), all.begin() + static_cast<std::ptrdiff_t>((w + 1) * 20 - fresh.back()),
                    all.begin() + static_cast<std::ptrdiff_t>((w + 1) * 20));
  }
  std::vector<float> out(expected.size());
  network.errors(sample.templates, {}, fresh, out);
  EXPECT_EQ(out, expected);
}

TEST(SequenceNetwork, GatesAreAccurateOverTheirWholeRange) {
  // One window, no weights: the gates are what `start` says, so a step computes c = f c + i g and h = o tanh(c) alone.
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const std::vector<float> weights(16 * 64, 0.0F);
  for (const LstmKernel* kernel : lstm_kernels()) {
    for (double x = -100; x <= 100; x += 0.01) {
      std::vector<float> start(64);
      for (std::size_t cell = 0; cell < 16; ++cell) {
        for (std::size_t gate = 0; gate < 4; ++gate) {
          start[cell / kernel->lanes * 4 * kernel->lanes + gate * kernel->lanes + cell % kernel->lanes] =
              static_cast<float>(x * (gate % 2 == 0 ? 1.0 : -0.7));
        }
      }
      const std::vector<const float*> starts(6, start.data());
      const std::vector<float> hidden(96, 0.0F);
      std::vector<float> after(96);
      std::vector<float> cell(96, 0.5F);
      kernel->step({6, 0, 16, weights.data(), starts.data(), nullptr, hidden.data(), after.data(), cell.data()});
      const auto gate = static_cast<double>(start[0]);
      const auto other = static_cast<double>(start[kernel->lanes]);
      const double c = sigmoid(other) * 0.5 + sigmoid(gate) * std::tanh(gate);
      ASSERT_NEAR(static_cast<double>(cell[0]), c, 1e-6) << x;
      ASSERT_NEAR(static_cast<double>(after[95]), sigmoid(other) * std::tanh(c), 1e-6) << x;
    }
  }
}

TEST(SequenceNetwork, LogSumExpKnowsExtremes) {
  for (const LstmKernel* kernel : lstm_kernels()) {
    std::vector<float> x(64, LstmKernel::kNever);
    x[5] = -3;
    EXPECT_FLOAT_EQ(kernel->log_sum_exp(x.data(), 64), -3.0F);
    x[63] = -3;
    EXPECT_NEAR(kernel->log_sum_exp(x.data(), 64), -3 + std::log(2.0), 1e-6);
    x[0] = 5000;
    EXPECT_FLOAT_EQ(kernel->log_sum_exp(x.data(), 64), 5000.0F);
  }
}

TEST(SequenceNetwork, PredictsWhatItScores) {
  const NetworkSample sample = make_network(next_event_shape(), 1, 5);
  const SequenceNetwork network = network_of(sample);
  const std::vector<float> errors = all_errors(network, sample);
  std::vector<float> nats(50);
  for (std::size_t t = 0; t < 20; ++t) {
    network.next_nats(std::span(sample.templates).first(t), nats);
    EXPECT_NEAR(nats[static_cast<std::size_t>(sample.templates[t])], errors[t], kClose);
    double sum = 0;
    for (const float value : nats) {
      sum += std::exp(-static_cast<double>(value));
    }
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

TEST(SequenceNetwork, ADeepPredictorPredictsWhatItScores) {
  const NetworkShape shape{20, 4, 0, 20, {{LayerKind::kLstm, 9}, {LayerKind::kLstm, 17}, {LayerKind::kDelay}}};
  const NetworkSample sample = make_network(shape, 1, 8);
  const SequenceNetwork network = network_of(sample);
  const std::vector<float> errors = all_errors(network, sample);
  std::vector<float> nats(20);
  for (std::size_t t = 0; t < 20; ++t) {
    network.next_nats(std::span(sample.templates).first(t), nats);
    EXPECT_NEAR(nats[static_cast<std::size_t>(sample.templates[t])], errors[t], kClose);
  }
}

TEST(SequenceNetwork, LargeWeightsStayFinite) {
  for (const NetworkShape& shape : shapes()) {
    for (const double spread : {1e4, 1e37}) {
      const NetworkSample sample = make_network(shape, 3, 6, spread);
      for (const LstmKernel* kernel : lstm_kernels()) {
        for (const float error : all_errors(network_of(sample, *kernel), sample)) {
          EXPECT_TRUE(std::isfinite(error) && error >= 0) << error;
        }
      }
    }
  }
}

TEST(SequenceNetwork, RefusesWhatDoesNotFit) {
  NetworkSample sample = make_network(next_event_shape(), 1, 7);
  std::vector<float> fewer(sample.weights.begin(), sample.weights.end() - 1);
  EXPECT_FALSE(SequenceNetwork::create(sample.shape, fewer).ok());
  for (const float broken : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> weights = sample.weights;
    weights[weights.size() / 2] = broken;
    const auto refused = SequenceNetwork::create(sample.shape, weights);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kModel);
  }
  NetworkShape impossible = sample.shape;
  impossible.layers[0].cells = 0;
  EXPECT_FALSE(SequenceNetwork::create(impossible, sample.weights).ok());
}

}  // namespace
}  // namespace logdetect
