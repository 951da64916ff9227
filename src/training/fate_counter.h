#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "logdetect/core/run_summary.h"
#include "logdetect/learned/model.h"
#include "logdetect/reading/line_parser.h"
#include "logdetect/training/train.h"
#include "training/exclusion.h"
#include "training/teaching_rule.h"

namespace logdetect {

/// How the records that teach are divided, by order: detectors are fitted to the first part; the rest calibrates them.
struct TrainingSplit {
  std::uint64_t fitted = 0;
  std::uint64_t held_out = 0;
};
/// `share` of the records, rounded down, is held out.
[[nodiscard]] TrainingSplit split_records(std::uint64_t records, double share);

/// Counts what a model of the fitted part would not know of the held-out one. O(1) a record. Not thread-safe.
class LatePartCounter {
 public:
  /// Ids of templates lie below `templates`; those below `known` were known before.
  LatePartCounter(std::size_t templates, std::size_t known, std::uint64_t fitted);

  /// The next record; an invalid id for one that has no template.
  void add(TemplateId id);
  [[nodiscard]] const LatePart& late() const { return late_; }

 private:
  enum class FirstSeen : std::uint8_t { kNever, kInFittedPart, kInLatePart };
  std::vector<FirstSeen> first_seen_;  // by template
  std::uint64_t fitted_;
  std::uint64_t records_ = 0;
  LatePart late_;
};

/// What became of the records of a training log.
struct TrainingFates {
  RunSummary summary;  ///< what was read, and each record's fate
  LatePart late;
  std::vector<ExcludedCount> excluded;  ///< by pattern of the rule
};

/// Decides which records teach, and counts the fate of each. Not thread-safe.
class FateCounter {
 public:
  FateCounter(const TeachingRule& rule, LatePartCounter late);

  /// Counts a batch whose times are resolved. The places in it of the records that teach: those that the rule lets
  /// through and whose template was not evicted. Valid until the next call.
  std::span<const std::uint32_t> count(const ParsedBatch& parsed);
  [[nodiscard]] TrainingFates fates() const;

 private:
  Micros begin_;
  Exclusion exclusion_;
  LatePartCounter late_;
  RunSummary summary_;
  std::vector<std::uint32_t> teaching_;
};

}  // namespace logdetect
