#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/report/result_writer.h"

namespace logdetect::testing {

/// Keeps what it is handed, in order.
class RecordedResults : public ResultWriter {
 public:
  Result<void> begin(const RunHeader& /*header*/) override { return {}; }
  Result<void> finding(const Finding& finding) override {
    LD_TRY(refuse());
    findings.push_back(finding);
    return {};
  }
  Result<void> incident(const Incident& incident) override {
    LD_TRY(refuse());
    incidents.push_back(incident);
    return {};
  }
  Result<void> end(const RunSummary& /*summary*/) override { return {}; }

  std::vector<Finding> findings;
  std::vector<Incident> incidents;
  std::optional<std::size_t> room;  ///< so many calls more succeed; nothing: all do

 private:
  Result<void> refuse() {
    if (room && (*room)-- == 0) {
      return make_error(ErrorCode::kOutput, "no room");
    }
    return {};
  }
};

}  // namespace logdetect::testing
