#include <csignal>
#include <cstdio>
#include <string_view>
#include <vector>

#include "loggen/generate.h"

int main(int argc, char** argv) {
  using namespace logdetect;  // NOLINT(google-build-using-namespace): a page of code
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  const Result<loggen::Options> options = loggen::parse_options(arguments);
  if (options.ok() && options->help) {
    const std::string_view text = loggen::usage();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  const Result<loggen::Totals> totals = options.ok() ? loggen::generate(*options) : options.error();
  if (!totals.ok()) {
    const Error& error = totals.error();
    if (error.code == ErrorCode::kOutputClosed) {
      return 0;
    }
    const std::string hint = error.hint.empty() ? "" : " (" + error.hint + ")";
    std::fprintf(stderr, "loggen: %s%s\n", error.to_string().c_str(), hint.c_str());
    return error.code == ErrorCode::kUsage ? 2 : 5;
  }
  std::fprintf(stderr, "loggen: %llu lines in %llu records, %llu of them anomalous lines\n",
               static_cast<unsigned long long>(totals->lines), static_cast<unsigned long long>(totals->records),
               static_cast<unsigned long long>(totals->anomalous_lines));
  return 0;
}
