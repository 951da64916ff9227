#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/models/detector.h"
#include "models/network_shape.h"
#include "models/neural_options.h"

namespace logdetect {

struct TrainedNetwork {
  std::vector<float> weights;    ///< [weight_count(shape)], of the best epoch, finite
  std::vector<EpochLoss> curve;  ///< one per epoch
  int best_epoch = 0;            ///< counted from 1
};

/// Hears of every epoch, counted from 1; false ends the training, and the best weights so far are the result.
using EpochProgress = std::function<bool(int epoch, const EpochLoss& loss)>;

/// Trains a network with LibTorch.
///
/// templates  [windows x L], indices in 0..V-1, windows in time order: the latest tenth stops the training early.
/// numeric    [windows x L x F], finite, of mean about 0 and spread about 1; empty when F is 0.
/// options    epochs, patience, batch, learning_rate, clip_norm, unseen_share and device are read; sizes are in
/// `shape`. Errors: kUsage when there is no LibTorch (see neural_door.h) or no CUDA device, kInternal when sizes do not
/// fit, a value is not finite or training diverges. Deterministic: equal arguments give equal bytes on one machine's
/// CPU. Cost: 5 to 9 thousand windows of 20 events a second and epoch, with OpenBLAS; on the calling thread.
/// Thread-safe.
Result<TrainedNetwork> train_network(const NetworkShape& shape, std::span<const std::int32_t> templates,
                                     std::span<const float> numeric, const NeuralOptions& options, std::uint64_t seed,
                                     const EpochProgress& progress);

}  // namespace logdetect
