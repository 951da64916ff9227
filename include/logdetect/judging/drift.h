#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_set>
#include <vector>

#include "logdetect/core/ids.h"
#include "logdetect/core/run_summary.h"
#include "logdetect/learned/model.h"

namespace logdetect {

/// Measures how much of a log its model has never seen, over the whole run and over its latest window. A storm of one
/// new line is an anomaly and no drift: drift shows in many kinds of lines and lasts. O(1) a record, bounded memory.
/// Not thread-safe.
class DriftMeter {
 public:
  static constexpr std::uint64_t kWindow = 500;  ///< records; a window of a busy log is seconds, of a slow one minutes

  /// `known_templates`: ids below it are the model's.
  DriftMeter(const LatePart& usual, std::size_t known_templates);

  /// One record that was not dropped, and the template it was given.
  void add(RecordFate fate, TemplateId id);
  /// Of the whole run so far. `resolve` gives the present id of a new template, invalid if it was evicted: those that
  /// turned out to be one count as one in new_templates_per_1000. O(new templates).
  [[nodiscard]] Drift whole(const std::function<TemplateId(TemplateId)>& resolve) const;
  /// What is to be said when the state of the latest windows has changed since the last call; nothing otherwise. A
  /// change of kNewRelease and kNone has to show in two windows one after the other.
  [[nodiscard]] std::optional<Drift> take_change();

 private:
  struct Counts {
    std::uint64_t records = 0;
    std::uint64_t unmatched = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t known_kinds = 0;  // distinct templates of the model
    std::uint64_t new_kinds = 0;    // distinct other ones
  };
  [[nodiscard]] Drift assess(const Counts& counts) const;
  [[nodiscard]] bool first_of_all(std::uint32_t id);
  void close_window();

  Drift usual_;
  std::vector<std::uint32_t> met_;  // by id of the model: number of the last window with it, from 1
  std::unordered_set<std::uint32_t> new_in_window_;
  std::unordered_set<std::uint32_t> new_ids_;  // of the whole run, up to a bound
  std::uint32_t highest_new_ = 0;
  std::uint32_t window_number_ = 1;
  Counts window_;
  Counts total_;
  std::uint64_t windows_ = 0;
  std::uint64_t windows_drifting_ = 0;
  Drift::State said_ = Drift::State::kNone;
  Drift::State before_ = Drift::State::kUnknown;  // of the window before
  std::optional<Drift> change_;
};

}  // namespace logdetect
