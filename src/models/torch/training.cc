#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "models/torch/entry.h"
#include "models/torch/network.h"

// Weak: there when the BLAS in use is OpenBLAS, which has threads of its own that LibTorch does not know.
extern "C" void openblas_set_num_threads(int threads) __attribute__((weak));

namespace logdetect {
namespace {

constexpr std::int64_t kForwardBatch = 512;  // windows; bounds the memory
constexpr double kLeastProgress = 0.02;      // of the loss; less in `patience` epochs is not worth their time

// Splitmix64 with its constants (Steele, Lea, Flood, 2014) over a counter: draws depend on the seed alone, not on
// LibTorch's version.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;                           // 2^64 / golden ratio
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;  // its first multiplier
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;  // its second
  return value ^ (value >> 31);
}

double unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// OpenMP keeps the number of threads for each thread that calls it.
void use_one_thread() {
  at::set_num_threads(1);
  if (openblas_set_num_threads != nullptr) {
    openblas_set_num_threads(1);
  }
}

void require(bool holds, const std::string& what) {
  if (!holds) {
    throw std::invalid_argument(what);
  }
}

NetworkShape checked_shape(const ld_network_shape& given, std::uint64_t weights) {
  NetworkShape shape = from_abi(given);
  const std::string fault = shape_fault(shape);
  require(fault.empty(), fault);
  require(weights == weight_count(shape), "the number of weights does not fit the sizes");
  return shape;
}

GivenWindows windows_of(const ld_training& training) {
  return {training.templates, training.numeric, training.windows};
}

void check_windows(const NetworkShape& shape, const GivenWindows& windows) {
  const std::uint64_t positions = windows.count * static_cast<std::uint64_t>(shape.length);
  for (std::uint64_t i = 0; i < positions; ++i) {
    require(windows.templates[i] >= 0 && windows.templates[i] < shape.vocabulary,
            "a template index is outside the vocabulary");
  }
  for (std::uint64_t i = 0; i < positions * static_cast<std::uint64_t>(shape.numeric); ++i) {
    require(std::isfinite(windows.numeric[i]), "a numeric feature is not finite");
  }
}

void check_training(const ld_training& training) {
  require(training.version == LD_NEURAL_VERSION, "the training was asked for by another version of the program");
  require(training.windows > training.validation, "there is no window to train on");
  require(training.windows < (std::uint64_t{1} << 31), "there are 2^31 windows or more");
  require(training.epochs >= 1 && training.patience >= 1 && training.batch >= 1,
          "epochs, patience and batch must be at least 1");
  require(training.learning_rate > 0 && training.learning_rate <= 1, "the learning rate is not in 0..1");
  require(training.clip_norm > 0, "the norm of the gradient must be above 0");
  require(training.unseen_share >= 0 && training.unseen_share <= kMaxUnseenShare,
          "the share of unseen templates is not in 0..0.5");
  require(training.cuda == 0 || at::hasCUDA(), "LibTorch sees no CUDA device here; train with --device cpu");
}

// LSTM matrices uniform in +-sqrt(6 / fan in) (He et al., ICCV 2015), which drives the decoder out of its plateau
// several times sooner than the usual 1/sqrt(cells) and a forget bias of 1; heads in +-1/sqrt(fan in), their bias at
// the templates' frequencies, which spares the first epochs.
std::vector<float> first_weights(const NetworkShape& shape, const ld_training& training) {
  const NetworkBlocks blocks = weight_blocks(shape);
  std::vector<float> weights(blocks.count, 0.0F);
  const std::uint64_t stream = mix(training.seed);
  const auto fill = [&](const WeightBlock& block, double width) {
    for (std::size_t i = block.offset; i < block.offset + block.size(); ++i) {
      weights[i] = static_cast<float>((2 * unit(mix(stream ^ i)) - 1) * width);
    }
  };
  const auto bound = [](const WeightBlock& block, double gain) {
    return std::sqrt(gain / static_cast<double>(block.columns));
  };
  fill(blocks.embedding, 1);
  for (const LstmBlocks& lstm : blocks.lstm) {
    fill(lstm.input, bound(lstm.input, 6));
    fill(lstm.hidden, bound(lstm.hidden, 6));
  }
  fill(blocks.template_head, bound(blocks.template_head, 1));
  fill(blocks.numeric_head, bound(blocks.numeric_head, 1));
  const std::uint64_t positions = (training.windows - training.validation) * static_cast<std::uint64_t>(shape.length);
  std::vector<double> counts(blocks.template_bias.rows, 1.0);
  for (std::uint64_t i = 0; i < positions; ++i) {
    counts[static_cast<std::size_t>(training.templates[i])] += 1;
  }
  for (std::size_t v = 0; v < counts.size(); ++v) {
    weights[blocks.template_bias.offset + v] =
        static_cast<float>(std::log(counts[v] / static_cast<double>(positions + counts.size())));
  }
  return weights;
}

// Adam on all weights at once (Kingma, Ba, ICLR 2015, algorithm 1), the gradient first scaled down to a norm of at most
// `clip_norm` (Pascanu et al., ICML 2013).
class Adam {
 public:
  Adam(const at::Tensor& weights, double rate, double clip_norm)
      : weights_(weights),
        mean_(at::zeros_like(weights)),
        square_(at::zeros_like(weights)),
        rate_(rate),
        clip_norm_(clip_norm) {}

