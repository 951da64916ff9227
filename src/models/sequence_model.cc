#include "models/sequence_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"
#include "models/neural_options.h"
#include "models/neural_training.h"

namespace logdetect {
namespace {

constexpr std::size_t kFewestWindows = 20;
// What a model file may say: numbers are nats and ln seconds, far below, and products with these stay finite.
constexpr float kLargestMean = 1e6F;
constexpr float kLargestPrecision = 1e6F;
constexpr auto kMaxEpochs = static_cast<std::size_t>(NeuralOptions::kEpochsRange.most);
constexpr std::size_t kPart = 48;  // windows that one thread computes at a time
constexpr float kMostDeviations = 4;
constexpr float kSteps = 8;               // of one deviation: half a step adds less than 0.004 to a squared error
constexpr double kLeastDeviation = 0.01;  // a number that never changed in training does not count in thousandths

// Hash of one window's content.
struct ContentHash {
  std::size_t operator()(const Hash128& hash) const { return hash.low; }
};

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

std::int32_t SequenceModel::index_of(std::uint32_t template_id) const {
  if (template_id == WindowBatch::kPadding) {
    return padding_index();
  }
  return template_id < index_.size() ? index_[template_id] : unseen_index();
}

void SequenceModel::learn_vocabulary(const WindowBatch& windows, std::size_t templates) {
  templates_ = templates;
  std::vector<std::uint32_t> count(templates);
  for (const std::uint32_t id : windows.templates) {
    if (id < templates) {
      ++count[id];
    }
  }
  kept_.resize(templates);
  std::iota(kept_.begin(), kept_.end(), 0U);
  std::erase_if(kept_, [&](std::uint32_t id) { return count[id] == 0; });
  std::sort(kept_.begin(), kept_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return count[a] != count[b] ? count[a] > count[b] : a < b; });
  kept_.resize(std::min(kept_.size(), kMaxKept));
  index_vocabulary();
}

void SequenceModel::index_vocabulary() {
  index_.assign(templates_, other_index());
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    index_[kept_[i]] = static_cast<std::int32_t>(i);
  }
}

void SequenceModel::learn_scale(const WindowBatch& windows) {
  std::array<double, WindowBatch::kNumbers> sum{};
  std::array<double, WindowBatch::kNumbers> squares{};
  double count = 0;
  for (std::size_t i = 0; i < windows.templates.size(); ++i) {
    if (windows.templates[i] == WindowBatch::kPadding) {
      continue;
    }
    ++count;
    for (std::size_t f = 0; f < WindowBatch::kNumbers; ++f) {
      const auto value = static_cast<double>(windows.values[i * WindowBatch::kNumbers + f]);
      sum.at(f) += value;
      squares.at(f) += value * value;
    }
  }
  for (std::size_t f = 0; f < WindowBatch::kNumbers; ++f) {
    const double mean = count > 0 ? sum.at(f) / count : 0;
    const double variance = count > 0 ? std::max(squares.at(f) / count - mean * mean, 0.0) : 0;
    mean_.at(f) = static_cast<float>(mean);
    precision_.at(f) = static_cast<float>(1 / std::max(std::sqrt(variance), kLeastDeviation));
  }
}

// Appends window `w`.
void SequenceModel::encode(const WindowBatch& windows, std::size_t w, Encoded& out) const {
  for (std::size_t t = 0; t < windows.length; ++t) {
    const std::size_t at = w * windows.length + t;
    out.templates.push_back(index_of(windows.templates[at]));
    if (design_.numbers == 0) {
      continue;
    }
    for (std::size_t f = 0; f < WindowBatch::kNumbers; ++f) {
      const float value = windows.values[at * WindowBatch::kNumbers + f];
      const float deviations = std::clamp((value - mean_.at(f)) * precision_.at(f), -kMostDeviations, kMostDeviations);
      // Padding is as plain as can be: all means.
      out.numbers.push_back(windows.templates[at] == WindowBatch::kPadding
                                ? 0.0F
                                : std::nearbyint(deviations * kSteps) / kSteps + 0.0F);  // + 0: no negative zero
    }
  }
}

// After the vocabulary and the sizes are known.
NetworkShape SequenceModel::shape_of(int embedding, int length) const {
  return {unseen_index() + 1, embedding, static_cast<int>(design_.numbers), length, design_.layers(sizes_)};
}

