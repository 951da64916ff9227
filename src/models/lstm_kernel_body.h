#pragma once

#include <cstddef>
#include <cstdint>

#include "models/lstm_kernel.h"

// The body of a kernel; included by one source file per instruction set, which defines LOGDETECT_LANES (floats of a
// vector) and LOGDETECT_ROWS (rows of a register tile). Everything has internal linkage, and no library function is
// called: code compiled for one instruction set must not be merged into another's.

#if defined(__clang__)
#define LOGDETECT_UNROLL _Pragma("unroll")
#else
#define LOGDETECT_UNROLL _Pragma("GCC unroll 8")
#endif

namespace logdetect {
namespace {

constexpr std::size_t kLanes = LOGDETECT_LANES;
constexpr std::size_t kRows = LOGDETECT_ROWS;
constexpr std::size_t kGates = 4;
constexpr std::size_t kGroup = kGates * kLanes;
static_assert(LstmKernel::kRowTile % kRows == 0 && LstmKernel::kPadding % kLanes == 0);

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));            // NOLINT(modernize-use-using)
typedef std::uint32_t Integers __attribute__((vector_size(kLanes * sizeof(float))));  // NOLINT(modernize-use-using)

inline Vector load(const float* from) {
  Vector v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

inline void store(float* to, Vector v) {
  __builtin_memcpy(to, &v, sizeof v);
}

// x in every lane. Not x + 0, which is another number where x is -0, so the sum would be carried out.
inline Vector broadcast(float x) {
  return x - Vector{};
}

inline Vector clamp(Vector x, float low, float high) {
  const Vector least = broadcast(low);
  const Vector most = broadcast(high);
  x = x < least ? least : x;
  return x > most ? most : x;
}

// e^-x for |x| <= 87, relative error below 4e-7 where products are fused, 5e-6 where not: x = n ln 2 + r with |r| <=
// ln(2) / 2 gives 2^-n e^-r. The polynomial is the best of its degree that begins with 1 - r, so that e^0 is 1.
inline Vector decay(Vector x) {
  constexpr float kRound = 12582912.0F;   // 1.5 x 2^23: what is added to it is rounded to a whole number
  constexpr float kPerLn2 = 1.44269504F;  // 1 / ln 2
  constexpr float kLn2 = 0.693147182F;    // ln 2
  const Vector shifted = kRound - x * kPerLn2;
  const Vector minus_n = shifted - kRound;
  const Vector r = x + minus_n * kLn2;
  Vector p = r * -0.008312520571F + 0.041890159249F;  // that polynomial, near 1 - r + r^2/2 - r^3/6 + r^4/24 - r^5/120
  p = p * r - 0.166671141982F;                        // 1/6
  p = p * r + 0.499992311001F;                        // 1/2
  p = p * r - 1.0F;
  p = p * r + 1.0F;
  Integers bits;
  Integers power;
  __builtin_memcpy(&bits, &p, sizeof bits);
  __builtin_memcpy(&power, &shifted, sizeof power);
  bits += power << 23;  // the low bits of `shifted` are -n: 2^-n by the exponent
  __builtin_memcpy(&p, &bits, sizeof p);
  return p;
}

// Beyond it sigmoid is 0 or 1 to 1e-8, as near as a float can tell, and the product of three such powers is finite.
constexpr float kSaturated = 19.0F;

// 1 + e^-x, saturated: what sigmoid divides by.
inline Vector gate(Vector x) {
  return decay(clamp(x, -kSaturated, kSaturated)) + 1.0F;
}

using Tile = Vector[kRows][kGates];

// acc[row][gate] += weights of one group x input.
inline void multiply(Tile& acc, const float* w, const float* x, std::size_t stride, std::size_t count) {
  for (std::size_t k = 0; k < count; ++k, w += kGroup) {
    Vector value[kRows];
    LOGDETECT_UNROLL
    for (std::size_t row = 0; row < kRows; ++row) {
      value[row] = broadcast(x[row * stride + k]);
    }
    LOGDETECT_UNROLL
    for (std::size_t part = 0; part < kGates; ++part) {
      const Vector weight = load(w + part * kLanes);
      LOGDETECT_UNROLL
      for (std::size_t row = 0; row < kRows; ++row) {
        acc[row][part] += weight * value[row];
      }
    }
  }
}

// The cells of one group of kRows windows.
inline void step_tile(const LstmKernel::Step& call, std::size_t row, std::size_t group) {
  Tile acc;
  LOGDETECT_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    const float* start = call.start[row + r] + group * kGroup;
    LOGDETECT_UNROLL
    for (std::size_t gate = 0; gate < kGates; ++gate) {
      acc[r][gate] = load(start + gate * kLanes);
    }
  }
  const float* weights = call.weights + group * (call.inputs + call.cells) * kGroup;
  if (call.inputs > 0) {
    multiply(acc, weights, call.input + row * call.inputs, call.inputs, call.inputs);
  }
  if (call.hidden != nullptr) {
    multiply(acc, weights + call.inputs * kGroup, call.hidden + row * call.cells, call.cells, call.cells);
  }
  LOGDETECT_UNROLL
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::size_t at = (row + r) * call.cells + group * kLanes;
    // Gates in the order input, forget, cell, output: 0 to 3.
    const Vector input = gate(acc[r][0]);
    const Vector forget = gate(acc[r][1]);
    const Vector output = gate(acc[r][3]);  // the last of the four
    // sigmoid(x) = 1 / (1 + e^-x), tanh(x) = (1 - e^-2x) / (1 + e^-2x) = (2 - gate(2x)) / gate(2x); each sum of
    // products over one divisor.
    const Vector candidate = gate(acc[r][2] * 2.0F);
    const Vector into = input * candidate;
    const Vector before = call.hidden != nullptr ? load(call.cell + at) : Vector{};
    const Vector cell = (before * into + (2.0F - candidate) * forget) / (into * forget);
    const Vector squashed = gate(cell * 2.0F);
    store(call.cell + at, cell);
    store(call.hidden_out + at, (2.0F - squashed) / (output * squashed));
  }
}

