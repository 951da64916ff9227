// Four floats: what every x86-64 and ARMv8 processor has.
#define LOGDETECT_LANES 4
#define LOGDETECT_ROWS 3
#include "models/lstm_kernel_body.h"

namespace logdetect {

const LstmKernel& lstm_kernel_portable();
const LstmKernel& lstm_kernel_portable() {
  static constexpr LstmKernel kKernel{"portable", kLanes, step, dense, log_sum_exp};
  return kKernel;
}

}  // namespace logdetect
