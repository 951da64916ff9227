#include <algorithm>

#include "cli/messages.h"
#include "cli/setup.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "logdetect/base/file.h"
#include "logdetect/base/text.h"
#include "logdetect/cli/exit_code.h"
#include "logdetect/config/config.h"
#include "logdetect/parsing/header.h"
#include "logdetect/parsing/masker.h"
#include "logdetect/parsing/session_key.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxFormatBytes = std::size_t{1} << 20;

// Resolves header.format and proves the samples of what it names.
Result<void> check_format(const std::string& format) {
  if (format == "auto" || format == "none") {
    return {};
  }
  if (format.ends_with(".yaml") || format.ends_with(".yml")) {
    LD_ASSIGN(const std::string text, read_file(format, kMaxFormatBytes, ErrorCode::kConfig));
    LD_ASSIGN(const std::vector<FormatSpec> specs, load_formats(text, format));
    for (const FormatSpec& spec : specs) {
      LD_TRY(compile_format(spec));
    }
    return {};
  }
  LD_ASSIGN(const std::vector<FormatSpec> known, builtin_formats());
  std::vector<std::string_view> names = {"auto", "none"};
  for (const FormatSpec& spec : known) {
    if (spec.name == format) {
      return {};
    }
    names.push_back(spec.name);
  }
  const std::string_view near = nearest_name(format, names);
  return make_error(ErrorCode::kConfig, "unknown format '" + format + "'", "header.format",
                    near.empty() ? "`logdetect formats` lists them" : "did you mean '" + std::string(near) + "'?");
}

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

}  // namespace

Result<int> run_config_show(const Session& session) {
  if (session.typed.defaults) {
    LD_TRY(print_text(ConfigBuilder().to_yaml(true, false)));
    return kExitOk;
  }
  LD_ASSIGN(const ConfigBuilder builder, build_config(session.typed));
  LD_TRY(print_text(builder.to_yaml(false, true)));
  return kExitOk;
}

Result<int> run_config_check(const Session& session) {
  LD_ASSIGN(const std::string path, only_argument(session, "a configuration file"));
  ConfigBuilder builder;
  LD_TRY(builder.apply_file(path));
  const auto placed = [&](Error error, std::string_view field) {
    if (error.where.empty() || error.where == field) {
      error.where = builder.origin_name(field);
    }
    return error;
  };
  if (auto masks = Masker::create(builder.config().miner); !masks) {
    return placed(masks.error(), "miner.masks");
  }
  if (auto sessions = SessionKey::create(builder.config().sessions); !sessions) {
    return placed(sessions.error(), sessions.error().where);
  }
  if (auto format = check_format(builder.config().header.format); !format) {
    return placed(format.error(), "header.format");
  }
  std::size_t set = 0;
  for (const FieldInfo& field : config_fields()) {
    set += builder.origin(field.path) == Origin::kFile ? 1 : 0;
  }
  if (!session.typed.quiet) {
    LD_TRY(print_text(escape_for_terminal(path) + ": good (" + count_text(set, "value") + " set)\n"));
  }
  return kExitOk;
}

Result<int> run_formats(const Session& session) {
  LD_ASSIGN(const std::vector<FormatSpec> formats, builtin_formats());
  if (session.typed.arguments.empty()) {
    std::string out;
    for (const FormatSpec& spec : formats) {
      std::string line = spec.name;
      line.resize(std::max<std::size_t>(line.size() + 2, 20), ' ');
      out += line + escape_for_terminal(spec.summary) + "\n";
    }
    LD_TRY(print_text(out));
    return kExitOk;
  }
  LD_ASSIGN(const std::string name, only_argument(session, "a format's name"));
  for (const FormatSpec& spec : formats) {
    if (spec.name == name) {
      LD_TRY(print_text(format_details(spec)));
      return kExitOk;
    }
  }
  Error error = make_error(ErrorCode::kUsage, "unknown format '" + name + "'", "", "`logdetect formats` lists them");
  std::vector<std::string_view> names;
  names.reserve(formats.size());
  for (const FormatSpec& spec : formats) {
    names.push_back(spec.name);
  }
  if (const std::string_view near = nearest_name(name, names); !near.empty()) {
    error.hint = "did you mean '" + std::string(near) + "'?";
  }
  return error;
}

}  // namespace logdetect
