#include <algorithm>
#include <utility>

#include "cli/controlled_run.h"
#include "cli/effective_config.h"
#include "cli/json_text.h"
#include "cli/messages.h"
#include "cli/outputs.h"
#include "cli/value_text.h"
#include "cli/verbs.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/config.h"
#include "logdetect/parsing/header.h"
#include "logdetect/pipeline/explain_format.h"

namespace logdetect {
namespace {

constexpr std::size_t kValueWidth = 60;  // of up to three values on a line

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

Result<void> show_builtin(const Session& session) {
  LD_ASSIGN(const std::vector<FormatSpec> formats, builtin_formats());
  if (session.typed.arguments.empty()) {
    constexpr std::size_t kSummaryColumn = 20;  // behind the longest name
    std::string out;
    for (const FormatSpec& spec : formats) {
      std::string line = spec.name;
      line.resize(std::max<std::size_t>(line.size() + 2, kSummaryColumn), ' ');
      out += line + escape_for_terminal(spec.summary) + "\n";
    }
    return print_text(out);
  }
  LD_ASSIGN(const std::string name, only_argument(session, "a format's name"));
  std::vector<std::string_view> names;
  names.reserve(formats.size());
  for (const FormatSpec& spec : formats) {
    if (spec.name == name) {
      return print_text(format_details(spec));
    }
    names.push_back(spec.name);
  }
  return make_error(ErrorCode::kUsage, "unknown format '" + name + "'", "", suggest_format(name, names));
}

// --- formats --explain ---

std::string percent(double share) {
  return fixed_text(100 * share, 1) + " %";
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
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
    out += "  column   " + padded(column.field, 10) + padded(column.form, 16) + padded(percent(column.share), 9);
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

Json explanation_json(const FormatExplanation& found) {
  Json layouts = Json::array();
  for (const FormatLayout& layout : found.layouts) {
    layouts.push_back(layout_json(layout));
  }
  return {{"input", found.input},   {"records", found.lines},        {"whole", found.whole},
          {"full", found.full},     {"partial", found.partial},      {"bare", found.bare},
          {"timezone", found.zone}, {"layouts", std::move(layouts)}, {"notes", found.notes}};
}

}  // namespace

Result<int> run_formats(const Session& session) {
  const Typed& typed = session.typed;
  if (typed.explain.empty()) {
    LD_TRY(show_builtin(session));
    return kExitOk;
  }
  if (!typed.arguments.empty()) {
    return make_error(ErrorCode::kUsage, "unexpected argument '" + typed.arguments.front() + "'", "",
                      "--explain takes one file");
  }
  LD_ASSIGN(const FormatInfo format, chosen_format(typed));
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  // No progress line: only the beginning of the log is looked at.
  LD_ASSIGN(const FormatExplanation found, with_control(session, false, [&](const RunControl& control) {
              return explain_format(builder.config(), typed.explain, control);
            }));
  LD_TRY(print_text(format.for_people ? explanation_text(found) : json_text(explanation_json(found))));
  if (!typed.quiet) {
    print_advice(found.notes, session.terminal.colour_error);
  }
  return kExitOk;
}

}  // namespace logdetect
