#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "models/torch/entry.h"

// Weak: a LibTorch that has its matrix products inside itself may not show this name.
extern "C" void sgemm_() __attribute__((weak));  // NOLINT(readability-identifier-naming): Fortran's

namespace logdetect {
namespace {

// LibTorch appends a stack trace to its messages; the first line says what happened.
void tell(const char* what, char* message) {
  const char* end = std::strchr(what, '\n');
  const std::size_t length = end == nullptr ? std::strlen(what) : static_cast<std::size_t>(end - what);
  const std::size_t kept = std::min(length, std::size_t{LD_NEURAL_MESSAGE_BYTES - 1});
  std::memcpy(message, what, kept);
  message[kept] = '\0';
}

// Nothing that is thrown leaves the module.
template <typename Call>
int guarded(char* message, const Call& call) noexcept {
  try {
    call();
    return 0;
  } catch (const std::bad_alloc&) {
    tell("memory ran out", message);
  } catch (const std::exception& exception) {
    tell(exception.what(), message);
  } catch (...) {
    tell("an unknown exception in LibTorch", message);
  }
  return 1;
}

int call_train(const ld_training* training, char* message) {
  return guarded(message, [&] { train(*training); });
}

int call_forward(const ld_network_shape* shape, const float* weights, std::uint64_t weight_count,
                 const std::int32_t* templates, const float* numeric, std::uint64_t windows, float* errors,
                 char* message) {
  return guarded(message, [&] { forward(*shape, weights, weight_count, {templates, numeric, windows}, errors); });
}

std::string blas_file() {
  Dl_info info{};
  if (sgemm_ == nullptr || dladdr(reinterpret_cast<const void*>(&sgemm_), &info) == 0 || info.dli_fname == nullptr) {
    return {};
  }
  // Debian's libblas.so.3 is a link to the implementation that was chosen.
  char* real = realpath(info.dli_fname, nullptr);
  std::string file = real == nullptr ? info.dli_fname : real;
  std::free(real);
  return file;
}

}  // namespace
}  // namespace logdetect

extern "C" __attribute__((visibility("default"))) const ld_neural_module* ld_neural_open(char* message) {
  static std::string libtorch;
  static std::string blas;
  static ld_neural_module module{};
  const int failed = logdetect::guarded(message, [] {
    const logdetect::TorchRuntime runtime = logdetect::start_torch();
    libtorch = runtime.version;
    blas = logdetect::blas_file();
    module = {LD_NEURAL_VERSION,    libtorch.c_str(),      blas.c_str(),
              runtime.cuda ? 1 : 0, logdetect::call_train, logdetect::call_forward};
  });
  return failed != 0 ? nullptr : &module;
}
