#include "parsing/front_level.h"

#include "logdetect/lexis/char_class.h"
#include "logdetect/lexis/level.h"
#include "parsing/brackets.h"

namespace logdetect {

Level level_in_front(std::string_view message) {
  constexpr std::size_t kLongest = 16;  // "[EMERGENCY]:" and some room
  const std::size_t most = message.size() < kLongest ? message.size() : kLongest;
  std::size_t n = 0;
  while (n < most && !is_token_end(message[n])) {
    ++n;
  }
  if (n < 3 || (message[n - 1] != ':' && !(is_open(message[0]) && message[n - 1] == closing(message[0])))) {
    return Level::kUnknown;
  }
  return level_of_token(message.substr(0, n));
}

}  // namespace logdetect
