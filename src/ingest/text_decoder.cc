#include "ingest/text_decoder.h"

#include <algorithm>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr std::string_view kUtf8Bom = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LeBom = "\xFF\xFE";
constexpr std::string_view kUtf16BeBom = "\xFE\xFF";
// UTF-16 (Unicode 15, D91): a high surrogate and a low one are a character beyond U+FFFF.
constexpr std::uint32_t kHighSurrogate = 0xD800;
constexpr std::uint32_t kLowSurrogate = 0xDC00;
constexpr std::uint32_t kLastSurrogate = 0xDFFF;

constexpr std::size_t kTextureBytes = std::size_t{8} * 1024;

// True while more bytes could complete the mark, as with no bytes at all.
bool begins_bom(std::string_view head, std::string_view bom) {
  return head.size() < bom.size() && bom.starts_with(head);
}

}  // namespace

TextDecoder::TextDecoder(Encoding encoding) : encoding_(encoding) {}

std::string_view TextDecoder::decode(std::string_view bytes) {
  if (state_ == State::kBytes) {
    return bytes;
  }
  text_.clear();
  if (state_ != State::kUnknown) {
    decode_utf16(bytes);
    return text_;
  }
  if (!head_.empty()) {
    head_ += bytes;
    bytes = head_;
  }
  const std::size_t bom = recognise(bytes, false);
  if (state_ == State::kUnknown) {
    head_ = bytes;
    return {};
  }
  if (state_ == State::kBytes) {
    return bytes.substr(bom);
  }
  decode_utf16(bytes.substr(bom));
  return text_;
}

std::string_view TextDecoder::finish() {
  text_.clear();
  if (state_ == State::kUnknown) {
    const std::size_t bom = recognise(head_, true);
    if (state_ == State::kBytes) {
      return std::string_view(head_).substr(bom);
    }
    decode_utf16(std::string_view(head_).substr(bom));
  }
  // Half a character at the end of the input becomes U+FFFD.
  if (high_surrogate_ != 0) {
    append_utf8(text_, kReplacementCharacter);
    high_surrogate_ = 0;
  }
  if (half_unit_held_) {
    append_utf8(text_, kReplacementCharacter);
    half_unit_held_ = false;
  }
  return text_;
}

std::uint64_t TextDecoder::next_line_end() {
  return line_ends_used_ < line_ends_.size() ? line_ends_[line_ends_used_++] : consumed_;
}

// Settles the state if these bytes suffice and returns the length of the BOM, which counts as consumed.
std::size_t TextDecoder::recognise(std::string_view head, bool at_end) {
  const bool automatic = encoding_ == Encoding::kAuto;
  const bool utf8 = automatic || encoding_ == Encoding::kUtf8;
  const bool little = automatic || encoding_ == Encoding::kUtf16Le;
  const bool big = automatic || encoding_ == Encoding::kUtf16Be;
  if (!at_end && ((utf8 && begins_bom(head, kUtf8Bom)) || (little && begins_bom(head, kUtf16LeBom)) ||
                  (big && begins_bom(head, kUtf16BeBom)))) {
    return 0;
  }
  std::size_t bom = 0;
  if (little && head.starts_with(kUtf16LeBom)) {
    state_ = State::kUtf16Le;
    bom = kUtf16LeBom.size();
  } else if (big && head.starts_with(kUtf16BeBom)) {
    state_ = State::kUtf16Be;
    bom = kUtf16BeBom.size();
  } else if (!utf8) {
    state_ = little ? State::kUtf16Le : State::kUtf16Be;
  } else {
    state_ = State::kBytes;
    bom = head.starts_with(kUtf8Bom) ? kUtf8Bom.size() : 0;
    start_offset_ = bom;
  }
  consumed_ = bom;
  return bom;
}

void TextDecoder::decode_utf16(std::string_view bytes) {
  line_ends_.erase(line_ends_.begin(), line_ends_.begin() + static_cast<std::ptrdiff_t>(line_ends_used_));
  line_ends_used_ = 0;
  // `consumed_` rises before each call, because a line ends behind its line feed.
  const auto put_pair = [&](char first, char second) {
    const auto low = static_cast<unsigned char>(state_ == State::kUtf16Le ? first : second);
    const auto high = static_cast<unsigned char>(state_ == State::kUtf16Le ? second : first);
    put_unit(static_cast<std::uint32_t>(high) << 8 | low);
  };
  std::size_t at = 0;
  // A block of odd length cut the last unit in two.
  if (half_unit_held_ && !bytes.empty()) {
    ++consumed_;
    half_unit_held_ = false;
    put_pair(half_unit_, bytes[at++]);
  }
  for (; at + 1 < bytes.size(); at += 2) {
    consumed_ += 2;
    put_pair(bytes[at], bytes[at + 1]);
  }
  if (at < bytes.size()) {
    ++consumed_;
    half_unit_ = bytes[at];
    half_unit_held_ = true;
  }
}

void TextDecoder::put_unit(std::uint32_t unit) {
  const bool low_surrogate = unit >= kLowSurrogate && unit <= kLastSurrogate;
  if (high_surrogate_ != 0) {
    const std::uint32_t high = high_surrogate_;
    high_surrogate_ = 0;
    if (low_surrogate) {
      append_utf8(text_, 0x10000 + ((high - kHighSurrogate) << 10) + (unit - kLowSurrogate));
      return;
    }
    append_utf8(text_, kReplacementCharacter);
  }
  if (unit >= kHighSurrogate && unit < kLowSurrogate) {
    high_surrogate_ = unit;
    return;
  }
  append_utf8(text_, unit);  // a lone low surrogate becomes U+FFFD there
  if (unit == '\n') {
    line_ends_.push_back(consumed_);
  }
}

Texture texture_of(std::string_view head, Encoding encoding) {
  head = head.substr(0, kTextureBytes);
  const bool declared = encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
  const bool marked = encoding == Encoding::kAuto && (head.starts_with(kUtf16LeBom) || head.starts_with(kUtf16BeBom));
  if (declared || marked) {
    return Texture::kText;
  }
  std::size_t nuls[2] = {0, 0};  // at even and at odd offsets
  for (std::size_t i = 0; i < head.size(); ++i) {
    nuls[i & 1] += head[i] == '\0' ? 1 : 0;
  }
  if (nuls[0] + nuls[1] == 0) {
    return Texture::kText;
  }
  // Mostly Latin text has a zero in nearly every high byte and in no low one.
  const std::size_t many = std::max<std::size_t>(1, head.size() / 4);
  if (nuls[0] == 0 && nuls[1] >= many) {
    return Texture::kLikelyUtf16Le;
  }
  return nuls[1] == 0 && nuls[0] >= many ? Texture::kLikelyUtf16Be : Texture::kBinary;
}

}  // namespace logdetect
