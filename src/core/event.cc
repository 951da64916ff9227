#include "logdetect/core/event.h"

#include <array>

namespace logdetect {

std::string_view level_name(Level level) {
  static constexpr std::array<std::string_view, kLevelCount> kNames = {"UNKNOWN", "TRACE", "DEBUG",    "INFO", "NOTICE",
                                                                       "WARNING", "ERROR", "CRITICAL", "FATAL"};
  return kNames.at(static_cast<std::size_t>(level));
}

std::string_view mask_name(MaskKind kind) {
  // kUnit, the last, has no text: the placeholder of its number stands for both.
  static constexpr std::array<std::string_view, 14> kNames = {"<*>",    "<NUM>",  "<HEX>",   "<IP>",  "<HOST>",
                                                              "<MAC>",  "<UUID>", "<PATH>",  "<URL>", "<EMAIL>",
                                                              "<TIME>", "<ID>",   "<CUSTOM>"};
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace logdetect
