#pragma once

#include <span>
#include <string>
#include <string_view>

#include "logdetect/report/encode.h"

namespace logdetect {

/// Appends a JSON object member by member, without blanks and without a tree in memory: for results, of which there may
/// be millions. `{` is written at once, `}` when the writer is destroyed. Not thread-safe.
class JsonObject {
 public:
  /// `out` must outlive it.
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { out_ += '}'; }

  /// Writes a name; the caller appends the value to what is returned.
  std::string& value(std::string_view name) {
    if (!first_) {
      out_ += ',';
    }
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view name, std::string_view text) { append_json_string(value(name), text); }
  /// null for empty text.
  void optional_text(std::string_view name, std::string_view text) {
    if (text.empty()) {
      value(name) += "null";
    } else {
      append_json_string(value(name), text);
    }
  }
  template <typename Number>
  void number(std::string_view name, Number number) {
    append_json_number(value(name), number);
  }
  void boolean(std::string_view name, bool boolean) { value(name) += boolean ? "true" : "false"; }
  /// An array of what `append(out, element)` writes of each element.
  template <typename Range, typename Append>
  void list(std::string_view name, const Range& range, Append append) {
    value(name) += '[';
    bool first = true;
    for (const auto& element : range) {
      if (!first) {
        out_ += ',';
      }
      first = false;
      append(out_, element);
    }
    out_ += ']';
  }
  void texts(std::string_view name, std::span<const std::string> texts) { list(name, texts, append_json_string); }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace logdetect
