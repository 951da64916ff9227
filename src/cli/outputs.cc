#include "cli/outputs.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "cli/flags.h"
#include "cli/value_text.h"
#include "logdetect/pipeline/parse.h"

namespace logdetect {
namespace {

// What verbs write that tell of a model or of a comparison: one text for people, one for programs.
constexpr std::array<FormatInfo, 2> kAnswerFormats = {
    {{"text", "for people", true, false}, {"json", "one JSON document", false, false}}};

}  // namespace

std::vector<FormatInfo> formats_of(Verb verb) {
  std::vector<FormatInfo> formats;
  switch (verb) {
    case Verb::kScan:
      formats.assign(format_table().begin(), format_table().end());
      break;
    case Verb::kWatch:
      std::copy_if(format_table().begin(), format_table().end(), std::back_inserter(formats),
                   [](const FormatEntry& entry) { return entry.streams; });
      break;
    case Verb::kParse:
      formats.assign(row_format_table().begin(), row_format_table().end());
      break;
    case Verb::kModelInspect:
    case Verb::kModelDiff:
    case Verb::kEval:
    case Verb::kFormats:
      formats.assign(kAnswerFormats.begin(), kAnswerFormats.end());
      break;
    default:
      break;
  }
  return formats;
}

Result<FormatInfo> chosen_format(const Typed& typed) {
  const std::vector<FormatInfo> formats = formats_of(typed.verb);
  if (typed.format.empty()) {
    return formats.front();
  }
  std::vector<std::string_view> names;
  std::transform(formats.begin(), formats.end(), std::back_inserter(names),
                 [](const FormatInfo& format) { return format.name; });
  LD_ASSIGN(const std::size_t index, choose("--format", typed.format, names));
  return formats[index];
}

Result<std::vector<OutputChoice>> chosen_outputs(const Session& session) {
  const Typed& typed = session.typed;
  LD_ASSIGN(const FormatInfo usual, chosen_format(typed));
  const std::vector<FormatInfo> formats = formats_of(typed.verb);
  const std::vector<std::string> texts = typed.outputs.empty() ? std::vector<std::string>{"-"} : typed.outputs;
  LD_ASSIGN(std::vector<OutputChoice> outputs, read_outputs(texts, {formats, output_table(), usual.name}));
  for (OutputChoice& output : outputs) {
    // A file is no terminal, so only --color always colours it.
    const bool to_stdout = output.target.entry->scheme == kStandardOutputScheme;
    output.coloured = to_stdout ? session.terminal.colour_out : typed.color == "always";
  }
  return outputs;
}

Result<std::string> chosen_directory(const Typed& typed) {
  const std::string example = "logdetect " + std::string(verb_spec(typed.verb).name) + " --output model/ app.log";
  if (typed.outputs.size() != 1) {
    return make_error(
        ErrorCode::kUsage,
        typed.outputs.empty() ? "the model needs a directory" : "a model is written to one directory only", "--output",
        example);
  }
  // "json:model" is a directory of that name: a model has no format.
  LD_ASSIGN(OutputTarget target, find_output(typed.outputs.front()));
  if (target.entry->scheme != kFileScheme || target.rest.empty()) {
    return make_error(ErrorCode::kUsage,
                      "a model is a directory of files; it cannot go to '" + typed.outputs.front() + "'", "--output",
                      example);
  }
  return std::move(target.rest);
}

std::vector<std::string> places_of(const std::vector<OutputChoice>& outputs) {
  std::vector<std::string> places;
  std::transform(outputs.begin(), outputs.end(), std::back_inserter(places),
                 [](const OutputChoice& output) { return output.target.place(); });
  return places;
}

bool shown_on_terminal(const Session& session, const std::vector<OutputChoice>& outputs) {
  return session.terminal.out && std::any_of(outputs.begin(), outputs.end(), [](const OutputChoice& output) {
           return output.target.entry->scheme == kStandardOutputScheme;
         });
}

ReportOptions report_options(const Typed& typed, const Terminal& terminal) {
  ReportOptions report;
  report.coloured = terminal.colour_out;
  report.verbose = typed.verbose > 0;
  report.plain = typed.plain;
  report.every_finding = typed.all;
  report.width = terminal.width;
  return report;
}

}  // namespace logdetect
