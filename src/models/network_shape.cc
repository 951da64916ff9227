#include "models/network_shape.h"

#include <algorithm>
#include <cmath>

namespace logdetect {
namespace {

constexpr int kMaxVocabulary = 1 << 20;

std::string range_fault(const char* name, int value, int low, int high) {
  if (value >= low && value <= high) {
    return {};
  }
  return std::string(name) + " " + std::to_string(value) + " is not in " + std::to_string(low) + ".." +
         std::to_string(high);
}

constexpr auto kUnknownLayer = static_cast<LayerKind>(255);  // no layer has this number

std::string layer_fault(const std::vector<NetworkLayer>& layers, std::size_t i) {
  const std::string name = "layer " + std::to_string(i);
  const bool lstm = layers[i].kind == LayerKind::kLstm;
  const bool before_lstm = i + 1 < layers.size() && layers[i + 1].kind == LayerKind::kLstm;
  if (!lstm && layers[i].kind != LayerKind::kRepeat && layers[i].kind != LayerKind::kDelay) {
    return name + " is of an unknown kind";
  }
  if (!lstm && i == 0) {
    return "the first layer is no LSTM";
  }
  if (layers[i].kind == LayerKind::kRepeat && !before_lstm) {
    return name + ", a repeat, does not stand before an LSTM";
  }
  if (layers[i].kind == LayerKind::kDelay && i + 1 < layers.size()) {
    return name + ", a delay, is not the last";
  }
  return range_fault(("cells of " + name + ":").c_str(), layers[i].cells, lstm ? 1 : 0, lstm ? kMaxNetworkWidth : 0);
}

// Hands out consecutive blocks.
class Layout {
 public:
  WeightBlock block(std::size_t rows, std::size_t columns) {
    const WeightBlock block{count_, rows, columns};
    count_ += block.size();
    return block;
  }
  LstmBlocks lstm(int inputs, int cells) {
    const auto width = static_cast<std::size_t>(cells);
    LstmBlocks blocks;
    blocks.input = block(4 * width, static_cast<std::size_t>(inputs));
    blocks.hidden = block(4 * width, width);
    blocks.bias = block(4 * width, 1);
    return blocks;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::size_t count_ = 0;
};

}  // namespace

bool NetworkShape::operator==(const NetworkShape& other) const {
  return vocabulary == other.vocabulary && embedding == other.embedding && numeric == other.numeric &&
         length == other.length && layers == other.layers;
}

std::string shape_fault(const NetworkShape& shape) {
  for (const std::string& fault : {range_fault("vocabulary", shape.vocabulary, 2, kMaxVocabulary),
                                   range_fault("embedding", shape.embedding, 1, kMaxNetworkWidth),
                                   range_fault("numeric", shape.numeric, 0, kMaxNetworkWidth),
                                   range_fault("length", shape.length, 1, kMaxNetworkLength),
                                   range_fault("layers", static_cast<int>(shape.layers.size()), 1, LD_MAX_LAYERS)}) {
    if (!fault.empty()) {
      return fault;
    }
  }
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    if (std::string fault = layer_fault(shape.layers, i); !fault.empty()) {
      return fault;
    }
  }
  // The sizes that pass so far need at most 2^31 + 2^28 floats, so this cannot overflow.
  if (weight_count(shape) >= (std::size_t{1} << 31)) {
    return "the network has 2^31 weights or more";
  }
  return {};
}

NetworkBlocks weight_blocks(const NetworkShape& shape) {
  const auto vocabulary = static_cast<std::size_t>(shape.vocabulary);
  const auto numeric = static_cast<std::size_t>(shape.numeric);
  Layout layout;
  NetworkBlocks blocks;
  blocks.embedding = layout.block(vocabulary, static_cast<std::size_t>(shape.embedding));
  int width = shape.embedding + shape.numeric;
  for (const NetworkLayer& layer : shape.layers) {
    if (layer.kind == LayerKind::kLstm) {
      blocks.lstm.push_back(layout.lstm(width, layer.cells));
      width = layer.cells;
    }
  }
  const auto last = static_cast<std::size_t>(width);
  blocks.template_head = layout.block(vocabulary, last);
  blocks.template_bias = layout.block(vocabulary, 1);
  blocks.numeric_head = layout.block(numeric, last);
  blocks.numeric_bias = layout.block(numeric, 1);
  blocks.count = layout.count();
  return blocks;
}

std::size_t weight_count(const NetworkShape& shape) {
  return weight_blocks(shape).count;
}

std::string weights_fault(const NetworkShape& shape, const float* weights, std::size_t count) {
  const std::size_t wanted = weight_count(shape);
  if (count != wanted) {
    return std::to_string(count) + " weights where the network has " + std::to_string(wanted);
  }
  const float* odd = std::find_if_not(weights, weights + count, [](float weight) { return std::isfinite(weight); });
  return odd == weights + count ? "" : "weight " + std::to_string(odd - weights) + " is no finite number";
}

ld_network_shape to_abi(const NetworkShape& shape) {
  ld_network_shape out{};
  out.vocabulary = shape.vocabulary;
  out.embedding = shape.embedding;
  out.numeric = shape.numeric;
  out.length = shape.length;
  out.layer_count = static_cast<std::int32_t>(shape.layers.size());
  for (std::size_t i = 0; i < shape.layers.size() && i < LD_MAX_LAYERS; ++i) {
    out.layers[i] = {static_cast<std::int32_t>(shape.layers[i].kind), shape.layers[i].cells};
  }
  return out;
}

NetworkShape from_abi(const ld_network_shape& shape) {
  NetworkShape out{shape.vocabulary, shape.embedding, shape.numeric, shape.length, {}};
  if (shape.layer_count < 1 || shape.layer_count > LD_MAX_LAYERS) {
    return out;
  }
  for (std::int32_t i = 0; i < shape.layer_count; ++i) {
    const ld_layer& layer = shape.layers[i];
    const bool known = layer.kind >= LD_LSTM && layer.kind <= LD_DELAY;
    out.layers.push_back({known ? static_cast<LayerKind>(layer.kind) : kUnknownLayer, layer.cells});
  }
  return out;
}

}  // namespace logdetect
