#include "models/neural_options.h"

#include <array>
#include <string_view>

namespace logdetect {
namespace {

constexpr std::array<std::string_view, 2> kDevices = {"cpu", "cuda"};
constexpr NeuralOptions kDefaults;

constexpr std::array<OptionInfo, 13> kOptions = {{
    {.name = "sequence_length",
     .initial = std::int64_t{kDefaults.sequence_length},
     .range = option_range(NeuralOptions::kLengthRange),
     .unit = "events",
     .help = "events of a window that the neural detectors see; more see further back and cost time",
     .flag = "--sequence-length"},
    {.name = "stride",
     .initial = std::int64_t{kDefaults.stride},
     .range = option_range(NeuralOptions::kStrideRange),
     .unit = "events",
     .help = "events of a sequence from one window to the next; 1 sees most and costs most; 0: half a window, or as "
             "trained",
     .flag = "--stride",
     .scope = OptionScope::kJudging},
    {.name = "embedding",
     .initial = std::int64_t{kDefaults.embedding},
     .range = option_range(NeuralOptions::kWidthRange),
     .unit = "numbers",
     .help = "numbers that stand for a template; more can tell finer differences and cost time"},
    {.name = "hidden",
     .initial = std::int64_t{kDefaults.hidden},
     .range = option_range(NeuralOptions::kWidthRange),
     .unit = "cells",
     .help = "cells of the autoencoder's outer layers; more learn finer patterns and cost time"},
    {.name = "latent",
     .initial = std::int64_t{kDefaults.latent},
     .range = option_range(NeuralOptions::kWidthRange),
     .unit = "cells",
     .help = "cells of the autoencoder's inner layers and of the next-event network; more learn finer patterns and "
             "cost time"},
    {.name = "epochs",
     .initial = std::int64_t{kDefaults.epochs},
     .range = option_range(NeuralOptions::kEpochsRange),
     .unit = "epochs",
     .help = "epochs at most; training stops early; more cost time",
     .flag = "--epochs"},
    {.name = "patience",
     .initial = std::int64_t{kDefaults.patience},
     .range = option_range(NeuralOptions::kEpochsRange),
     .unit = "epochs",
     .help = "training stops after so many epochs that gain less than 2 % together; more train longer"},
    {.name = "batch",
     .initial = std::int64_t{kDefaults.batch},
     .range = option_range(NeuralOptions::kBatchRange),
     .unit = "windows",
     .help = "windows per step of training, at most; more make steadier and fewer steps"},
    {.name = "max_windows",
     .initial = std::int64_t{kDefaults.max_windows},
     .range = option_range(NeuralOptions::kWindowsRange),
     .unit = "windows",
     .help = "windows the networks learn from, sampled evenly over the training span; more cost time"},
    {.name = "learning_rate",
     .initial = kDefaults.learning_rate,
     .range = NeuralOptions::kLearningRateRange,
     .help = "step of Adam; larger learns faster and less steadily"},
    {.name = "clip_norm",
     .initial = kDefaults.clip_norm,
     .range = NeuralOptions::kClipNormRange,
     .help = "bound of the gradient's norm; larger allows larger steps"},
    {.name = "unseen_share",
     .initial = kDefaults.unseen_share,
     .range = NeuralOptions::kUnseenShareRange,
     .unit = "share",
     .help =
         "share of training templates replaced by the index for unseen ones; more prepare better for new templates"},
    {.name = "device",
     .initial = kDevices[0],
     .words = kDevices,
     .help = "where networks are trained; scoring needs no device",
     .flag = "--device",
     .scope = OptionScope::kMachine},
}};

}  // namespace

constinit const OptionGroup neural_group{"neural", kOptions, true};

NeuralOptions neural_options(const DetectorOptions& options) {
  const OptionValues& given = options.of(neural_group.name);
  const auto number = [&given](std::string_view name) { return static_cast<int>(given.get<std::int64_t>(name)); };
  NeuralOptions out;
  out.sequence_length = number("sequence_length");
  out.stride = number("stride");
  out.embedding = number("embedding");
  out.hidden = number("hidden");
  out.latent = number("latent");
  out.epochs = number("epochs");
  out.patience = number("patience");
  out.batch = number("batch");
  out.max_windows = number("max_windows");
  out.learning_rate = given.get<double>("learning_rate");
  out.clip_norm = given.get<double>("clip_norm");
  out.unseen_share = given.get<double>("unseen_share");
  out.device = given.get<std::string_view>("device") == "cuda" ? Device::kCuda : Device::kCpu;
  return out;
}

WindowPlan neural_windows(const DetectorOptions& options) {
  const NeuralOptions neural = neural_options(options);
  return {{static_cast<std::size_t>(neural.sequence_length), static_cast<std::size_t>(neural.stride)},
          static_cast<std::size_t>(neural.max_windows)};
}

}  // namespace logdetect
