#include "models/sequence_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

constexpr std::size_t kChunk = 48;     // windows computed together: their states and a group of weights stay in L1
constexpr std::size_t kHeadRows = 24;  // positions whose logits are computed together
static_assert(kChunk % LstmKernel::kRowTile == 0 && kHeadRows % LstmKernel::kRowTile == 0);

constexpr std::size_t kGates = 4;  // of a cell

constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

// Weights of a hostile model may overflow: what is no number counts as the worst.
float bounded(float error) {
  constexpr float kWorst = 1e6F;  // nats, as no sound network gives
  return error < 0 ? 0.0F : (error < kWorst ? error : kWorst);
}

constexpr std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

/// One chunk of windows under way.
struct SequenceNetwork::State {
  std::size_t windows = 0;
  std::size_t rows = 0;                     // windows, padded to whole tiles; the padding repeats the first window
  std::span<const std::int32_t> templates;  // [windows x L]
  std::span<const float> numeric;           // [windows x L x F]
  std::span<const std::uint32_t> fresh;
  std::span<float> out;

  // Per layer: hidden before and after a step, cells.
  struct Memory {
    std::vector<float> hidden;
    std::vector<float> next;
    std::vector<float> cell;
    bool zero = true;  // no step was made: `hidden` is zero, `cell` anything
  };
  using Starts = std::array<const float*, kChunk>;
  std::vector<Memory> memory;       // [LSTMs]
  std::vector<Starts> bias;         // [LSTMs]
  Starts start{};                   // gates of a stage's first LSTM before the products
  std::vector<float> numeric_step;  // [rows x F] of one step
  std::vector<float> projected;     // [rows x 4 cells]

  // Fresh positions, in the order of their steps.
  struct Position {
    std::size_t out;       // index into `out`
    std::size_t position;  // index into `templates`
  };
  std::vector<Position> positions;
  std::vector<float> states;  // [positions x cells of the last layer]
  std::vector<float> logits;
  std::vector<float> numeric_out;

  [[nodiscard]] std::size_t window_of(std::size_t row) const { return row < windows ? row : 0; }
};

Result<SequenceNetwork> SequenceNetwork::create(const NetworkShape& shape, std::vector<float> weights,
                                                const LstmKernel& kernel) {
  if (const std::string fault = shape_fault(shape); !fault.empty()) {
    return make_error(ErrorCode::kModel, "a sequence network has an impossible shape: " + fault);
  }
  if (weights.size() != weight_count(shape)) {
    return make_error(ErrorCode::kModel, "a sequence network has " + std::to_string(weights.size()) + " weights, not " +
                                             std::to_string(weight_count(shape)));
  }
  if (!std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); })) {
    return make_error(ErrorCode::kModel, "a weight of a sequence network is not finite");
  }
  SequenceNetwork network;
  network.kernel_ = &kernel;
  network.shape_ = shape;
  network.weights_ = std::move(weights);
  network.pack();
  return network;
}

void SequenceNetwork::pack() {
  const NetworkBlocks blocks = weight_blocks(shape_);
  stages_.emplace_back();
  for (const NetworkLayer& layer : shape_.layers) {
    if (layer.kind == LayerKind::kRepeat) {
      stages_.push_back({layers_.size(), layers_.size(), pack_projection(blocks.lstm[layers_.size()])});
    } else if (layer.kind == LayerKind::kLstm) {
      const LstmBlocks& lstm = blocks.lstm[layers_.size()];
      const bool repeated = layers_.size() == stages_.back().begin;  // its input is always the same
      if (layers_.empty()) {                                         // the embedding's part is in the table
        layers_.push_back(pack_layer(lstm, size(shape_.embedding), size(shape_.numeric)));
        build_table(blocks);
      } else {
        layers_.push_back(pack_layer(lstm, 0, repeated ? 0 : lstm.input.columns));
      }
      stages_.back().end = layers_.size();
    }
  }
  template_head_ = pack_dense(blocks.template_head, blocks.template_bias, LstmKernel::kNever);
  numeric_head_ = pack_dense(blocks.numeric_head, blocks.numeric_bias, 0);
}

