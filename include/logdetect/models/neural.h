#pragma once

#include <string>

#include "logdetect/base/error.h"

namespace logdetect {

/// What trains the sequence networks on this machine.
struct NeuralRuntime {
  std::string libtorch;  ///< its version, "1.13.0"
  std::string blas;      ///< the file that multiplies its matrices; empty if unknown
  bool cuda = false;     ///< a CUDA device can be used
  std::string advice;    ///< what would make training much faster; empty if nothing is known
};

/// Opens LibTorch (half a second, 150 MB) and tells about it. Errors: kUsage with the remedy, when this build or this
/// machine has no LibTorch. Thread-safe.
Result<NeuralRuntime> neural_runtime();

}  // namespace logdetect
