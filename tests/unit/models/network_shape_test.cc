#include "models/network_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

#include "unit/models/reference_network.h"

namespace logdetect {
namespace {

NetworkShape autoencoder() {
  return {10, 4, 3, 20, autoencoder_layers(8, 5)};
}
NetworkShape next_event() {
  return {10, 4, 0, 20, predictor_layers(8)};
}

TEST(NetworkShape, CountsWeightsAsByHand) {
  // embedding 40 | LSTM 7 -> 8, 8 -> 5, 5 -> 5, 5 -> 8: 4C (I + C + 1) | template head 80 + 10 | numeric head 24 + 3
  EXPECT_EQ(weight_count(autoencoder()), 40U + 32 * 16 + 20 * 14 + 20 * 11 + 32 * 14 + 90 + 27);
  EXPECT_EQ(weight_count(next_event()), 40U + 32 * 13 + 90);
}

TEST(NetworkShape, BlocksFollowEachOtherWithoutAGap) {
  for (const NetworkShape& shape : {autoencoder(), next_event()}) {
    const NetworkBlocks blocks = weight_blocks(shape);
    std::vector<WeightBlock> order = {blocks.embedding};
    for (const LstmBlocks& lstm : blocks.lstm) {
      order.insert(order.end(), {lstm.input, lstm.hidden, lstm.bias});
    }
    order.insert(order.end(), {blocks.template_head, blocks.template_bias, blocks.numeric_head, blocks.numeric_bias});
    std::size_t next = 0;
    for (const WeightBlock& block : order) {
      EXPECT_EQ(block.offset, next);
      next += block.size();
    }
    EXPECT_EQ(blocks.count, next);
  }
}

TEST(NetworkShape, NamesWhatIsWrong) {
  EXPECT_EQ(shape_fault(autoencoder()), "");
  EXPECT_EQ(shape_fault(next_event()), "");
  NetworkShape shape = autoencoder();
  shape.layers[3].cells = 0;
  EXPECT_EQ(shape_fault(shape), "cells of layer 3: 0 is not in 1..1024");
  shape.layers[3].cells = 1025;
  EXPECT_EQ(shape_fault(shape), "cells of layer 3: 1025 is not in 1..1024");
  shape.layers[3].cells = 1024;
  EXPECT_EQ(shape_fault(shape), "");
  shape.layers[2].cells = 1;
  EXPECT_EQ(shape_fault(shape), "cells of layer 2: 1 is not in 0..0");
  shape = autoencoder();
  shape.vocabulary = -5;
  EXPECT_EQ(shape_fault(shape), "vocabulary -5 is not in 2..1048576");
  shape = {1 << 20, 1024, 1024, 1000, autoencoder_layers(1024, 1024)};
  EXPECT_EQ(shape_fault(shape), "the network has 2^31 weights or more");
}

TEST(NetworkShape, NamesLayersThatStandInTheWrongPlace) {
  const auto fault = [](std::vector<NetworkLayer> layers) { return shape_fault({10, 4, 0, 20, std::move(layers)}); };
  const NetworkLayer lstm{LayerKind::kLstm, 8};
  const NetworkLayer repeat{LayerKind::kRepeat};
  const NetworkLayer delay{LayerKind::kDelay};
  EXPECT_EQ(fault({lstm}), "");
  EXPECT_EQ(fault({lstm, repeat, lstm, delay}), "");
  EXPECT_EQ(fault({}), "layers 0 is not in 1..16");
  EXPECT_EQ(fault(std::vector<NetworkLayer>(16, lstm)), "");
  EXPECT_EQ(fault(std::vector<NetworkLayer>(17, lstm)), "layers 17 is not in 1..16");
  EXPECT_EQ(fault({repeat, lstm}), "the first layer is no LSTM");
  EXPECT_EQ(fault({delay}), "the first layer is no LSTM");
  EXPECT_EQ(fault({lstm, repeat}), "layer 1, a repeat, does not stand before an LSTM");
  EXPECT_EQ(fault({lstm, repeat, repeat, lstm}), "layer 1, a repeat, does not stand before an LSTM");
  EXPECT_EQ(fault({lstm, delay, lstm}), "layer 1, a delay, is not the last");
  EXPECT_EQ(fault({lstm, {static_cast<LayerKind>(7), 3}}), "layer 1 is of an unknown kind");
}

TEST(NetworkShape, SurvivesTheWayToTheModule) {
  EXPECT_EQ(from_abi(to_abi(autoencoder())), autoencoder());
  EXPECT_EQ(from_abi(to_abi(next_event())), next_event());
  for (const std::int32_t kind : {-1, 3, 256}) {  // 256: the same low byte as an LSTM
    ld_network_shape odd = to_abi(next_event());
    odd.layers[0].kind = kind;
    EXPECT_NE(shape_fault(from_abi(odd)), "") << kind;
  }
  for (const std::int32_t count : {-1, 0, LD_MAX_LAYERS + 1}) {
    ld_network_shape odd = to_abi(next_event());
    odd.layer_count = count;
    EXPECT_NE(shape_fault(from_abi(odd)), "") << count;
  }
}

TEST(NetworkShape, WeightsMustFitAndBeFinite) {
  std::vector<float> weights(weight_count(next_event()), 0.5F);
  EXPECT_EQ(weights_fault(next_event(), weights.data(), weights.size()), "");
  EXPECT_EQ(weights_fault(next_event(), weights.data(), weights.size() - 1), "545 weights where the network has 546");
  weights[7] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(weights_fault(next_event(), weights.data(), weights.size()), "weight 7 is no finite number");
  weights[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(weights_fault(next_event(), weights.data(), weights.size()), "weight 3 is no finite number");
}

TEST(NetworkShape, SizesReachTheirLimits) {
  const auto fault = [](int vocabulary, int embedding, int numeric, int length) {
    return shape_fault({vocabulary, embedding, numeric, length, predictor_layers(8)});
  };
  EXPECT_EQ(fault(2, 1, 0, 1), "");
  EXPECT_EQ(fault(1, 1, 0, 1), "vocabulary 1 is not in 2..1048576");
  EXPECT_EQ(fault(1 << 20, 1, 0, 1), "");
  EXPECT_EQ(fault((1 << 20) + 1, 1, 0, 1), "vocabulary 1048577 is not in 2..1048576");
  EXPECT_EQ(fault(2, 0, 0, 1), "embedding 0 is not in 1..1024");
  EXPECT_EQ(fault(2, 1024, 1024, 1000), "");
  EXPECT_EQ(fault(2, 1025, 0, 1), "embedding 1025 is not in 1..1024");
  EXPECT_EQ(fault(2, 1, -1, 1), "numeric -1 is not in 0..1024");
  EXPECT_EQ(fault(2, 1, 1025, 1), "numeric 1025 is not in 0..1024");
  EXPECT_EQ(fault(2, 1, 0, 0), "length 0 is not in 1..1000");
  EXPECT_EQ(fault(2, 1, 0, 1001), "length 1001 is not in 1..1000");
}

TEST(NetworkShape, EveryPartTellsShapesApart) {
  const NetworkShape shape = autoencoder();
  EXPECT_TRUE(shape == autoencoder());
  std::vector<NetworkShape> others(5, shape);
  ++others[0].vocabulary;
  ++others[1].embedding;
  ++others[2].numeric;
  ++others[3].length;
  ++others[4].layers[1].cells;
  for (const NetworkShape& other : others) {
    EXPECT_FALSE(shape == other);
  }
}

}  // namespace
}  // namespace logdetect
