#pragma once

#include <string_view>

namespace logdetect {

/// The bytes of the loadable module that this program carries; empty when it was built without LibTorch. They lie in
/// pages of the program's file that nobody reads until the module is opened.
[[nodiscard]] std::string_view neural_image();

}  // namespace logdetect
