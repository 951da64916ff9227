#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/detection/metrics.h"

namespace logdetect {

/// Labels of lines, by line number; of one input, or of several told apart by name.
class LineLabels {
 public:
  struct Label {
    bool anomalous = false;
    std::uint16_t category = 0;  ///< index into categories()
  };
  /// Reads columns line, label; category and source where they are. Errors: kInput.
  static Result<LineLabels> read(const std::string& path);

  /// The label of a record that spans lines first..last: anomalous if one of them is. Marks them as seen; `known` is
  /// false when none of them has a label.
  Label find(const std::string& source, std::uint64_t first, std::uint64_t last, bool& known);

  [[nodiscard]] const std::vector<std::string>& categories() const { return categories_; }
  /// Labels no record asked for.
  [[nodiscard]] std::uint64_t unseen() const { return count_ - seen_; }

 private:
  struct Row {
    Label label;
    bool seen = false;
  };
  using Lines = std::unordered_map<std::uint64_t, Row>;
  std::map<std::string, Lines> by_source_;  ///< "" when the file has no column "source"
  std::vector<std::string> categories_;
  std::uint64_t count_ = 0;
  std::uint64_t seen_ = 0;
};

/// Reads columns session, label. Errors: kInput.
Result<std::unordered_map<std::string, bool>> read_session_labels(const std::string& path);

struct Fault {
  std::string name;
  TimeSpan span;
};
/// Reads columns begin, end (RFC 3339 or "YYYY-MM-DD HH:MM:SS", UTC) and name where it is. Errors: kInput.
Result<std::vector<Fault>> read_faults(const std::string& path);

}  // namespace logdetect
