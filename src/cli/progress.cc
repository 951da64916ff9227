#include "cli/progress.h"

#include <algorithm>
#include <utility>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr Micros kPatience = kMicrosPerSecond;  // short runs need no progress line
constexpr Micros kInterval = 100 * kMicrosPerMilli;
constexpr std::string_view kErase = "\r\x1b[K";  // to the first column, then erase the rest of the line

std::string rate_text(double per_second) {
  if (per_second >= 1e6) {
    return fixed_text(per_second / 1e6, 1) + " M lines/s";
  }
  if (per_second >= 1e3) {
    return fixed_text(per_second / 1e3, 0) + " k lines/s";
  }
  return fixed_text(per_second, 0) + " lines/s";
}

}  // namespace

std::string progress_text(const Progress& progress, Micros elapsed, std::size_t width) {
  // At least a microsecond, for the rate divides by it.
  const double seconds = static_cast<double>(std::max<Micros>(elapsed, 1)) / kMicrosPerSecond;
  std::string text(progress.phase);
  const bool known = progress.bytes_total > 0;
  // A log that grows while it is read would go beyond 100 %.
  const double share =
      known ? std::min(1.0, static_cast<double>(progress.bytes_done) / static_cast<double>(progress.bytes_total)) : 0;
  if (known) {
    text += "  " + fixed_text(100 * share, 0) + " %";
  }
  text += "  " + count_text(progress.lines, "line");
  text += "  " + rate_text(static_cast<double>(progress.lines) / seconds);
  // Without a share there is no estimate yet.
  if (share > 0 && share < 1) {
    text += "  " + duration_text(seconds * (1 - share) / share) + " left";
  }
  if (progress.templates > 0) {
    text += "  " + count_text(progress.templates, "template");
  }
  return ellipsize(escape_for_terminal(text), width);
}

ProgressLine::ProgressLine(std::size_t width, const Clock& clock, Write write)
    : width_(width), clock_(clock), write_(std::move(write)), start_(clock.monotonic()), next_(start_ + kPatience) {}

ProgressLine::~ProgressLine() {
  finish();
}

void ProgressLine::update(const Progress& progress) {
  const Micros now = clock_.monotonic();
  if (now < next_) {
    return;
  }
  next_ = now + kInterval;
  drawn_ = true;
  // The last column stays free: a terminal may go on to the next line when it is filled.
  write_(std::string(kErase) + progress_text(progress, now - start_, width_ - 1));
}

void ProgressLine::finish() {
  if (std::exchange(drawn_, false)) {
    write_(kErase);
  }
}

}  // namespace logdetect
