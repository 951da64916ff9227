#include "logdetect/base/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

namespace logdetect {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr char32_t kEllipsis = 0x2026;  // U+2026 HORIZONTAL ELLIPSIS

// Unicode scalar values: up to U+10FFFF without the surrogates of UTF-16.
constexpr char32_t kLastCodePoint = 0x10FFFF;
constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;

bool is_scalar(char32_t c) {
  return c < kFirstSurrogate || (c > kLastSurrogate && c <= kLastCodePoint);
}

struct CodeRange {
  char32_t first;
  char32_t last;
};

// Characters that would move, hide or reorder what a terminal shows.
constexpr auto kHiding = std::to_array<CodeRange>({
    {0x0080, 0x009F},    // C1 controls
    {0x00AD, 0x00AD},    // soft hyphen
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200F},    // zero width, left-to-right and right-to-left marks
    {0x2028, 0x202E},    // line and paragraph separators, embeddings and overrides
    {0x2060, 0x206F},    // word joiner, isolates
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE007F},  // tags
});

// Two columns wide: East Asian wide and full-width forms, emoji.
constexpr auto kWide = std::to_array<CodeRange>({
    {0x1100, 0x115F},
    {0x2E80, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1FAFF},
    {0x20000, 0x3FFFD},
});

// No column of their own: combining marks, variation selectors.
constexpr auto kCombining = std::to_array<CodeRange>({
    {0x0300, 0x036F},
    {0x1AB0, 0x1AFF},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
});

// `ranges` are in ascending order. Most text is ASCII, which lies before all of them.
bool is_among(char32_t c, std::span<const CodeRange> ranges) {
  return c >= ranges.front().first &&
         std::ranges::any_of(ranges, [c](const CodeRange& range) { return c >= range.first && c <= range.last; });
}

void append_byte_escape(std::string& out, unsigned char byte) {
  out += "\\x";
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0xF];
}

void append_code_point_escape(std::string& out, char32_t c) {
  out += c > 0xFFFF ? "\\U" : "\\u";
  // Eight digits of four bits, or four.
  for (int shift = c > 0xFFFF ? 28 : 12; shift >= 0; shift -= 4) {
    out += kHexDigits[(c >> shift) & 0xF];
  }
}

std::size_t levenshtein(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row[b.size()];
}

}  // namespace

bool hides_text(char32_t c) {
  return is_among(c, kHiding);
}

CodePoint decode_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    return {lead, 1, true};
  }
  std::size_t length = 0;
  char32_t value = 0;
  char32_t smallest = 0;
  if ((lead & 0xE0) == 0xC0) {
    length = 2;
    value = lead & 0x1FU;
    smallest = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3;  // bytes, by the lead byte
    value = lead & 0x0FU;
    smallest = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4;  // bytes, by the lead byte
    value = lead & 0x07U;
    smallest = 0x10000;
  } else {
    return {lead, 1, false};
  }
  if (text.size() < length) {
    return {lead, 1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return {lead, 1, false};
    }
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  if (value < smallest || !is_scalar(value)) {
    return {lead, 1, false};
  }
  return {value, static_cast<std::uint8_t>(length), true};
}

void append_utf8(std::string& out, char32_t value) {
  if (!is_scalar(value)) {
    value = kReplacementCharacter;
  }
  const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0 | (value >> 6));
    put(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    put(0xE0 | (value >> 12));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  } else {
    put(0xF0 | (value >> 18));
    put(0x80 | ((value >> 12) & 0x3F));
    put(0x80 | ((value >> 6) & 0x3F));
    put(0x80 | (value & 0x3F));
  }
}

std::string escape_for_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    if (!point.valid) {
      append_byte_escape(out, byte);
    } else if (point.value == '\t') {
      out += "\\t";
    } else if (point.value == '\n') {
      out += "\\n";
    } else if (point.value == '\r') {
      out += "\\r";
    } else if (point.value == 0) {
      out += "\\0";
    } else if (point.value < 0x20 || point.value == 0x7F) {
      append_byte_escape(out, byte);
    } else if (hides_text(point.value)) {
      append_code_point_escape(out, point.value);
    } else {
      out.append(text.substr(0, point.length));
    }
    text.remove_prefix(point.length);
  }
  return out;
}

bool is_valid_utf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  const auto ascii_at = [&text](std::size_t at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, kStep);
    return (bytes & kHighBits) == 0;
  };
  std::size_t at = 0;
  while (at < text.size()) {
    // The last step may overlap the one before.
    if (text.size() >= kStep && ascii_at(std::min(at, text.size() - kStep))) {
      at += kStep;
      continue;
    }
    const CodePoint point = decode_utf8(text.substr(at));
    if (!point.valid) {
      return false;
    }
    at += point.length;
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (point.valid) {
      out.append(text.substr(0, point.length));
    } else {
      append_utf8(out, kReplacementCharacter);
    }
    text.remove_prefix(point.length);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (!point.valid || !is_among(point.value, kCombining)) {
      width += point.valid && is_among(point.value, kWide) ? 2 : 1;
    }
    text.remove_prefix(point.length);
  }
  return width;
}

std::string ellipsize(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) {
    return std::string(text);
  }
  std::string out;
  std::size_t width = 0;
  while (!text.empty() && columns > 0) {
    const CodePoint point = decode_utf8(text);
    const std::string_view piece = text.substr(0, point.length);
    width += display_width(piece);
    if (width > columns - 1) {
      break;
    }
    out.append(piece);
    text.remove_prefix(point.length);
  }
  if (columns > 0) {
    append_utf8(out, kEllipsis);
  }
  return out;
}

std::string_view nearest_name(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestName = 64;  // longer than any name of ours; bounds the quadratic distance
  if (word.size() > kLongestName) {
    return {};
  }
  std::size_t best = (word.size() <= 3 ? 1 : 2) + 1;
  std::string_view name;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kLongestName) {
      continue;
    }
    const std::size_t distance = levenshtein(word, candidate);
    if (distance < best) {
      best = distance;
      name = candidate;
    }
  }
  return name;
}

}  // namespace logdetect
