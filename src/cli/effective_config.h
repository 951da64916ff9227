#pragma once

#include <string>
#include <vector>

#include "cli/typed.h"
#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/inputs.h"

namespace logdetect {

/// File, environment and flags over the defaults; what can be checked without reading a log is. Errors: kConfig,
/// kUsage.
Result<ConfigBuilder> build_config(const Typed& typed);

/// Says on standard error which old names of fields were used, and what they are called now.
void warn_of_old_names(const ConfigBuilder& builder);

/// Takes the values that shape a model from the model to be updated. Errors: kUsage for one that a flag, the
/// environment or a file sets otherwise; kModel.
Result<void> adopt_model_values(ConfigBuilder& builder, const std::string& model_yaml);

/// Whether the masks compile, the log format is known or proves itself, and the time zone exists. Errors: kConfig,
/// where the value was set.
Result<void> check_parsing(const ConfigBuilder& builder);

/// --input and plain arguments in this order; standard input alone when neither was given.
std::vector<std::string> gather_inputs(const Typed& typed);

/// Errors: kUsage when one of the places that will be written (OutputTarget::place()) is also an input: the loop would
/// feed on itself. Inputs that cannot be found are left for the run to report.
Result<void> refuse_own_output(const std::vector<std::string>& inputs, const std::vector<std::string>& places,
                               const IngestOptions& options, InputUse use = InputUse::kToTheEnd);

}  // namespace logdetect