  // Overwrites `gradient`.
  void step(const at::Tensor& gradient) {
    const double norm = gradient.norm().item<double>();
    if (!std::isfinite(norm)) {
      throw std::runtime_error("training diverged: the gradient is not finite; a lower learning rate may help");
    }
    if (norm > clip_norm_) {
      gradient.mul_(clip_norm_ / norm);
    }
    ++steps_;
    mean_.mul_(kKeepMean).add_(gradient, 1 - kKeepMean);
    square_.mul_(kKeepSquare).addcmul_(gradient, gradient, 1 - kKeepSquare);
    const double mean_weight = 1 - std::pow(kKeepMean, steps_);
    const double square_weight = 1 - std::pow(kKeepSquare, steps_);
    const at::Tensor spread = square_.div(square_weight).sqrt_().add_(kEpsilon);
    weights_.addcdiv_(mean_, spread, -rate_ / mean_weight);
  }

 private:
  // As recommended by its authors.
  static constexpr double kKeepMean = 0.9;
  static constexpr double kKeepSquare = 0.999;
  static constexpr double kEpsilon = 1e-8;

  at::Tensor weights_;
  at::Tensor mean_;
  at::Tensor square_;
  double rate_;
  double clip_norm_;
  int steps_ = 0;
};

class Trainer {
 public:
  Trainer(const NetworkShape& shape, const ld_training& training)
      : shape_(shape),
        training_(training),
        device_(training.cuda != 0 ? at::kCUDA : at::kCPU),
        weights_(start(shape, training).to(device_)),
        network_(shape, weights_),
        adam_(weights_, training.learning_rate, training.clip_norm),
        order_(training.windows) {
    std::iota(order_.begin(), order_.end(), std::uint64_t{0});
  }

  // Trains to the end and returns the weights of the best epoch.
  at::Tensor run() {
    at::Tensor best = weights_.clone();
    double best_loss = std::numeric_limits<double>::infinity();
    double progress = best_loss;  // the loss from which the last real progress was made
    int stale = 0;
    for (int epoch = 1; epoch <= training_.epochs && stale < training_.patience; ++epoch) {
      const double training_loss = learn(epoch);
      const double loss = training_.validation > 0 ? validate() : training_loss;
      if (!std::isfinite(training_loss) || !std::isfinite(loss)) {
        throw std::runtime_error("training diverged: the loss is not finite; a lower learning rate may help");
      }
      if (loss < best_loss) {
        best_loss = loss;
        best.copy_(weights_);
      }
      // Small steps may add up: they count against the loss of the last real progress, not against the epoch before.
      const bool real = loss < progress * (1 - kLeastProgress);
      stale = real ? 0 : stale + 1;
      progress = real ? loss : progress;
      if (training_.on_epoch != nullptr && training_.on_epoch(training_.context, epoch, training_loss, loss) != 0) {
        break;
      }
    }
    return best.to(at::kCPU);
  }

 private:
  static at::Tensor start(const NetworkShape& shape, const ld_training& training) {
    std::vector<float> first = first_weights(shape, training);
    return at::from_blob(first.data(), {static_cast<std::int64_t>(first.size())}, at::kFloat).clone();
  }

  [[nodiscard]] std::uint64_t learnt() const { return training_.windows - training_.validation; }

  // Fisher and Yates; a new order for each epoch from the last one.
  void shuffle(std::uint64_t stream) {
    for (std::uint64_t i = learnt(); i > 1; --i) {
      std::swap(order_[i - 1], order_[mix(stream ^ i) % i]);
    }
  }

