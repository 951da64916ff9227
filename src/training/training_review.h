#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/detection/allow_list.h"
#include "logdetect/learned/model.h"
#include "logdetect/models/options.h"
#include "logdetect/training/train.h"

namespace logdetect {

/// What a model would flag of its own training.
struct ReviewResult {
  static constexpr std::size_t kMostCards = 100;  ///< a person reads no more

  std::vector<OddTemplate> odd;       ///< a card for each of the strangest, strangest first, at most kMostCards
  std::uint64_t flagged = 0;          ///< templates, those without a card included
  std::uint64_t habits = 0;           ///< beside them: came in slice after slice of training
  std::uint64_t acknowledged = 0;     ///< beside them too: an allow rule covers them
  std::vector<std::string> taken_in;  ///< ids of rules that the model has taken in
};

/// Finds what a model would flag of its own training: one card per template.
///
/// Rows of training are of no use for that: in them the first sight of every template is new, and what is rare is only
/// known at the end. So of each template the strangest line is kept while rows go by (by all that is odd about it
/// beside the template itself), and judged at the end as a scan with the finished model would judge it on its own.
/// Costs a few additions per line, and one scored row per template, instead of a further pass over the log. Of a
/// template all of whose lines are flagged none is missed; of one that is common, a line whose oddness lies in the
/// lines around it is.
///
/// Memory: at most 3 kMessageBytes and an event for each template. Not thread-safe.
class TrainingReview {
 public:
  static constexpr std::size_t kMessageBytes = 512;

  explicit TrainingReview(const FeatureSchema& schema);

  /// One line of the training span; its template is a compacted one.
  void offer(const Event& event, std::span<const float> row, const Header& header);

  /// What `model` flags of it. Habits and what a rule of `allowed` covers are left out and counted. Templates from id
  /// `first_new` on are those that an update added: the rules that cover such a one, and nothing that is flagged, are
  /// taken in.
  [[nodiscard]] ReviewResult finish(const Model& model, const ThresholdOptions& options, const AllowList& allowed,
                                    std::size_t first_new) const;

 private:
  struct Seen {
    std::uint64_t count = 0;
    Micros first = 0;
    Micros last = 0;
    float oddness = -1;
    Event event;  ///< the strangest
    std::string message;
    std::string host;
    std::string component;
  };
  std::vector<std::size_t> columns_;  ///< that make a line odd, whatever its template
  std::vector<Seen> seen_;            ///< by template
};

}  // namespace logdetect
