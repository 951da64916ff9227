#include "pipeline/labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "logdetect/base/text.h"
#include "logdetect/ingest/csv_table.h"
#include "logdetect/lexis/char_class.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

std::string place(const CsvTable& table, std::size_t row) {
  return table.path + ":" + std::to_string(row + 2);  // the header is line 1
}

Result<bool> read_label(const CsvTable& table, std::size_t row, std::size_t column) {
  constexpr std::array<std::string_view, 6> kYes = {"1", "true", "yes", "anomaly", "anomalous", "abnormal"};
  constexpr std::array<std::string_view, 5> kNo = {"0", "false", "no", "normal", ""};
  std::string word = table.rows[row][column];
  std::transform(word.begin(), word.end(), word.begin(), to_lower);
  if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) {
    return true;
  }
  if (std::find(kNo.begin(), kNo.end(), word) != kNo.end()) {
    return false;
  }
  return make_error(ErrorCode::kInput, "'" + table.rows[row][column] + "' is no label", place(table, row),
                    "1 or 0, true or false, anomaly or normal");
}

Result<std::uint64_t> read_line_number(const CsvTable& table, std::size_t row, std::size_t column) {
  const std::string& text = table.rows[row][column];
  std::uint64_t line = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
  if (error != std::errc{} || end != text.data() + text.size() || line == 0) {
    return make_error(ErrorCode::kInput, "'" + text + "' is no line number", place(table, row), "lines count from 1");
  }
  return line;
}

std::optional<std::size_t> find_column(const CsvTable& table, std::string_view name) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), name);
  return found == table.columns.end()
             ? std::nullopt
             : std::optional<std::size_t>(static_cast<std::size_t>(found - table.columns.begin()));
}

}  // namespace

Result<LineLabels> LineLabels::read(const std::string& path) {
  LD_ASSIGN(const CsvTable table, read_csv(path));
  LD_ASSIGN(const std::size_t line_column, table.column("line"));
  LD_ASSIGN(const std::size_t label_column, table.column("label"));
  const std::optional<std::size_t> category_column = find_column(table, "category");
  const std::optional<std::size_t> source_column = find_column(table, "source");
  LineLabels labels;
  labels.categories_ = {""};
  std::unordered_map<std::string, std::uint16_t> category_index = {{"", 0}};
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    LD_ASSIGN(const std::uint64_t line, read_line_number(table, row, line_column));
    Label label;
    LD_ASSIGN(label.anomalous, read_label(table, row, label_column));
    if (category_column && label.anomalous) {
      const std::string& name = table.rows[row][*category_column];
      // Categories beyond the bound are counted under none.
      if (labels.categories_.size() < std::numeric_limits<std::uint16_t>::max()) {
        const auto [entry, fresh] =
            category_index.try_emplace(name, static_cast<std::uint16_t>(labels.categories_.size()));
        if (fresh) {
          labels.categories_.push_back(name);
        }
        label.category = entry->second;
      }
    }
    Lines& lines = labels.by_source_[source_column ? table.rows[row][*source_column] : ""];
    if (!lines.try_emplace(line, Row{label}).second) {
      return make_error(ErrorCode::kInput, "line " + std::to_string(line) + " is labelled twice", place(table, row),
                        "with several inputs, add a column 'source'");
    }
    ++labels.count_;
  }
  return labels;
}

LineLabels::Label LineLabels::find(const std::string& source, std::uint64_t first, std::uint64_t last, bool& known) {
  Label found;
  known = false;
  auto lines = by_source_.find(source);
  // Labels without a column "source" are of whatever input there is.
  lines = lines == by_source_.end() ? by_source_.find("") : lines;
  if (lines == by_source_.end()) {
    return found;
  }
  // A label names a line; the record that holds it may be a stack trace.
  for (std::uint64_t line = first; line <= last; ++line) {
    const auto row = lines->second.find(line);
    if (row == lines->second.end()) {
      continue;
    }
    known = true;
    seen_ += row->second.seen ? 0 : 1;
    row->second.seen = true;
    if (row->second.label.anomalous && !found.anomalous) {
      found = row->second.label;
    }
  }
  return found;
}

Result<std::unordered_map<std::string, bool>> read_session_labels(const std::string& path) {
  LD_ASSIGN(const CsvTable table, read_csv(path));
  LD_ASSIGN(const std::size_t session_column, table.column("session"));
  LD_ASSIGN(const std::size_t label_column, table.column("label"));
  std::unordered_map<std::string, bool> labels;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    LD_ASSIGN(const bool anomalous, read_label(table, row, label_column));
    if (!labels.try_emplace(table.rows[row][session_column], anomalous).second) {
      return make_error(ErrorCode::kInput, "session '" + table.rows[row][session_column] + "' is labelled twice",
                        place(table, row));
    }
  }
  return labels;
}

Result<std::vector<Fault>> read_faults(const std::string& path) {
  LD_ASSIGN(const CsvTable table, read_csv(path));
  LD_ASSIGN(const std::size_t begin_column, table.column("begin"));
  LD_ASSIGN(const std::size_t end_column, table.column("end"));
  const std::optional<std::size_t> name_column = find_column(table, "name");
  std::vector<Fault> faults;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    Fault fault;
    fault.name = name_column ? table.rows[row][*name_column] : "fault " + std::to_string(row + 1);
    for (const auto& [column, time] :
         {std::pair(begin_column, &fault.span.first), std::pair(end_column, &fault.span.last)}) {
      if (!parse_time_argument(table.rows[row][column], 0, *time)) {
        return make_error(ErrorCode::kInput, "'" + table.rows[row][column] + "' is no time", place(table, row),
                          "RFC 3339, such as 2024-01-15T03:42:18Z");
      }
    }
    if (fault.span.last < fault.span.first) {
      return make_error(ErrorCode::kInput, "the fault ends before it begins", place(table, row));
    }
    faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace logdetect
