#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/core/record.h"
#include "logdetect/parsing/header.h"

namespace logdetect::testing_support {

/// "2024-01-15 03:42:17 INFO server: request 7 was served".
inline std::string dated_line(int i) {
  return "2024-01-15 03:42:" + std::to_string(10 + i % 50) + " INFO server: request " + std::to_string(i) +
         (i % 2 == 0 ? " was served" : " came too late");
}

/// "Mar  4 08:00:17 orchid cron[7]: item 49 came back".
inline std::string syslog_line(int i) {
  return "Mar  4 08:00:" + std::to_string(10 + i % 50) + " orchid " +
         (i % 3 == 0 ? "kernel" : "cron[" + std::to_string(i) + "]") + ": item " + std::to_string(i * 7) +
         (i % 2 == 0 ? " was moved" : " came back");
}

/// "2024-01-15 03:42:17 [WARN] box 7 is full".
inline std::string bracketed_line(int i) {
  return "2024-01-15 03:42:" + std::to_string(10 + i % 50) + " [WARN] box " + std::to_string(i) + " is full";
}

/// Words without a header.
inline std::string plain_line(int i) {
  return (i % 2 == 0 ? "the rest was moved to shelf " : "nobody came for box ") + std::to_string(i);
}

/// n lines from a function of their number.
inline std::vector<std::string> lines_of(std::string (*line)(int), int n) {
  std::vector<std::string> lines;
  for (int i = 0; i < n; ++i) {
    lines.push_back(line(i));
  }
  return lines;
}

/// The plan detected from such lines.
inline HeaderPlan plan_of(std::string (*line)(int)) {
  const std::vector<std::string> lines = lines_of(line, 200);
  return detect_header(std::vector<std::string_view>(lines.begin(), lines.end()));
}

/// The plan of a pattern such as "<time> <level> <component>: <message>".
inline std::shared_ptr<const HeaderPlan> plan_of_pattern(std::string_view pattern) {
  auto plan = compile_pattern(pattern, "test");
  EXPECT_TRUE(plan.ok()) << pattern;
  return std::make_shared<const HeaderPlan>(std::move(plan).value());
}

/// Records of one line each, numbered from 1.
inline RecordBatch batch_of(SourceId source, const std::vector<std::string>& lines) {
  RecordBatch batch;
  std::uint64_t number = 0;
  for (const std::string& line : lines) {
    batch.append(line, {source, 0, ++number, line.size() + 1}, 1, false);
  }
  return batch;
}

}  // namespace logdetect::testing_support
