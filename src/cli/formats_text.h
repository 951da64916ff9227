#pragma once

#include <string>

#include "cli/json_text.h"
#include "logdetect/parsing/header.h"
#include "logdetect/pipeline/explain_format.h"

namespace logdetect {

/// What `formats NAME` shows.
[[nodiscard]] std::string format_details(const FormatSpec& spec);

/// What `formats --explain` found, for people and for programs.
[[nodiscard]] std::string explanation_text(const FormatExplanation& found);
[[nodiscard]] Json explanation_json(const FormatExplanation& found);

}  // namespace logdetect
