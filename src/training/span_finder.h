#pragma once

#include <string>

#include "logdetect/base/clock.h"
#include "logdetect/reading/line_parser.h"
#include "training/teaching_rule.h"

namespace logdetect {

/// The pass that finds where the last `days` of a log begin. Not thread-safe.
class SpanFinder {
 public:
  SpanFinder(const std::string& zone, double days) : times_(zone, 0), days_(days) {}

  void see(ParsedBatch& parsed) { times_.resolve(parsed); }

  /// After the last batch: the first moment of the span; kBeginOfTime for a log without times.
  [[nodiscard]] Micros begin() const {
    return times_.has_time() ? times_.end() - static_cast<Micros>(days_ * static_cast<double>(kMicrosPerDay))
                             : kBeginOfTime;
  }

 private:
  TimeLine times_;
  double days_;
};

}  // namespace logdetect
