#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "models/network_shape.h"
#include "models/torch/entry.h"

namespace logdetect {

/// Windows as time-major tensors on the network's device.
struct Batch {
  at::Tensor templates;  ///< [L x B], int64
  at::Tensor numeric;    ///< [L x B x F], float32
};

/// A sequence network in LibTorch's operations. Const calls are thread-safe while nobody changes the weights.
class Network {
 public:
  /// `flat`: [weight_count(shape)], float32; the network's matrices are views of it, so that an optimiser may step all
  /// of them at once. Gradients are recorded for each matrix, not for `flat`.
  Network(const NetworkShape& shape, const at::Tensor& flat);

  /// [L x B]: the error at each position as models/torch/abi.h defines it.
  [[nodiscard]] at::Tensor errors(const Batch& batch) const;
  /// Every matrix that has a weight, in the order they lie in `flat` without a gap.
  [[nodiscard]] const std::vector<at::Tensor>& parameters() const { return parameters_; }

 private:
  struct Lstm {
    at::Tensor input;
    at::Tensor hidden;
    at::Tensor bias;
    at::Tensor no_bias;  // LibTorch wants a second one
  };

  at::Tensor matrix(const at::Tensor& flat, const WeightBlock& block);
  at::Tensor vector(const at::Tensor& flat, const WeightBlock& block);
  at::Tensor view(const at::Tensor& flat, const WeightBlock& block, at::IntArrayRef sizes);
  [[nodiscard]] static at::Tensor run(const Lstm& lstm, const at::Tensor& input);
  /// What the last layer says: [L x B x W] of the input [L x B x (E + F)].
  [[nodiscard]] at::Tensor states(const at::Tensor& input) const;
  [[nodiscard]] std::int64_t width() const { return template_head_.size(1); }

  NetworkShape shape_;
  std::vector<at::Tensor> parameters_;
  at::Tensor embedding_;
  std::vector<Lstm> lstm_;
  at::Tensor template_head_;
  at::Tensor template_bias_;
  at::Tensor numeric_head_;
  at::Tensor numeric_bias_;
};

/// The windows data[chosen[0]], data[chosen[1]], ... as a batch. Precondition: arguments were checked.
/// `replaced(window, position)` says where the index for unseen templates stands instead.
template <typename Replaced>
Batch make_batch(const NetworkShape& shape, const GivenWindows& data, const std::uint64_t* chosen, std::int64_t size,
                 const at::Device& device, const Replaced& replaced) {
  const auto length = static_cast<std::int64_t>(shape.length);
  const auto width = static_cast<std::int64_t>(shape.numeric);
  Batch batch{at::empty({length, size}, at::kLong), at::empty({length, size, width}, at::kFloat)};
  auto* to_template = batch.templates.data_ptr<std::int64_t>();
  auto* to_numeric = batch.numeric.data_ptr<float>();
  for (std::int64_t b = 0; b < size; ++b) {
    const std::uint64_t window = chosen[b];
    for (std::int64_t t = 0; t < length; ++t) {
      const auto from = static_cast<std::int64_t>(window) * length + t;
      to_template[t * size + b] =
          replaced(window, static_cast<std::uint64_t>(t)) ? shape.vocabulary - 1 : data.templates[from];
      for (std::int64_t f = 0; f < width; ++f) {
        to_numeric[(t * size + b) * width + f] = data.numeric[from * width + f];
      }
    }
  }
  batch.templates = batch.templates.to(device);
  batch.numeric = batch.numeric.to(device);
  return batch;
}

}  // namespace logdetect
