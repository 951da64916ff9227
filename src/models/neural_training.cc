#include "models/neural_training.h"

#include <algorithm>
#include <array>
#include <utility>

#include "models/neural_door.h"

namespace logdetect {
namespace {

constexpr std::size_t kValidationPart = 10;  // one window in so many is kept to stop the training early
// Steps of an epoch and windows of a step at least, where the windows allow both: few large steps learn nothing.
constexpr std::size_t kFewestSteps = 32;
constexpr std::size_t kSmallestBatch = 16;

struct Listener {
  std::vector<EpochLoss>& curve;
  const EpochProgress& progress;
};

int on_epoch(void* context, std::int32_t epoch, double training_loss, double validation_loss) {
  const auto& listener = *static_cast<Listener*>(context);
  listener.curve.push_back({training_loss, validation_loss});
  return listener.progress && !listener.progress(epoch, listener.curve.back()) ? 1 : 0;
}

Error failure(const char* message) {
  return make_error(ErrorCode::kInternal, std::string("neural training: ") + message);
}

// The number of windows.
Result<std::size_t> count_windows(const NetworkShape& shape, std::span<const std::int32_t> templates,
                                  std::span<const float> numeric) {
  if (const std::string fault = shape_fault(shape); !fault.empty()) {
    return failure(fault.c_str());
  }
  const auto length = static_cast<std::size_t>(shape.length);
  if (templates.size() % length != 0 || numeric.size() != templates.size() * static_cast<std::size_t>(shape.numeric)) {
    return failure("the windows do not fit the sizes of the network");
  }
  return templates.size() / length;
}

}  // namespace

Result<TrainedNetwork> train_network(const NetworkShape& shape, std::span<const std::int32_t> templates,
                                     std::span<const float> numeric, const NeuralOptions& options, std::uint64_t seed,
                                     const EpochProgress& progress) {
  LD_ASSIGN(const std::size_t windows, count_windows(shape, templates, numeric));
  LD_ASSIGN(const ld_neural_module* module, open_neural());
  if (options.device == Device::kCuda && module->cuda == 0) {
    return make_error(ErrorCode::kUsage, "libtorch " + std::string(module->libtorch) + " sees no CUDA device here",
                      "--device cuda", "train with --device cpu");
  }
  TrainedNetwork trained;
  trained.weights.resize(weight_count(shape));
  Listener listener{trained.curve, progress};
  ld_training training{};
  training.version = LD_NEURAL_VERSION;
  training.shape = to_abi(shape);
  training.templates = templates.data();
  training.numeric = numeric.data();
  training.windows = windows;
  training.validation = windows / kValidationPart;
  training.epochs = options.epochs;
  training.patience = options.patience;
  const std::size_t batch = std::max(kSmallestBatch, windows / kFewestSteps);
  training.batch = static_cast<int>(std::min<std::size_t>(batch, static_cast<std::size_t>(options.batch)));
  training.learning_rate = options.learning_rate;
  training.clip_norm = options.clip_norm;
  training.unseen_share = options.unseen_share;
  training.seed = seed;
  training.cuda = options.device == Device::kCuda ? 1 : 0;
  training.on_epoch = on_epoch;
  training.context = &listener;
  training.weights = trained.weights.data();
  training.weight_count = trained.weights.size();
  std::array<char, LD_NEURAL_MESSAGE_BYTES> message{};
  if (module->train(&training, message.data()) != 0) {
    return failure(message.data());
  }
  if (const std::string fault = weights_fault(shape, trained.weights.data(), trained.weights.size()); !fault.empty()) {
    return failure(fault.c_str());
  }
  const auto best =
      std::min_element(trained.curve.begin(), trained.curve.end(),
                       [](const EpochLoss& a, const EpochLoss& b) { return a.validation < b.validation; });
  trained.best_epoch = static_cast<int>(best - trained.curve.begin()) + 1;
  return trained;
}

}  // namespace logdetect
