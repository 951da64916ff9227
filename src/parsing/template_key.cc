#include "parsing/template_key.h"

namespace logdetect {
namespace {

// Sums the keys of places, delimiters apart from words.
class KeySum {
 public:
  explicit KeySum(std::size_t places) : skeleton_(place_key(places, 0)) {}

  void add(std::size_t position, std::uint64_t hash, bool delimiter) {
    const std::uint64_t place = place_key(position, hash);
    all_ += place;
    skeleton_ += delimiter ? place : 0;
    delimiters_ += delimiter ? place : 0;
  }

  [[nodiscard]] TemplateKey key(std::uint64_t masks) const {
    const std::uint64_t skeleton = hash_mix(skeleton_, 1);
    return {skeleton, skeleton + (all_ - delimiters_), masks};
  }

 private:
  std::uint64_t skeleton_;
  std::uint64_t all_ = 0;
  std::uint64_t delimiters_ = 0;
};

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
  KeySum sum(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    sum.add(i, tokens[i].open ? kOpenHash : tokens[i].hash, tokens[i].delimiter);
  }
  return sum.key(0);
}

TemplateKey make_key(std::span<const Token> tokens) {
  KeySum sum(tokens.size());
  std::uint64_t masks = 1;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    sum.add(i, token.open() ? kOpenHash : token.hash, token.kind == Token::Kind::kDelimiter);
    masks += static_cast<std::uint64_t>(token.mask) * (place_salt(i) | 1U);
  }
  return sum.key(masks);
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
