#include "models/torch/network.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <tuple>

namespace logdetect {

Network::Network(const NetworkShape& shape, const at::Tensor& flat) : shape_(shape) {
  const NetworkBlocks blocks = weight_blocks(shape);
  embedding_ = matrix(flat, blocks.embedding);
  for (const LstmBlocks& block : blocks.lstm) {
    Lstm lstm{matrix(flat, block.input), matrix(flat, block.hidden), vector(flat, block.bias), {}};
    lstm.no_bias = at::zeros_like(lstm.bias).detach();
    lstm_.push_back(lstm);
  }
  template_head_ = matrix(flat, blocks.template_head);
  template_bias_ = vector(flat, blocks.template_bias);
  numeric_head_ = matrix(flat, blocks.numeric_head);
  numeric_bias_ = vector(flat, blocks.numeric_bias);
}

at::Tensor Network::matrix(const at::Tensor& flat, const WeightBlock& block) {
  return view(flat, block, {static_cast<std::int64_t>(block.rows), static_cast<std::int64_t>(block.columns)});
}

at::Tensor Network::vector(const at::Tensor& flat, const WeightBlock& block) {
  return view(flat, block, {static_cast<std::int64_t>(block.rows)});
}

at::Tensor Network::view(const at::Tensor& flat, const WeightBlock& block, at::IntArrayRef sizes) {
  at::Tensor part =
      flat.detach().narrow(0, static_cast<std::int64_t>(block.offset), static_cast<std::int64_t>(block.size()));
  // A leaf of its own: a gradient of the view alone, not one of the size of `flat` for each matrix.
  part = part.view(sizes).detach();
  if (block.rows > 0) {
    part.set_requires_grad(true);
    parameters_.push_back(part);
  }
  return part;
}

at::Tensor Network::run(const Lstm& lstm, const at::Tensor& input) {
  const std::int64_t cells = lstm.hidden.size(1);
  const at::Tensor zero = at::zeros({1, input.size(1), cells}, input.options());
  const std::vector<at::Tensor> state = {zero, zero};
  const std::vector<at::Tensor> weights = {lstm.input, lstm.hidden, lstm.bias, lstm.no_bias};
  return std::get<0>(at::lstm(input, state, weights, true, 1, 0.0, c10::GradMode::is_enabled(), false, false));
}

at::Tensor Network::states(const at::Tensor& input) const {
  const bool delayed = shape_.layers.back().kind == LayerKind::kDelay;
  const auto zeros = [&] { return at::zeros({1, input.size(1), width()}, input.options()); };
  if (delayed && shape_.length == 1) {
    return zeros();
  }
  // The step that a delay drops is not computed, but a code is that of the last step all the same.
  const std::int64_t computed = delayed ? shape_.length - 1 : shape_.length;
  auto repeats = std::count_if(shape_.layers.begin(), shape_.layers.end(),
                               [](const NetworkLayer& layer) { return layer.kind == LayerKind::kRepeat; });
  at::Tensor states = delayed && repeats == 0 ? input.narrow(0, 0, computed) : input;
  std::size_t next = 0;
  for (const NetworkLayer& layer : shape_.layers) {
    if (layer.kind == LayerKind::kLstm) {
      states = run(lstm_[next++], states);
    } else if (layer.kind == LayerKind::kRepeat) {
      const at::Tensor code = states.select(0, states.size(0) - 1);
      --repeats;
      states = code.unsqueeze(0).expand({repeats == 0 ? computed : shape_.length, code.size(0), code.size(1)});
    } else {
      states = at::cat({zeros(), states}, 0);
    }
  }
  return states;
}

at::Tensor Network::errors(const Batch& batch) const {
  const at::Tensor embedded = at::embedding(embedding_, batch.templates);
  const at::Tensor input = shape_.numeric > 0 ? at::cat({embedded, batch.numeric}, 2) : embedded;
  const std::int64_t positions = batch.templates.numel();
  const at::Tensor rows = states(input).reshape({positions, width()});
  const at::Tensor likely = at::log_softmax(at::addmm(template_bias_, rows, template_head_.t()), 1);
  at::Tensor errors = likely.gather(1, batch.templates.reshape({positions, 1})).squeeze(1).neg();
  if (shape_.numeric > 0) {
    const at::Tensor rebuilt = at::addmm(numeric_bias_, rows, numeric_head_.t());
    errors = errors + (rebuilt - batch.numeric.reshape({positions, shape_.numeric})).square().mean(1);
  }
  return errors.view({batch.templates.size(0), batch.templates.size(1)});
}

}  // namespace logdetect