Result<void> SequenceModel::fit(std::string_view name, const TrainingSet& training) {
  const WindowBatch& windows = training.log.windows;
  const std::size_t count = windows.length == 0 ? 0 : windows.templates.size() / windows.length;
  if (count < kFewestWindows) {
    return make_error(ErrorCode::kUsage, "too few sequences of events to train detector '" + std::string(name) + "'",
                      "--detectors", "give a longer history, or leave it out of --detectors");
  }
  learn_vocabulary(windows, training.templates);
  learn_scale(windows);
  Encoded encoded;
  for (std::size_t w = 0; w < count; ++w) {
    encode(windows, w, encoded);
  }
  const NeuralOptions options = neural_options(training.options);
  sizes_ = design_.sizes(options);
  const NetworkShape shape = shape_of(options.embedding, static_cast<int>(windows.length));
  const auto on_epoch = [&](int epoch, const EpochLoss& loss) {
    return !training.on_epoch || training.on_epoch(name, epoch, loss);
  };
  LD_ASSIGN(TrainedNetwork trained,
            train_network(shape, encoded.templates, encoded.numbers, options, training.seed, on_epoch));
  LD_ASSIGN(network_, SequenceNetwork::create(shape, std::move(trained.weights)));
  curve_ = std::move(trained.curve);
  cache_ = std::make_unique<WindowCache>(window_length());
  return {};
}

SequenceModel::Distinct SequenceModel::distinct_windows(const WindowBatch& windows,
                                                        std::span<const std::uint8_t> wanted) const {
  Distinct out;
  Encoded& encoded = out.encoded;
  encoded.templates.reserve(windows.size() * windows.length);
  encoded.numbers.reserve(windows.size() * windows.length * design_.numbers);
  out.same.resize(windows.size());
  std::unordered_map<Hash128, std::uint32_t, ContentHash> seen;
  seen.reserve(windows.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const auto events = std::span(windows.events).subspan(windows.first[w], windows.fresh(w));
    if (!wanted.empty() && std::all_of(events.begin(), events.end(), [&](auto i) { return wanted[i] == 0; })) {
      out.same[w] = kSkipped;
      continue;
    }
    const std::size_t begin = encoded.templates.size();
    encode(windows, w, encoded);
    const std::size_t numbers_begin = begin * design_.numbers;
    const Hash128 numbers_hash = hash128(bytes_of(std::span<const float>(encoded.numbers).subspan(numbers_begin)));
    const Hash128 content =
        hash128(bytes_of(std::span<const std::int32_t>(encoded.templates).subspan(begin)), numbers_hash.low);
    const auto [found, is_new] = seen.try_emplace(content, static_cast<std::uint32_t>(out.fresh.size()));
    out.same[w] = found->second;
    if (is_new) {
      out.fresh.push_back(static_cast<std::uint32_t>(windows.fresh(w)));
      out.content.push_back(content);
    } else {
      encoded.templates.resize(begin);
      encoded.numbers.resize(numbers_begin);
      std::uint32_t& most = out.fresh[out.same[w]];
      most = std::max(most, static_cast<std::uint32_t>(windows.fresh(w)));
    }
  }
  return out;
}

void SequenceModel::distinct_errors(Distinct& distinct, std::span<const std::size_t> end, const ParallelFor& parallel,
                                    std::span<float> errors) const {
  const std::size_t length = window_length();
  const std::size_t values = length * design_.numbers;
  const auto part_of = [&](std::size_t d) { return errors.subspan(end[d] - distinct.fresh[d], distinct.fresh[d]); };
  // Those not known move together.
  std::vector<std::size_t> unknown;
  std::vector<std::uint32_t> fresh;
  std::vector<std::size_t> unknown_end;
  Encoded& encoded = distinct.encoded;
  for (std::size_t d = 0; d < distinct.fresh.size(); ++d) {
    if (cache_->find(distinct.content[d], part_of(d))) {
      continue;
    }
    const std::size_t to = unknown.size();
    if (to < d) {
      std::copy_n(encoded.templates.begin() + static_cast<std::ptrdiff_t>(d * length), length,
                  encoded.templates.begin() + static_cast<std::ptrdiff_t>(to * length));
      std::copy_n(encoded.numbers.begin() + static_cast<std::ptrdiff_t>(d * values), values,
                  encoded.numbers.begin() + static_cast<std::ptrdiff_t>(to * values));
    }
    unknown.push_back(d);
    fresh.push_back(distinct.fresh[d]);
    unknown_end.push_back((unknown_end.empty() ? 0 : unknown_end.back()) + distinct.fresh[d]);
  }
  std::vector<float> found(unknown_end.empty() ? 0 : unknown_end.back());
  parallel((unknown.size() + kPart - 1) / kPart, [&](std::size_t part) {
    const std::size_t begin = part * kPart;
    const std::size_t count = std::min(kPart, unknown.size() - begin);
    const std::size_t from = begin == 0 ? 0 : unknown_end[begin - 1];
    network_.errors(std::span(encoded.templates).subspan(begin * length, count * length),
                    std::span(encoded.numbers).subspan(begin * values, count * values),
                    std::span(fresh).subspan(begin, count),
                    std::span(found).subspan(from, unknown_end[begin + count - 1] - from));
  });
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    const auto errors_of = std::span(found).subspan(unknown_end[i] - fresh[i], fresh[i]);
    std::copy(errors_of.begin(), errors_of.end(), part_of(unknown[i]).begin());
    cache_->put(distinct.content[unknown[i]], errors_of);
  }
}

