#include "logdetect/mining/mask_check.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {
namespace {

// Lines with nothing in common but being lines: a mask that takes each of them whole takes everything.
constexpr std::array<std::string_view, 4> kAnyLines = {"x", "connection to db1 lost (3 times)", "GET /a?b=c 200",
                                                       "[main] key=\"some value\", 17.5 ms"};

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

// True if the pattern matches some stretch of the text that is not empty.
bool finds(const re2::RE2& pattern, std::string_view text, re2::StringPiece& found) {
  for (std::size_t at = 0; at <= text.size();) {
    if (!pattern.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, &found, 1)) {
      return false;
    }
    if (!found.empty()) {
      return true;
    }
    at = static_cast<std::size_t>(found.data() - text.data()) + 1;
  }
  return false;
}

// The text as a template shows it.
std::string masked_text(const Masker& masker, std::string_view text) {
  MaskedMessage message;
  masker.mask(text, message);
  // A miner of its own: one message makes one template, and its text is what the user will see.
  TemplateMiner miner{MinerOptions{}};
  return miner.info(miner.learn(message)).text;
}

void warn(const re2::RE2& pattern, std::size_t mask, const std::string& name, std::vector<MaskProblem>& out) {
  const bool everything = std::all_of(kAnyLines.begin(), kAnyLines.end(), [&](std::string_view line) {
    re2::StringPiece found;
    return finds(pattern, line, found) && found.size() == line.size();
  });
  if (everything) {
    out.push_back({mask, 0,
                   "mask " + name + " matches every line as a whole: nothing would be left to tell lines apart",
                   "say what stands around the value", false});
  } else if (pattern.Match("", 0, 0, re2::RE2::UNANCHORED, nullptr, 0)) {
    out.push_back({mask, 0, "mask " + name + " matches the empty text", "use + in place of *, or {1,} of {0,}", false});
  }
}

}  // namespace

Result<std::vector<MaskProblem>> check_masks(const MinerOptions& options) {
  LD_ASSIGN(const Masker masker, Masker::create(options));
  std::vector<MaskProblem> problems;
  for (std::size_t i = 0; i < options.masks.size(); ++i) {
    const CustomMask& mask = options.masks[i];
    re2::RE2::Options flags;
    flags.set_encoding(re2::RE2::Options::EncodingLatin1);
    flags.set_log_errors(false);
    const re2::RE2 pattern(piece(mask.pattern), flags);
    warn(pattern, i, mask.name, problems);
    for (const MaskSample& sample : mask.samples) {
      re2::StringPiece found;
      if (sample.kind == MaskSample::Kind::kMasked) {
        if (std::string got = masked_text(masker, sample.text); got != sample.masked) {
          problems.push_back({i, sample.line, "mask " + mask.name + " makes \"" + got + "\" of \"" + sample.text + "\"",
                              "the sample says \"" + sample.masked + "\"; masks before this one are applied first",
                              true});
        }
      } else if (finds(pattern, sample.text, found) != (sample.kind == MaskSample::Kind::kMatches)) {
        const bool wanted = sample.kind == MaskSample::Kind::kMatches;
        problems.push_back(
            {i, sample.line,
             "mask " + mask.name +
                 (wanted ? " matches nothing in \"" + sample.text + "\""
                         : " matches \"" + std::string(found.data(), found.size()) + "\" in \"" + sample.text + "\""),
             wanted ? "the sample is listed under matches" : "the sample is listed under not_matches", true});
      }
    }
  }
  return problems;
}

}  // namespace logdetect
