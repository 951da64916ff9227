#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "loggen/stage.h"

namespace logdetect::loggen {

/// Turns lines into text: the messages' places are looked up once, so a line costs a few appends. Not thread-safe.
class Renderer {
 public:
  explicit Renderer(Format format);

  /// Appends the record with all its lines, each ended by '\n'.
  void append(std::string& out, const Line& line);

 private:
  enum class Form : std::uint8_t {
    kText,  // no value: `text` only
    kNumber,
    kHex,
    kIp,
    kMoney,
    kMillis,
    kUser,
    kWord,
    kHost,
    kJob,
    kCard,
    kVersion,
    kFlag,
    kRequest,
    kSession,
  };
  struct Piece {
    std::string_view text;  // stands before the value
    Form form = Form::kText;
    std::uint8_t value = 0;
  };

  static std::vector<Piece> compile(std::string_view text);
  static Form form_of(std::string_view name);
  static void append_value(std::string& out, const Line& line, const Piece& piece);
  void append_message(std::string& out, const Line& line) const;
  void append_time(std::string& out, Micros time);

  const Format format_;
  std::vector<std::vector<Piece>> messages_;  // by Say
  std::vector<std::string> origins_;          // by instance: host and process as the format writes them
  Micros second_ = -1;                        // of second_text_
  std::string second_text_;
};

/// Appends `2024-01-08T00:00:00Z`, with milliseconds if asked.
void append_rfc3339(std::string& out, Micros time, bool millis);

}  // namespace logdetect::loggen
