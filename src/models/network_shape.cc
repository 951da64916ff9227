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
  return kind == other.kind && vocabulary == other.vocabulary && embedding == other.embedding &&
         numeric == other.numeric && hidden == other.hidden && latent == other.latent && length == other.length;
}

std::string shape_fault(const NetworkShape& shape) {
  if (shape.kind != NetworkKind::kAutoencoder && shape.kind != NetworkKind::kNextEvent) {
    return "kind " + std::to_string(static_cast<int>(shape.kind)) + " is unknown";
  }
  const bool autoencoder = shape.kind == NetworkKind::kAutoencoder;
  for (const std::string& fault :
       {range_fault("vocabulary", shape.vocabulary, 2, kMaxVocabulary),
        range_fault("embedding", shape.embedding, 1, kMaxNetworkWidth),
        range_fault("numeric", shape.numeric, 0, autoencoder ? kMaxNetworkWidth : 0),
        range_fault("hidden", shape.hidden, 1, kMaxNetworkWidth),
        range_fault("latent", shape.latent, autoencoder ? 1 : 0, autoencoder ? kMaxNetworkWidth : 0),
        range_fault("length", shape.length, 1, kMaxNetworkLength)}) {
    if (!fault.empty()) {
      return fault;
    }
  }
  // The largest sizes that pass so far need 2^31 + 2^25 floats, so this cannot overflow.
  if (weight_count(shape) >= (std::size_t{1} << 31)) {
    return "the network has 2^31 weights or more";
  }
  return {};
}

NetworkBlocks weight_blocks(const NetworkShape& shape) {
  const auto vocabulary = static_cast<std::size_t>(shape.vocabulary);
  const auto numeric = static_cast<std::size_t>(shape.numeric);
  const auto hidden = static_cast<std::size_t>(shape.hidden);
  Layout layout;
  NetworkBlocks blocks;
  blocks.embedding = layout.block(vocabulary, static_cast<std::size_t>(shape.embedding));
  blocks.lstm.push_back(layout.lstm(shape.embedding + shape.numeric, shape.hidden));
  if (shape.kind == NetworkKind::kAutoencoder) {
    blocks.lstm.push_back(layout.lstm(shape.hidden, shape.latent));
    blocks.lstm.push_back(layout.lstm(shape.latent, shape.latent));
    blocks.lstm.push_back(layout.lstm(shape.latent, shape.hidden));
  }
  blocks.template_head = layout.block(vocabulary, hidden);
  blocks.template_bias = layout.block(vocabulary, 1);
  blocks.numeric_head = layout.block(numeric, hidden);
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
  return {static_cast<std::int32_t>(shape.kind),
          shape.vocabulary,
          shape.embedding,
          shape.numeric,
          shape.hidden,
          shape.latent,
          shape.length};
}

NetworkShape from_abi(const ld_network_shape& shape) {
  constexpr auto kUnknown = static_cast<NetworkKind>(255);
  const bool known = shape.kind == LD_AUTOENCODER || shape.kind == LD_NEXT_EVENT;
  return {known ? static_cast<NetworkKind>(shape.kind) : kUnknown,
          shape.vocabulary,
          shape.embedding,
          shape.numeric,
          shape.hidden,
          shape.latent,
          shape.length};
}

}  // namespace logdetect
