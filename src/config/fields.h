#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "config/yaml_tree.h"
#include "logdetect/config/config.h"

namespace logdetect {

/// What is wrong with a value, without its place's name.
struct ValueError {
  std::string message;
  std::string hint;
  int line = 0;
  int column = 0;
};

/// How one member of Config is read and written.
struct Binding {
  std::string_view type;  ///< FieldInfo::type
  std::string range;      ///< FieldInfo::range
  /// Sets the member; nothing when that went well, else the Config is as before.
  std::function<std::optional<ValueError>(Config&, const YamlNode&)> read;
  /// The value as YAML scalar or flow text: read() of it gives the same value.
  std::function<std::string(const Config&)> write;
};

struct Field {
  FieldInfo info;
  Binding binding;
};

/// The table of fields; lives for the whole program.
std::span<const Field> field_table();

}  // namespace logdetect
