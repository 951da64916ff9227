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

Result<RowOutputs> RowOutputs::open(std::span<const OutputChoice> choices) {
  RowOutputs outputs;
  for (const OutputChoice& choice : choices) {
    const RowFormat* format = find_format(row_format_table(), choice.format.name);
    if (format == nullptr) {
      return make_error(ErrorCode::kInternal, "no format of rows " + std::string(choice.format.name));
    }
    LD_ASSIGN(std::unique_ptr<Output> output, choice.target.open(OutputMode::kReplace));
    RowWriter rows(*output, format->json);
    LD_TRY(rows.begin());
    outputs.routes_.push_back({std::move(output), std::move(rows)});
  }
  return outputs;
}

Result<void> RowOutputs::commit() {
  for (Route& route : routes_) {
    LD_TRY(route.rows.finish());
    LD_TRY(route.output->commit());
  }
  return {};
}

}  // namespace logdetect
