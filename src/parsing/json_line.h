#pragma once

#include <memory>
#include <string_view>

#include "parsing/field_list.h"

namespace logdetect {

/// Reads lines that are JSON objects. Not thread-safe: one per parser.
class JsonLine {
 public:
  JsonLine();
  ~JsonLine();

  /// Appends the scalar members of the object, and those of objects inside it with joined keys; arrays and what lies
  /// deeper are left out. False, and `out` is to be thrown away, if `text` is not one JSON object, nests deeper than
  /// 64 or holds a number that no double or 64-bit integer can. Cost: O(|text|), no recursion on the input's depth.
  bool read(std::string_view text, FieldList& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
