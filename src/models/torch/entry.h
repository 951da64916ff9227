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

/// Windows as they cross the door; nothing is owned.
struct GivenWindows {
  const std::int32_t* templates = nullptr;  ///< [count x length] indices into the vocabulary
  const float* numeric = nullptr;           ///< [count x length x numeric]
  std::uint64_t count = 0;
};

// Each of these throws std::exception: std::invalid_argument for arguments that do not fit, others from LibTorch.

/// Prepares the process: one thread per operation, because OpenMP on a busy core is fifty times slower.
TorchRuntime start_torch();
/// ld_neural_module::train.
void train(const ld_training& training);
/// ld_neural_module::forward.
void forward(const ld_network_shape& given, const float* weights, std::uint64_t weight_count,
             const GivenWindows& windows, float* errors);

}  // namespace logdetect
