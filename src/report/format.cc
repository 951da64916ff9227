#include "logdetect/report/result_writer.h"

#include "logdetect/base/text.h"

namespace logdetect {

Result<std::unique_ptr<ResultWriter>> make_result_writer(const ReportOptions& options, Output& output) {
  std::vector<std::string_view> names;
  for (const FormatEntry& entry : format_table()) {
    if (entry.name == options.format) {
      return entry.make(options, output);
    }
    names.push_back(entry.name);
  }
  std::string hint;
  if (const std::string_view nearest = nearest_name(options.format, names); !nearest.empty()) {
    hint = "did you mean \"" + std::string(nearest) + "\"?";
  } else {
    hint = "one of";
    for (const std::string_view name : names) {
      hint += (name == names.front() ? " " : ", ") + std::string(name);
    }
  }
  return make_error(ErrorCode::kUsage, "unknown output format \"" + escape_for_terminal(options.format) + "\"",
                    "--format", std::move(hint));
}

}  // namespace logdetect
