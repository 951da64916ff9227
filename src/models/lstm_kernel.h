#pragma once

#include <cstddef>
#include <span>

namespace logdetect {

/// The arithmetic of the sequence networks, as plain functions over packed arrays, compiled once for each instruction
/// set.
///
/// Packing: outputs stand in groups of 4 x `lanes`, each group [k x 4 x lanes] over the inputs k, so that a group of
/// one step is read front to back. The outputs of an LSTM group are the gates input, forget, cell, output of `lanes`
/// cells. Cells are padded to a multiple of 16, whatever the lanes, with zero weights: a padded cell is 0 for ever.
///
/// Every window (row) is computed on its own, in an order that its neighbours do not change: results are the same for
/// any composition of a batch. They differ between instruction sets by less than 1e-5. Thread-safe.
struct LstmKernel {
  static constexpr std::size_t kPadding = 16;  ///< cells are a multiple of it
  static constexpr std::size_t kRowTile = 6;   ///< rows of every call are a multiple of it

  /// One step of an LSTM layer for `rows` windows: c = f c + i g, h = o tanh(c).
  struct Step {
    std::size_t rows = 0;
    std::size_t inputs = 0;
    std::size_t cells = 0;           ///< a multiple of kPadding
    const float* weights = nullptr;  ///< [cells / lanes][inputs + cells][4 x lanes]
    const float* const* start =
        nullptr;                    ///< [rows]: gates before the products, [cells / lanes][4 x lanes]; with the bias
    const float* input = nullptr;   ///< [rows x inputs]; null when inputs is 0
    const float* hidden = nullptr;  ///< [rows x cells], before the step; null: hidden and cell are zero
    float* hidden_out = nullptr;    ///< [rows x cells], after it; another array
    float* cell = nullptr;          ///< [rows x cells], updated in place; only written from the zero state
  };
  /// out = x W + bias.
  struct Dense {
    std::size_t rows = 0;
    std::size_t inputs = 0;
    std::size_t groups = 0;          ///< of 4 x lanes outputs
    const float* weights = nullptr;  ///< [groups][inputs][4 x lanes]
    const float* bias = nullptr;     ///< [groups x 4 x lanes]
    const float* x = nullptr;        ///< [rows x inputs]
    float* out = nullptr;            ///< [rows x groups x 4 x lanes]
  };

  const char* name;
  std::size_t lanes;  ///< floats of a vector
  void (*step)(const Step& call);
  void (*dense)(const Dense& call);
  /// ln of the sum of exp(x[i]); n a positive multiple of `lanes`. Outputs of padding carry kNever.
  float (*log_sum_exp)(const float* x, std::size_t n);

  static constexpr float kNever = -1e30F;  ///< a logit without probability
};

/// The kernels this processor can run, fastest first; the last is the portable one.
std::span<const LstmKernel* const> lstm_kernels();

}  // namespace logdetect
