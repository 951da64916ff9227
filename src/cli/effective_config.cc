#include "cli/effective_config.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/mining/masker.h"
#include "logdetect/parsing/line_marker.h"
#include "logdetect/parsing/session_key.h"
#include "logdetect/report/encode.h"

namespace logdetect {
Result<ConfigBuilder> build_config(const Typed& typed) {
  ConfigBuilder builder;
  // A stronger origin wins in any order; this order decides which of several mistakes is told.
  if (!typed.config_file.empty()) {
    LD_TRY(builder.apply_file(typed.config_file));
  }
  LD_TRY(builder.apply_environment());
  for (const ConfigValue& value : typed.values) {
    LD_TRY(builder.apply_value(value.path, value.text, value.flag, Origin::kFlag));
  }
  if (!typed.exclude.empty()) {
    // A list in flow style, since a pattern may hold commas. JSON is YAML.
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
  // The model's values alone: in `builder` a stronger origin may hide them.
  ConfigBuilder stored;
  LD_TRY(stored.apply_model(model_yaml));
  LD_TRY(builder.apply_model(model_yaml));
  for (const FieldInfo& field : config_fields()) {
    const std::string ours = stored.value_text(field.path);
    const std::string given = builder.value_text(field.path);
    // A flag that repeats the model's value does no harm.
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
  // An error of a field is placed where the field was set, such as "--timezone". One in a format file keeps its place.
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

Result<void> refuse_own_output(const std::vector<std::string>& inputs, const std::vector<std::string>& places,
                               const IngestOptions& options, InputUse use) {
  const auto resolved = resolve_inputs(inputs, options, use);
  if (!resolved) {
    return {};
  }
  for (const Input& input : *resolved) {
    // Empty for a terminal, a pipe or /dev/null, which may be read and written at once.
    const std::string file = input.path == "-" ? descriptor_identity(STDIN_FILENO) : file_identity(input.path);
    if (!file.empty() && std::find(places.begin(), places.end(), file) != places.end()) {
      return make_error(ErrorCode::kUsage, "this input is also the output", input.name,
                        "write the results to another file");
    }
  }
  return {};
}

}  // namespace logdetect
