#define LOGDETECT_LANES 8
#define LOGDETECT_ROWS 3
#include "models/lstm_kernel_body.h"

namespace logdetect {

const LstmKernel& lstm_kernel_avx2();
const LstmKernel& lstm_kernel_avx2() {
  static constexpr LstmKernel kKernel{"avx2", kLanes, step, dense, log_sum_exp};
  return kKernel;
}

}  // namespace logdetect
