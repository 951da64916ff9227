#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "cli/value_text.h"

namespace logdetect {
namespace {

constexpr std::size_t kNarrowest = 40;  // nothing can be said in less
constexpr std::size_t kWidest = 200;    // longer lines are hard to follow

std::size_t terminal_width(std::size_t otherwise) {
  struct winsize size {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {  // 0: it does not tell
    return otherwise;
  }
  return std::clamp<std::size_t>(size.ws_col, kNarrowest, kWidest);
}

}  // namespace

bool use_colour(Color when, bool is_terminal, const Lookup& environment) {
  if (when != Color::kAuto) {
    return when == Color::kAlways;
  }
  const auto text = [&](const char* name) {
    const char* value = environment(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  // "0" switches off: https://bixense.com/clicolors.
  const auto on = [&](const char* name) { return !text(name).empty() && text(name) != "0"; };
  // Any value but an empty one: https://no-color.org.
  if (!text("NO_COLOR").empty()) {
    return false;
  }
  if (on("CLICOLOR_FORCE") || on("FORCE_COLOR")) {
    return true;
  }
  return is_terminal && text("TERM") != "dumb" && text("CLICOLOR") != "0";
}

Result<Color> read_colour(const std::string& word) {
  constexpr std::array<std::string_view, 3> kWords = {"auto", "always", "never"};
  constexpr std::array<Color, 3> kColors = {Color::kAuto, Color::kAlways, Color::kNever};
  LD_ASSIGN(const std::size_t index, choose("--color", word.empty() ? "auto" : word, kWords));
  return kColors[index];
}

Terminal look_at_terminal(Color when) {
  const Lookup environment = [](const char* name) { return std::getenv(name); };
  Terminal terminal;
  terminal.in = ::isatty(STDIN_FILENO) == 1;
  terminal.out = ::isatty(STDOUT_FILENO) == 1;
  terminal.error = ::isatty(STDERR_FILENO) == 1;
  terminal.colour_out = use_colour(when, terminal.out, environment);
  terminal.colour_error = use_colour(when, terminal.error, environment);
  // Text for a file or a pipe keeps the usual width, whatever window it was started from.
  if (terminal.out) {
    terminal.width = terminal_width(terminal.width);
  }
  return terminal;
}

}  // namespace logdetect
