#include "logdetect/detection/bout_explainer.h"

#include "logdetect/detection/sentences.h"

namespace logdetect {
namespace {

std::string clock_words(Micros time) {
  const Micros second = ((time % kMicrosPerDay) + kMicrosPerDay) % kMicrosPerDay / kMicrosPerSecond % 60;
  return time_of_day(time) + ':' + static_cast<char>('0' + second / 10) + static_cast<char>('0' + second % 10);
}

}  // namespace

Reason explain_bout(const Bout& bout, std::string_view template_text) {
  Reason out;
  out.observed = bout.observed;
  out.expected_low = bout.usual_low;
  out.expected_high = bout.usual_high;
  out.share = 1;
  if (bout.kind == BoutKind::kBurst) {
    const std::string seconds = std::to_string(bout.window_seconds);
    out.kind = reasons::kBurst;
    out.feature = "burst_" + seconds + "s";
    out.unit = "lines in " + seconds + " s";
    out.sentence = "burst: " + number_words(bout.observed) + " of these in " +
                   number_words(static_cast<double>(bout.window_seconds)) + " s at " + clock_words(bout.peak) +
                   " (usual: " + range_words(bout.usual_low, bout.usual_high) + "), from " + clock_words(bout.start) +
                   (bout.over ? " to " + clock_words(bout.end) : std::string(" on"));
    return out;
  }
  out.kind = reasons::kSilence;
  out.feature = "rhythm";
  out.unit = "s between two lines";
  out.sentence = "silence: " + short_template(template_text) + " did not come for " + (bout.over ? "" : "at least ") +
                 number_words(bout.observed) + " s (usual: every " + number_words(bout.usual_low) + " s, at most " +
                 number_words(bout.usual_high) + " s apart)" +
                 (bout.over ? std::string() : ", and had not come back by then");
  return out;
}

}  // namespace logdetect
