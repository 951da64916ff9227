#pragma once

#include <span>
#include <string>

#include "logdetect/core/finding.h"
#include "report/style.h"

namespace logdetect {

/// How much of a finding a block shows.
enum class Detail {
  kBlock,  ///< as it happens: long text is cut to the width
  kFull,   ///< `explain`: the whole record, observed and expected, detectors, context
};

/// The block of one finding: score, time, place, line, factors, related findings. `detector_names`: by DetectorId; may
/// be empty. Ends with a line end.
std::string finding_block(const Finding& finding, std::span<const Finding> related,
                          std::span<const std::string> detector_names, const Style& style, Detail detail);

/// "Incident 1 (03:42:15 – 03:47:22): title [CRITICAL]"; `name` is "Incident 1". No line end.
std::string incident_headline(const Incident& incident, std::string_view name, const Style& style, bool with_date);

/// What an incident counts: "24 anomalous lines and 1 burst", "2 silences". A finding that was kept for its repeats
/// says of what kind they are.
std::string counted_findings(const Incident& incident);

/// The lines under the headline: how many findings and how it started, the worst line, why, the templates with counts
/// (at most `templates`), the id. Each ends with a line end.
std::string incident_body(const Incident& incident, const Style& style, std::size_t templates);

}  // namespace logdetect
