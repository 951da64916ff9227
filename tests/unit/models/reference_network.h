#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/rng.h"
#include "models/network_shape.h"

namespace logdetect {

/// The sequence networks written down once more as plainly as possible, in double precision, straight from
/// models/torch/abi.h: what the fast kernel is compared with.
class ReferenceNetwork {
 public:
  using Values = std::vector<double>;

  ReferenceNetwork(const NetworkShape& shape, std::span<const float> weights)
      : shape_(shape), blocks_(weight_blocks(shape)), weights_(weights) {}

  /// Error per position of one window.
  [[nodiscard]] Values errors(std::span<const std::int32_t> templates, std::span<const float> numeric) const {
    const auto length = static_cast<std::size_t>(shape_.length);
    const auto features = static_cast<std::size_t>(shape_.numeric);
    std::vector<Values> steps;
    for (std::size_t t = 0; t < length; ++t) {
      steps.push_back(embedding(templates[t]));
      const auto own = numeric.subspan(t * features, features);
      steps.back().insert(steps.back().end(), own.begin(), own.end());
    }
    std::size_t lstm = 0;
    for (const NetworkLayer& layer : shape_.layers) {
      if (layer.kind == LayerKind::kLstm) {
        State state(static_cast<std::size_t>(layer.cells));
        for (Values& at : steps) {
          step(blocks_.lstm[lstm], at, state);
          at = state.hidden;
        }
        ++lstm;
      } else if (layer.kind == LayerKind::kRepeat) {
        steps.assign(length, Values(steps.back()));
      } else {
        steps.insert(steps.begin(), Values(steps.back().size()));
        steps.pop_back();
      }
    }
    Values errors;
    for (std::size_t t = 0; t < length; ++t) {
      double error = cross_entropy(steps[t], templates[t]);
      const Values said = product(blocks_.numeric_head, blocks_.numeric_bias, steps[t]);
      for (std::size_t f = 0; f < features; ++f) {
        error += std::pow(said[f] - static_cast<double>(numeric[t * features + f]), 2) / static_cast<double>(features);
      }
      errors.push_back(error);
    }
    return errors;
  }

 private:
  struct State {
    explicit State(std::size_t cells) : hidden(cells), cell(cells) {}
    Values hidden;
    Values cell;
  };

  [[nodiscard]] double weight(const WeightBlock& block, std::size_t row, std::size_t column) const {
    return static_cast<double>(weights_[block.offset + row * block.columns + column]);
  }
  [[nodiscard]] Values embedding(std::int32_t index) const {
    Values out;
    for (std::size_t e = 0; e < blocks_.embedding.columns; ++e) {
      out.push_back(weight(blocks_.embedding, static_cast<std::size_t>(index), e));
    }
    return out;
  }
  [[nodiscard]] Values product(const WeightBlock& matrix, const WeightBlock& bias, const Values& x) const {
    Values out(matrix.rows);
    for (std::size_t row = 0; row < matrix.rows; ++row) {
      out[row] = weight(bias, row, 0);
      for (std::size_t k = 0; k < matrix.columns; ++k) {
        out[row] += weight(matrix, row, k) * x[k];
      }
    }
    return out;
  }
  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

  void step(const LstmBlocks& layer, const Values& input, State& state) const {
    const std::size_t cells = state.hidden.size();
    Values gates = product(layer.input, layer.bias, input);
    for (std::size_t row = 0; row < gates.size(); ++row) {
      for (std::size_t k = 0; k < cells; ++k) {
        gates[row] += weight(layer.hidden, row, k) * state.hidden[k];
      }
    }
    for (std::size_t c = 0; c < cells; ++c) {
      state.cell[c] = sigmoid(gates[cells + c]) * state.cell[c] + sigmoid(gates[c]) * std::tanh(gates[2 * cells + c]);
      state.hidden[c] = sigmoid(gates[3 * cells + c]) * std::tanh(state.cell[c]);
    }
  }
  [[nodiscard]] double cross_entropy(const Values& hidden, std::int32_t target) const {
    const Values logits = product(blocks_.template_head, blocks_.template_bias, hidden);
    const double most = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const double logit : logits) {
      sum += std::exp(logit - most);
    }
    return most + std::log(sum) - logits[static_cast<std::size_t>(target)];
  }

  NetworkShape shape_;
  NetworkBlocks blocks_;
  std::span<const float> weights_;
};

/// Made-up weights of a size that trained ones have, and windows to score with them.
struct NetworkSample {
  NetworkShape shape;
  std::vector<float> weights;
  std::vector<std::int32_t> templates;  ///< [windows x L]
  std::vector<float> numeric;           ///< [windows x L x F]
};

inline NetworkSample make_network(const NetworkShape& shape, std::size_t windows, std::uint64_t seed,
                                  double spread = 0.4) {
  Rng rng(seed);
  NetworkSample sample{shape, std::vector<float>(weight_count(shape)), {}, {}};
  for (float& weight : sample.weights) {
    weight = static_cast<float>(rng.normal() * spread);
  }
  const std::size_t steps = windows * static_cast<std::size_t>(shape.length);
  for (std::size_t i = 0; i < steps; ++i) {
    sample.templates.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(shape.vocabulary))));
    for (int f = 0; f < shape.numeric; ++f) {
      sample.numeric.push_back(static_cast<float>(rng.normal()));
    }
  }
  return sample;
}

inline std::vector<NetworkLayer> autoencoder_layers(int hidden, int latent) {
  return {{LayerKind::kLstm, hidden},
          {LayerKind::kLstm, latent},
          {LayerKind::kRepeat},
          {LayerKind::kLstm, latent},
          {LayerKind::kLstm, hidden}};
}

inline std::vector<NetworkLayer> predictor_layers(int hidden) {
  return {{LayerKind::kLstm, hidden}, {LayerKind::kDelay}};
}

inline NetworkShape autoencoder_shape(int vocabulary = 50, int numeric = 6, int hidden = 64, int latent = 32) {
  return {vocabulary, 16, numeric, 20, autoencoder_layers(hidden, latent)};
}

inline NetworkShape next_event_shape(int vocabulary = 50, int hidden = 32) {
  return {vocabulary, 16, 0, 20, predictor_layers(hidden)};
}

/// Networks that no detector has: one LSTM alone, a deep predictor that reads numbers, two codes one after the other.
inline std::vector<NetworkShape> other_shapes() {
  return {{20, 4, 2, 20, {{LayerKind::kLstm, 9}}},
          {20, 4, 3, 20, {{LayerKind::kLstm, 9}, {LayerKind::kLstm, 33}, {LayerKind::kDelay}}},
          {20,
           4,
           1,
           20,
           {{LayerKind::kLstm, 9},
            {LayerKind::kRepeat},
            {LayerKind::kLstm, 7},
            {LayerKind::kLstm, 18},
            {LayerKind::kRepeat},
            {LayerKind::kLstm, 5},
            {LayerKind::kDelay}}}};
}

}  // namespace logdetect
