#pragma once

#include <cstddef>
#include <string>

#include "cli/json_text.h"
#include "logdetect/pipeline/model_diff.h"

namespace logdetect {

/// What to print of a comparison, and how wide.
struct DiffLayout {
  std::size_t top = 20;  ///< templates of each kind; 0: all
  bool all = false;      ///< all of them, also those gone that may be chance
  std::size_t width = 80;
};

/// What `model diff` shows, for people and for programs.
[[nodiscard]] std::string diff_text(const ModelDiff& diff, const DiffLayout& layout);
[[nodiscard]] Json diff_json(const ModelDiff& diff);

}  // namespace logdetect
