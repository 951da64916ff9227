#pragma once

#include <span>
#include <string>
#include <string_view>

#include "logdetect/core/finding.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// Name of the contract that docs/json-schema.md describes.
inline constexpr std::string_view kResultSchema = "logdetect.finding/1";

/// Each appends one JSON object on one line, without a line end. Field names and meaning: docs/json-schema.md.
/// Thread-safe.
void append_header_json(std::string& out, const RunHeader& header);
/// `incident`: the id for a finding that does not carry one itself; may be empty. `detector_names`: by DetectorId.
void append_finding_json(std::string& out, const Finding& finding, std::string_view incident,
                         std::span<const std::string> detector_names);
void append_incident_json(std::string& out, const Incident& incident);
void append_summary_json(std::string& out, const RunSummary& summary);

/// Name of a detector by its id, or "detector_<id>" when the header does not name it.
std::string detector_label(DetectorId id, std::span<const std::string> names);

}  // namespace logdetect
