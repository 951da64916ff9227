#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/detection/options.h"

namespace logdetect {

/// How well a finding fits into an incident. Compared by kinship, then by nearness.
struct Affinity {
  enum class Kin : std::uint8_t { kNear, kHost, kComponent, kTemplate, kSession };
  Kin kin = Kin::kNear;
  Micros distance = 0;

  [[nodiscard]] bool better_than(const Affinity& other) const {
    return kin != other.kin ? kin > other.kin : distance < other.distance;
  }
};

/// Where a finding stands on the axis that incidents are cut from. With any time: microseconds, and sources share one
/// axis. Without: lines of one source, stretched so that kUntimedGapLines lines are as long as gap_seconds.
struct Coordinate {
  Micros at = 0;
  bool timed = false;
  std::string source;  ///< when not timed
};
inline constexpr std::int64_t kUntimedGapLines = 50;
Coordinate coordinate_of(const Finding& finding, const IncidentOptions& options);

/// True for findings well above the threshold: surprise at least 1.5 thresholds, or 1.2 for lines at ERROR or worse. A
/// detector's false alarms are mostly weak, since their excess over the threshold falls off exponentially.
bool is_strong(const Finding& finding);

/// True for findings that call themselves neither errors nor warnings: new or odd, but calm.
bool is_calm(const Finding& finding);

/// Mean time between moments with strong findings, over about the last half hour: the local rate that an incident has
/// to stand out from. Not thread-safe.
class Background {
 public:
  /// Infinite (the greatest Micros) before there is any.
  [[nodiscard]] Micros mean_gap(Micros at) const;
  void add(Micros at);

 private:
  double per_micro_ = 0;
  Micros last_ = 0;
  bool any_ = false;
};

/// An incident that may still grow, by the rule of nearness.cc. Repeats of a template collapse with counts: the finding
/// kept has the place and the words of the first and takes the verdict and the reasons of the strongest. Not
/// thread-safe.
class OpenIncident {
 public:
  /// Begins where `first` is, which joins next. `sequence` rises with every finding offered; `usual_gap` is
  /// Background::mean_gap() now.
  OpenIncident(const Finding& first, const IncidentOptions& options, std::uint64_t sequence, Micros usual_gap);

  /// Nothing when the finding may not join. O(1).
  [[nodiscard]] std::optional<Affinity> affinity(const Finding& finding, const Coordinate& where,
                                                 Micros usual_gap) const;
  /// Returns what is kept of the finding, or null. What is written there until the next call of a function that is not
  /// const belongs to the incident.
  Finding* join(Finding finding, const Coordinate& where, std::uint64_t sequence);
  /// True when nothing at `where` or behind it can join.
  [[nodiscard]] bool is_over(const Coordinate& where) const;

  /// A deployment was announced: from then on it takes in what is new and calm, as long as it is calm itself.
  void deployed(Micros at) { deployed_at_ = std::max(deployed_at_.value_or(at), at); }
  [[nodiscard]] bool is_deployment() const { return deployed_at_.has_value() && news_; }
  [[nodiscard]] const std::string& id() const { return incident_.id; }
  [[nodiscard]] std::uint64_t begun() const { return begun_; }
  [[nodiscard]] std::uint64_t touched() const { return touched_; }  ///< sequence of the last finding
  /// Replaces what is known of a bout of this incident; false when it has none of this id.
  bool update(const Finding& finding);
  /// The incident with severity, title and the indices of its first and worst finding. Call once.
  Incident close();

 private:
  /// A repeat that is stranger than the finding kept, whose verdict and reasons settle() takes over.
  struct Stronger {
    std::size_t kept;  // index into incident_.findings
    Finding finding;
  };

  [[nodiscard]] Micros distance(Micros at) const;
  [[nodiscard]] Micros patience(Micros at, Micros usual_gap) const;
  [[nodiscard]] Micros local_reach() const;
  [[nodiscard]] bool is_repeat(const Finding& finding) const;
  [[nodiscard]] bool belongs_calmly(const Finding& finding, Micros at) const;
  [[nodiscard]] bool bursts_with(TemplateId id) const;
  [[nodiscard]] bool lasts_quietly(Micros at) const;
  void extend(const Finding& finding, Micros at);
  Finding* collapse(Finding finding);
  Finding* keep(Finding finding);
  void settle();

  IncidentOptions options_;
  Micros gap_;
  Micros usual_gap_;  // when it began
  std::uint64_t begun_;
  std::uint64_t touched_;
  Incident incident_;
  Coordinate axis_;   // timed or not, and which source
  Micros begin_ = 0;  // first and last coordinate
  Micros end_ = 0;
  Micros anchor_ = 0;  // last strong finding; the first finding while there is none
  Micros last_new_kind_ = 0;
  Micros last_moment_ = 0;
  double mean_gap_ = 0;  // microseconds between moments, exponentially weighted
  std::uint64_t moments_ = 1;
  bool strong_ = false;
  bool habitual_ = true;               // every finding so far was habitual
  bool news_ = true;                   // every finding so far was calm and of a new template
  bool quiet_ = true;                  // every finding so far was quiet: calm by its level and known
  std::optional<Micros> deployed_at_;  // last start or new version

  std::unordered_map<std::uint64_t, std::size_t> kept_;        // by kind_key(): index into incident_.findings
  std::optional<Stronger> stronger_;                           // the last one, until it is settled
  std::unordered_set<std::uint64_t> dropped_;                  // kinds that are only counted
  std::unordered_set<std::string> open_bouts_;                 // ids of findings whose bout is not over
  std::unordered_map<std::uint64_t, std::size_t> open_kinds_;  // by kind_key(): how many of them
  std::unordered_set<TemplateId> templates_;
  std::unordered_set<TemplateId> strong_templates_;
  std::unordered_set<SessionId> sessions_;
  std::unordered_set<std::uint64_t> hosts_;       // hashes
  std::unordered_set<std::uint64_t> components_;  // hashes
};

}  // namespace logdetect
