#include "mining/template_merge.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace logdetect {
namespace {

std::size_t opened_places(const Template& of) {
  return static_cast<std::size_t>(
      std::count_if(of.tokens.begin(), of.tokens.end(), [](const TemplateToken& token) { return token.opened; }));
}

// A total order over all that a template is; equal ones are interchangeable.
bool before(const Template& a, const Template& b) {
  if (a.key.route != b.key.route || a.variable != b.variable) {
    return std::tuple(a.key.route, !a.variable) < std::tuple(b.key.route, !b.variable);
  }
  const auto less = [](const TemplateToken& x, const TemplateToken& y) {
    return std::tie(x.kind, x.mask, x.opened, x.hash, x.text) < std::tie(y.kind, y.mask, y.opened, y.hash, y.text);
  };
  if (std::lexicographical_compare(a.tokens.begin(), a.tokens.end(), b.tokens.begin(), b.tokens.end(), less)) {
    return true;
  }
  if (std::lexicographical_compare(b.tokens.begin(), b.tokens.end(), a.tokens.begin(), a.tokens.end(), less)) {
    return false;
  }
  return std::tie(a.count, a.last_seen) < std::tie(b.count, b.last_seen);
}

}  // namespace

std::vector<Template> canonical_union(std::vector<Template> a, const std::vector<Template>& b) {
  a.insert(a.end(), b.begin(), b.end());
  // Whose template it was plays no part from here on.
  std::sort(a.begin(), a.end(), before);
  std::vector<Template> out;
  for (Template& next : a) {
    if (!out.empty() && out.back().key.route == next.key.route && out.back().variable == next.variable) {
      fold(out.back(), next);
      out.back().refresh();
    } else {
      out.push_back(std::move(next));
    }
  }
  // The most general first: lists, then those with most opened places.
  std::stable_sort(out.begin(), out.end(), [](const Template& x, const Template& y) {
    return std::tuple(!x.variable, opened_places(y)) < std::tuple(!y.variable, opened_places(x));
  });
  return out;
}

void sort_for_numbering(std::vector<Template>& templates) {
  std::sort(templates.begin(), templates.end(),
            [](const Template& a, const Template& b) { return a.count != b.count ? a.count > b.count : before(a, b); });
}

void fold(Template& into, const Template& from) {
  for (std::size_t i = 0; i < std::min(into.tokens.size(), from.tokens.size()); ++i) {
    generalise(into, i, from.tokens[i].kind, from.tokens[i].hash, from.tokens[i].mask);
    into.tokens[i].opened = into.tokens[i].opened || from.tokens[i].opened;
  }
  into.count += from.count;
  into.last_seen = std::max(into.last_seen, from.last_seen);
  into.variable = into.variable || from.variable;
  into.many_forms = into.many_forms || from.many_forms;
}

void generalise(Template& into, std::size_t i, Token::Kind kind, std::uint64_t hash, MaskKind mask) {
  const auto differs = [&](const TemplateToken& token) {
    return token.mask != mask || (mask == MaskKind::kCustom && token.hash != hash);
  };
  TemplateToken& token = into.tokens[i];
  if (token.delimiter() || (token.kind == kind && token.hash == hash && kind != Token::Kind::kValue)) {
    return;
  }
  if (token.kind == Token::Kind::kValue && kind == Token::Kind::kValue) {
    token.mask = differs(token) ? MaskKind::kNone : mask;
    return;
  }
  // A word met another word or a value: the place is opened, and words may stand in it.
  if (token.literal() || kind == Token::Kind::kWord) {
    into.open_place(i);
    token.opened = true;
    return;
  }
  token.mask = differs(token) ? MaskKind::kNone : mask;  // two different lazy words, or one and a value
  token.kind = Token::Kind::kValue;
}

std::vector<Token> tokens_of(const Template& of) {
  std::vector<Token> tokens;
  tokens.reserve(of.tokens.size());
  for (const TemplateToken& token : of.tokens) {
    tokens.push_back({0, 0, token.hash, token.kind, token.mask});
  }
  return tokens;
}

}  // namespace logdetect