// Takes columns [skipped, skipped + inputs) of the input matrix. Inputs that are another layer's state are padded like
// it.
SequenceNetwork::Layer SequenceNetwork::pack_layer(const LstmBlocks& blocks, std::size_t skipped,
                                                   std::size_t inputs) const {
  const std::size_t lanes = kernel_->lanes;
  const std::size_t cells = blocks.hidden.columns;
  const bool from_layer = skipped == 0;
  Layer layer;
  layer.cells = round_up(cells, LstmKernel::kPadding);
  layer.inputs = from_layer ? round_up(inputs, LstmKernel::kPadding) : inputs;
  const std::size_t depth = layer.inputs + layer.cells;
  layer.weights.assign(layer.cells * kGates * depth, 0.0F);
  layer.start.assign(layer.cells * kGates, 0.0F);
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const std::size_t row = gate * cells + cell;
      const std::size_t at = cell / lanes;
      const std::size_t place = gate * lanes + cell % lanes;
      float* to = layer.weights.data() + at * depth * group() + place;
      for (std::size_t k = 0; k < inputs; ++k) {
        to[k * group()] = weights_[blocks.input.offset + row * blocks.input.columns + skipped + k];
      }
      for (std::size_t k = 0; k < cells; ++k) {
        to[(layer.inputs + k) * group()] = weights_[blocks.hidden.offset + row * cells + k];
      }
      layer.start[at * group() + place] = weights_[blocks.bias.offset + row];
    }
  }
  return layer;
}

// Replaces the first layer's bias by a row per template: bias + input weights x embedding.
void SequenceNetwork::build_table(const NetworkBlocks& blocks) {
  Layer& layer = layers_.front();
  const std::size_t lanes = kernel_->lanes;
  const std::size_t cells = blocks.lstm[0].hidden.columns;
  const std::vector<float> bias = std::move(layer.start);
  layer.start.resize(size(shape_.vocabulary) * bias.size());
  for (std::size_t v = 0; v < size(shape_.vocabulary); ++v) {
    float* to = layer.start.data() + v * bias.size();
    std::copy(bias.begin(), bias.end(), to);
    const float* embedding = weights_.data() + blocks.embedding.offset + v * blocks.embedding.columns;
    for (std::size_t row = 0; row < kGates * cells; ++row) {
      const float* input = weights_.data() + blocks.lstm[0].input.offset + row * blocks.lstm[0].input.columns;
      float sum = 0;
      for (std::size_t e = 0; e < blocks.embedding.columns; ++e) {
        sum += input[e] * embedding[e];
      }
      const std::size_t cell = row % cells;
      to[cell / lanes * group() + row / cells * lanes + cell % lanes] += sum;
    }
  }
}

// Outputs beyond the matrix get `missing` as bias.
SequenceNetwork::Dense SequenceNetwork::pack_dense(const WeightBlock& matrix, const WeightBlock& bias,
                                                   float missing) const {
  Dense dense;
  dense.inputs = round_up(matrix.columns, LstmKernel::kPadding);
  dense.groups = round_up(matrix.rows, group()) / group();
  dense.weights.assign(dense.groups * dense.inputs * group(), 0.0F);
  dense.bias.assign(dense.groups * group(), missing);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    float* to = dense.weights.data() + row / group() * dense.inputs * group() + row % group();
    for (std::size_t k = 0; k < matrix.columns; ++k) {
      to[k * group()] = weights_[matrix.offset + row * matrix.columns + k];
    }
    dense.bias[row] = weights_[bias.offset + row];
  }
  return dense;
}

// The input part of a layer alone, its outputs in the order of the layer's gates.
SequenceNetwork::Dense SequenceNetwork::pack_projection(const LstmBlocks& blocks) const {
  const Layer layer = pack_layer(blocks, 0, blocks.input.columns);
  Dense dense;
  dense.inputs = layer.inputs;
  dense.groups = layer.cells / kernel_->lanes;
  dense.bias = layer.start;
  for (std::size_t i = 0; i < dense.groups; ++i) {
    const float* from = layer.weights.data() + i * (layer.inputs + layer.cells) * group();
    dense.weights.insert(dense.weights.end(), from, from + layer.inputs * group());
  }
  return dense;
}

