#include "mining/template.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "logdetect/lexis/char_class.h"
#include "mining/alarm_words.h"

namespace logdetect {
namespace {

// Of the user's mask that made the value; empty for other values.
std::string name_of(const MaskedMessage& message, const Token& token) {
  if (token.mask != MaskKind::kCustom) {
    return {};
  }
  const auto found = std::find_if(message.names.begin(), message.names.end(),
                                  [&](const MaskName& name) { return name.hash == token.hash; });
  return found == message.names.end() ? std::string() : found->name;
}

// A pinned literal is more than one word.
bool has_alarm(std::string_view text) {
  std::string_view before;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && !is_space(text[end])) {
      ++end;
    }
    const std::string_view word = text.substr(begin, end - begin);
    if (!word.empty() && (is_alarm_word(word) || is_alarm_pair(before, word))) {
      return true;
    }
    before = word;
    begin = end + 1;
  }
  return false;
}

}  // namespace

void Template::refresh() {
  std::vector<KeyToken> places;
  places.reserve(tokens.size());
  lazy_words = 0;
  alarming = false;
  open_places = 0;
  near_units = 0;
  far_places.clear();
  place_hashes.clear();
  place_hashes.reserve(static_cast<std::size_t>(
      std::count_if(tokens.begin(), tokens.end(), [](const TemplateToken& token) { return !token.delimiter(); })));
  std::string_view before;
  for (const TemplateToken& token : tokens) {
    if (pinned && token.delimiter()) {
      alarming = alarming || has_alarm(token.text);
    } else if (!token.delimiter() && token.kind != Token::Kind::kValue) {
      alarming = alarming || is_alarm_word(token.text) || is_alarm_pair(before, token.text);
      before = token.text;
    }
    if (token.open() && token.mask != MaskKind::kUnit) {
      add_open_place(places.size());
    }
    if (!token.delimiter()) {
      place_hashes.push_back(token.key_hash());
    }
    places.push_back({token.hash, token.delimiter(), token.open()});
    lazy_words = static_cast<std::uint16_t>(lazy_words + (token.kind == Token::Kind::kLazyWord ? 1 : 0));
  }
  token_count = static_cast<std::uint16_t>(tokens.size());
  prints.fill(0);
  for (std::size_t i = 0; i < std::min(prints.size(), place_hashes.size()); ++i) {
    prints[i] = static_cast<std::uint8_t>(place_hashes[i]);
  }
  key = make_key(places);
  ++revision;
}

void Template::add_open_place(std::size_t token) {
  const bool with_unit = token + 2 < tokens.size() && tokens[token + 2].mask == MaskKind::kUnit;
  const OpenPlace place{static_cast<std::uint16_t>(token), with_unit};
  if (open_places < kNearPlaces) {
    near_places[open_places] = place.token;
    near_units = static_cast<std::uint16_t>(near_units | (with_unit ? 1U : 0U) << open_places);
  } else {
    far_places.push_back(place);
  }
  ++open_places;
}

void Template::open_place(std::size_t i) {
  TemplateToken& token = tokens[i];
  token.opened = token.opened || token.literal();
  token.kind = Token::Kind::kValue;
  token.mask = MaskKind::kNone;
}

void Template::make_variable() {
  std::vector<ListPlace> places;
  places.reserve(tokens.size());
  for (const TemplateToken& token : tokens) {
    // Where words were opened the messages do not collapse, so neither may the template.
    const ListPart value = token.opened ? ListPart::kOpened : ListPart::kValue;
    const ListPart other = token.open() ? value : ListPart::kOther;
    places.push_back({token.hash, token.delimiter() ? delimiter_part(token.text[0]) : other});
  }
  std::vector<std::size_t> kept;
  collapse_lists(places, kept);
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
    if (token.kind == Token::Kind::kValue && token.mask == MaskKind::kCustom && !token.text.empty()) {
      out.append("<").append(token.text).append(">");
    } else if (token.mask == MaskKind::kUnit && units_vary) {
      out.pop_back();  // "<NUM>" stands for the number with its unit once one of them varies
    } else if (token.kind == Token::Kind::kValue) {
      out += mask_name(token.mask);
    } else if (token.delimiter() && std::all_of(token.text.begin(), token.text.end(), is_space)) {
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

Template husk(std::uint32_t parent) {
  Template out;
  out.parent = parent;
  out.live = false;
  return out;
}

Template make_template(const MaskedMessage& message) {
  Template result;
  result.tokens.reserve(message.tokens.size());
  for (const Token& token : message.tokens) {
    // A value's own text is of no use and may be large; delimiters and words are needed to print the template.
    const bool keep_text = token.kind != Token::Kind::kValue;
    result.tokens.push_back({keep_text ? std::string(message.token_text(token)) : name_of(message, token), token.hash,
                             token.kind, token.mask, false});
  }
  result.pinned = message.pinned;
  result.refresh();
  return result;
}

}  // namespace logdetect
