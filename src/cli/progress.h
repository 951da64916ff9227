#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "logdetect/base/clock.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// "scanning  43 %  12,345,678 lines  1.2 M lines/s  12 s left  412 templates", at most `width` columns.
std::string progress_text(const Progress& progress, Micros elapsed, std::size_t width);

/// One line on a terminal that is redrawn while a run goes on: first after one second, then ten times a second, erased
/// at the end. Not thread-safe: update() is called from one thread, finish() when the run is over.
class ProgressLine {
 public:
  using Write = std::function<void(std::string_view)>;
  /// `clock` must outlive this.
  ProgressLine(std::size_t width, const Clock& clock, Write write);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(const Progress& progress);
  /// Erases the line. Further calls do nothing.
  void finish();

 private:
  const std::size_t width_;
  const Clock& clock_;
  const Write write_;
  const Micros start_;
  Micros next_;
  bool drawn_ = false;
};

}  // namespace logdetect
