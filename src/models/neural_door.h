#pragma once

#include <string>
#include <string_view>

#include "logdetect/base/error.h"
#include "models/torch/abi.h"

namespace logdetect {

/// The module that trains with LibTorch, opened at the first call and kept to the end of the process; the outcome of
/// the first call, good or bad, is that of every other.
///
/// It is the file that the environment variable LOGDETECT_NEURAL_MODULE names, if set; else the module that the program
/// carries inside itself, through a file in memory; else, as where such files may not be executed,
/// `liblogdetect_neural.so` beside the program.
/// Errors: kUsage, what is missing and how to get it. Cost: half a second and 150 MB at the first call. Thread-safe.
Result<const ld_neural_module*> open_neural();

/// Opens a module file; open_neural() without its memory. Errors: kUsage, also for a module of another version.
Result<const ld_neural_module*> load_neural_module(const std::string& path);

/// What to do about the BLAS in `file` if it is the reference one, which is ten times slower; else empty.
[[nodiscard]] std::string blas_advice(std::string_view file);

}  // namespace logdetect