void SequenceModel::score(const ScoringInput& input, std::span<float> raw) const {
  const WindowBatch& windows = input.log.windows;
  LD_CHECK(windows.length == window_length() && windows.events.size() == raw.size(),
           "windows and detector do not fit together");
  Distinct distinct = distinct_windows(windows, input.wanted);
  std::vector<std::size_t> end(distinct.fresh.size());  // of each distinct window's errors
  std::partial_sum(distinct.fresh.begin(), distinct.fresh.end(), end.begin(), std::plus<std::size_t>());
  std::vector<float> errors(end.empty() ? 0 : end.back());
  distinct_errors(distinct, end, input.parallel, errors);
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const std::size_t count = distinct.same[w] == kSkipped ? 0 : windows.fresh(w);
    for (std::size_t i = 0; i < count; ++i) {
      raw[windows.events[windows.first[w] + i]] = errors[end[distinct.same[w]] - count + i];
    }
  }
}

std::vector<TemplateId> SequenceModel::expected_after(std::span<const TemplateId> previous, std::size_t limit) const {
  std::vector<std::int32_t> before;
  const std::size_t room = window_length() - 1;
  const std::size_t known = std::min(previous.size(), room);
  before.resize(room - known, padding_index());
  for (const TemplateId id : previous.last(known)) {
    before.push_back(index_of(id.value()));
  }
  std::vector<float> nats(static_cast<std::size_t>(network_.shape().vocabulary));
  network_.next_nats(before, nats);
  std::vector<std::uint32_t> order(kept_.size());
  std::iota(order.begin(), order.end(), 0U);
  const std::size_t count = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::uint32_t a, std::uint32_t b) { return nats[a] != nats[b] ? nats[a] < nats[b] : a < b; });
  std::vector<TemplateId> expected;
  for (std::size_t i = 0; i < count; ++i) {
    expected.emplace_back(kept_[order[i]]);
  }
  return expected;
}

void SequenceModel::save(ByteWriter& out) const {
  const NetworkShape& shape = network_.shape();
  for (const int value :
       {shape.vocabulary, shape.embedding, shape.numeric, sizes_.hidden, sizes_.latent, shape.length}) {
    out.u32(static_cast<std::uint32_t>(value));
  }
  out.u64(templates_);
  out.u64(kept_.size());
  for (const std::uint32_t id : kept_) {
    out.u32(id);
  }
  out.f32s(mean_);
  out.f32s(precision_);
  out.u64(curve_.size());
  for (const EpochLoss& loss : curve_) {
    out.f64(loss.training);
    out.f64(loss.validation);
  }
  out.u64(network_.weights().size());
  out.f32s(network_.weights());
}

Result<void> SequenceModel::load(ByteReader& in) {
  NetworkShape stored;
  for (int* value :
       {&stored.vocabulary, &stored.embedding, &stored.numeric, &sizes_.hidden, &sizes_.latent, &stored.length}) {
    *value = static_cast<int>(std::min<std::uint32_t>(in.u32(), INT32_MAX));
  }
  templates_ = in.u64();
  kept_.resize(in.count(4, kMaxKept));
  if (templates_ > kMaxTemplateIds) {
    in.fail("the vocabulary of a sequence network is out of range");
    return in.finish();
  }
  std::vector<bool> met(templates_);
  for (std::uint32_t& id : kept_) {
    id = in.u32();
    if (id >= templates_ || met[id]) {
      in.fail("a template of a sequence network's vocabulary is unknown or listed twice");
      return in.finish();
    }
    met[id] = true;
  }
  in.f32s(mean_);
  in.f32s(precision_);
  for (std::size_t f = 0; f < WindowBatch::kNumbers; ++f) {
    if (!(std::abs(mean_.at(f)) <= kLargestMean && precision_.at(f) >= 0 && precision_.at(f) <= kLargestPrecision)) {
      in.fail("the scale of a sequence network is out of range");
    }
  }
  curve_.resize(in.count(8 + 8, kMaxEpochs));
  for (EpochLoss& loss : curve_) {
    loss.training = in.f64();
    loss.validation = in.f64();
  }
  const std::size_t count = in.count(4, std::size_t{1} << 29);
  const NetworkShape shape = shape_of(stored.embedding, stored.length);
  if (in.ok() &&
      (!shape_fault(shape).empty() || stored.vocabulary != shape.vocabulary || stored.numeric != shape.numeric ||
       (sizes_.latent > 0) != design_.has_latent || count != weight_count(shape))) {
    in.fail("the shape of a sequence network does not fit its weights");
  }
  if (!in.ok()) {
    return in.finish();
  }
  std::vector<float> weights(count);
  in.f32s(weights);
  if (!in.ok()) {
    return in.finish();
  }
  LD_ASSIGN(network_, SequenceNetwork::create(shape, std::move(weights)));
  cache_ = std::make_unique<WindowCache>(window_length());
  index_vocabulary();
  return {};
}

}  // namespace logdetect
