#include "parsing/template_key.h"

namespace logdetect {
namespace {

// `hash_of(token)` gives the hash a token has in the route, `is_delimiter(token)` says whether it is in the skeleton.
template <typename T, typename HashOf, typename IsDelimiter>
TemplateKey sum_places(std::span<const T> tokens, HashOf hash_of, IsDelimiter is_delimiter) {
  std::uint64_t skeleton = place_key(tokens.size(), 0);
  std::uint64_t words = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::uint64_t place = place_key(i, hash_of(tokens[i]));
    (is_delimiter(tokens[i]) ? skeleton : words) += place;
  }
  skeleton = hash_mix(skeleton, 1);
  return {skeleton, skeleton + words};
}

ListPart list_part(const Token& token, std::string_view text) {
  if (token.kind != Token::Kind::kDelimiter) {
    return token.open() ? ListPart::kValue : ListPart::kOther;
  }
  if (text[token.begin] == ',') {
    return ListPart::kComma;
  }
  return text[token.begin] <= ' ' ? ListPart::kBlank : ListPart::kOther;
}

}  // namespace

TemplateKey make_key(std::span<const KeyToken> tokens) {
  return sum_places(
      tokens, [](const KeyToken& t) { return t.open ? kOpenHash : t.hash; },
      [](const KeyToken& t) { return t.delimiter; });
}

TemplateKey make_key(std::span<const Token> tokens) {
  TemplateKey key = sum_places(
      tokens, [](const Token& t) { return t.open() ? kOpenHash : t.hash; },
      [](const Token& t) { return t.kind == Token::Kind::kDelimiter; });
  key.masks = 1;
  for (const Token& token : tokens) {
    key.masks = key.masks * 31 + static_cast<std::uint64_t>(token.mask);
  }
  return key;
}

void collapse_tokens(std::span<const Token> tokens, std::string_view text, std::vector<Token>& out) {
  std::vector<std::size_t> kept;
  collapse_lists(
      tokens.size(), [&](std::size_t i) { return list_part(tokens[i], text); }, kept);
  out.clear();
  for (const std::size_t i : kept) {
    out.push_back(tokens[i]);
  }
}

}  // namespace logdetect
