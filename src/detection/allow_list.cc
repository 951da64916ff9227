#include "logdetect/detection/allow_list.h"

#include <utility>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

// Length of the placeholder at the beginning of `text`, or 0.
std::size_t placeholder_length(std::string_view text) {
  if (!text.starts_with('<')) {
    return 0;
  }
  const std::size_t end = text.find('>');
  if (end == std::string_view::npos || end == 1) {
    return 0;
  }
  const std::string_view name = text.substr(1, end - 1);
  constexpr std::string_view kNameBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return name == "*" || name.find_first_not_of(kNameBytes) == std::string_view::npos ? end + 1 : 0;
}

// The literal text in front of the next placeholder; `pattern` loses it and every placeholder that follows at once.
std::string_view take_literal(std::string_view& pattern, bool& open) {
  std::size_t end = 0;
  while (end < pattern.size() && placeholder_length(pattern.substr(end)) == 0) {
    ++end;
  }
  const std::string_view literal = pattern.substr(0, end);
  pattern.remove_prefix(end);
  open = false;
  while (const std::size_t length = placeholder_length(pattern)) {
    pattern.remove_prefix(length);
    open = true;
  }
  return literal;
}

}  // namespace

std::string allow_rule_id(const AllowRule& rule) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr int kLength = 12;  // hex digits: short enough to type, and no two rules of a file are alike
  const std::string key = rule.pattern + '\0' + rule.host + '\0' + rule.component;
  std::uint64_t hash = hash64(key);
  std::string id = "A-";
  for (int i = 0; i < kLength; ++i, hash >>= 4) {
    id += kDigits[hash & 0xF];
  }
  return id;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  bool open = false;
  const std::string_view head = take_literal(pattern, open);
  if (!text.starts_with(head)) {
    return false;
  }
  text.remove_prefix(head.size());
  if (!open) {
    return text.empty();
  }
  // The leftmost place of each piece leaves the most room for the rest; the last piece must end the text.
  while (!pattern.empty()) {
    const std::string_view piece = take_literal(pattern, open);
    if (!open) {
      return text.ends_with(piece);
    }
    const std::size_t at = text.find(piece);
    if (at == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(at + piece.size());
  }
  return true;
}

AllowList::AllowList(std::vector<AllowRule> rules) : rules_(std::move(rules)) {}

std::optional<std::size_t> AllowList::find(std::string_view template_text, std::string_view message,
                                           std::string_view host, std::string_view component,
                                           std::optional<Micros> time) const {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const AllowRule& rule = rules_[i];
    const bool in_force = !rule.expires || !time || *time < *rule.expires;
    if (in_force && (rule.host.empty() || rule.host == host) &&
        (rule.component.empty() || rule.component == component) &&
        (rule.pattern == template_text || matches_pattern(rule.pattern, message))) {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace logdetect
