#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/ingest/options.h"

namespace logdetect {

/// Turns a byte stream, fed in pieces of any size, into text that the line splitter understands: cuts a UTF-8 BOM,
/// turns UTF-16 (by BOM, or when the options say so) into UTF-8 with U+FFFD for lone surrogates and a lone last byte;
/// every other byte passes through untouched and uncopied. Not thread-safe.
class TextDecoder {
 public:
  explicit TextDecoder(Encoding encoding);

  /// The text of the next bytes; a view of `bytes` where possible, valid until the next call and as long as `bytes`.
  /// The first two bytes or a half character may be held back until more comes.
  std::string_view decode(std::string_view bytes);
  /// At the end of input: what was held back.
  std::string_view finish();

  /// Text and bytes differ in length, so positions must be taken from next_line_end(). Known once text was handed out.
  [[nodiscard]] bool transcodes() const { return state_ == State::kUtf16Le || state_ == State::kUtf16Be; }
  /// Bytes of the BOM that was cut from text that does not transcode: where the first line begins.
  [[nodiscard]] std::uint64_t start_offset() const { return start_offset_; }
  /// While it transcodes: the stream offset after the next '\n' that was handed out; one call for each line, in order.
  /// For the last, unterminated line: the end of the stream.
  [[nodiscard]] std::uint64_t next_line_end();

 private:
  enum class State : std::uint8_t { kUnknown, kBytes, kUtf16Le, kUtf16Be };

  std::size_t recognise(std::string_view head, bool at_end);
  void decode_utf16(std::string_view bytes);
  void put_unit(std::uint32_t unit);

  Encoding encoding_;
  State state_ = State::kUnknown;
  std::string head_;  // bytes held back before the encoding is known
  std::string text_;  // the last decoded piece
  std::uint64_t start_offset_ = 0;
  std::uint64_t consumed_ = 0;  // bytes decoded, BOM included
  char half_unit_ = 0;
  bool half_unit_held_ = false;
  std::uint32_t high_surrogate_ = 0;  // 0: none held
  std::vector<std::uint64_t> line_ends_;
  std::size_t line_ends_used_ = 0;
};

/// Why bytes at the beginning of an input are no text, or that they are.
enum class Texture : std::uint8_t { kText, kBinary, kLikelyUtf16Le, kLikelyUtf16Be };

/// Looks for NUL in at most 8 KiB. Text in UTF-16 with a BOM counts as text; without one it is reported as likely.
[[nodiscard]] Texture texture_of(std::string_view head, Encoding encoding);

}  // namespace logdetect
