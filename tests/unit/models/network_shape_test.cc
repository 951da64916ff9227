#include "models/network_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace logdetect {
namespace {

NetworkShape autoencoder() {
  return {NetworkKind::kAutoencoder, 10, 4, 3, 8, 5, 20};
}
NetworkShape next_event() {
  return {NetworkKind::kNextEvent, 10, 4, 0, 8, 0, 20};
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
  shape.hidden = 0;
  EXPECT_EQ(shape_fault(shape), "hidden 0 is not in 1..1024");
  shape = autoencoder();
  shape.vocabulary = -5;
  EXPECT_EQ(shape_fault(shape), "vocabulary -5 is not in 2..1048576");
  shape = next_event();
  shape.latent = 3;
  EXPECT_EQ(shape_fault(shape), "latent 3 is not in 0..0");
  shape = autoencoder();
  shape.kind = static_cast<NetworkKind>(7);
  EXPECT_EQ(shape_fault(shape), "kind 7 is unknown");
  shape = {NetworkKind::kAutoencoder, 1 << 20, 1024, 1024, 1024, 1024, 1000};
  EXPECT_EQ(shape_fault(shape), "the network has 2^31 weights or more");
}

TEST(NetworkShape, SurvivesTheWayToTheModule) {
  EXPECT_EQ(from_abi(to_abi(autoencoder())), autoencoder());
  EXPECT_EQ(from_abi(to_abi(next_event())), next_event());
  ld_network_shape odd = to_abi(next_event());
  odd.kind = 257;  // the same low byte as kNextEvent
  EXPECT_NE(shape_fault(from_abi(odd)), "");
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

}  // namespace
}  // namespace logdetect
