#include "mining/pinned_templates.h"

#include <algorithm>
#include <utility>

#include "logdetect/base/hash.h"
#include "logdetect/lexis/char_class.h"
#include "logdetect/mining/mask_check.h"
#include "mining/value_scanner.h"

namespace logdetect {
namespace {

constexpr std::size_t kLongestName = 32;          // bytes of a placeholder's name, as of a mask's
constexpr std::uint64_t kLiteralSalt = 0x70696E;  // a pinned literal never equals what the scanner cuts

// Length of the placeholder at `at`, or 0.
std::size_t placeholder_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '<') {
    return 0;
  }
  const std::size_t close = text.find('>', at);
  if (close == std::string_view::npos || close - at < 2 || close - at - 1 > kLongestName) {
    return 0;
  }
  const std::string_view name = text.substr(at + 1, close - at - 1);
  const auto fits = [](char c) { return is_upper(c) || is_digit(c) || c == '_'; };
  const bool named = is_upper(name[0]) && std::all_of(name.begin(), name.end(), fits);
  return named || name == "*" ? close + 1 - at : 0;
}

std::size_t find_placeholder(std::string_view text, std::size_t at) {
  while (at < text.size() && placeholder_length(text, at) == 0) {
    ++at;
  }
  return at;
}

// The mask that shows itself by this placeholder; kNone if there is none.
MaskKind kind_named(std::string_view placeholder) {
  for (auto kind = static_cast<std::uint8_t>(MaskKind::kNumber); kind < static_cast<std::uint8_t>(MaskKind::kCustom);
       ++kind) {
    if (mask_name(static_cast<MaskKind>(kind)) == placeholder) {
      return static_cast<MaskKind>(kind);
    }
  }
  return MaskKind::kNone;
}

// By the scanner's own recognisers, so that <IP> takes what the scanner would show as <IP>.
bool is_of_kind(std::string_view text, MaskKind kind) {
  std::uint16_t classes = 0;
  std::size_t chunk = 0;
  while (chunk < text.size() && (char_class(text[chunk]) & (kSpaceChar | kBreakChar)) == 0) {
    classes |= char_class(text[chunk]);
    ++chunk;
  }
  if (chunk == 0) {
    return false;
  }
  const auto whole = [&](const ValueSpan& value) {
    return value.found() && value.begin == 0 && value.end == text.size() && value.kind == kind;
  };
  if (kind == MaskKind::kId) {
    return chunk == text.size() && std::any_of(text.begin(), text.end(), is_digit);
  }
  if (kind == MaskKind::kIp && chunk == text.size() && find_value(text, classes).kind == kind) {
    return true;  // "/10.0.0.1" is shown as an address too
  }
  return whole(match_long_value(text, 0, chunk, classes)) ||
         (chunk == text.size() && (whole(match_colon_value(text)) || whole(find_value(text, classes))));
}

Token make_token(std::size_t begin, std::size_t end, std::uint64_t hash, Token::Kind kind, MaskKind mask) {
  Token token;
  token.begin = static_cast<std::uint32_t>(begin);
  token.length = static_cast<std::uint32_t>(end - begin);
  token.hash = hash;
  token.kind = kind;
  token.mask = mask;
  return token;
}

}  // namespace

std::string check_pinned_template(std::string_view text) {
  if (text.empty() || text.size() > kMaxPatternBytes) {
    return "must have 1 to " + std::to_string(kMaxPatternBytes) + " bytes";
  }
  bool literal = false;
  std::size_t placeholders = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = placeholder_length(text, at);
    if (length > 0 && placeholder_length(text, at + length) > 0) {
      return "has two placeholders with nothing between them";
    }
    placeholders += length > 0 ? 1 : 0;
    literal = literal || (length == 0 && !is_space(text[at]));
    at += std::max<std::size_t>(length, 1);
  }
  if (!literal) {
    return "has no literal text";
  }
  constexpr std::size_t kMost = MinerOptions::kMaxPlaceholders;
  return placeholders > kMost ? "has more than " + std::to_string(kMost) + " placeholders" : "";
}

Result<PinnedTemplates> PinnedTemplates::create(const std::vector<std::string>& templates) {
  PinnedTemplates made;
  for (const std::string& text : templates) {
    if (const std::string wrong = check_pinned_template(text); !wrong.empty()) {
      std::string message = "template \"";
      message.append(text).append("\" ").append(wrong);
      return make_error(ErrorCode::kConfig, std::move(message), "miner.templates",
                        "write literal text with placeholders, like \"user <*> logged in from <IP>\"");
    }
    Pattern pattern;
    std::size_t at = find_placeholder(text, 0);
    pattern.head = text.substr(0, at);
    pattern.head_hash = hash_mix(hash64(pattern.head), kLiteralSalt);
    while (at < text.size()) {
      Piece piece;
      const std::string_view placeholder = std::string_view(text).substr(at, placeholder_length(text, at));
      at += placeholder.size();
      piece.kind = kind_named(placeholder);
      piece.any = placeholder == "<*>";
      if (!piece.any && piece.kind == MaskKind::kNone) {
        const std::string_view name = placeholder.substr(1, placeholder.size() - 2);
        piece.kind = MaskKind::kCustom;
        piece.name = hash64(name);
        made.names_.push_back({piece.name, std::string(name)});
      }
      const std::size_t next = find_placeholder(text, at);
      piece.literal = text.substr(at, next - at);
      piece.hash = hash_mix(hash64(piece.literal), kLiteralSalt);
      at = next;
      pattern.pieces.push_back(std::move(piece));
    }
    made.patterns_.push_back(std::move(pattern));
  }
  return made;
}

bool PinnedTemplates::match(std::string_view message, std::vector<Token>& tokens) const {
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    return message.starts_with(pattern.head) && cut(pattern, message, tokens);
  });
}

bool PinnedTemplates::cut(const Pattern& pattern, std::string_view message, std::vector<Token>& tokens) {
  const std::size_t before = tokens.size();
  std::size_t at = pattern.head.size();
  if (at > 0) {
    tokens.push_back(make_token(0, at, pattern.head_hash, Token::Kind::kDelimiter, MaskKind::kNone));
  }
  bool fits = !pattern.pieces.empty() || at == message.size();
  for (std::size_t i = 0; i < pattern.pieces.size() && fits; ++i) {
    const Piece& piece = pattern.pieces[i];
    std::size_t end = message.size();
    if (i + 1 < pattern.pieces.size()) {
      // A placeholder takes one byte at least, and the shortest text up to the literal behind it.
      end = at < message.size() ? message.find(piece.literal, at + 1) : std::string_view::npos;
    } else if (message.size() > at + piece.literal.size() && message.ends_with(piece.literal)) {
      end = message.size() - piece.literal.size();
    } else {
      end = std::string_view::npos;
    }
    fits = end != std::string_view::npos && end > at;
    if (!fits) {
      break;
    }
    const std::string_view value = message.substr(at, end - at);
    if (!piece.any) {
      fits = piece.kind == MaskKind::kCustom ? std::none_of(value.begin(), value.end(), is_space)
                                             : is_of_kind(value, piece.kind);
    }
    tokens.push_back(make_token(at, end, piece.name, Token::Kind::kValue, piece.kind));
    at = end + piece.literal.size();
    if (!piece.literal.empty()) {
      tokens.push_back(make_token(end, at, piece.hash, Token::Kind::kDelimiter, MaskKind::kNone));
    }
  }
  if (!fits) {
    // The next pattern must find the tokens as they were.
    tokens.resize(before);
  }
  return fits;
}

}  // namespace logdetect