namespace {

// Starts a layer from the zero state.
template <typename Memory>
void reset(Memory& memory, std::size_t floats) {
  memory.hidden.assign(floats, 0.0F);
  memory.next.resize(floats);
  memory.cell.resize(floats);
  memory.zero = true;
}

// One step of one layer for all rows; `start` are the gates before the products.
template <typename Layer, typename Memory>
void step_layer(const Layer& layer, std::size_t rows, const float* const* start, const float* input, Memory& memory,
                const LstmKernel& kernel) {
  LstmKernel::Step call;
  call.rows = rows;
  call.inputs = layer.inputs;
  call.cells = layer.cells;
  call.weights = layer.weights.data();
  call.start = start;
  call.input = input;
  call.hidden = memory.zero ? nullptr : memory.hidden.data();
  call.hidden_out = memory.next.data();
  call.cell = memory.cell.data();
  kernel.step(call);
  memory.hidden.swap(memory.next);
  memory.zero = false;
}

template <typename Dense>
void run_dense(const Dense& dense, std::size_t rows, const float* x, std::vector<float>& out,
               const LstmKernel& kernel) {
  out.resize(rows * dense.groups * kGates * kernel.lanes);
  kernel.dense({rows, dense.inputs, dense.groups, dense.weights.data(), dense.bias.data(), x, out.data()});
}

// Notes the last layer's state for every window whose position t is fresh.
template <typename State>
void note_fresh(State& state, std::size_t length, std::size_t t, const std::vector<float>& hidden, std::size_t cells) {
  std::size_t before = 0;  // outputs of the windows before
  for (std::size_t w = 0; w < state.windows; ++w) {
    const std::size_t fresh = state.fresh[w];
    if (t + fresh >= length) {
      state.positions.push_back({before + t + fresh - length, w * length + t});
      const auto from = hidden.begin() + static_cast<std::ptrdiff_t>(w * cells);
      state.states.insert(state.states.end(), from, from + static_cast<std::ptrdiff_t>(cells));
    }
    before += fresh;
  }
}

}  // namespace

// Makes room for the rows of a chunk; every LSTM begins from the zero state.
void SequenceNetwork::prepare(State& state) const {
  state.memory.resize(layers_.size());
  state.bias.resize(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    reset(state.memory[i], state.rows * layers_[i].cells);
    state.bias[i].fill(layers_[i].start_of(0));
  }
  state.numeric_step.resize(state.rows * size(shape_.numeric));
}

// The embedding and the numbers of step t.
void SequenceNetwork::read_step(State& state, std::size_t t) const {
  const std::size_t numeric = size(shape_.numeric);
  for (std::size_t row = 0; row < state.rows; ++row) {
    const std::size_t position = state.window_of(row) * size(shape_.length) + t;
    state.start[row] = layers_.front().start_of(size(state.templates[position]));
    if (numeric > 0) {
      std::copy_n(state.numeric.data() + position * numeric, numeric, state.numeric_step.data() + row * numeric);
    }
  }
}

void SequenceNetwork::step_stage(State& state, const Stage& stage) const {
  const float* numbers = stage.begin == 0 ? state.numeric_step.data() : nullptr;
  step_layer(layers_[stage.begin], state.rows, state.start.data(), numbers, state.memory[stage.begin], *kernel_);
  for (std::size_t i = stage.begin + 1; i < stage.end; ++i) {
    step_layer(layers_[i], state.rows, state.bias[i].data(), state.memory[i - 1].hidden.data(), state.memory[i],
               *kernel_);
  }
}

void SequenceNetwork::run_stage(State& state, const Stage& stage) const {
  const std::size_t length = size(shape_.length);
  const bool last = stage.end == layers_.size();
  const Layer& layer = layers_[stage.end - 1];
  const State::Memory& memory = state.memory[stage.end - 1];
  for (std::size_t t = 0; t < length; ++t) {
    if (last && delayed()) {
      note_fresh(state, length, t, memory.hidden, layer.cells);
      if (t + 1 == length) {  // the delay drops this step
        break;
      }
    }
    if (stage.begin == 0) {
      read_step(state, t);
    }
    step_stage(state, stage);
    if (last && !delayed()) {
      note_fresh(state, length, t, memory.hidden, layer.cells);
    }
  }
}

