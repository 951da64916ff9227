#include "parsing/pattern.h"

namespace logdetect {

Result<std::unique_ptr<re2::RE2>> compile_pattern(const std::string& pattern, const std::string& where) {
  constexpr std::int64_t kPatternBytes = std::int64_t{8} << 20;
  re2::RE2::Options flags;
  flags.set_max_mem(kPatternBytes);
  flags.set_log_errors(false);
  flags.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes, so that no input is ill-formed
  auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), flags);
  if (compiled->ok()) {
    return compiled;
  }
  // RE2 tells the piece it stumbled over, which for an open parenthesis is the whole pattern.
  const std::size_t at = pattern.find(compiled->error_arg());
  const std::string place =
      compiled->error_arg().empty() || at == std::string::npos ? "" : ", at character " + std::to_string(at + 1);
  return make_error(ErrorCode::kConfig, "'" + pattern + "' is no valid RE2 pattern: " + compiled->error() + place,
                    where, "RE2 has no look-around and no back-references");
}

}  // namespace logdetect
