#include "mining/group_forms.h"

#include <algorithm>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr char kNamePart = 'w';  // a word or value
constexpr char kBlankPart = ' ';

char closing(char open) {
  switch (open) {
    case '(':
      return ')';
    case '[':
      return ']';
    case '{':
      return '}';
    case '"':
    case '\'':
      return open;
    default:
      return '\0';
  }
}

char group_part(char c) {
  return is_space(c) ? kBlankPart : c;
}

// `part(i)` is the first byte of a delimiter, kBlankPart or kNamePart.
template <typename Part>
void collect(std::size_t n, Part part, std::vector<PlaceGroup>& out) {
  out.clear();
  for (std::size_t i = 0; i < n && out.size() < kMostGroups; ++i) {
    if (const char close = closing(part(i)); close != '\0') {
      std::size_t j = i + 1;
      // What stands in double quotes is one text, brackets or not.
      const bool quoted = close == '"';
      const std::size_t last = std::min(n, i + (quoted ? kMostQuotedPlaces : kMostGroupPlaces));
      while (j < last && part(j) != close && (quoted || closing(part(j)) == '\0')) {
        ++j;
      }
      if (j >= last || part(j) != close) {
        continue;
      }
      // "LOCAL(0)": the name in front belongs to the group. A quote has no name.
      if (i > 0 && part(i - 1) == kNamePart && close != part(i) && j > i + 1) {
        out.push_back({i - 1, j + 1});
      }
      // What is inside, by itself; one place alone is no group.
      if (j > i + 2) {
        out.push_back({i + 1, j});
      }
      i = j;
      continue;
    }
    // "wpad:80", "to=wpad:80,": a pair that stands by itself.
    const bool begins = i == 0 || part(i - 1) == kBlankPart || part(i - 1) == '=';
    if (begins && part(i) == kNamePart && i + 2 < n && part(i + 1) == ':' && part(i + 2) == kNamePart &&
        (i + 3 == n || part(i + 3) == kBlankPart || part(i + 3) == ',')) {
      out.push_back({i, i + 3});
    }
  }
}

}  // namespace

void find_groups(const MaskedMessage& message, std::vector<PlaceGroup>& out) {
  collect(
      message.tokens.size(),
      [&](std::size_t i) {
        const Token& token = message.tokens[i];
        return token.kind == Token::Kind::kDelimiter ? group_part(message.text[token.begin]) : kNamePart;
      },
      out);
}

void find_groups(const Template& of, std::vector<PlaceGroup>& out) {
  collect(
      of.tokens.size(),
      [&](std::size_t i) { return of.tokens[i].delimiter() ? group_part(of.tokens[i].text[0]) : kNamePart; }, out);
}

void fold_group(std::span<const Token> tokens, const PlaceGroup& group, std::vector<Token>& out) {
  out.assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(group.begin));
  const Token& last = tokens[group.end - 1];
  Token value = tokens[group.begin];
  value.length = last.begin + last.length - value.begin;
  value.hash = kOpenHash;
  value.kind = Token::Kind::kValue;
  value.mask = MaskKind::kNone;
  out.push_back(value);
  out.insert(out.end(), tokens.begin() + static_cast<std::ptrdiff_t>(group.end), tokens.end());
}

TemplateKey folded_key(const Template& of, const PlaceGroup& group) {
  std::vector<KeyToken> places;
  places.reserve(of.tokens.size());
  for (std::size_t i = 0; i < of.tokens.size(); ++i) {
    // The value takes the place of the whole group.
    if (i == group.begin) {
      places.push_back({kOpenHash, false, true});
    }
    if (i < group.begin || i >= group.end) {
      const TemplateToken& token = of.tokens[i];
      places.push_back({token.hash, token.delimiter(), token.open()});
    }
  }
  return make_key(places);
}

void FormIndex::add(std::uint32_t id, const Template& added) {
  constexpr std::size_t kMostIds = 64;
  if (added.pinned) {
    return;
  }
  find_groups(added, found_);
  for (const PlaceGroup& group : found_) {
    const std::uint64_t route = folded_key(added, group).route;
    std::uint32_t slot = routes_.find(route);
    if (slot == FlatMap::kNone) {
      slot = static_cast<std::uint32_t>(ids_.size());
      routes_.put(route, slot);
      ids_.emplace_back();
    }
    if (ids_[slot].size() < kMostIds) {
      ids_[slot].push_back(id);
    }
  }
}

std::span<const std::uint32_t> FormIndex::find(std::uint64_t route) const {
  const std::uint32_t slot = routes_.find(route);
  return slot == FlatMap::kNone ? std::span<const std::uint32_t>() : std::span<const std::uint32_t>(ids_[slot]);
}

void FormIndex::clear() {
  routes_.clear();
  ids_.clear();
}

}  // namespace logdetect
