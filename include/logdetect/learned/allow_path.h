#pragma once

#include <string>

namespace logdetect {

/// Path of the allow file beside a model, which is given as its directory or its file.
std::string allow_path(const std::string& model);

}  // namespace logdetect
