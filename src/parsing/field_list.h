#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/core/event.h"
#include "logdetect/lexis/time_reader.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/parsing/header.h"
#include "parsing/structured_keys.h"

namespace logdetect {

/// The key-value pairs of one structured line, and what they say as a header. Re-used from line to line.
/// Not thread-safe.
class FieldList {
 public:
  enum class Kind : std::uint8_t { kText, kNumber, kWord };  ///< kWord: true, false, null

  void clear();
  /// Copies of key and value are kept until clear().
  void add(std::string_view key, std::string_view value, Kind kind);
  /// As add() with the key "<outer>.<key>".
  void add_nested(std::string_view outer, std::string_view key, std::string_view value, Kind kind);

  /// As add(), and the value is the header's `role` before any key that only usually means it.
  void add_as(KeyRole role, std::string_view key, std::string_view value, Kind kind = Kind::kText);
  /// The value of the first pair with this key; empty if there is none.
  [[nodiscard]] std::string_view value_of(std::string_view key) const;
  /// Replaces the value of the first pair with this key.
  void replace(std::string_view key, std::string_view value);

  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  /// True if some key usually means `role`.
  [[nodiscard]] bool has(KeyRole role) const;

  /// Fills in the header: each part from the best key for it whose value makes sense; the message is the message key's
  /// value followed by " key=value" for all others (at most 64), sorted by key, so that the order of keys in the line
  /// does not matter. These are Header::extra_bytes: parameters. Without a message key the keys of `shape` (its
  /// literals, sorted) go first, those that the line lacks without a value, if it has half of them; only what follows
  /// them is extra then. Else all pairs are the message.
  /// Texts go into `arena`. Returns how many bytes of the message are the message key's value.
  /// Cost: O(n log n) in the number of pairs.
  std::size_t write_header(Arena& arena, Header& header, ParsedTime& parsed, std::span<const HeaderStep> shape = {});

  /// Appends " key=value" for each pair (at most 64), sorted by key, whatever it usually means.
  void append_pairs(std::string& out);
  /// After write_header(): the keys that it had no use for, sorted.
  [[nodiscard]] std::vector<std::string_view> other_keys() const;

 private:
  struct Field {
    std::string_view key;
    std::string_view value;
    KeyMeaning meaning;
    Kind kind = Kind::kText;
    bool shapes = false;  // stands in the message as one of the keys of the shape
  };

  [[nodiscard]] bool is_bookkeeping(const Field& field) const;
  [[nodiscard]] std::span<const Field> others() const { return {fields_.data(), others_}; }
  bool write_shape(std::span<const HeaderStep> shape);
  bool use(const Field& field, Arena& arena, Header& header, ParsedTime& parsed);
  bool read_time(const Field& field, ParsedTime& parsed);

  Arena texts_;
  std::vector<Field> fields_;
  std::size_t others_ = 0;  // after write_header(): so many fields at the front had no use
  bool journal_ = false;    // a key begins with "__"
  std::string message_;
  TimeReader time_reader_;
};

}  // namespace logdetect
