#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "models/network_shape.h"

namespace logdetect {

/// A sequence network as models/torch/abi.h defines it, in plain loops and doubles: slow, and easy to believe.
class ReferenceNetwork {
 public:
  ReferenceNetwork(const NetworkShape& shape, std::span<const float> weights)
      : shape_(shape), blocks_(weight_blocks(shape)), weights_(weights) {}

  /// templates [L], numeric [L x F]; the error at each position.
  [[nodiscard]] std::vector<double> errors(std::span<const std::int32_t> templates,
                                           std::span<const float> numeric) const {
    const auto length = static_cast<std::size_t>(shape_.length);
    const auto width = static_cast<std::size_t>(shape_.numeric);
    Steps inputs;
    for (std::size_t t = 0; t < length; ++t) {
      Vector input;
      for (std::size_t e = 0; e < blocks_.embedding.columns; ++e) {
        input.push_back(at(blocks_.embedding, static_cast<std::size_t>(templates[t]), e));
      }
      for (std::size_t f = 0; f < width; ++f) {
        input.push_back(numeric[t * width + f]);
      }
      inputs.push_back(input);
    }
    const Steps states = shape_.kind == NetworkKind::kAutoencoder ? autoencoder(inputs) : next_event(inputs);
    std::vector<double> errors;
    for (std::size_t t = 0; t < length; ++t) {
      const Vector logits = affine(blocks_.template_head, blocks_.template_bias, states[t]);
      double sum = 0;
      for (const double logit : logits) {
        sum += std::exp(logit);
      }
      double error = std::log(sum) - logits[static_cast<std::size_t>(templates[t])];
      const Vector rebuilt = affine(blocks_.numeric_head, blocks_.numeric_bias, states[t]);
      for (std::size_t f = 0; f < width; ++f) {
        const double off = rebuilt[f] - static_cast<double>(numeric[t * width + f]);
        error += off * off / static_cast<double>(width);
      }
      errors.push_back(error);
    }
    return errors;
  }

 private:
  using Vector = std::vector<double>;
  using Steps = std::vector<Vector>;

  [[nodiscard]] double at(const WeightBlock& block, std::size_t row, std::size_t column) const {
    return static_cast<double>(weights_[block.offset + row * block.columns + column]);
  }

  [[nodiscard]] Vector affine(const WeightBlock& matrix, const WeightBlock& bias, const Vector& x) const {
    Vector y(matrix.rows);
    for (std::size_t r = 0; r < matrix.rows; ++r) {
      y[r] = at(bias, r, 0);
      for (std::size_t c = 0; c < matrix.columns; ++c) {
        y[r] += at(matrix, r, c) * x[c];
      }
    }
    return y;
  }

  static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

  [[nodiscard]] Steps lstm(const LstmBlocks& blocks, const Steps& inputs) const {
    const std::size_t cells = blocks.hidden.columns;
    Vector state(cells, 0.0);
    Vector memory(cells, 0.0);
    Steps states;
    for (const Vector& input : inputs) {
      Vector gates = affine(blocks.input, blocks.bias, input);
      for (std::size_t r = 0; r < 4 * cells; ++r) {
        for (std::size_t c = 0; c < cells; ++c) {
          gates[r] += at(blocks.hidden, r, c) * state[c];
        }
      }
      for (std::size_t c = 0; c < cells; ++c) {
        memory[c] = sigmoid(gates[cells + c]) * memory[c] + sigmoid(gates[c]) * std::tanh(gates[2 * cells + c]);
        state[c] = sigmoid(gates[3 * cells + c]) * std::tanh(memory[c]);
      }
      states.push_back(state);
    }
    return states;
  }

  [[nodiscard]] Steps autoencoder(const Steps& inputs) const {
    const Vector code = lstm(blocks_.lstm[1], lstm(blocks_.lstm[0], inputs)).back();
    return lstm(blocks_.lstm[3], lstm(blocks_.lstm[2], Steps(inputs.size(), code)));
  }

  [[nodiscard]] Steps next_event(const Steps& inputs) const {
    Steps states = lstm(blocks_.lstm[0], inputs);
    states.insert(states.begin(), Vector(static_cast<std::size_t>(shape_.hidden), 0.0));
    return states;
  }

  NetworkShape shape_;
  NetworkBlocks blocks_;
  std::span<const float> weights_;
};

}  // namespace logdetect
