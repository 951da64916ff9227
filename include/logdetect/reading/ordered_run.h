#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// Runs three stages over a sequence: `produce()` serial, a worker's `transform(In)` parallel, `consume(Out)` serial on
/// the calling thread in the order of production: results do not depend on the number of threads.
///
/// threads       >= 1; with 1 everything runs on the calling thread, else threads - 1 workers are started and joined
/// produce       () -> Result<std::optional<In>>; nothing ends the run
/// make_worker   () -> callable Out(In); one per thread, so workers may own scratch memory
/// consume       (Out) -> Result<void>
///
/// At most 2 x threads elements are under way. The first error (in order of production) ends the run and is returned;
/// an exception of any stage ends it and is rethrown here.
template <typename In, typename Out>
class OrderedRun {
 public:
  template <typename Produce, typename MakeWorker, typename Consume>
  static Result<void> run(int threads, Produce produce, MakeWorker make_worker, Consume consume) {
    if (threads <= 1) {
      auto worker = make_worker();
      while (true) {
        LD_ASSIGN(std::optional<In> item, produce());
        if (!item) {
          return {};
        }
        LD_TRY(consume(worker(std::move(*item))));
      }
    }
    OrderedRun shared(static_cast<std::size_t>(threads) * 2);
    std::vector<std::thread> workers;
    try {
      for (int i = 1; i < threads; ++i) {
        workers.emplace_back([&shared, &produce, worker = make_worker()]() mutable { shared.work(produce, worker); });
      }
    } catch (...) {  // no more threads to be had
      shared.fail(std::current_exception());
    }
    Result<void> result = shared.drain(consume);
    for (std::thread& worker : workers) {
      worker.join();
    }
    if (shared.exception_) {
      std::rethrow_exception(shared.exception_);
    }
    return result;
  }

 private:
  explicit OrderedRun(std::size_t most_under_way) : most_under_way_(most_under_way) {}

  template <typename Produce, typename Worker>
  void work(Produce& produce, Worker& worker) {
    try {
      while (true) {
        std::optional<In> item;
        std::size_t sequence = 0;
        {
          const std::lock_guard source(source_mutex_);
          {
            std::unique_lock lock(mutex_);
            room_.wait(lock, [this] { return stopped_ || next_in_ - next_out_ < most_under_way_; });
            if (stopped_ || ended_) {
              return;
            }
          }
          auto produced = produce();
          const std::lock_guard lock(mutex_);
          if (!produced.ok() || !produced.value()) {
            ended_ = true;
            if (!produced.ok()) {
              error_ = produced.error();
            }
            ready_.notify_all();
            return;
          }
          item = std::move(produced).value();
          sequence = next_in_++;
        }
        Out out = worker(std::move(*item));
        const std::lock_guard lock(mutex_);
        done_.emplace(sequence, std::move(out));
        ready_.notify_all();
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void fail(std::exception_ptr exception) {
    const std::lock_guard lock(mutex_);
    exception_ = std::move(exception);
    stopped_ = true;
    ready_.notify_all();
    room_.notify_all();
  }

  template <typename Consume>
  Result<void> drain(Consume& consume) {
    Result<void> result;
    try {
      while (result.ok()) {
        std::optional<Out> next = take();
        if (!next) {
          break;
        }
        result = consume(std::move(*next));
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      exception_ = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    room_.notify_all();
    if (result.ok() && error_) {
      return *error_;
    }
    return result;
  }

  // The next element in order; nothing when all were taken or a worker failed.
  std::optional<Out> take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return stopped_ || done_.contains(next_out_) || (ended_ && next_out_ == next_in_); });
    const auto found = done_.find(next_out_);
    if (stopped_ || found == done_.end()) {
      return std::nullopt;
    }
    std::optional<Out> out(std::move(found->second));
    done_.erase(found);
    ++next_out_;
    room_.notify_all();
    return out;
  }

  const std::size_t most_under_way_;
  std::mutex source_mutex_;  // held while producing: order of production is order of sequence numbers
  // Guarded by mutex_:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable room_;
  std::map<std::size_t, Out> done_;
  std::size_t next_in_ = 0;
  std::size_t next_out_ = 0;
  bool ended_ = false;
  bool stopped_ = false;
  std::optional<Error> error_;
  std::exception_ptr exception_;
};

}  // namespace logdetect
