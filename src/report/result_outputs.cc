#include "logdetect/report/result_outputs.h"

#include <string>
#include <utility>

namespace logdetect {

Result<ResultOutputs> ResultOutputs::open(std::span<const OutputChoice> choices, const ReportOptions& options,
                                          OutputMode mode, OutputSet& outputs) {
  ResultOutputs results;
  for (const OutputChoice& choice : choices) {
    const FormatEntry* format = find_format(format_table(), choice.format.name);
    if (format == nullptr) {
      return make_error(ErrorCode::kInternal, "no format " + std::string(choice.format.name));
    }
    ReportOptions own = options;
    own.coloured = choice.coloured;
    LD_ASSIGN(Output* const output, outputs.open(choice.target, mode));
    results.routes_.push_back({format->for_people, format->make(own, *output)});
  }
  return results;
}

Result<void> ResultOutputs::begin(const RunHeader& header) {
  for (Route& route : routes_) {
    LD_TRY(route.writer->begin(header));
  }
  return {};
}

Result<void> ResultOutputs::finding(const Finding& finding) {
  for (Route& route : routes_) {
    LD_TRY(route.writer->finding(finding));
  }
  return {};
}

Result<void> ResultOutputs::incident(const Incident& incident) {
  for (Route& route : routes_) {
    LD_TRY(route.writer->incident(incident));
  }
  return {};
}

Result<void> ResultOutputs::end(const RunSummary& summary) {
  for (Route& route : routes_) {
    LD_TRY(route.writer->end(summary));
  }
  return {};
}

Result<void> ResultOutputs::end_early(const RunSummary& summary) {
  for (Route& route : routes_) {
    if (route.for_people) {
      LD_TRY(route.writer->end(summary));
    }
  }
  return {};
}

}  // namespace logdetect
