#include "logdetect/ingest/csv_table.h"

#include <csv.h>

#include <memory>
#include <utility>

#include "logdetect/base/file.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

struct ParserEnd {
  void operator()(csv_parser* parser) const { csv_free(parser); }
};

struct Reading {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
};

void take_field(void* text, std::size_t size, void* context) {
  static_cast<Reading*>(context)->row.emplace_back(static_cast<const char*>(text), size);
}

void take_row(int /*terminator*/, void* context) {
  auto* reading = static_cast<Reading*>(context);
  reading->rows.push_back(std::exchange(reading->row, {}));
}

}  // namespace

Result<std::size_t> CsvTable::column(std::string_view name) const {
  std::vector<std::string_view> known;
  std::string list;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == name) {
      return i;
    }
    known.push_back(columns[i]);
    list += (list.empty() ? "" : ", ") + columns[i];
  }
  const std::string_view near = nearest_name(name, known);
  return make_error(ErrorCode::kInput, "there is no column '" + std::string(name) + "'", path,
                    near.empty() ? "its columns are: " + list : "did you mean '" + std::string(near) + "'?");
}

Result<CsvTable> read_csv(const std::string& path) {
  LD_ASSIGN(const std::string bytes, read_file(path, kMaxBytes, ErrorCode::kInput));
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  csv_parser parser;
  if (csv_init(&parser, 0) != 0) {
    return make_error(ErrorCode::kInternal, "the CSV reader could not be set up", path);
  }
  const std::unique_ptr<csv_parser, ParserEnd> guard(&parser);
  Reading reading;
  if (csv_parse(&parser, text.data(), text.size(), take_field, take_row, &reading) != text.size() ||
      csv_fini(&parser, take_field, take_row, &reading) != 0) {
    return make_error(ErrorCode::kInput, std::string("not a CSV file: ") + csv_strerror(csv_error(&parser)), path);
  }
  if (reading.rows.empty()) {
    return make_error(ErrorCode::kInput, "the file is empty", path, "its first line must name the columns");
  }
  CsvTable table;
  table.path = path;
  table.columns = std::move(reading.rows.front());
  table.rows.assign(std::make_move_iterator(reading.rows.begin() + 1), std::make_move_iterator(reading.rows.end()));
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (table.rows[i].size() > table.columns.size()) {
      return make_error(ErrorCode::kInput,
                        "row " + std::to_string(i + 2) + " has " + std::to_string(table.rows[i].size()) +
                            " fields, the header line " + std::to_string(table.columns.size()),
                        path);
    }
    table.rows[i].resize(table.columns.size());
  }
  return table;
}

}  // namespace logdetect
