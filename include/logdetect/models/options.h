#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace logdetect {

struct ForestOptions {
  int trees = 100;              ///< 1..10000
  int subsample = 256;          ///< psi, 2..32768
  double contamination = 0.01;  ///< expected share of anomalies in training, 0..0.5; trimmed before the refit
};

enum class Sensitivity : std::uint8_t { kLow, kMedium, kHigh };

enum class Device : std::uint8_t { kCpu, kCuda };

/// Sizes and training of the sequence networks (LSTM autoencoder and next-event model).
struct NeuralOptions {
  int sequence_length = 20;      ///< events of a window, 2..1000
  int stride = 0;                ///< events from one scored window to the next; 0: half a window, or as trained
  int embedding = 16;            ///< numbers per template, 1..1024
  int hidden = 64;               ///< cells of the outer layers, 1..1024
  int latent = 32;               ///< cells of the inner layers of the autoencoder, 1..1024
  int epochs = 50;               ///< at most, 1..10000; training costs time in proportion
  int patience = 3;              ///< epochs that together lower the validation loss by less than 2 %, then it stops
  int batch = 64;                ///< windows per step of Adam at most, 1..65536; fewer where windows are few
  int max_windows = 4000;        ///< training windows, sampled; time and memory grow in proportion
  double learning_rate = 0.004;  ///< of Adam, above 0, at most 1
  double clip_norm = 5;          ///< bound of the gradient's norm over all parameters, above 0
  double unseen_share = 0.02;    ///< of training templates replaced by the index for unseen ones, 0..0.5
  Device device = Device::kCpu;  ///< where to train; scoring needs neither LibTorch nor a device
};

struct EnsembleOptions {
  std::vector<std::string> detectors = {"novelty", "forest"};  ///< members by name, or one set of detector_sets()
  std::vector<std::pair<std::string, double>> weights;         ///< others: by logdetect help detectors
  double cap_nats = 0;  ///< bound of one member's contribution; 0: each detector's own default
};

struct ThresholdOptions {
  double target_fpr = 0.01;         ///< share of validation records that may lie above the threshold
  double absolute_nats = 6.907755;  ///< ln 1000: the threshold, unless target_fpr or alerts_per_day asks for more
  double alerts_per_day = 0;        ///< templates flagged per day of validation, each counted once a day; 0: any number
  Sensitivity sensitivity = Sensitivity::kMedium;
  double fixed_score = 0;  ///< --threshold X: score in (0, 1) at which to flag; 0: not set
  std::array<double, 24> hour_multipliers = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                             1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};  ///< on the threshold, by UTC hour
};

}  // namespace logdetect