void step(const LstmKernel::Step& call) {
  for (std::size_t group = 0; group < call.cells / kLanes; ++group) {
    for (std::size_t row = 0; row < call.rows; row += kRows) {
      step_tile(call, row, group);
    }
  }
}

void dense(const LstmKernel::Dense& call) {
  for (std::size_t group = 0; group < call.groups; ++group) {
    const float* weights = call.weights + group * call.inputs * kGroup;
    for (std::size_t row = 0; row < call.rows; row += kRows) {
      Tile acc;
      LOGDETECT_UNROLL
      for (auto& sums : acc) {
        LOGDETECT_UNROLL
        for (std::size_t part = 0; part < kGates; ++part) {
          sums[part] = load(call.bias + group * kGroup + part * kLanes);
        }
      }
      multiply(acc, weights, call.x + row * call.inputs, call.inputs, call.inputs);
      LOGDETECT_UNROLL
      for (std::size_t r = 0; r < kRows; ++r) {
        float* out = call.out + ((row + r) * call.groups + group) * kGroup;
        LOGDETECT_UNROLL
        for (std::size_t part = 0; part < kGates; ++part) {
          store(out + part * kLanes, acc[r][part]);
        }
      }
    }
  }
}

float log_sum_exp(const float* x, std::size_t n) {
  constexpr float kMost = 80.0F;  // e^-80 adds nothing to a sum of at least 1
  Vector high = load(x);
  for (std::size_t i = kLanes; i < n; i += kLanes) {
    const Vector v = load(x + i);
    high = v > high ? v : high;
  }
  float most = high[0];
  for (std::size_t lane = 1; lane < kLanes; ++lane) {
    most = high[lane] > most ? high[lane] : most;
  }
  Vector sums{};
  for (std::size_t i = 0; i < n; i += kLanes) {
    sums += decay(clamp(most - load(x + i), 0.0F, kMost));
  }
  float sum = 0;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sum += sums[lane];
  }
  return most + __builtin_logf(sum);
}

}  // namespace
}  // namespace logdetect
