#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"

namespace logdetect {

/// A YAML value with its place. Scalars stay text: the field that receives one decides what it means.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Key {
    std::string text;
    int line = 0;
    int column = 0;
  };
  Kind kind = Kind::kNull;
  std::string text;             ///< of a scalar
  std::vector<YamlNode> items;  ///< elements of a list, values of a map
  std::vector<Key> keys;        ///< [items.size()] of a map, each once
  int line = 0;                 ///< 1-based; 0: not from a file
  int column = 0;
};

inline constexpr std::size_t kMaxYamlBytes = std::size_t{1} << 20;
inline constexpr int kMaxYamlDepth = 16;  // the deepest value of ours, a mask's sample, lies at 6
inline constexpr std::size_t kMaxYamlNodes = 65'536;

/// Reads one YAML document of at most kMaxYamlBytes in UTF-8. Anchors, aliases, tags, keys that are not plain text,
/// repeated keys and further documents are refused, as are deeper or larger trees than the limits: what is left needs
/// time and memory in proportion to the text. An empty document is kNull.
/// Errors: kConfig at name:line:column.
Result<YamlNode> read_yaml(std::string_view text, const std::string& name);

/// "name:line:column", or the name alone when the place is unknown.
std::string yaml_place(const std::string& name, int line, int column);

/// `text` as YAML: as it is when every reader takes that for the same word, else in double quotes with escapes.
std::string yaml_scalar(std::string_view text);

}  // namespace logdetect
