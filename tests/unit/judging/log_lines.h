#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "logdetect/lexis/rfc3339.h"
#include "logdetect/reading/line_parser.h"
#include "unit/features/support.h"

namespace logdetect::testing {

/// The plan of the lines below.
inline const std::shared_ptr<const HeaderPlan>& line_plan() {
  static const std::shared_ptr<const HeaderPlan> plan = [] {
    auto compiled = compile_pattern("<time> <level> <host> <message>", "the test");
    LD_CHECK(compiled.ok(), "the pattern is right");
    return std::make_shared<const HeaderPlan>(std::move(compiled).value());
  }();
  return plan;
}

/// A small log as text, "2024-01-01T00:00:10Z INFO web-1 heartbeat ok", handed out batch by batch as a reader would.
class LogLines {
 public:
  explicit LogLines(std::string source = "app.log", std::uint16_t source_id = 0)
      : source_(std::move(source)), id_(source_id) {}

  /// A line `seconds` after EventScript::kStart.
  void add(double seconds, std::string_view message, std::string_view level = "INFO", std::string_view host = "web-1") {
    const Micros time = EventScript::kStart + static_cast<Micros>(seconds * 1e6);
    add_raw(format_rfc3339(time) + ' ' + std::string(level) + ' ' + std::string(host) + ' ' + std::string(message));
  }
  /// A line as it stands, perhaps without time and level.
  void add_raw(std::string_view line) {
    records_.append(line, {id_, offset_, ++line_, line.size() + 1}, 1, false);
    offset_ += line.size() + 1;
  }
  /// The lines added since the last call.
  [[nodiscard]] PlannedBatch take() {
    PlannedBatch planned;
    planned.records = std::exchange(records_, {});
    planned.plans = {{0, line_plan()}};
    planned.source_name = source_;
    planned.source = id_;
    return planned;
  }

 private:
  std::string source_;
  SourceId id_;
  RecordBatch records_;
  std::uint64_t offset_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace logdetect::testing
