#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect {

/// One line as cut from a byte stream.
struct SplitLine {
  std::string_view text;     ///< without terminator; valid until the next feed() or next()
  std::uint64_t offset = 0;  ///< of its first byte in the stream
  std::uint64_t length = 0;  ///< bytes in the stream, terminator and dropped excess included
  bool truncated = false;
};

/// Cuts a byte stream, fed in pieces of any size, into lines at '\n'; a '\r' before it is dropped, a lone '\r' and NUL
/// are data (a '\r' at the very end of input is one). Keeps at most `max_line_bytes` of a line: memory is constant
/// whatever the input. Any chunking of the same bytes gives the same lines. Not thread-safe.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t max_line_bytes, std::uint64_t start_offset = 0);

  /// Hands over the next bytes, which must stay valid until next() returned false.
  void feed(std::string_view bytes);
  /// The next complete line; false when more bytes are needed.
  bool next(SplitLine& line);
  /// At the end of input: the last, unterminated line, if there is one.
  bool finish(SplitLine& line);
  /// Bytes of the unterminated line held back so far (dropped excess included).
  [[nodiscard]] std::uint64_t pending_bytes() const;
  /// Stream offset of the first byte that was not yet handed out as a line.
  [[nodiscard]] std::uint64_t next_offset() const;

 private:
  void carry_input();
  void keep(std::string_view part);

  std::size_t max_line_bytes_;
  std::string_view input_;
  std::uint64_t offset_;       // of the first byte of the current line
  std::string carry_;          // kept head of a line that spans feeds
  std::uint64_t carried_ = 0;  // bytes of that line seen so far, dropped ones included
  char last_byte_ = 0;         // last byte seen of the current line, kept or not
};

}  // namespace logdetect
