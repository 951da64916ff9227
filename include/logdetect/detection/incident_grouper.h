#pragma once

#include <memory>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/detection/options.h"

namespace logdetect {

/// Joins findings, offered in order of arrival, into incidents: near in time relative to the local rate of findings (at
/// most gap_seconds) and sharing a host, a session, a component or templates that move together. Repeats of a template
/// collapse with counts. Event time rules; findings without any time are joined by nearness in line numbers.
/// Memory is bounded by max_open x max_findings. Not thread-safe.
class IncidentGrouper {
 public:
  explicit IncidentGrouper(const IncidentOptions& options);
  ~IncidentGrouper();

  /// Adds a finding; returns the id of the incident it joined or began.
  std::string add(Finding finding);
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

/// Severity from the sum over distinct templates of their best surprise, in units of the threshold, and the worst level
/// (docs/how-it-works.md has the table).
Severity incident_severity(const Incident& incident);
/// A title from the data: component and the words of the worst template that normal templates lack.
std::string incident_title(const Incident& incident);
/// "F-" + 12 hex digits over the model id, the source position and the bytes of the record.
std::string finding_id(std::string_view model_id, const SourcePosition& position, std::string_view record);

}  // namespace logdetect
