#include "models/torch/network.h"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <tuple>

namespace logdetect {

Network::Network(const NetworkShape& shape, const at::Tensor& flat) : shape_(shape) {
  const NetworkBlocks blocks = weight_blocks(shape);
  embedding_ = view(flat, blocks.embedding);
  for (const LstmBlocks& block : blocks.lstm) {
    Lstm lstm{view(flat, block.input), view(flat, block.hidden), view(flat, block.bias), {}};
    lstm.no_bias = at::zeros_like(lstm.bias).detach();
    lstm_.push_back(lstm);
  }
  template_head_ = view(flat, blocks.template_head);
  template_bias_ = view(flat, blocks.template_bias);
  numeric_head_ = view(flat, blocks.numeric_head);
  numeric_bias_ = view(flat, blocks.numeric_bias);
}

at::Tensor Network::view(const at::Tensor& flat, const WeightBlock& block) {
  const auto rows = static_cast<std::int64_t>(block.rows);
  const auto columns = static_cast<std::int64_t>(block.columns);
  at::Tensor part = flat.detach().narrow(0, static_cast<std::int64_t>(block.offset), rows * columns);
  // A leaf of its own: a gradient of the view alone, not one of the size of `flat` for each matrix.
  part = (columns == 1 ? part : part.view({rows, columns})).detach();
  if (rows > 0) {
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

at::Tensor Network::autoencoder_states(const at::Tensor& embedded, const at::Tensor& numeric) const {
  at::Tensor states = shape_.numeric > 0 ? at::cat({embedded, numeric}, 2) : embedded;
  states = run(lstm_[1], run(lstm_[0], states));
  const at::Tensor code = states.select(0, shape_.length - 1);
  states = code.unsqueeze(0).expand({shape_.length, code.size(0), code.size(1)});
  return run(lstm_[3], run(lstm_[2], states));
}

at::Tensor Network::next_event_states(const at::Tensor& embedded) const {
  at::Tensor start = at::zeros({1, embedded.size(1), shape_.hidden}, embedded.options());
  if (shape_.length == 1) {
    return start;
  }
  return at::cat({start, run(lstm_[0], embedded.narrow(0, 0, shape_.length - 1))}, 0);
}

at::Tensor Network::errors(const Batch& batch) const {
  const at::Tensor embedded = at::embedding(embedding_, batch.templates);
  const at::Tensor states = shape_.kind == NetworkKind::kAutoencoder ? autoencoder_states(embedded, batch.numeric)
                                                                     : next_event_states(embedded);
  const std::int64_t positions = batch.templates.numel();
  const at::Tensor rows = states.reshape({positions, shape_.hidden});
  const at::Tensor likely = at::log_softmax(at::addmm(template_bias_, rows, template_head_.t()), 1);
  at::Tensor errors = likely.gather(1, batch.templates.reshape({positions, 1})).squeeze(1).neg();
  if (shape_.numeric > 0) {
    const at::Tensor rebuilt = at::addmm(numeric_bias_, rows, numeric_head_.t());
    errors = errors + (rebuilt - batch.numeric.reshape({positions, shape_.numeric})).square().mean(1);
  }
  return errors.view({batch.templates.size(0), batch.templates.size(1)});
}

}  // namespace logdetect
