#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "logdetect/report/options.h"
#include "logdetect/report/output.h"
#include "logdetect/report/result_writer.h"

namespace logdetect {

/// What is known of a format without looking at its name.
struct FormatInfo {
  std::string_view name;  ///< "jsonl"
  std::string_view summary;
  bool for_people = false;  ///< read by people: it keeps results back to sort them, and tells of the run itself
  bool streams = false;     ///< each record stands alone, so that a run without end can write it
};

/// A row of the table of formats; generated from the list in src/report/CMakeLists.txt. The first is the default.
struct FormatEntry : FormatInfo {
  /// `output` must outlive the writer.
  std::unique_ptr<ResultWriter> (*make)(const ReportOptions& options, Output& output) = nullptr;
};
std::span<const FormatEntry> format_table();

/// The entry of that name in `table`, or null.
template <typename Entry>
const Entry* find_format(std::span<const Entry> table, std::string_view name) {
  for (const Entry& entry : table) {
    if (entry.name == name) {
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace logdetect
