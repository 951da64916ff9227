#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/range.h"

namespace logdetect {

struct ForestOptions {
  static constexpr Range<int> kTreesRange{1, 10'000};
  static constexpr Range<int> kSubsampleRange{2, 32'768};  ///< leaf sizes are stored in 16 bits
  static constexpr Range<double> kContaminationRange{0, 0.5};

  int trees = 100;
  int subsample = 256;          ///< psi
  double contamination = 0.01;  ///< expected share of anomalies in training; trimmed before the refit
};

enum class Sensitivity : std::uint8_t { kLow, kMedium, kHigh };

enum class Device : std::uint8_t { kCpu, kCuda };

/// Sizes and training of the sequence networks (LSTM autoencoder and next-event model).
struct NeuralOptions {
  static constexpr Range<int> kLengthRange{2, 1000};
  static constexpr Range<int> kStrideRange{0, 1000};
  static constexpr Range<int> kWidthRange{1, 1024};  ///< of every layer
  static constexpr Range<int> kEpochsRange{1, 10'000};
  static constexpr Range<int> kBatchRange{1, 65'536};
  static constexpr Range<int> kWindowsRange{100, 10'000'000};
  static constexpr Range<double> kLearningRateRange{1e-6, 1};
  static constexpr Range<double> kClipNormRange{1e-3, 1e3};
  static constexpr Range<double> kUnseenShareRange{0, 0.5};

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

struct EnsembleOptions {
  static constexpr Range<double> kWeightRange{0, 100};
  static constexpr Range<double> kCapRange{0, 1'000};  ///< nats

  std::vector<std::string> detectors = {"novelty", "forest"};  ///< members by name, or one set of detector_sets()
  std::vector<std::pair<std::string, double>> weights;         ///< others: by logdetect help detectors
  double cap_nats = 0;  ///< bound of one member's contribution; 0: each detector's own default
};

struct ThresholdOptions {
  static constexpr Range<double> kTargetFprRange{1e-6, 0.5};
  static constexpr Range<double> kAbsoluteRange{0.1, 1'000};  ///< nats
  static constexpr Range<double> kAlertsRange{0, 1'000'000};
  static constexpr Range<double> kFixedScoreRange{0, 0.999999};  ///< a score of 1 is infinitely many nats away
  static constexpr Range<double> kMultiplierRange{0.01, 100};

  double target_fpr = 0.01;         ///< share of validation records that may lie above the threshold
  double absolute_nats = 6.907755;  ///< ln 1000: the threshold, unless target_fpr or alerts_per_day asks for more
  double alerts_per_day = 0;        ///< templates flagged per day of validation, each counted once a day; 0: any number
  Sensitivity sensitivity = Sensitivity::kMedium;
  double fixed_score = 0;  ///< --threshold X: score in (0, 1) at which to flag; 0: not set
  std::array<double, 24> hour_multipliers = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};  ///< on the threshold, by UTC hour
};

}  // namespace logdetect
