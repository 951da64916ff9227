#include "parsing/group_forms.h"

#include <algorithm>

namespace logdetect {
namespace {

constexpr char kWordPart = 'w';
constexpr char kValuePart = 'v';
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

// `part(i)` is the first byte of a delimiter, or kWordPart, or kValuePart. A template's places and a message's tokens
// must give the same groups.
template <typename Part>
void collect(std::size_t n, Part part, std::vector<PlaceGroup>& out) {
  out.clear();
  const auto is_name = [&](std::size_t i) { return part(i) == kWordPart || part(i) == kValuePart; };
  for (std::size_t i = 0; i < n && out.size() < kMostGroups; ++i) {
    if (const char close = closing(part(i)); close != '\0') {
      std::size_t j = i + 1;
      const std::size_t last = std::min(n, i + kMostGroupPlaces);
      while (j < last && part(j) != close && (part(j) == close || closing(part(j)) == '\0')) {
        ++j;
      }
      if (j >= last || part(j) != close) {
        continue;
      }
      if (i > 0 && is_name(i - 1) && close != part(i) && j > i + 1) {
        out.push_back({i - 1, j + 1});
      }
      if (j > i + 2) {
        out.push_back({i + 1, j});
      }
      i = j;
      continue;
    }
    const bool begins = i == 0 || part(i - 1) == kBlankPart;
    if (begins && part(i) == kWordPart && i + 2 < n && part(i + 1) == ':' && part(i + 2) == kValuePart &&
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
        if (token.kind == Token::Kind::kDelimiter) {
          const char c = message.text[token.begin];
          return c <= ' ' && c >= 0 ? kBlankPart : c;
        }
        return token.open() ? kValuePart : kWordPart;
      },
      out);
}

void find_groups(const Template& of, std::vector<PlaceGroup>& out) {
  collect(
      of.tokens.size(),
      [&](std::size_t i) {
        const TemplateToken& token = of.tokens[i];
        if (token.delimiter()) {
          return token.text[0] <= ' ' && token.text[0] >= 0 ? kBlankPart : token.text[0];
        }
        return token.open() ? kValuePart : kWordPart;
      },
      out);
}

void fold_group(const MaskedMessage& message, const PlaceGroup& group, std::vector<Token>& out) {
  const auto at = [&](std::size_t i) { return message.tokens.begin() + static_cast<std::ptrdiff_t>(i); };
  out.assign(at(0), at(group.begin));
  const Token& last = message.tokens[group.end - 1];
  Token& value = out.emplace_back(message.tokens[group.begin]);
  value.length = last.begin + last.length - value.begin;
  value.hash = kOpenHash;
  value.kind = Token::Kind::kValue;
  value.mask = MaskKind::kNone;
  out.insert(out.end(), at(group.end), message.tokens.end());
}

TemplateKey folded_key(const Template& of, const PlaceGroup& group) {
  std::vector<KeyToken> places;
  places.reserve(of.tokens.size());
  for (std::size_t i = 0; i < of.tokens.size(); ++i) {
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

}  // namespace logdetect
