#include "logdetect/report/output_choice.h"

#include <algorithm>
#include <utility>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

// The format that `text` names before its first colon, or null.
template <typename Entry>
const Entry* format_in_front(std::string_view text, std::span<const Entry> formats) {
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? nullptr : find_format(formats, text.substr(0, colon));
}

Error not_here(std::string_view format, const std::string& text, std::span<const FormatInfo> formats) {
  return make_error(ErrorCode::kUsage, "this command does not write " + std::string(format),
                    "--output " + escape_for_terminal(text),
                    "it writes " + format_names(formats) + "; ./ in front makes it the name of a file");
}

Error not_one_by_one(const FormatInfo& format, const OutputEntry& entry, std::span<const FormatInfo> formats) {
  std::vector<FormatInfo> streaming;
  std::copy_if(formats.begin(), formats.end(), std::back_inserter(streaming),
               [](const FormatInfo& other) { return other.streams; });
  return make_error(
      ErrorCode::kUsage,
      std::string(entry.scheme) + ":// takes records one by one, which " + std::string(format.name) + " does not write",
      "--output", "formats for it: " + format_names(streaming));
}

}  // namespace

bool for_people(std::span<const OutputChoice> outputs) {
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const OutputChoice& output) { return output.format.for_people; });
}

std::string format_names(std::span<const FormatInfo> formats) {
  std::string out;
  for (std::size_t i = 0; i < formats.size(); ++i) {
    out += i == 0 ? "" : (i + 1 == formats.size() ? " or " : ", ");
    out += formats[i].name;
  }
  return out;
}

Result<OutputChoice> read_output(const std::string& text, const OutputRules& rules) {
  const FormatInfo* format = format_in_front(text, rules.formats);
  if (format == nullptr) {
    // A file called "csv:..." is hardly what was meant where csv is known, but not to this verb.
    if (const FormatEntry* known = format_in_front(text, format_table())) {
      return not_here(known->name, text, rules.formats);
    }
  }
  OutputChoice choice;
  LD_ASSIGN(choice.target,
            find_output(format == nullptr ? text : text.substr(format->name.size() + 1), rules.destinations));
  const OutputEntry& entry = *choice.target.entry;
  if (format == nullptr) {
    const std::string_view name = entry.default_format.empty() ? rules.usual : entry.default_format;
    format = find_format(rules.formats, name);
    if (format == nullptr) {
      return not_here(name, text, rules.formats);
    }
  }
  if (!entry.default_format.empty() && !format->streams) {
    return not_one_by_one(*format, entry, rules.formats);
  }
  choice.format = *format;
  return choice;
}

Result<std::vector<OutputChoice>> read_outputs(std::span<const std::string> texts, const OutputRules& rules) {
  std::vector<OutputChoice> choices;
  std::vector<std::string> places;
  for (const std::string& text : texts) {
    LD_ASSIGN(OutputChoice choice, read_output(text, rules));
    std::string place = choice.target.place();
    if (std::find(places.begin(), places.end(), place) != places.end()) {
      return make_error(ErrorCode::kUsage, "two outputs go to the same place", "--output " + escape_for_terminal(text),
                        "give each a file of its own");
    }
    places.push_back(std::move(place));
    choices.push_back(std::move(choice));
  }
  return choices;
}

}  // namespace logdetect
