#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/report/output_choice.h"
#include "logdetect/report/output_set.h"
#include "pipeline/row_writer.h"

namespace logdetect {

/// The rows of one `parse` in several formats, each at its destination. The outputs belong to an OutputSet, which ends
/// them. Not thread-safe.
class RowOutputs {
 public:
  /// Opens every destination in `outputs`, which must outlive the result, and begins its rows. The formats are of
  /// row_format_table(). Errors: kOutput.
  static Result<RowOutputs> open(std::span<const OutputChoice> choices, OutputSet& outputs);

  /// As RowWriter::append(), and so are the others. Errors: those of the outputs.
  template <typename Text>
  Result<void> write(const Record& record, const Event& event, std::uint32_t revision,
                     std::span<const Parameter> parameters, Text template_text) {
    for (RowWriter& rows : routes_) {
      if (!rows.append(record, event, revision, parameters, template_text)) {
        LD_TRY(rows.finish());
      }
    }
    return {};
  }
  void prefetch(TemplateId id) const {
    for (const RowWriter& rows : routes_) {
      rows.prefetch(id);
    }
  }
  void prefetch_text(TemplateId id) const {
    for (const RowWriter& rows : routes_) {
      rows.prefetch_text(id);
    }
  }
  /// Writes what is held back. OutputSet::commit() follows.
  Result<void> finish();

 private:
  std::vector<RowWriter> routes_;
};

}  // namespace logdetect
