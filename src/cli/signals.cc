#include "cli/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace logdetect {
namespace {

std::atomic<int> stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "signal handlers may only touch lock-free atomics");
int null_input = -1;  // set before the handlers are

// Only async-signal-safe calls here.
void on_stop(int signal) {
  const int saved = errno;
  int expected = 0;
  if (!stop_signal.compare_exchange_strong(expected, signal) && signal == SIGINT) {
    ::_exit(128 + SIGINT);
  }
  // A reader that waits for more standard input comes back with EINTR; its next read finds the end.
  if (null_input >= 0) {
    ::dup2(null_input, STDIN_FILENO);
  }
  errno = saved;
}

}  // namespace

const std::atomic<int>& catch_signals() {
  ignore_broken_pipes();
  null_input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  struct sigaction action {};
  action.sa_handler = on_stop;
  ::sigemptyset(&action.sa_mask);
  action.sa_flags = 0;  // no SA_RESTART: waiting reads must end
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return stop_signal;
}

void ignore_broken_pipes() {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

}  // namespace logdetect