// The state before a stage, which is the input of each of its steps, goes through the products once.
void SequenceNetwork::repeat_code(State& state, const Stage& next) const {
  run_dense(next.projection, state.rows, state.memory[next.begin - 1].hidden.data(), state.projected, *kernel_);
  for (std::size_t row = 0; row < state.rows; ++row) {
    state.start[row] = state.projected.data() + row * layers_[next.begin].cells * kGates;
  }
}

void SequenceNetwork::score_heads(State& state) const {
  const std::size_t cells = template_head_.inputs;
  const std::size_t numeric = size(shape_.numeric);
  const std::size_t width = template_head_.groups * group();
  const std::size_t count = state.positions.size();
  state.states.resize(round_up(count, LstmKernel::kRowTile) * cells);
  for (std::size_t first = 0; first < count; first += kHeadRows) {
    const std::size_t here = std::min(kHeadRows, count - first);
    const std::size_t rows = round_up(here, LstmKernel::kRowTile);
    const float* states = state.states.data() + first * cells;
    run_dense(template_head_, rows, states, state.logits, *kernel_);
    if (numeric > 0) {
      run_dense(numeric_head_, rows, states, state.numeric_out, *kernel_);
    }
    for (std::size_t i = 0; i < here; ++i) {
      const State::Position& at = state.positions[first + i];
      const float* logits = state.logits.data() + i * width;
      float error = kernel_->log_sum_exp(logits, width) - logits[state.templates[at.position]];
      float squares = 0;
      for (std::size_t f = 0; f < numeric; ++f) {
        const float off =
            state.numeric_out[i * group() * numeric_head_.groups + f] - state.numeric[at.position * numeric + f];
        squares += off * off;
      }
      error += numeric > 0 ? squares / static_cast<float>(numeric) : 0.0F;
      state.out[at.out] = bounded(error);
    }
  }
}

void SequenceNetwork::errors(std::span<const std::int32_t> templates, std::span<const float> numeric,
                             std::span<const std::uint32_t> fresh, std::span<float> out) const {
  const std::size_t length = size(shape_.length);
  const std::size_t values = length * size(shape_.numeric);
  LD_CHECK(templates.size() == fresh.size() * length && numeric.size() == fresh.size() * values,
           "windows and network do not fit together");
  State state;
  std::size_t done = 0;
  for (std::size_t first = 0; first < fresh.size(); first += kChunk) {
    state.windows = std::min(kChunk, fresh.size() - first);
    state.rows = round_up(state.windows, LstmKernel::kRowTile);
    state.templates = templates.subspan(first * length, state.windows * length);
    state.numeric = numeric.subspan(first * values, state.windows * values);
    state.fresh = fresh.subspan(first, state.windows);
    std::size_t outputs = 0;
    for (const std::uint32_t count : state.fresh) {
      LD_CHECK(count <= length, "more fresh positions than a window has");
      outputs += count;
    }
    LD_CHECK(outputs <= out.size() - done, "there is no room for every error");
    state.out = out.subspan(done, outputs);
    state.positions.clear();
    state.states.clear();
    prepare(state);
    for (const Stage& stage : stages_) {
      if (stage.begin > 0) {
        repeat_code(state, stage);
      }
      run_stage(state, stage);
    }
    score_heads(state);
    done += outputs;
  }
}

void SequenceNetwork::next_nats(std::span<const std::int32_t> before, std::span<float> nats) const {
  LD_CHECK(delayed() && stages_.size() == 1 && shape_.numeric == 0 && nats.size() == size(shape_.vocabulary),
           "not a network that predicts");
  State state;
  state.rows = LstmKernel::kRowTile;
  prepare(state);
  for (const std::int32_t index : before) {
    state.start.fill(layers_.front().start_of(size(index)));
    step_stage(state, stages_.front());
  }
  run_dense(template_head_, state.rows, state.memory.back().hidden.data(), state.logits, *kernel_);
  const float total = kernel_->log_sum_exp(state.logits.data(), template_head_.groups * group());
  for (std::size_t v = 0; v < nats.size(); ++v) {
    nats[v] = bounded(total - state.logits[v]);
  }
}

}  // namespace logdetect
