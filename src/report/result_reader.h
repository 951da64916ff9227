#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/finding.h"

namespace logdetect {

/// What a saved result says about one id.
struct FoundRecord {
  std::vector<std::string> detector_names;  ///< by DetectorId
  std::optional<Finding> finding;           ///< one of these two is set
  std::optional<Incident> incident;         ///< with its findings, and the indices of the first and the worst
  std::vector<Finding> related;             ///< for a finding: the others of its incident, at most 1000
};

/// Finds `id`, or the only id it begins ("F-1a2b": at least 4 hex digits, upper or lower case), in the bytes of a json
/// or jsonl result. Fields that are missing or of another type are left at their defaults; unknown fields are skipped.
/// Errors: kInput with the line when it is not a result, nested too deeply or cut off; kUsage for an id that is not in
/// it or not unique, with what it does hold as hint.
/// Cost: one pass of JSON parsing for jsonl with one record in memory, and one more for the related findings; the whole
/// document in memory for json.
Result<FoundRecord> find_record(std::string_view result, std::string_view id);

}  // namespace logdetect
