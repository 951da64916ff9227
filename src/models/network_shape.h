#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/torch/abi.h"

namespace logdetect {

constexpr int kMaxNetworkWidth = 1024;   ///< of an embedding or a layer
constexpr int kMaxNetworkLength = 1000;  ///< steps of a window
constexpr double kMaxUnseenShare = 0.5;  ///< of training templates; what is replaced more often is not learnt

enum class LayerKind : std::uint8_t { kLstm = LD_LSTM, kRepeat = LD_REPEAT, kDelay = LD_DELAY };

struct NetworkLayer {
  LayerKind kind = LayerKind::kLstm;
  int cells = 0;  ///< of an LSTM, 1..kMaxNetworkWidth; else 0

  bool operator==(const NetworkLayer& other) const { return kind == other.kind && cells == other.cells; }
};

/// A sequence network; models/torch/abi.h says what it computes and which layers may follow which. Template indices are
/// 0..vocabulary - 1, of which the last stands for every template that training did not see.
struct NetworkShape {
  int vocabulary = 0;                ///< V, 2..1048576
  int embedding = 0;                 ///< E, 1..kMaxNetworkWidth
  int numeric = 0;                   ///< F, 0..kMaxNetworkWidth
  int length = 0;                    ///< L, 1..kMaxNetworkLength
  std::vector<NetworkLayer> layers;  ///< 1..LD_MAX_LAYERS

  bool operator==(const NetworkShape& other) const;
};

/// A row-major matrix inside the weights; a vector has one column.
struct WeightBlock {
  std::size_t offset = 0;  ///< of its first float
  std::size_t rows = 0;
  std::size_t columns = 1;
  [[nodiscard]] std::size_t size() const { return rows * columns; }
};

/// An LSTM of C cells over I inputs; gates in the order input, forget, cell, output.
struct LstmBlocks {
  WeightBlock input;   ///< [4C x I]
  WeightBlock hidden;  ///< [4C x C]
  WeightBlock bias;    ///< [4C]
};

/// Where each matrix of a network lies in its weights, in the order of models/torch/abi.h.
struct NetworkBlocks {
  WeightBlock embedding;         ///< [V x E]
  std::vector<LstmBlocks> lstm;  ///< of the LSTMs among the layers
  WeightBlock template_head;     ///< [V x W], W: cells of the last LSTM
  WeightBlock template_bias;     ///< [V]
  WeightBlock numeric_head;      ///< [F x W]
  WeightBlock numeric_bias;      ///< [F]
  std::size_t count = 0;         ///< floats of all blocks
};

/// What is wrong with the shape, "cells of layer 0: 0 is not in 1..1024"; empty if nothing. A valid network has less
/// than 2^31 weights.
[[nodiscard]] std::string shape_fault(const NetworkShape& shape);

/// Precondition: shape_fault() is empty.
[[nodiscard]] NetworkBlocks weight_blocks(const NetworkShape& shape);

/// Floats that the network needs. Precondition: shape_fault() is empty.
[[nodiscard]] std::size_t weight_count(const NetworkShape& shape);

/// What is wrong with weights for this shape, their number or one that is no finite number; empty if nothing.
/// Precondition: shape_fault() is empty. O(weights).
[[nodiscard]] std::string weights_fault(const NetworkShape& shape, const float* weights, std::size_t count);

/// To and from the structure of the module; from_abi() of unknown or too many layers gives a shape with a fault.
[[nodiscard]] ld_network_shape to_abi(const NetworkShape& shape);
[[nodiscard]] NetworkShape from_abi(const ld_network_shape& shape);

}  // namespace logdetect
