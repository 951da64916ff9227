#pragma once

#include <cstdint>
#include <string>

#include "models/torch/abi.h"

namespace logdetect {

/// What LibTorch itself says.
struct TorchRuntime {
  std::string version;
  bool cuda = false;
};

// Each of these throws std::exception: std::invalid_argument for arguments that do not fit, others from LibTorch.

/// Prepares the process: one thread per operation, because OpenMP on a busy core is fifty times slower.
TorchRuntime start_torch();
/// ld_neural_module::train.
void train(const ld_training& training);
/// ld_neural_module::forward.
void forward(const ld_network_shape& shape, const float* weights, std::uint64_t weight_count,
             const std::int32_t* templates, const float* numeric, std::uint64_t windows, float* errors);

}  // namespace logdetect
