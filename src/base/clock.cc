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
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace logdetect
