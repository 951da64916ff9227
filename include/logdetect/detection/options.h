#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "logdetect/base/range.h"

namespace logdetect {

/// When findings join into one incident.
struct IncidentOptions {
  static constexpr Range<std::int64_t> kGapRange{1, 86'400};         ///< seconds; a day
  static constexpr Range<std::int64_t> kLengthRange{1, 2'592'000};   ///< seconds; 30 days
  static constexpr Range<std::int64_t> kDeploymentRange{0, 86'400};  ///< seconds; a day
  static constexpr Range<std::size_t> kFindingsRange{1, 100'000};    ///< a report of more nobody reads
  static constexpr Range<std::size_t> kOpenRange{1, 10'000};         ///< each is asked for every finding

  std::string aggregator = "nearness";      ///< a name of aggregator_table()
  std::int64_t gap_seconds = 300;           ///< the largest gap inside an incident; the local rate may ask for less
  std::int64_t max_seconds = 14'400;        ///< an incident is cut at this length
  std::int64_t deployment_seconds = 1'800;  ///< after a start or a new version, calm new templates belong to it
  std::string deploy_marker;                ///< pattern (RE2) of records that announce a deployment; empty: none
  std::size_t max_findings = 200;           ///< findings kept per incident
  std::size_t max_open = 64;                ///< open incidents; beyond it the quietest is closed
};

}  // namespace logdetect
