#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "models/network_shape.h"
#include "models/neural_door.h"

namespace logdetect {

/// LibTorch's own forward pass, [windows x L]: the error at each position. What the scoring kernel is compared with.
inline Result<std::vector<float>> forward_by_torch(const NetworkShape& shape, std::span<const float> weights,
                                                   std::span<const std::int32_t> templates,
                                                   std::span<const float> numeric) {
  LD_ASSIGN(const ld_neural_module* module, open_neural());
  std::vector<float> errors(templates.size());
  const ld_network_shape sizes = to_abi(shape);
  std::array<char, LD_NEURAL_MESSAGE_BYTES> message{};
  if (module->forward(&sizes, weights.data(), weights.size(), templates.data(), numeric.data(),
                      templates.size() / static_cast<std::size_t>(shape.length), errors.data(), message.data()) != 0) {
    return make_error(ErrorCode::kInternal, message.data());
  }
  return errors;
}

}  // namespace logdetect
