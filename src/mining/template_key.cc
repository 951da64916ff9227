#include "mining/template_key.h"

#include <algorithm>

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

  [[nodiscard]] TemplateKey key(std::uint64_t masks, std::uint64_t lazy) const {
    const std::uint64_t skeleton = hash_mix(skeleton_, 1);
    return {skeleton, skeleton + (all_ - delimiters_), masks, lazy};
  }

 private:
  std::uint64_t skeleton_;
  std::uint64_t all_ = 0;
  std::uint64_t delimiters_ = 0;
};

constexpr std::size_t kLongestBlock = 16;  // places; bounds the search for repeats

bool is_separator(const ListPlace& place) {
  return place.part == ListPart::kBlank || place.part == ListPart::kComma;
}

// An opened place equals none: messages of the template may have different words there, and would not collapse.
bool same_place(const ListPlace& a, const ListPlace& b) {
  return a.part == b.part && a.part != ListPart::kOpened && (a.part == ListPart::kValue || a.hash == b.hash);
}

// Blocks of equal shape from `begin` on. `core`: places of the first without what separates it from the next.
struct BlockRun {
  std::size_t core = 0;
  std::size_t end = 0;
};

BlockRun find_blocks(std::span<const ListPlace> places, std::size_t begin) {
  for (std::size_t length = 2; length <= kLongestBlock && begin + length < places.size(); ++length) {
    const std::size_t last = begin + length - 1;
    if (!is_separator(places[last])) {
      continue;
    }
    // ", " separates as two places, "," and " " as one.
    const bool two = length > 2 && places[last].part == ListPart::kBlank && places[last - 1].part == ListPart::kComma;
    const std::size_t separators = two ? 2 : 1;
    const std::size_t core = length - separators;
    const auto block = places.subspan(begin, core);
    if (std::none_of(block.begin(), block.end(), [](const ListPlace& p) { return p.part == ListPart::kValue; })) {
      continue;
    }
    std::size_t equal = 0;
    while (begin + equal + length < places.size() &&
           same_place(places[begin + equal], places[begin + equal + length])) {
      ++equal;
    }
    // The last block has no separator behind it.
    const std::size_t blocks = 1 + (equal + separators) / length;
    // Two values with a blank between them are no list yet.
    if (blocks >= (two || places[last].part == ListPart::kComma ? 2U : 3U)) {
      return {core, begin + (blocks - 1) * length + core};
    }
  }
  return {};
}

}  // namespace

TemplateKey make_key(std::span<const KeyToken> tokens) {
  KeySum sum(tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    sum.add(i, tokens[i].open ? kOpenHash : tokens[i].hash, tokens[i].delimiter);
  }
  return sum.key(0, 0);
}

TemplateKey make_key(std::span<const Token> tokens) {
  KeySum sum(tokens.size());
  // Not 0: a template whose signature is 0 has met no message since it changed.
  std::uint64_t masks = 1;
  std::uint64_t lazy = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    sum.add(i, token.open() ? kOpenHash : token.hash, token.kind == Token::Kind::kDelimiter);
    // Two masks of the user are two kinds.
    const std::uint64_t name = token.mask == MaskKind::kCustom ? token.hash : 0;
    lazy += token.kind == Token::Kind::kLazyWord ? place_key(i, token.hash) : 0;
    masks += (static_cast<std::uint64_t>(token.mask) + name) * (place_salt(i) | 1U);
  }
  return sum.key(masks, lazy);
}

void collapse_lists(std::span<const ListPlace> places, std::vector<std::size_t>& kept) {
  kept.clear();
  for (std::size_t i = 0; i < places.size();) {
    const BlockRun run = is_separator(places[i]) ? BlockRun{} : find_blocks(places, i);
    const std::size_t keep = std::max<std::size_t>(run.core, 1);
    for (std::size_t k = 0; k < keep; ++k) {
      kept.push_back(i + k);
    }
    i = run.core > 0 ? run.end : i + 1;
  }
}

ListPart delimiter_part(char first) {
  if (first == ',' || first == ';') {
    return ListPart::kComma;
  }
  return first <= ' ' && first >= 0 ? ListPart::kBlank : ListPart::kOther;
}

void collapse_tokens(std::span<const Token> tokens, std::string_view text, std::vector<Token>& out) {
  std::vector<ListPlace> places;
  places.reserve(tokens.size());
  for (const Token& token : tokens) {
    const bool delimiter = token.kind == Token::Kind::kDelimiter;
    const ListPart other = token.open() ? ListPart::kValue : ListPart::kOther;
    places.push_back({token.hash, delimiter ? delimiter_part(text[token.begin]) : other});
  }
  std::vector<std::size_t> kept;
  collapse_lists(places, kept);
  out.clear();
  for (const std::size_t i : kept) {
    out.push_back(tokens[i]);
  }
}

}  // namespace logdetect
