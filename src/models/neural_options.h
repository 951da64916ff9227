#pragma once

#include <cstdint>

#include "logdetect/base/range.h"
#include "logdetect/core/windows.h"
#include "logdetect/models/detector.h"
#include "models/network_shape.h"

namespace logdetect {

enum class Device : std::uint8_t { kCpu, kCuda };

/// Sizes and training of the sequence networks, which share these options.
struct NeuralOptions {
  static constexpr Range<int> kLengthRange{2, kMaxNetworkLength};
  static constexpr Range<int> kStrideRange{0, kMaxNetworkLength};
  static constexpr Range<int> kWidthRange{1, kMaxNetworkWidth};
  static constexpr Range<int> kEpochsRange{1, 10'000};         ///< hours at the default sizes
  static constexpr Range<int> kBatchRange{1, 65'536};          ///< windows; beyond it one step sees all of most samples
  static constexpr Range<int> kWindowsRange{100, 10'000'000};  ///< more would need over 5 GB
  static constexpr Range<double> kLearningRateRange{1e-6, 1};  ///< Adam moves each weight by at most so much
  static constexpr Range<double> kClipNormRange{1e-3, 1e3};    ///< below nothing is learnt, above nothing is clipped
  static constexpr Range<double> kUnseenShareRange{0, kMaxUnseenShare};

  int sequence_length = 20;      ///< events of a window
  int stride = 0;                ///< events from one scored window to the next; 0: half a window, or as trained
  int embedding = 16;            ///< numbers per template
  int hidden = 64;               ///< cells of the outer layers
  int latent = 32;               ///< cells of the inner layers of the autoencoder
  int epochs = 50;               ///< at most; training costs time in proportion
  int patience = 3;              ///< epochs that together lower the validation loss by less than 2 %, then it stops
  int batch = 64;                ///< windows per step of Adam at most; fewer where windows are few
  int max_windows = 4000;        ///< training windows, sampled; time and memory grow in proportion
  double learning_rate = 0.004;  ///< of Adam
  double clip_norm = 5;          ///< bound of the gradient's norm over all parameters
  double unseen_share = 0.02;    ///< of training templates replaced by the index for unseen ones
  Device device = Device::kCpu;  ///< where to train; scoring needs neither LibTorch nor a device
};

/// `neural.*` in the configuration.
extern const OptionGroup neural_group;

[[nodiscard]] NeuralOptions neural_options(const DetectorOptions& options);

/// The windows of sequences that these options ask for.
[[nodiscard]] WindowPlan neural_windows(const DetectorOptions& options);

}  // namespace logdetect
