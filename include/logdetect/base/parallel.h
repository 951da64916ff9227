#pragma once

#include <cstddef>
#include <functional>

namespace logdetect {

/// Runs work(0) .. work(count - 1), perhaps several at a time and in any order, and returns when all are done. An
/// exception of one is rethrown. How rooms without threads of their own let the pipeline share out their work.
using ParallelFor = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

/// The plain loop.
inline void run_serially(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) {
    work(i);
  }
}

}  // namespace logdetect
