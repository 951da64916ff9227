#include "cli/effective_config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "logdetect/base/log.h"
#include "logdetect/ingest/source.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/mining/masker.h"
#include "logdetect/parsing/line_marker.h"
#include "logdetect/parsing/session_key.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

using FileIdentity = std::pair<dev_t, ino_t>;

bool is_stdout(const std::string& output) {
  return output.empty() || output == "-";
}

// Only regular files: a terminal or /dev/null may well be both.
std::optional<FileIdentity> identity(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return FileIdentity{status.st_dev, status.st_ino};
}

std::optional<FileIdentity> file_identity(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? identity(status) : std::nullopt;
}

std::optional<FileIdentity> descriptor_identity(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? identity(status) : std::nullopt;
}

}  // namespace

Result<ConfigBuilder> build_config(const Typed& typed) {
  ConfigBuilder builder;
  if (!typed.config_file.empty()) {
    LD_TRY(builder.apply_file(typed.config_file));
  }
  LD_TRY(builder.apply_environment());
  for (const ConfigValue& value : typed.values) {
    LD_TRY(builder.apply_value(value.path, value.text, value.flag, Origin::kFlag));
  }
  if (!typed.exclude.empty()) {
    // A list in flow style: JSON is YAML.
    std::string list;
    for (const std::string& pattern : typed.exclude) {
      list += list.empty() ? "[" : ", ";
      append_json_string(list, pattern);
    }
    LD_TRY(builder.apply_value("run.exclude", list + "]", "--exclude", Origin::kFlag));
  }
  LD_TRY(check_parsing(builder));
  warn_of_old_names(builder);
  return builder;
}

void warn_of_old_names(const ConfigBuilder& builder) {
  for (const std::string& note : builder.notes()) {
    log_warning(note);
  }
}

Result<void> adopt_model_values(ConfigBuilder& builder, const std::string& model_yaml) {
  ConfigBuilder stored;
  LD_TRY(stored.apply_model(model_yaml));
  LD_TRY(builder.apply_model(model_yaml));
  for (const FieldInfo& field : config_fields()) {
    const std::string ours = stored.value_text(field.path);
    const std::string given = builder.value_text(field.path);
    if (field.shapes_model && builder.origin(field.path) > Origin::kModel && given != ours) {
      std::string text = "the model to update was trained with ";
      text.append(field.path).append(" ").append(ours).append(", not ").append(given);
      return make_error(ErrorCode::kUsage, std::move(text), builder.origin_name(field.path),
                        "leave it out to continue with the model's value, or train a new model");
    }
  }
  return {};
}

Result<void> check_parsing(const ConfigBuilder& builder) {
  const auto placed = [&builder](Error error, std::string_view field) {
    if (error.where.empty() || error.where == field) {
      error.where = builder.origin_name(field);
    }
    return error;
  };
  const Config& config = builder.config();
  if (auto masks = Masker::create(config.miner); !masks) {
    return placed(masks.error(), "miner.masks");
  }
  if (auto sessions = SessionKey::create(config.sessions); !sessions) {
    return placed(sessions.error(), sessions.error().where);
  }
  if (auto marker = LineMarker::create(config.incidents.deploy_marker, "incidents.deploy_marker"); !marker) {
    return placed(marker.error(), "incidents.deploy_marker");
  }
  if (auto plans = configured_plans(config.header); !plans) {
    return placed(plans.error(), "header.format");
  }
  if (auto zone = check_time_zone(config.header.timezone); !zone) {
    return placed(zone.error(), "header.timezone");
  }
  return {};
}

std::vector<std::string> gather_inputs(const Typed& typed) {
  std::vector<std::string> inputs = typed.inputs;
  inputs.insert(inputs.end(), typed.arguments.begin(), typed.arguments.end());
  if (inputs.empty()) {
    inputs.emplace_back("-");
  }
  return inputs;
}

Result<void> refuse_own_output(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                               const IngestOptions& options) {
  std::vector<FileIdentity> written;
  for (const std::string& output : outputs) {
    const auto id = is_stdout(output) ? descriptor_identity(STDOUT_FILENO) : file_identity(output);
    if (id) {
      written.push_back(*id);
    }
  }
  if (written.empty()) {
    return {};
  }
  const auto expanded = expand_inputs(inputs, options);
  if (!expanded) {
    return {};
  }
  for (const Input& input : *expanded) {
    const auto id = input.path == "-" ? descriptor_identity(STDIN_FILENO) : file_identity(input.path);
    if (id && std::find(written.begin(), written.end(), *id) != written.end()) {
      return make_error(ErrorCode::kUsage, "this input is also the output", input.name,
                        "write the results to another file");
    }
  }
  return {};
}

ReportOptions report_options(const Typed& typed, const Terminal& terminal, const std::string& format) {
  ReportOptions report;
  report.format = format;
  report.coloured = is_stdout(typed.output) ? terminal.colour_out : typed.color == "always";
  report.verbose = typed.verbose > 0;
  report.plain = typed.plain;
  report.every_finding = typed.all;
  report.width = terminal.width;
  return report;
}

}  // namespace logdetect
