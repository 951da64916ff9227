#include "pipeline/row_outputs.h"

#include <array>
#include <string>
#include <utility>

#include "logdetect/pipeline/parse.h"

namespace logdetect {

std::span<const RowFormat> row_format_table() {
  static constexpr std::array<RowFormat, 2> kTable = {
      {{{"csv", "one row a record, for spreadsheets", false, false}, false},
       {{"jsonl", "JSON Lines: one object a record", false, true}, true}}};
  return kTable;
}

Result<RowOutputs> RowOutputs::open(std::span<const OutputChoice> choices, OutputSet& outputs) {
  RowOutputs all;
  for (const OutputChoice& choice : choices) {
    const RowFormat* format = find_format(row_format_table(), choice.format.name);
    if (format == nullptr) {
      return make_error(ErrorCode::kInternal, "no format of rows " + std::string(choice.format.name));
    }
    LD_ASSIGN(Output* const output, outputs.open(choice.target, OutputMode::kReplace));
    RowWriter rows(*output, format->json);
    LD_TRY(rows.begin());
    all.routes_.push_back(std::move(rows));
  }
  return all;
}

Result<void> RowOutputs::finish() {
  for (RowWriter& rows : routes_) {
    LD_TRY(rows.finish());
  }
  return {};
}

}  // namespace logdetect
