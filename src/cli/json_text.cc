#include "cli/json_text.h"

namespace logdetect {

std::string json_text(const Json& document) {
  constexpr int kIndent = 2;
  constexpr bool kEscapeAll = true;
  return document.dump(kIndent, ' ', kEscapeAll, Json::error_handler_t::replace) + '\n';
}

}  // namespace logdetect
