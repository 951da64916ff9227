#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// A small CSV file with a header line, whole in memory: labels, not logs.
struct CsvTable {
  std::string path;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`; short rows are filled with ""

  /// Index of the column. Errors: kInput, with the columns there are, or the nearest name.
  [[nodiscard]] Result<std::size_t> column(std::string_view name) const;
};

/// Reads RFC 4180 CSV: quoted fields, any line end; a byte order mark and blank lines are skipped. At most 1 GiB.
/// Errors: kInput when it cannot be read, has no header line, or a row has more fields than the header ("file:row").
Result<CsvTable> read_csv(const std::string& path);

}  // namespace logdetect
