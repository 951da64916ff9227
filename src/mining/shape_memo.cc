#include "mining/shape_memo.h"

#include <algorithm>
#include <cstring>

#include "logdetect/lexis/char_class.h"
#include "mining/template_key.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace logdetect {
namespace {

constexpr std::size_t kTableSize = 8192;  // a power of two
constexpr std::size_t kMostShapes = kTableSize / 2;
constexpr std::size_t kProbes = 8;
constexpr std::size_t kMostStoredBytes = std::size_t{2} << 20;
constexpr std::size_t kMostStoredTokens = std::size_t{160} << 10;
constexpr char kSet = '\xFF';

// Each works on 16 bytes. fold: digits and hexadecimal letters become '0'. differs: whether `text` is not `canon` once
// what the masks let vary is folded.
#ifdef __SSE2__

__m128i load(const char* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));  // NOLINT: unaligned load
}

__m128i in_range(__m128i x, char first, char last) {
  const __m128i above = _mm_sub_epi8(x, _mm_set1_epi8(first));
  return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(last - first))), above);
}

__m128i blend_zero(__m128i x, __m128i where) {
  return _mm_or_si128(_mm_andnot_si128(where, x), _mm_and_si128(where, _mm_set1_epi8('0')));
}

void fold(const char* text, std::uint64_t& low, std::uint64_t& high) {
  const __m128i x = load(text);
  const __m128i letters = in_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'f');
  const __m128i folded = blend_zero(x, _mm_or_si128(in_range(x, '0', '9'), letters));
  low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(folded));
  high = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(folded, folded)));
}

bool differs(const char* text, const char* canon, const char* digits, const char* hexes) {
  const __m128i x = load(text);
  const __m128i letters = in_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'f');
  const __m128i free =
      _mm_or_si128(_mm_and_si128(in_range(x, '0', '9'), load(digits)), _mm_and_si128(letters, load(hexes)));
  return _mm_movemask_epi8(_mm_cmpeq_epi8(blend_zero(x, free), load(canon))) != 0xFFFF;
}

#else

void fold(const char* text, std::uint64_t& low, std::uint64_t& high) {
  std::array<char, 16> folded;  // NOLINT: written before it is read
  for (std::size_t i = 0; i < folded.size(); ++i) {
    folded[i] = is_hex(text[i]) ? '0' : text[i];
  }
  std::memcpy(&low, folded.data(), sizeof low);
  std::memcpy(&high, folded.data() + sizeof low, sizeof high);
}

bool differs(const char* text, const char* canon, const char* digits, const char* hexes) {
  bool same = true;
  for (std::size_t i = 0; i < 16; ++i) {  // a step
    const bool free = is_digit(text[i]) ? digits[i] != 0 : is_hex(text[i]) && hexes[i] != 0;
    same = same && (free ? '0' : text[i]) == canon[i];
  }
  return !same;
}

#endif

std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32) | 1U;
}

}  // namespace

bool ShapeMemo::recall(std::string_view message, MaskedMessage& out) {
  asked_ = false;
  if (message.empty() || message.size() > kMostBytes) {
    return false;
  }
  const std::size_t padded = (message.size() + kStep - 1) / kStep * kStep;
  std::memset(text_.data() + padded - kStep, 0, kStep);
  std::memcpy(text_.data(), message.data(), message.size());
  constexpr std::uint64_t kFactor = 0x9FB21C651E98DF25ULL;  // of the mixer rrmxmx (Evensen, 2018)
  // Two sums over the halves of each step, so that neither waits for the other.
  std::uint64_t first = message.size() * kFactor;
  std::uint64_t second = kFactor;
  for (std::size_t i = 0; i < padded; i += kStep) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    fold(text_.data() + i, low, high);
    first = (first ^ low) * kFactor;
    first ^= first >> 29;
    second = (second ^ high) * kFactor;
    second ^= second >> 31;
  }
  hash_ = hash_mix(first, second);
  const std::uint32_t tag = tag_of(hash_);
  for (std::size_t probe = 0; !table_.empty() && probe < kProbes; ++probe) {
    const Entry& entry = table_[(hash_ + probe) % kTableSize];
    // Shapes are never taken out one by one, so behind a free place there is none.
    if (entry.shape == 0) {
      break;
    }
    if (entry.tag != tag || shapes_[entry.shape - 1].size != message.size() || !fits(shapes_[entry.shape - 1])) {
      continue;
    }
    const Shape& shape = shapes_[entry.shape - 1];
    out.text = message;
    out.tokens.assign(tokens_.begin() + shape.first_token, tokens_.begin() + shape.first_token + shape.token_count);
    out.key = shape.key;
    return true;
  }
  asked_ = true;
  return false;
}

