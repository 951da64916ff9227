#include "training/exclusion.h"

#include <algorithm>
#include <utility>

#include "logdetect/base/text.h"
#include "logdetect/detection/allow_list.h"
#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostPatternBytes = 400;
constexpr std::string_view kAnything = "<*>";

bool has_blank_run(std::string_view text) {
  return text.find("  ") != std::string_view::npos || text.find('\t') != std::string_view::npos;
}

}  // namespace

Exclusion::Exclusion(std::vector<std::string> patterns)
    : patterns_(std::move(patterns)), counts_(patterns_.size(), 0) {}

std::optional<std::size_t> Exclusion::find(std::string_view message) {
  bool squeezed = false;
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    if (matches_pattern(patterns_[i], message)) {
      return i;
    }
    // The pattern came from a template, which shows a run of blanks as one. Few messages have such a run.
    if (!squeezed && !has_blank_run(message)) {
      continue;
    }
    if (!squeezed) {
      one_blank_.clear();
      for (const char c : message) {
        if (!is_blank(c)) {
          one_blank_ += c;
        } else if (one_blank_.empty() || one_blank_.back() != ' ') {
          one_blank_ += ' ';
        }
      }
      squeezed = true;
    }
    if (matches_pattern(patterns_[i], one_blank_)) {
      return i;
    }
  }
  return std::nullopt;
}

bool Exclusion::take(std::string_view message) {
  const std::optional<std::size_t> found = find(message);
  if (found) {
    ++counts_[*found];
  }
  return found.has_value();
}

std::string exclusion_pattern(std::string_view template_text) {
  std::string out;
  for (const char c : template_text.substr(0, kMostPatternBytes)) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else if (!out.ends_with(kAnything)) {
      out += kAnything;
    }
  }
  if (template_text.size() > kMostPatternBytes && !out.ends_with(kAnything)) {
    out += kAnything;
  }
  // "<*>" alone would leave out the whole log.
  return matches_pattern(out, "") ? std::string() : out;
}

}  // namespace logdetect
