#include "parsing/template.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "parsing/alarm_words.h"

namespace logdetect {

void Template::refresh() {
  std::vector<KeyToken> places;
  places.reserve(tokens.size());
  lazy_words = 0;
  alarming = false;
  open_places.clear();
  std::string_view before;
  for (const TemplateToken& token : tokens) {
    if (!token.delimiter() && token.kind != Token::Kind::kValue) {
      alarming = alarming || is_alarm_word(token.text) || is_alarm_pair(before, token.text);
      before = token.text;
    }
    if (token.open() && token.mask != MaskKind::kUnit) {
      open_places.push_back(static_cast<std::uint16_t>(places.size()));
    }
    places.push_back({token.hash, token.delimiter(), token.open()});
    lazy_words += token.kind == Token::Kind::kLazyWord ? 1 : 0;
  }
  key = make_key(places);
  ++revision;
}

void Template::open_place(std::size_t i) {
  TemplateToken& token = tokens[i];
  token.opened = token.opened || token.literal();
  token.kind = Token::Kind::kValue;
  token.mask = MaskKind::kNone;
}

void Template::make_variable() {
  const auto part = [this](std::size_t i) {
    const TemplateToken& token = tokens[i];
    if (!token.delimiter()) {
      return token.open() ? ListPart::kValue : ListPart::kOther;
    }
    if (token.text[0] == ',') {
      return ListPart::kComma;
    }
    return token.text[0] <= ' ' ? ListPart::kBlank : ListPart::kOther;
  };
  std::vector<std::size_t> kept;
  collapse_lists(tokens.size(), part, kept);
  std::vector<TemplateToken> collapsed;
  collapsed.reserve(kept.size());
  for (const std::size_t i : kept) {
    collapsed.push_back(std::move(tokens[i]));
    if (collapsed.back().open()) {
      collapsed.back().kind = Token::Kind::kValue;
      collapsed.back().mask = MaskKind::kNone;
    }
  }
  tokens = std::move(collapsed);
  variable = true;
  refresh();
}

std::string Template::text() const {
  const bool units_vary = std::any_of(tokens.begin(), tokens.end(), [](const TemplateToken& token) {
    return token.mask == MaskKind::kUnit && token.kind == Token::Kind::kValue;
  });
  std::string out;
  for (const TemplateToken& token : tokens) {
    if (token.mask == MaskKind::kUnit && units_vary) {
      out.pop_back();  // "<NUM>" stands for the number with its unit once one of them varies
    } else if (token.kind == Token::Kind::kValue) {
      out += mask_name(token.mask);
    } else if (token.delimiter() && token.text[0] <= ' ') {
      out += ' ';
    } else {
      out += token.text;
    }
  }
  return out;
}

std::size_t Template::literal_count() const {
  std::size_t n = 0;
  for (const TemplateToken& token : tokens) {
    n += token.literal() ? 1 : 0;
  }
  return n;
}

std::size_t Template::open_count() const {
  return open_places.size();
}

Template make_template(const MaskedMessage& message) {
  Template result;
  result.tokens.reserve(message.tokens.size());
  for (const Token& token : message.tokens) {
    // A value's own text is of no use and may be large; delimiters and words are needed to print the template.
    const bool keep_text = token.kind != Token::Kind::kValue;
    result.tokens.push_back({keep_text ? std::string(message.token_text(token)) : std::string(), token.hash, token.kind,
                             token.mask, false});
  }
  result.refresh();
  return result;
}

}  // namespace logdetect
