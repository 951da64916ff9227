#include "logdetect/base/clock.h"

#include <ctime>

namespace logdetect {
namespace {

Micros read(clockid_t which) {
  timespec now{};
  clock_gettime(which, &now);
  return static_cast<Micros>(now.tv_sec) * kMicrosPerSecond + now.tv_nsec / 1000;
}

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Micros wall() const override { return read(CLOCK_REALTIME); }
  [[nodiscard]] Micros monotonic() const override { return read(CLOCK_MONOTONIC); }
  void sleep(Micros span) const override {
    if (span <= 0) {
      return;
    }
    timespec wait{};
    wait.tv_sec = static_cast<time_t>(span / kMicrosPerSecond);
    wait.tv_nsec = static_cast<long>(span % kMicrosPerSecond) * 1000;
    nanosleep(&wait, nullptr);
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace logdetect
