#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/core/event.h"
#include "logdetect/report/output_choice.h"
#include "pipeline/row_writer.h"

namespace logdetect {

/// The rows of one `parse` in several formats, each at its destination. Not thread-safe.
class RowOutputs {
 public:
  /// Opens every destination and begins its rows. The formats are of row_format_table(). Errors: kOutput.
  static Result<RowOutputs> open(std::span<const OutputChoice> choices);

  /// As RowWriter::append(), and so are the others. Errors: those of the outputs.
  template <typename Text>
  Result<void> write(const Record& record, const Event& event, std::uint32_t revision,
                     std::span<const Parameter> parameters, Text template_text) {
    for (Route& route : routes_) {
      if (!route.rows.append(record, event, revision, parameters, template_text)) {
        LD_TRY(route.rows.finish());
      }
    }
    return {};
  }
  void prefetch(TemplateId id) const {
    for (const Route& route : routes_) {
      route.rows.prefetch(id);
    }
  }
  void prefetch_text(TemplateId id) const {
    for (const Route& route : routes_) {
      route.rows.prefetch_text(id);
    }
  }
  /// Writes what is held back and completes every output.
  Result<void> commit();

 private:
  struct Route {
    std::unique_ptr<Output> output;
    RowWriter rows;
  };
  std::vector<Route> routes_;
};

}  // namespace logdetect
