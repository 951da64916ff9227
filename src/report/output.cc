#include "logdetect/report/output.h"

#include <algorithm>
#include <vector>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::string_view kAfterScheme = "://";

// The scheme of RFC 3986, section 3.1, that `text` begins with; empty: none.
std::string_view scheme_of(std::string_view text) {
  const std::size_t end = text.find(kAfterScheme);
  if (end == std::string_view::npos) {
    return {};
  }
  const std::string_view scheme = text.substr(0, end);
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
  // "2b://x" and "a b://x" are names of files.
  const bool good = !scheme.empty() && letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), allowed);
  return good ? scheme : std::string_view();
}

Error unknown_scheme(std::string_view scheme, std::span<const OutputEntry> destinations) {
  std::vector<std::string_view> names;
  std::string all;
  for (const OutputEntry& entry : destinations) {
    names.push_back(entry.scheme);
    all += (all.empty() ? "" : ", ") + std::string(entry.scheme) + std::string(kAfterScheme);
  }
  const std::string_view near = nearest_name(scheme, names);
  const std::string hint = near.empty() ? "" : "did you mean " + std::string(near) + std::string(kAfterScheme) + "? ";
  return make_error(ErrorCode::kUsage, "unknown destination '" + std::string(scheme) + std::string(kAfterScheme) + "'",
                    "--output", hint + "Known: " + all + "; ./ in front makes it the name of a file");
}

}  // namespace

Result<OutputTarget> find_output(const std::string& text, std::span<const OutputEntry> destinations) {
  if (text.empty()) {
    return make_error(ErrorCode::kUsage, "an output names no place", "--output", "a file, or - for standard output");
  }
  std::string_view scheme = scheme_of(text);
  std::string rest = text.substr(scheme.empty() ? 0 : scheme.size() + kAfterScheme.size());
  if (text == "-") {
    scheme = kStandardOutputScheme;
  } else if (scheme.empty()) {
    scheme = kFileScheme;
  }
  for (const OutputEntry& entry : destinations) {
    if (entry.scheme == scheme) {
      return OutputTarget{&entry, std::move(rest)};
    }
  }
  return unknown_scheme(scheme, destinations);
}

}  // namespace logdetect
