#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/detection/options.h"

namespace logdetect {

/// Fills in the costly parts of a finding.
using Completer = std::function<void(Finding&)>;

/// Joins findings, offered in order of arrival, into incidents: near in time relative to the local rate of findings (at
/// most gap_seconds) and sharing a host, a session, a component or templates that move together. Repeats of a template
/// collapse with counts; a collapsed finding keeps the place and the words of its first sight and takes the verdict and
/// the reasons of its strongest repeat.
///
/// The rule. A finding is strong from 1.5 thresholds of surprise on (1.2 at ERROR or worse). An incident is held open
/// by its strong findings; weak ones, which most false alarms are, ride along and never prolong it. Distance is time
/// since the last strong finding (since the first one while none was). Nothing joins from further than the incident's
/// patience: gap_seconds (half of it while nothing was strong), but at most 1.5 times the mean gap between moments with
/// strong findings in the half hour before the incident began (from its second half hour on: before now), and at least
/// 10 s. So where alarms come at a steady rate, an incident ends at a lull of that rate. Within the patience joins
///   - what shares a session, or repeats a template that was strong in it;
///   - a new template, while the incident still spreads and within its local reach: 8 mean gaps between its moments
///     (findings less than 1 s apart are one), between 30 s and gap_seconds; gap_seconds / 2 before there are 4
///     moments.
///       same component: within the reach, at most gap_seconds after the last new template;
///       same host (or file): within half the reach, at most gap_seconds / 2 after it;
///       nothing shared: within 10 s, at most 60 s after it.
///     A strong finding joins an incident of weak ones this way only within 10 s.
/// A bout joins while one of the same kind and template goes on, however near, and so does a session that ends with the
/// template of a burst.
/// What is no habit joins an incident of habits only within 10 s of its beginning, and if nothing is nearer kin; a
/// habit joins no incident of calm new templates. Of several incidents the closest kin wins, then the nearest in time,
/// then the older. An incident is cut at max_seconds.
///   New templates that are calm, calling themselves neither errors nor warnings, need not be near: an incident of such
/// findings alone waits, up to max_seconds, for repeats of its templates, so that the new greeting of a new version is
/// one thing to read; and after a line that tells of a start or a new version it takes in every calm new template for
/// deployment_seconds: a deployment, of severity low. Such a line need not be a finding itself: deployment() tells of
/// it. What is quiet (known, and calm by a level of its own; of a session by what weighs most in it) waits for its
/// repeats for half an hour from its beginning: the visits of one night are one incident.
///   Event time rules; a finding without a time of its own uses the one before it in its source; findings
/// without any time are joined by line numbers, where 50 lines count as gap_seconds.
///
/// Memory is bounded by max_open x max_findings. O(max_open) per finding. Not thread-safe.
class IncidentGrouper {
 public:
  explicit IncidentGrouper(const IncidentOptions& options);
  ~IncidentGrouper();

  /// Adds a finding; returns the id of the incident it joined or began.
  /// `complete` fills in what is costly (reasons, context) and is called only for a finding that is kept: the first of
  /// its template in the incident, or one that is clearly stranger than it.
  std::string add(
      Finding finding, const Completer& complete = [](Finding&) {});
  /// More is known of a bout that was added: of the finding with this id the bout, the verdict, the reasons and the
  /// last time are replaced, if its incident is open still. An incident stays open while a bout of it is not over.
  /// O(max_open).
  void update(const Finding& finding);
  /// A line announced a deployment, whether anything is odd about it or not: what is new and calm from then on, for
  /// deployment_seconds, is one incident of severity low. Only for findings with time.
  void deployment(Micros at);
  /// Event time moved on: incidents that no later finding can join are closed.
  void advance(Micros now);
  /// Incidents closed since the last call, in order of their first event.
  std::vector<Incident> take_closed();
  /// Closes everything.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Severity from the sum S over distinct templates of their best surprise, in units of the threshold (each counted with
/// at most 4; a line and a session that ends with its template are one, each bout is one of its own), and the worst
/// level among all that count; habitual findings count only where all are. A line without a level counts as WARNING,
/// for nothing is known. O(n log n).
///
///     S            below WARNING   WARNING   ERROR      CRITICAL, FATAL
///     below 2      low             low       medium     high
///     2 to 4       low             medium    medium     high
///     4 to 6       medium          medium    high       critical
///     6 and more   medium          high      critical   critical
///
/// A deployment is low. Else it never falls when a finding is added, or one gets stronger, unless news joins habits.
Severity incident_severity(const Incident& incident);

/// A title from the data: the component, if any, and up to 6 words in a row of the worst template, chosen so that most
/// of them are missing from the nearest normal template; placeholders are left out. Of a session that lacks a step, or
/// has too few of it, the words of the step. Raw bytes, at most 72 columns, never empty.
std::string incident_title(const Incident& incident);

/// "F-" + 12 hex digits over the model id, the offset and line of the record and its bytes.
std::string finding_id(std::string_view model_id, const SourcePosition& position, std::string_view record);

}  // namespace logdetect
