#include "cli/messages.h"

#include <unistd.h>

#include <algorithm>

#include "cli/value_text.h"
#include "logdetect/base/file.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::size_t kProblemsShown = 10;  // a directory of unreadable files would scroll all else away

void print_to_stderr(std::string_view text) {
  (void)write_all(STDERR_FILENO, text, "standard error").ok();
}

std::string paint(std::string_view text, std::string_view code, bool coloured) {
  return coloured ? "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m" : std::string(text);
}

}  // namespace

std::string format_message(std::string_view kind, const Error& error, bool coloured) {
  // Each part is escaped by itself: it may hold bytes of a log, and the colours around it are ours.
  const std::string_view code = kind == "error" ? "1;31" : "1;33";
  std::string out = "logdetect: " + paint(std::string(kind) + ":", code, coloured) + " ";
  out += escape_for_terminal(error.message) + "\n";
  if (!error.where.empty()) {
    out += paint("  --> ", "36", coloured) + escape_for_terminal(error.where) + "\n";
  }
  if (!error.hint.empty()) {
    out += paint("  help: ", "36", coloured) + escape_for_terminal(error.hint) + "\n";
  }
  return out;
}

void print_error(const Error& error, bool coloured) {
  print_to_stderr(format_message("error", error, coloured));
}

void print_problems(const std::vector<Error>& problems, bool coloured) {
  std::string out;
  for (std::size_t i = 0; i < std::min(problems.size(), kProblemsShown); ++i) {
    out += format_message("warning", problems[i], coloured);
  }
  if (problems.size() > kProblemsShown) {
    out += "logdetect: and " + count_text(problems.size() - kProblemsShown, "more problem") + " of this kind\n";
  }
  print_to_stderr(out);
}

void print_advice(const std::vector<std::string>& advice, bool coloured) {
  // The code of the error says nothing here: only its text is printed.
  for (const std::string& text : advice) {
    print_to_stderr(format_message("note", make_error(ErrorCode::kUsage, text), coloured));
  }
}

Result<void> print_text(std::string_view text) {
  return write_all(STDOUT_FILENO, text, "standard output");
}

}  // namespace logdetect