// Compares with text_, which is as long as the shape.
bool ShapeMemo::fits(const Shape& shape) const {
  if (shape.hash != hash_) {
    return false;
  }
  const std::size_t padded = (shape.size + kStep - 1) / kStep * kStep;
  const char* const canon = bytes_.data() + shape.first_byte;
  for (std::size_t i = 0; i < padded; i += kStep) {
    if (differs(text_.data() + i, canon + i, canon + padded + i, canon + 2 * padded + i)) {
      return false;
    }
  }
  for (std::size_t k = 0; k < shape.run_count; ++k) {
    const Run& run = runs_[shape.first_run + k];
    bool digit = false;
    bool letter = false;
    for (std::size_t i = run.begin; i < run.end; ++i) {
      digit = digit || is_digit(text_[i]);
      letter = letter || is_letter(text_[i]);
    }
    if (!digit || (run.needs_letter && !letter)) {
      return false;
    }
  }
  return true;
}

void ShapeMemo::offer(const MaskedMessage& masked) {
  if (!asked_ || masked.tokens.size() > kMostTokens) {
    return;
  }
  asked_ = false;
  if (table_.empty()) {
    table_.resize(kTableSize);
    seen_.resize(kTableSize);
  }
  std::uint32_t& seen = seen_[hash_ % kTableSize];
  // A shape that comes once would cost its memory for nothing.
  if (seen != tag_of(hash_)) {
    seen = tag_of(hash_);
    return;
  }
  if (shapes_.size() == kMostShapes || bytes_.size() > kMostStoredBytes || tokens_.size() > kMostStoredTokens) {
    forget();
  }
  add(masked);
}

void ShapeMemo::add(const MaskedMessage& masked) {
  const std::size_t padded = (masked.text.size() + kStep - 1) / kStep * kStep;
  Shape shape;
  shape.hash = hash_;
  shape.first_byte = static_cast<std::uint32_t>(bytes_.size());
  shape.first_token = static_cast<std::uint32_t>(tokens_.size());
  shape.first_run = static_cast<std::uint32_t>(runs_.size());
  shape.size = static_cast<std::uint16_t>(masked.text.size());
  shape.token_count = static_cast<std::uint16_t>(masked.tokens.size());
  shape.key = masked.key;
  bytes_.resize(bytes_.size() + 3 * padded, '\0');
  char* const canon = bytes_.data() + shape.first_byte;
  char* const digits = canon + padded;
  char* const hexes = digits + padded;
  for (const Token& token : masked.tokens) {
    if (token.kind == Token::Kind::kValue) {
      open_value(token, masked.text, digits, hexes);
    }
  }
  for (std::size_t i = 0; i < masked.text.size(); ++i) {
    canon[i] = digits[i] != 0 && is_hex(masked.text[i]) ? '0' : masked.text[i];
  }
  shape.run_count = static_cast<std::uint16_t>(runs_.size() - shape.first_run);
  tokens_.insert(tokens_.end(), masked.tokens.begin(), masked.tokens.end());
  shapes_.push_back(shape);
  // Where all places are taken, the last one gives way.
  std::size_t at = hash_ % kTableSize;
  for (std::size_t probe = 0; probe < kProbes && table_[at].shape != 0; ++probe) {
    at = (hash_ + probe) % kTableSize;
  }
  table_[at] = {tag_of(hash_), static_cast<std::uint32_t>(shapes_.size())};
}

// Marks the bytes of a value that may vary.
void ShapeMemo::open_value(const Token& token, std::string_view text, char* digits, char* hexes) {
  const std::size_t end = std::size_t{token.begin} + token.length;
  const std::string_view value = text.substr(token.begin, token.length);
  const bool plain_hex = token.mask == MaskKind::kHex && std::all_of(value.begin(), value.end(), is_hex);
  if (plain_hex || token.mask == MaskKind::kUuid) {
    for (std::size_t i = token.begin; i < end; ++i) {
      const bool free = is_hex(text[i]);
      digits[i] = hexes[i] = free ? kSet : '\0';
    }
    runs_.push_back({static_cast<std::uint16_t>(token.begin), static_cast<std::uint16_t>(end), plain_hex});
    return;
  }
  for (std::size_t i = token.begin; i < end; ++i) {
    const bool prefix = i + 1 < end && (text[i + 1] == 'x' || text[i + 1] == 'X');  // "0x"
    digits[i] = is_digit(text[i]) && !prefix ? kSet : '\0';
  }
}

void ShapeMemo::forget() {
  std::fill(table_.begin(), table_.end(), Entry{});
  shapes_.clear();
  bytes_.clear();
  tokens_.clear();
  runs_.clear();
}

}  // namespace logdetect
