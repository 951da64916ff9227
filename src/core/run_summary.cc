#include "logdetect/core/run_summary.h"

namespace logdetect {

std::string_view drift_name(Drift::State state) {
  switch (state) {
    case Drift::State::kUnknown:
      return "unknown";
    case Drift::State::kNone:
      return "none";
    case Drift::State::kNewRelease:
      return "new_release";
    case Drift::State::kOtherLog:
      return "other_log";
  }
  return "unknown";
}

void RunSummary::count(RecordFate fate) {
  switch (fate) {
    case RecordFate::kDropped:
      ++records_dropped;
      break;
    case RecordFate::kMatched:
      ++records_known;
      break;
    case RecordFate::kUnparsed:
      ++records_unparsed;
      break;
    case RecordFate::kNew:
      ++records_new;
      break;
  }
}

}  // namespace logdetect
