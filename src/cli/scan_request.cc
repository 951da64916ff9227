#include "cli/scan_request.h"

#include <unistd.h>

#include <optional>
#include <string>

#include "cli/effective_config.h"
#include "cli/flags.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

// Nothing for a flag that was not given. "2h" counts back from now.
Result<std::optional<Micros>> read_time(const char* flag, const std::string& text) {
  if (text.empty()) {
    return std::optional<Micros>();
  }
  Micros time = 0;
  if (!parse_time_argument(text, system_clock().wall(), time)) {
    return make_error(ErrorCode::kUsage, std::string(flag) + " must be a time, not '" + text + "'", "",
                      "RFC 3339 (2024-01-15T03:42:18Z), '2024-01-15 03:42', or relative: 15m, 2h, '30 min ago'");
  }
  return std::optional<Micros>(time);
}

Result<void> check_model_choice(const Typed& typed) {
  const std::string verb(verb_spec(typed.verb).name);
  if (typed.model.empty() && typed.baseline.empty()) {
    return make_error(
        ErrorCode::kUsage, verb + " needs a model, or a baseline to learn from first", "--model",
        "logdetect train --output model/ history.log, then logdetect " + verb + " --model model/ today.log");
  }
  if (!typed.model.empty() && !typed.baseline.empty()) {
    return make_error(ErrorCode::kUsage, "--model and --baseline exclude each other", "--baseline");
  }
  return {};
}

}  // namespace

Result<void> check_allow_file(const Typed& typed) {
  if (typed.allow.empty() || ::access(typed.allow.c_str(), F_OK) == 0) {
    return {};
  }
  return make_error(ErrorCode::kUsage, "there is no file of allow rules at '" + typed.allow + "'", "--allow",
                    "`logdetect ack ID --allow FILE` begins one; without the flag it is allow.yaml beside the model");
}

Result<ScanRequest> judging_request(const Typed& typed) {
  LD_TRY(check_model_choice(typed));
  LD_TRY(check_allow_file(typed));
  ScanRequest request;
  LD_ASSIGN(request.since, read_time("--since", typed.since));
  LD_ASSIGN(request.until, read_time("--until", typed.until));
  LD_ASSIGN(const ConfigBuilder builder, build_config(typed));
  request.config = builder.config();
  request.model = typed.model;
  request.baseline = typed.baseline;
  request.config_yaml = builder.model_yaml();  // for the model that --baseline makes
  request.allow = typed.allow;
  request.inputs = gather_inputs(typed);
  return request;
}

}  // namespace logdetect
