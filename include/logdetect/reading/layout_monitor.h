#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/core/record.h"
#include "logdetect/parsing/header.h"

namespace logdetect {

/// Watches whether a source's lines go on looking like its header plan. One record in sixteen is cut; when more of them
/// do not fit than the plan's own sample let expect, the next 256 are all looked at, and a plan is detected from those
/// that do not fit. What is decided depends on the sequence of records alone, not on how it is divided into batches.
/// Cost: about a sixteenth of cutting the headers; attempts that lead nowhere come ever more seldom. Not thread-safe.
class LayoutMonitor {
 public:
  /// `searching`: false to count only how many lines fit.
  LayoutMonitor(std::shared_ptr<const HeaderPlan> plan, bool searching);

  /// A new layout that was found.
  struct Change {
    std::shared_ptr<const HeaderPlan> plan;  ///< reads old and new lines
    std::string layout;                      ///< of the new lines, for people
    std::uint64_t line = 0;                  ///< the first line seen that did not fit
  };
  /// Call for every record of the source, in order. A change holds from the next record on.
  std::optional<Change> see(const Record& record);

  /// Records cut so far, and how many of them fit.
  [[nodiscard]] std::uint64_t looked_at() const { return looked_at_; }
  [[nodiscard]] std::uint64_t fitting() const { return fitting_; }

 private:
  enum class Mode : std::uint8_t { kSampling, kCollecting };

  bool misses(std::string_view text);
  void end_window();
  std::optional<Change> end_collecting();
  void follow(std::shared_ptr<const HeaderPlan> plan);

  std::shared_ptr<const HeaderPlan> plan_;
  HeaderParser parser_;
  Arena scratch_;
  bool searching_ = true;
  double expected_ = 0;    // share of lines that do not fit anyway
  bool headless_ = false;  // the plan knows no header: a line with one does not fit
  Mode mode_ = Mode::kSampling;
  std::uint64_t seen_ = 0;
  std::uint64_t next_attempt_ = 0;  // not before so many records were seen
  std::uint64_t pause_ = 0;         // the last wait between attempts
  std::size_t window_ = 0;          // looked at in this window or while collecting
  std::size_t missed_ = 0;          // of them
  std::vector<std::string> lines_;  // collected ones that do not fit
  std::uint64_t first_missed_ = 0;  // line number of the first of them
  std::uint64_t looked_at_ = 0;
  std::uint64_t fitting_ = 0;
};

}  // namespace logdetect
