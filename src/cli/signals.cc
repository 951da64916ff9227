#include "cli/signals.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace logdetect {
namespace {

// Without effect of its own, and nobody else's here: passes the stop on from thread to thread.
constexpr int kPassOn = SIGURG;

std::atomic<int> caught_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "signal handlers may only touch lock-free atomics");

// Only async-signal-safe calls in the handlers.
void on_stop(int signal, siginfo_t* /*info*/, void* /*context*/) {
  const int saved = errno;  // the interrupted code may be about to look at it
  int expected = 0;
  // The first signal decides the exit status. After it a second Ctrl-C ends the program at once.
  if (!caught_signal.compare_exchange_strong(expected, signal) && signal == SIGINT) {
    ::_exit(128 + SIGINT);  // as shells report a signal
  }
  ::kill(::getpid(), kPassOn);
  errno = saved;
}

// The kernel hands a signal to any one thread, and the one that waits for input may be another. Each thread that gets
// this one blocks it for good and sends it again, so every thread comes out of its system call once.
void on_pass_on(int /*signal*/, siginfo_t* /*info*/, void* context) {
  const int saved = errno;
  ::sigaddset(&static_cast<ucontext_t*>(context)->uc_sigmask, kPassOn);
  ::kill(::getpid(), kPassOn);
  errno = saved;
}

void handle(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = SA_SIGINFO;  // no SA_RESTART: waiting reads must end
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<int>& catch_signals() {
  ignore_broken_pipes();
  // First, since on_stop() sends it: without a handler SIGURG is ignored and wakes no thread.
  handle(kPassOn, on_pass_on);
  handle(SIGINT, on_stop);
  handle(SIGTERM, on_stop);
  return caught_signal;
}

int stop_signal() {
  return caught_signal.load(std::memory_order_relaxed);
}

void ignore_broken_pipes() {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace logdetect
