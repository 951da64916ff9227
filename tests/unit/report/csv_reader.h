#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logdetect::samples {

/// Reads CSV by RFC 4180 and nothing else, with LF as line end: the reference the encoder is held against. Nothing when
/// a quote stands where none may.
inline std::optional<std::vector<std::vector<std::string>>> read_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string field;
    if (text[at] == '"') {
      for (++at;; ++at) {
        if (at >= text.size()) {
          return std::nullopt;
        }
        if (text[at] == '"') {
          if (at + 1 >= text.size() || text[at + 1] != '"') {
            break;
          }
          ++at;
        }
        field += text[at];
      }
      ++at;
    } else {
      for (; at < text.size() && text[at] != ',' && text[at] != '\n'; ++at) {
        if (text[at] == '"' || text[at] == '\r') {
          return std::nullopt;
        }
        field += text[at];
      }
    }
    row.push_back(field);
    if (at >= text.size() || (text[at] != ',' && text[at] != '\n')) {
      return std::nullopt;
    }
    if (text[at] == '\n') {
      rows.push_back(std::move(row));
      row.clear();
    }
    ++at;
  }
  return row.empty() ? std::optional(rows) : std::nullopt;
}

}  // namespace logdetect::samples
