#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/error.h"
#include "models/lstm_kernel.h"
#include "models/network_shape.h"

namespace logdetect {

/// A trained sequence network, ready to score: the project's own forward pass, equal to LibTorch's within 1e-5.
/// models/torch/abi.h says what it computes. Immutable after create(). Thread-safe.
class SequenceNetwork {
 public:
  SequenceNetwork() = default;
  /// `weights` as in models/torch/abi.h. Errors: kModel when the shape is impossible, the number of weights does not
  /// fit it, or one is not finite. Cost: O(weights + V x E x H); the product of embedding and first layer is kept as a
  /// table.
  static Result<SequenceNetwork> create(const NetworkShape& shape, std::vector<float> weights,
                                        const LstmKernel& kernel = *lstm_kernels().front());

  [[nodiscard]] const NetworkShape& shape() const { return shape_; }
  [[nodiscard]] std::span<const float> weights() const { return weights_; }

  /// Error per position of the last fresh[w] positions of each window, in nats and squared deviations, 0..1e6.
  ///
  /// templates  [windows x L], indices below V, oldest first
  /// numeric    [windows x L x F]
  /// fresh      [windows], 0..L
  /// out        [sum of fresh], window after window, oldest position first
  /// Cost: one pass over all L steps per window, heads for fresh positions only; windows are computed 48 at a time. A
  /// window's errors do not depend on the other windows.
  void errors(std::span<const std::int32_t> templates, std::span<const float> numeric,
              std::span<const std::uint32_t> fresh, std::span<float> out) const;

  /// nats[v] = -ln P(template v | the templates before), [V]. `before`: oldest first, any number. Precondition: the
  /// network predicts: its last layer is a delay, none is a repeat, and it reads no numbers.
  void next_nats(std::span<const std::int32_t> before, std::span<float> nats) const;

 private:
  /// An LSTM as the kernel reads it.
  struct Layer {
    std::size_t inputs = 0;
    std::size_t cells = 0;  ///< padded
    std::vector<float> weights;
    std::vector<float> start;  ///< [rows x 4 cells]: the bias; per template for the first LSTM
    [[nodiscard]] const float* start_of(std::size_t row) const { return start.data() + row * cells * 4; }
  };
  struct Dense {
    std::size_t inputs = 0;  ///< padded
    std::size_t groups = 0;
    std::vector<float> weights;
    std::vector<float> bias;
  };
  /// LSTMs that run side by side, step by step: those up to a repeat, or to the end.
  struct Stage {
    std::size_t begin = 0;
    std::size_t end = 0;
    Dense projection;  ///< from the repeated state to the gates of its first LSTM; none of the first stage
  };
  struct State;

  [[nodiscard]] std::size_t group() const { return 4 * kernel_->lanes; }  ///< outputs of a group
  void pack();
  [[nodiscard]] Layer pack_layer(const LstmBlocks& blocks, std::size_t skipped, std::size_t inputs) const;
  [[nodiscard]] Dense pack_dense(const WeightBlock& matrix, const WeightBlock& bias, float missing) const;
  [[nodiscard]] Dense pack_projection(const LstmBlocks& blocks) const;
  void build_table(const NetworkBlocks& blocks);
  [[nodiscard]] bool delayed() const { return shape_.layers.back().kind == LayerKind::kDelay; }
  void prepare(State& state) const;
  void run_stage(State& state, const Stage& stage) const;
  void read_step(State& state, std::size_t t) const;
  void step_stage(State& state, const Stage& stage) const;
  void repeat_code(State& state, const Stage& next) const;
  void score_heads(State& state) const;

  const LstmKernel* kernel_ = nullptr;
  NetworkShape shape_;
  std::vector<float> weights_;
  std::vector<Layer> layers_;  ///< the LSTMs; the first one of a later stage takes no input: see Stage::projection
  std::vector<Stage> stages_;
  Dense template_head_;
  Dense numeric_head_;
};

}  // namespace logdetect
