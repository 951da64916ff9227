#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "logdetect/base/parallel.h"

namespace logdetect {

/// Threads that share out loops of independent work: run() of a ParallelFor. The caller works too; without work the
/// helpers sleep. Which thread does which part is open, so parts must not depend on each other.
/// run() is called by one thread at a time.
class ThreadPool {
 public:
  /// `threads` >= 1 work together: threads - 1 are started. Fewer when the system gives no more.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void run(std::size_t count, const std::function<void(std::size_t)>& work);
  /// For ScoringInput and TrainingSet; valid as long as the pool.
  [[nodiscard]] const ParallelFor& parallel() const { return parallel_; }

 private:
  void help();
  void take_parts(std::unique_lock<std::mutex>& lock);

  std::vector<std::thread> helpers_;
  ParallelFor parallel_;
  // Guarded by mutex_:
  std::mutex mutex_;
  std::condition_variable called_;
  std::condition_variable done_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t count_ = 0;
  std::size_t next_ = 0;     ///< first part that nobody took
  std::size_t working_ = 0;  ///< parts under way
  std::exception_ptr exception_;
  bool ended_ = false;
};

}  // namespace logdetect
