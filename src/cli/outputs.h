#pragma once

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "logdetect/base/error.h"
#include "logdetect/report/options.h"
#include "logdetect/report/output_choice.h"

namespace logdetect {

/// The formats that a verb writes; the first is its default. Empty for a verb that has none.
std::vector<FormatInfo> formats_of(Verb verb);

/// --format, or the verb's default. Errors: kUsage, with the nearest name as hint.
Result<FormatInfo> chosen_format(const Typed& typed);

/// Every --output, or standard output where there is none. Errors: kUsage.
Result<std::vector<OutputChoice>> chosen_outputs(const Session& session);

/// The directory that the only --output names. Errors: kUsage.
Result<std::string> chosen_directory(const Typed& typed);

/// Places of the outputs, for refuse_own_output().
std::vector<std::string> places_of(const std::vector<OutputChoice>& outputs);

/// One of the outputs is standard output, and that is a terminal.
bool shown_on_terminal(const Session& session, const std::vector<OutputChoice>& outputs);

/// How results are written, whatever their format.
ReportOptions report_options(const Typed& typed, const Terminal& terminal);

}  // namespace logdetect
