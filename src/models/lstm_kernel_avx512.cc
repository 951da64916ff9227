#define LOGDETECT_LANES 16
#define LOGDETECT_ROWS 6
#include "models/lstm_kernel_body.h"

namespace logdetect {

const LstmKernel& lstm_kernel_avx512();
const LstmKernel& lstm_kernel_avx512() {
  static constexpr LstmKernel kKernel{"avx512", kLanes, step, dense, log_sum_exp};
  return kKernel;
}

}  // namespace logdetect
