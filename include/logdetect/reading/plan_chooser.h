#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/core/record.h"
#include "logdetect/ingest/source.h"
#include "logdetect/parsing/header.h"
#include "logdetect/reading/layout_monitor.h"
#include "logdetect/reading/line_parser.h"

namespace logdetect {

inline constexpr std::size_t kMaxPlans = 16;  ///< header plans of one run, and of one model

/// A source whose lines began to look otherwise, or never looked as they were said to.
struct PlanNote {
  SourceId source;
  std::uint64_t line = 0;  ///< 0: the whole source
  std::string text;
};

/// Says for each record which header plan it follows. A source's plan is chosen from its first records: the known plan
/// that reads most of them in full (at least half), else one detected from them. Where later lines stop fitting, a plan
/// is detected from these and added to it. Deterministic. Not thread-safe.
class PlanChooser {
 public:
  /// `known`: plans to try first. `fixed`: the first of them, whatever the lines look like.
  /// `fewest_lines`: 0: a source's first batch decides; else its first so many records do (`watch`), and each record
  /// until then goes by those seen so far.
  PlanChooser(std::vector<HeaderPlan> known, bool fixed, std::size_t sample_lines, std::size_t fewest_lines = 0);

  /// The plans of the batch's records; `records` must not be empty and holds records of one source.
  std::vector<PlanSpan> plans_for(const RecordBatch& records);
  /// Plans in use, by source.
  [[nodiscard]] std::vector<HeaderPlan> used() const;
  /// What is worth telling, once; forgets it.
  std::vector<PlanNote> take_notes();
  /// Sources whose lines hardly ever fit the one plan that was given.
  [[nodiscard]] std::vector<PlanNote> misfits() const;

 private:
  using Plan = std::shared_ptr<const HeaderPlan>;
  struct Source {
    Plan plan;                       // nothing: not decided yet
    std::vector<std::string> first;  // records seen until then
    std::optional<LayoutMonitor> monitor;
  };

  void decide(Source& source, const std::vector<std::string_view>& lines);
  Plan choose(const std::vector<std::string_view>& lines);
  /// The known plan that reads most of the lines in full, if it reads half of them; else null.
  [[nodiscard]] Plan best_known(const std::vector<std::string_view>& lines) const;
  Plan undecided(Source& source, std::string_view line);
  void change(SourceId id, Source& source, LayoutMonitor::Change found);

  std::vector<Plan> known_;
  std::map<SourceId, Source> sources_;
  std::vector<PlanNote> notes_;
  bool fixed_;
  std::size_t sample_lines_;
  std::size_t fewest_lines_;
};

/// Records of one input with what is known of it, ready for LineParser. `records` must not be empty.
[[nodiscard]] PlannedBatch plan_batch(RecordBatch records, const RecordSource& source, PlanChooser& chooser);

/// "app.log:120001: the header format changed; ...".
[[nodiscard]] std::string note_text(const PlanNote& note, const std::string& source_name);

}  // namespace logdetect
