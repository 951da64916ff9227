#include "cli/formats_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::size_t kValueWidth = 60;

std::string percent(double share) {
  return fixed_text(100 * share, 1) + " %";
}

// How the layout was found, and which built-in formats cut its lines alike.
std::string found_text(const FormatLayout& layout) {
  std::string out = layout.found == "auto" ? "by column steadiness" : "given: " + layout.found;
  for (std::size_t i = 0; i < layout.builtin.size(); ++i) {
    out += (i == 0 ? "; the same as the built-in format " : ", ") + layout.builtin[i];
  }
  return out;
}

std::string time_text(const FormatLayout& layout, const std::string& zone) {
  if (layout.time_read.empty()) {
    return "none";
  }
  std::string out = layout.time.empty() ? "" : escape_for_terminal(layout.time) + "  read as  ";
  out += layout.time_read;
  if (!layout.time_missing.empty()) {
    out += "; states no " + layout.time_missing;
  }
  const bool no_zone = layout.time_missing.find("zone") != std::string::npos;
  return out + (no_zone ? ": taken as " + escape_for_terminal(zone) + " (--timezone)" : "");
}

std::string layout_text(const FormatLayout& layout, std::uint64_t lines, const std::string& zone) {
  std::string out = "\n" + escape_for_terminal(layout.plan) + "\n";
  out += "  lines    " + with_commas(layout.lines) + " (" + percent(share_of(layout.lines, lines)) + ")\n";
  out += "  found    " + found_text(layout) + "\n";
  out += "  time     " + time_text(layout, zone) + "\n";
  for (const FormatColumn& column : layout.columns) {
    out += "  column   " + aligned_left(column.field, 10) + aligned_left(column.form, 16) +
           aligned_left(percent(column.share), 9);
    for (std::size_t i = 0; i < column.values.size(); ++i) {
      out += (i == 0 ? "" : " | ") + escape_for_terminal(ellipsize(column.values[i], kValueWidth));
    }
    out += "\n";
  }
  for (const auto& [header, message] : layout.examples) {
    out += "  header   " + escape_for_terminal(header) + "\n  message  " + escape_for_terminal(message) + "\n";
  }
  // 0: no pattern cuts the lines the same way.
  if (layout.pattern_share > 0) {
    out += "  to say it  --log-format " + escape_for_terminal(shell_quoted(layout.pattern)) + "   (cuts " +
           percent(layout.pattern_share) + " of the lines looked at the same way)\n";
  }
  if (!layout.yaml.empty()) {
    out += "  or in a file, --log-format FILE.yaml:\n";
    // Escaped line by line, so that the text can be copied into a file.
    std::string_view rest = layout.yaml;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out += "    " + escape_for_terminal(rest.substr(0, end)) + "\n";
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return out;
}

Json layout_json(const FormatLayout& layout) {
  Json columns = Json::array();
  for (const FormatColumn& column : layout.columns) {
    columns.push_back(
        {{"field", column.field}, {"form", column.form}, {"share", column.share}, {"values", column.values}});
  }
  Json examples = Json::array();
  for (const auto& [header, message] : layout.examples) {
    examples.push_back({{"header", header}, {"message", message}});
  }
  return {{"plan", layout.plan},
          {"lines", layout.lines},
          {"found", layout.found},
          {"builtin", layout.builtin},
          {"time", layout.time},
          {"time_read", layout.time_read},
          {"time_missing", layout.time_missing},
          {"columns", std::move(columns)},
          {"log_format", layout.pattern},
          {"log_format_share", layout.pattern_share},
          {"yaml", layout.yaml},
          {"examples", std::move(examples)}};
}

}  // namespace

std::string format_details(const FormatSpec& spec) {
  std::string out = spec.name + " - " + escape_for_terminal(spec.summary) + "\n  kind     " + spec.kind + "\n";
  if (!spec.pattern.empty()) {
    out += "  pattern  " + escape_for_terminal(spec.pattern) + "\n";
  }
  for (const FormatSpec::Sample& sample : spec.samples) {
    out += "  sample   " + escape_for_terminal(sample.line) + "\n";
  }
  return out;
}

std::string explanation_text(const FormatExplanation& found) {
  std::string out = escape_for_terminal(found.input) + ": " + (found.whole ? "" : "first ") +
                    count_text(found.lines, "record") + ", header read in full " +
                    percent(share_of(found.full, found.lines)) + ", in part " +
                    percent(share_of(found.partial, found.lines)) + ", not at all " +
                    percent(share_of(found.bare, found.lines)) + "\n";
  for (const FormatLayout& layout : found.layouts) {
    out += layout_text(layout, found.lines, found.zone);
  }
  return out;
}

Json explanation_json(const FormatExplanation& found) {
  Json layouts = Json::array();
  for (const FormatLayout& layout : found.layouts) {
    layouts.push_back(layout_json(layout));
  }
  return {{"input", found.input},   {"records", found.lines},        {"whole", found.whole},
          {"full", found.full},     {"partial", found.partial},      {"bare", found.bare},
          {"timezone", found.zone}, {"layouts", std::move(layouts)}, {"notes", found.notes}};
}

}  // namespace logdetect
