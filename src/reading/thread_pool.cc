#include "logdetect/reading/thread_pool.h"

#include <system_error>
#include <utility>

namespace logdetect {

ThreadPool::ThreadPool(int threads)
    : parallel_([this](std::size_t count, const std::function<void(std::size_t)>& work) { run(count, work); }) {
  try {
    for (int i = 1; i < threads; ++i) {
      helpers_.emplace_back([this] { help(); });
    }
  } catch (const std::system_error&) {  // no more threads to be had: fewer do the same work
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  called_.notify_all();
  for (std::thread& helper : helpers_) {
    helper.join();
  }
}

void ThreadPool::run(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (helpers_.empty() || count <= 1) {
    run_serially(count, work);
    return;
  }
  std::unique_lock lock(mutex_);
  work_ = &work;
  count_ = count;
  next_ = 0;
  called_.notify_all();
  take_parts(lock);
  // Helpers may still be at their last parts, which use `work`.
  done_.wait(lock, [this] { return working_ == 0; });
  count_ = 0;
  work_ = nullptr;
  if (const std::exception_ptr exception = std::exchange(exception_, nullptr)) {
    std::rethrow_exception(exception);
  }
}

void ThreadPool::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    called_.wait(lock, [this] { return ended_ || next_ < count_; });
    if (ended_) {
      return;
    }
    take_parts(lock);
  }
}

// Takes parts until none is left; the lock is held except while working.
void ThreadPool::take_parts(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const std::size_t part = next_++;
    const auto& work = *work_;
    ++working_;
    lock.unlock();
    std::exception_ptr exception;
    try {
      work(part);
    } catch (...) {
      exception = std::current_exception();
    }
    lock.lock();
    --working_;
    if (exception) {
      exception_ = std::move(exception);
      next_ = count_;  // the rest is not worth doing
    }
  }
  if (working_ == 0) {
    done_.notify_all();
  }
}

}  // namespace logdetect
