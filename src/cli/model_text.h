#pragma once

#include <cstddef>
#include <string>

#include "cli/json_text.h"
#include "logdetect/pipeline/inspect.h"

namespace logdetect {

/// What `model inspect` shows, for people and for programs. `top`: templates shown; 0 shows all. `width`: columns.
[[nodiscard]] std::string model_text(const ModelSummary& model, std::size_t top, std::size_t width);
[[nodiscard]] Json model_json(const ModelSummary& model);

}  // namespace logdetect
