#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/detection/options.h"

namespace logdetect {

/// What became of a finding that was added.
struct Joined {
  std::string incident_id;  ///< of the incident that it joined or began
  /// The finding as the aggregator keeps it: the first of its kind in the incident, or one that is clearly stranger
  /// than the one kept so far. What is costly about it (message, template text, detectors, reasons, context) may be
  /// filled in here until the next call of the aggregator, and is part of the incident then. Null: the finding only
  /// counts.
  Finding* kept = nullptr;
};

/// Joins findings, offered in order of arrival, into incidents. Not thread-safe.
class Aggregator {
 public:
  Aggregator() = default;
  Aggregator(const Aggregator&) = delete;
  Aggregator& operator=(const Aggregator&) = delete;
  virtual ~Aggregator() = default;

  /// Takes a finding into the incident where it belongs, or begins one with it.
  virtual Joined add(Finding finding) = 0;
  /// More is known of a bout that was added: of the finding with this id the bout, the verdict, the reasons and the
  /// last time are replaced, if its incident is open still. An incident stays open while a bout of it is not over.
  virtual void update(const Finding& finding) = 0;
  /// A line announced a start or a new version, whether anything is odd about it or not. Only for findings with time.
  virtual void deployment(Micros at) = 0;
  /// Event time moved on: incidents that no later finding can join are closed.
  virtual void advance(Micros now) = 0;
  /// Incidents closed since the last call, in order of their first event.
  virtual std::vector<Incident> take_closed() = 0;
  /// Closes everything.
  virtual void finish() = 0;
};

/// A row of the table of aggregators; the table is generated from the list in src/detection/CMakeLists.txt.
struct AggregatorEntry {
  std::string_view name;     ///< value of incidents.aggregator
  std::string_view summary;  ///< one line
  std::unique_ptr<Aggregator> (*make)(const IncidentOptions& options);
};

/// Every aggregator that was built in, in the order of the CMake list.
std::span<const AggregatorEntry> aggregator_table();
/// The aggregator that the options name, which must be in the table.
std::unique_ptr<Aggregator> make_aggregator(const IncidentOptions& options);

}  // namespace logdetect
