#include "models/lstm_kernel.h"

#include <vector>

namespace logdetect {

const LstmKernel& lstm_kernel_portable();
#if defined(LOGDETECT_X86_KERNELS)
const LstmKernel& lstm_kernel_avx2();
const LstmKernel& lstm_kernel_avx512();
#endif

std::span<const LstmKernel* const> lstm_kernels() {
  static const std::vector<const LstmKernel*> kernels = [] {
    std::vector<const LstmKernel*> found;
#if defined(LOGDETECT_X86_KERNELS)
    if (__builtin_cpu_supports("avx512f") != 0) {
      found.push_back(&lstm_kernel_avx512());
    }
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
      found.push_back(&lstm_kernel_avx2());
    }
#endif
    found.push_back(&lstm_kernel_portable());
    return found;
  }();
  return kernels;
}

}  // namespace logdetect