  // One pass over the training windows; the mean error per position.
  double learn(int epoch) {
    const std::uint64_t stream = mix(training_.seed ^ mix(static_cast<std::uint64_t>(epoch)));
    shuffle(stream);
    const std::uint64_t draws = mix(stream);
    const auto length = static_cast<std::uint64_t>(shape_.length);
    const auto replaced = [&](std::uint64_t window, std::uint64_t position) {
      return unit(mix(draws ^ (window * length + position))) < training_.unseen_share;
    };
    double sum = 0;
    for (std::uint64_t from = 0; from < learnt(); from += static_cast<std::uint64_t>(training_.batch)) {
      const auto size = std::min(static_cast<std::int64_t>(learnt() - from), std::int64_t{training_.batch});
      const Batch batch = make_batch(shape_, windows_of(training_), &order_[from], size, device_, replaced);
      const at::Tensor loss = network_.errors(batch).mean();
      const auto gradients = torch::autograd::grad({loss}, network_.parameters(), {}, c10::nullopt, false, true);
      sum += loss.item<double>() * static_cast<double>(size);
      adam_.step(flattened(gradients));
    }
    return sum / static_cast<double>(learnt());
  }

  // A network over windows of one event never uses its LSTM, which then has no gradient.
  [[nodiscard]] at::Tensor flattened(const std::vector<at::Tensor>& gradients) const {
    std::vector<at::Tensor> parts;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const at::Tensor& of = network_.parameters()[i];
      parts.push_back(gradients[i].defined() ? gradients[i].reshape({-1}) : at::zeros({of.numel()}, of.options()));
    }
    return at::cat(parts).detach();
  }

  [[nodiscard]] double validate() const {
    const c10::NoGradGuard no_gradients;
    const auto never = [](std::uint64_t, std::uint64_t) { return false; };
    double sum = 0;
    for (std::uint64_t from = learnt(); from < training_.windows; from += kForwardBatch) {
      const auto size = std::min(static_cast<std::int64_t>(training_.windows - from), kForwardBatch);
      const Batch batch = make_batch(shape_, windows_of(training_), &order_[from], size, device_, never);
      sum += network_.errors(batch).mean().item<double>() * static_cast<double>(size);
    }
    return sum / static_cast<double>(training_.validation);
  }

  NetworkShape shape_;
  const ld_training& training_;
  at::Device device_;
  at::Tensor weights_;
  Network network_;
  Adam adam_;
  std::vector<std::uint64_t> order_;
};

}  // namespace

TorchRuntime start_torch() {
  use_one_thread();
  return {TORCH_VERSION, at::hasCUDA()};
}

void train(const ld_training& training) {
  use_one_thread();
  const NetworkShape shape = checked_shape(training.shape, training.weight_count);
  check_training(training);
  check_windows(shape, windows_of(training));
  const at::Tensor best = Trainer(shape, training).run();
  if (!at::isfinite(best).all().item<bool>()) {
    throw std::runtime_error("training diverged: a weight is not finite; a lower learning rate may help");
  }
  std::memcpy(training.weights, best.data_ptr<float>(), training.weight_count * sizeof(float));
}

void forward(const ld_network_shape& given, const float* weights, std::uint64_t weight_count,
             const GivenWindows& windows, float* errors) {
  use_one_thread();
  const NetworkShape shape = checked_shape(given, weight_count);
  check_windows(shape, windows);
  const c10::NoGradGuard no_gradients;
  // from_blob() wants a pointer it could write to; the network only reads.
  const at::Tensor flat =
      at::from_blob(const_cast<float*>(weights), {static_cast<std::int64_t>(weight_count)}, at::kFloat);
  const Network network(shape, flat);
  std::vector<std::uint64_t> order(windows.count);
  std::iota(order.begin(), order.end(), std::uint64_t{0});
  const auto never = [](std::uint64_t, std::uint64_t) { return false; };
  for (std::uint64_t from = 0; from < windows.count; from += kForwardBatch) {
    const auto size = std::min(static_cast<std::int64_t>(windows.count - from), kForwardBatch);
    const Batch batch = make_batch(shape, windows, &order[from], size, at::kCPU, never);
    const at::Tensor found = network.errors(batch).t().contiguous();
    std::memcpy(errors + from * static_cast<std::uint64_t>(shape.length), found.data_ptr<float>(),
                static_cast<std::size_t>(found.numel()) * sizeof(float));
  }
}

}  // namespace logdetect
