#include <algorithm>
#include <limits>
#include <utility>

#include "detection/aggregators/open_incident.h"
#include "logdetect/detection/aggregator.h"

namespace logdetect {
namespace {

// Joins findings that are near in time, relative to the local rate of findings (at most gap_seconds), and share a host,
// a session, a component or templates that move together.
//
// The rule. A finding is strong from 1.5 thresholds of surprise on (1.2 at ERROR or worse). An incident is held open
// by its strong findings; weak ones, which most false alarms are, ride along and never prolong it. Distance is time
// since the last strong finding (since the first one while none was). Nothing joins from further than the incident's
// patience: gap_seconds (half of it while nothing was strong), but at most 1.5 times the mean gap between moments with
// strong findings in the half hour before the incident began (from its second half hour on: before now), and at least
// 10 s. So where alarms come at a steady rate, an incident ends at a lull of that rate. Within the patience joins
//   - what shares a session, or repeats a template that was strong in it;
//   - a new template, while the incident still spreads and within its local reach: 8 mean gaps between its moments
//     (findings less than 1 s apart are one), between 30 s and gap_seconds; gap_seconds / 2 before there are 4
//     moments.
//       same component: within the reach, at most gap_seconds after the last new template;
//       same host (or file): within half the reach, at most gap_seconds / 2 after it;
//       nothing shared: within 10 s, at most 60 s after it.
//     A strong finding joins an incident of weak ones this way only within 10 s.
// A bout joins while one of the same kind and template goes on, however near, and so does a session that ends with the
// template of a burst.
// What is no habit joins an incident of habits only within 10 s of its beginning, and if nothing is nearer kin; a
// habit joins no incident of calm new templates. Of several incidents the closest kin wins, then the nearest in time,
// then the older. An incident is cut at max_seconds.
//   New templates that are calm, calling themselves neither errors nor warnings, need not be near: an incident of such
// findings alone waits, up to max_seconds, for repeats of its templates, so that the new greeting of a new version is
// one thing to read; and after a line that tells of a start or a new version it takes in every calm new template for
// deployment_seconds: a deployment, of severity low. Such a line need not be a finding itself: deployment() tells of
// it. What is quiet (known, and calm by a level of its own; of a session by what weighs most in it) waits for its
// repeats for half an hour from its beginning: the visits of one night are one incident.
//   Event time rules; a finding without a time of its own uses the one before it in its source; findings
// without any time are joined by line numbers, where 50 lines count as gap_seconds.
//
// Memory is bounded by max_open x max_findings. O(max_open) per finding.
class NearnessAggregator final : public Aggregator {
 public:
  explicit NearnessAggregator(const IncidentOptions& options) : options_(options) {}

  Joined add(Finding finding) override {
    const Coordinate where = coordinate_of(finding, options_);
    const std::uint64_t sequence = sequence_++;
    if (!where.timed) {
      // No clock tells that these are over, only the lines of their source.
      close_if([&](const OpenIncident& incident) { return incident.is_over(where); });
    }
    // Lines are no clock: without time nothing is known of a usual rate.
    const Micros usual_gap = where.timed ? background_.mean_gap(where.at) : std::numeric_limits<Micros>::max();
    if (where.timed && is_strong(finding)) {
      background_.add(where.at);
    }
    OpenIncident* incident = best_for(finding, where, usual_gap);
    if (incident == nullptr) {
      make_room();
      incident = &open_.emplace_back(finding, options_, sequence, usual_gap);
      if (follows_deployment(finding, where)) {
        incident->deployed(*announced_);
      }
    }
    return {incident->id(), incident->join(std::move(finding), where, sequence)};
  }

  void update(const Finding& finding) override {
    for (OpenIncident& incident : open_) {
      if (incident.update(finding)) {
        return;
      }
    }
  }

  void deployment(Micros at) override {
    announced_ = std::max(announced_.value_or(at), at);
    for (OpenIncident& incident : open_) {
      if (incident.is_deployment()) {
        incident.deployed(at);
      }
    }
  }

  void advance(Micros now) override {
    const Coordinate where{now, true, {}};
    close_if([&](const OpenIncident& incident) { return incident.is_over(where); });
  }

  std::vector<Incident> take_closed() override {
    std::vector<Closed> closed = std::exchange(closed_, {});
    std::sort(closed.begin(), closed.end(), [](const Closed& a, const Closed& b) {
      return a.incident.first != b.incident.first ? a.incident.first < b.incident.first : a.begun < b.begun;
    });
    std::vector<Incident> incidents;
    incidents.reserve(closed.size());
    for (Closed& entry : closed) {
      incidents.push_back(std::move(entry.incident));
    }
    return incidents;
  }

  void finish() override {
    close_if([](const OpenIncident&) { return true; });
  }

 private:
  struct Closed {
    Incident incident;
    std::uint64_t begun;
  };

  // Closes the open incidents for which `over` holds.
  template <typename Over>
  void close_if(Over over) {
    for (OpenIncident& incident : open_) {
      if (over(incident)) {
        closed_.push_back({incident.close(), incident.begun()});
      }
    }
    std::erase_if(open_, over);
  }

  OpenIncident* best_for(const Finding& finding, const Coordinate& where, Micros usual_gap) {
    OpenIncident* best = nullptr;
    Affinity best_affinity;
    const bool deployed = follows_deployment(finding, where);
    for (OpenIncident& incident : open_) {
      const std::optional<Affinity> affinity = incident.affinity(finding, where, usual_gap);
      if (deployed && affinity && affinity->kin < Affinity::Kin::kTemplate) {
        continue;  // a deployment explains it better than what is merely near
      }
      if (affinity && (best == nullptr || affinity->better_than(best_affinity))) {
        best = &incident;
        best_affinity = *affinity;
      }
    }
    return best;
  }

  // What is new and calm after a deployment was announced, and may not be told apart from it.
  [[nodiscard]] bool follows_deployment(const Finding& finding, const Coordinate& where) const {
    return announced_ && where.timed && finding.new_template && is_calm(finding) && where.at >= *announced_ &&
           where.at - *announced_ <= options_.deployment_seconds * kMicrosPerSecond;
  }

  void make_room() {
    while (open_.size() >= std::max<std::size_t>(options_.max_open, 1)) {
      const auto quietest =
          std::min_element(open_.begin(), open_.end(),
                           [](const OpenIncident& a, const OpenIncident& b) { return a.touched() < b.touched(); });
      closed_.push_back({quietest->close(), quietest->begun()});
      open_.erase(quietest);
    }
  }

  const IncidentOptions options_;
  std::vector<OpenIncident> open_;  // in order of their beginning
  std::vector<Closed> closed_;
  Background background_;
  std::optional<Micros> announced_;  // the last deployment
  std::uint64_t sequence_ = 0;
};

}  // namespace

const AggregatorEntry& nearness_entry();
const AggregatorEntry& nearness_entry() {
  static constexpr AggregatorEntry kEntry{"nearness",
                                          "near in time, and sharing a session, a template, a component or a host",
                                          [](const IncidentOptions& options) -> std::unique_ptr<Aggregator> {
                                            return std::make_unique<NearnessAggregator>(options);
                                          }};
  return kEntry;
}

}  // namespace logdetect
