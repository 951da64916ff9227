#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "config/fields.h"
#include "config/yaml_tree.h"
#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/base/text.h"
#include "logdetect/config/config.h"
#include "logdetect/models/neural.h"

namespace logdetect {
namespace {

constexpr std::string_view kEnvironmentPrefix = "LOGDETECT_";
constexpr std::string_view kYamlHeader =
    "# The configuration of logdetect, with every value at its default. Give a file like this by --config; what it\n"
    "# leaves out stays at the default. Environment variables (LOGDETECT_MINER_DEPTH=5) and flags are stronger.\n"
    "# \"Fixed by training\": a model keeps the value it was trained with.\n";

// A value of a YAML text and the row of the table it belongs to. `value` points into the tree.
struct Assignment {
  std::size_t row = 0;
  const YamlNode* value = nullptr;
  int line = 0;
  int column = 0;
  const RenamedField* renamed = nullptr;  // written by this old name
};

const RenamedField* find_renamed(std::string_view path) {
  const auto table = renamed_fields();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const RenamedField& f) { return f.old_path == path; });
  return found == table.end() ? nullptr : &*found;
}

// The row of a present or old name; the number of rows if it is none.
std::size_t find_row(std::string_view path) {
  if (const RenamedField* renamed = find_renamed(path); renamed != nullptr) {
    path = renamed->path;
  }
  const auto table = field_table();
  const auto found = std::find_if(table.begin(), table.end(), [&](const Field& f) { return f.info.path == path; });
  return static_cast<std::size_t>(found - table.begin());
}

// True if `prefix` ("miner.") begins a present or an old name.
bool is_section(const std::string& prefix) {
  const auto begins = [&](std::string_view path) { return path.starts_with(prefix); };
  const auto fields = field_table();
  const auto renamed = renamed_fields();
  return std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return begins(f.info.path); }) ||
         std::any_of(renamed.begin(), renamed.end(), [&](const RenamedField& f) { return begins(f.old_path); });
}

std::string rename_note(const std::string& place, std::string_view old_name, std::string_view name) {
  std::string note = place.empty() ? "" : place + ": ";
  note.append(old_name).append(" is now called ").append(name).append("; the old name still works");
  return note;
}

// The keys that may stand below `prefix` ("" or "miner."), each once.
std::vector<std::string_view> keys_below(std::string_view prefix) {
  std::vector<std::string_view> keys;
  for (const Field& field : field_table()) {
    if (field.info.path.starts_with(prefix)) {
      const std::string_view rest = field.info.path.substr(prefix.size());
      const std::string_view key = rest.substr(0, rest.find('.'));
      // Rows of one section stand together, so a key can only repeat the last one.
      if (keys.empty() || keys.back() != key) {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

// The remedy for an unknown key: the nearest one of this place, else the place where a key of this name belongs.
std::string key_hint(std::string_view prefix, std::string_view key) {
  const std::vector<std::string_view> keys = keys_below(prefix);
  if (const std::string_view near = nearest_name(key, keys); !near.empty()) {
    return "did you mean '" + std::string(near) + "'?";
  }
  for (const Field& field : field_table()) {
    if (field.info.path.ends_with("." + std::string(key))) {
      return "'" + std::string(key) + "' belongs under '" +
             std::string(field.info.path.substr(0, field.info.path.find('.'))) + "'";
    }
  }
  if (keys.empty()) {  // below a section that only old names have
    return "see `logdetect config show --defaults`";
  }
  std::string hint = "known here:";
  for (const std::string_view known : keys) {
    hint += ' ';
    hint += known;
  }
  return hint;
}

// Pairs the values of the tree with rows of the table. `prefix` is "" or ends in a dot.
Result<void> collect(const YamlNode& node, const std::string& prefix, const std::string& name,
                     std::vector<Assignment>& out) {
  if (node.kind == YamlNode::Kind::kNull) {  // "miner:" with nothing below it
    return {};
  }
  if (node.kind != YamlNode::Kind::kMap) {
    const std::string what = prefix.empty() ? "the configuration" : "'" + prefix.substr(0, prefix.size() - 1) + "'";
    return make_error(ErrorCode::kConfig, what + " must be a map of keys to values",
                      yaml_place(name, node.line, node.column), "see `logdetect config show --defaults`");
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode::Key& key = node.keys[i];
    const std::string path = prefix + key.text;
    const std::size_t row = find_row(path);
    if (row < field_table().size()) {
      // read_yaml() refuses a repeated key, but the old and the new name of a field are two keys of one row.
      const auto same = [&](const Assignment& other) { return other.row == row; };
      if (std::any_of(out.begin(), out.end(), same)) {
        return make_error(ErrorCode::kConfig, "'" + std::string(field_table()[row].info.path) + "' is set twice",
                          yaml_place(name, key.line, key.column), "leave out the old name");
      }
      out.push_back({row, &node.items[i], key.line, key.column, find_renamed(path)});
      continue;
    }
    if (!is_section(path + ".")) {
      return make_error(ErrorCode::kConfig, "unknown key '" + path + "'", yaml_place(name, key.line, key.column),
                        key_hint(prefix, key.text));
    }
    LD_TRY(collect(node.items[i], path + ".", name, out));
  }
  return {};
}

Error value_error(const Field& field, const ValueError& error, ErrorCode code, const std::string& where) {
  return make_error(code, "'" + std::string(field.info.path) + "' " + error.message, where, error.hint);
}

YamlNode scalar_node(std::string_view text) {
  YamlNode node;
  node.kind = YamlNode::Kind::kScalar;
  node.text = text;
  return node;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

// "a, b" as a list; "a=1, b=2" as a map.
YamlNode split_text(std::string_view text, bool map) {
  YamlNode node;
  node.kind = map ? YamlNode::Kind::kMap : YamlNode::Kind::kList;
  while (!trim(text).empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = trim(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    if (map) {  // "forest" without a value has an empty one, which the field refuses
      node.keys.push_back({std::string(trim(part.substr(0, equals))), 0, 0});
      node.items.push_back(scalar_node(trim(part.substr(std::min(equals + 1, part.size())))));
    } else {
      node.items.push_back(scalar_node(part));
    }
  }
  return node;
}

// The value of a flag or a variable. A scalar is taken as it is: quotes and "#" mean nothing there. A list or map is
// YAML in brackets, else words between commas.
Result<YamlNode> parse_text(const Field& field, std::string_view text, const std::string& where) {
  const bool list = field.info.type == "list";
  const bool map = field.info.type == "map";
  if (!list && !map) {
    return scalar_node(text);
  }
  if (text.starts_with('[') || text.starts_with('{')) {
    return read_yaml(text, where);
  }
  return split_text(text, map);
}

// The comment above a field: what it is, then unit, range, flag; on a second line when one gets long.
std::string help_comment(const FieldInfo& info) {
  constexpr std::size_t kWidthBytes = 100;
  std::string notes;
  const auto add = [&](std::string_view note) {
    notes += notes.empty() ? "[" : "; ";
    notes += note;
  };
  if (!info.unit.empty()) {
    add(info.unit);
  }
  if (!info.range.empty() && info.type != "switch") {
    add(info.range);
  }
  if (!info.flag.empty()) {
    add("flag " + std::string(info.flag));
  }
  if (info.shapes_model) {
    add("fixed by training");
  }
  std::string comment = "  # " + std::string(info.help);
  if (!notes.empty()) {
    comment += (comment.size() + notes.size() > kWidthBytes ? "\n  # " : " ") + notes + "]";
  }
  return comment + "\n";
}

// True, and `section` is the new one, when a field is the first of its section.
bool begins_section(const FieldInfo& info, std::string_view& section) {
  const std::string_view part = info.path.substr(0, info.path.find('.'));
  const bool begins = part != section;
  section = part;
  return begins;
}

// "  depth: 4".
std::string value_line(const Field& field, const Config& config) {
  return "  " + std::string(field.info.path.substr(field.info.path.find('.') + 1)) + ": " + field.binding.write(config);
}

}  // namespace

std::string environment_name(std::string_view path) {
  std::string name(kEnvironmentPrefix);
  for (const char c : path) {
    name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

ConfigBuilder::ConfigBuilder()
    : origins_(field_table().size(), Origin::kDefault), origin_names_(field_table().size(), "default") {}

void ConfigBuilder::record(std::size_t row, Origin origin, std::string name) {
  origins_[row] = origin;
  origin_names_[row] = std::move(name);
}

Result<void> ConfigBuilder::apply_yaml(std::string_view text, const std::string& name, Origin origin) {
  LD_ASSIGN(const YamlNode root, read_yaml(text, name));
  std::vector<Assignment> assignments;
  LD_TRY(collect(root, "", name, assignments));
  // All or nothing: a mistake in the last line must not leave the first ones applied.
  Config changed = config_;
  std::vector<Assignment> taken;
  for (const Assignment& assignment : assignments) {
    const Field& field = field_table()[assignment.row];
    // Every value is checked, also one that a stronger origin overrides.
    Config scratch = changed;
    if (const auto error = field.binding.read(scratch, *assignment.value)) {
      const bool placed = error->line > 0;
      return value_error(
          field, *error, ErrorCode::kConfig,
          yaml_place(name, placed ? error->line : assignment.line, placed ? error->column : assignment.column));
    }
    // A model gives only what shapes it: its seed is not that of this run.
    if (origin >= origins_[assignment.row] && (origin != Origin::kModel || field.info.shapes_model)) {
      changed = std::move(scratch);
      taken.push_back(assignment);
    }
  }
  config_ = std::move(changed);
  for (const Assignment& assignment : taken) {
    record(assignment.row, origin, yaml_place(name, assignment.line, assignment.column));
  }
  for (const Assignment& assignment : assignments) {
    // Told even where a stronger origin hides the value.
    if (assignment.renamed != nullptr) {
      notes_.push_back(rename_note(yaml_place(name, assignment.line, assignment.column), assignment.renamed->old_path,
                                   assignment.renamed->path));
    }
  }
  return {};
}

Result<void> ConfigBuilder::apply_file(const std::string& path) {
  LD_ASSIGN(const std::string text, read_file(path, kMaxYamlBytes, ErrorCode::kConfig));
  return apply_yaml(text, path, Origin::kFile);
}

Result<void> ConfigBuilder::apply_environment() {
  std::vector<std::string> names;
  std::vector<std::string_view> paths;
  for (const Field& field : field_table()) {
    paths.push_back(field.info.path);
  }
  for (const RenamedField& field : renamed_fields()) {
    paths.push_back(field.old_path);
  }
  names.reserve(paths.size() + 1);
  for (const std::string_view path : paths) {
    names.push_back(environment_name(path));
  }
  names.emplace_back(kNeuralModuleVariable);  // no value of the configuration: the last name has no path
  // All variables are looked at, not only the known names, so that a slip is told.
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with(kEnvironmentPrefix) || equals == std::string_view::npos) {
      continue;
    }
    const std::string name(variable.substr(0, equals));
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      const std::vector<std::string_view> known(names.begin(), names.end());
      const std::string_view near = nearest_name(name, known);
      log_warning("the environment variable " + name + " is not known" +
                  (near.empty() ? "; it has no effect" : "; did you mean " + std::string(near) + "?"));
      continue;
    }
    const auto index = static_cast<std::size_t>(found - names.begin());
    if (index == paths.size()) {  // kNeuralModuleVariable
      continue;
    }
    LD_TRY(apply_value(paths[index], variable.substr(equals + 1), name, Origin::kEnvironment));
  }
  return {};
}

Result<void> ConfigBuilder::apply_value(std::string_view path, std::string_view text, const std::string& where,
                                        Origin origin) {
  const ErrorCode code = origin == Origin::kFlag ? ErrorCode::kUsage : ErrorCode::kConfig;
  const std::size_t row = find_row(path);
  if (row >= field_table().size()) {
    std::vector<std::string_view> paths;
    for (const Field& field : field_table()) {
      paths.push_back(field.info.path);
    }
    const std::string_view near = nearest_name(path, paths);
    return make_error(code, "unknown key '" + std::string(path) + "'", where,
                      near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
  }
  const Field& field = field_table()[row];
  auto node = parse_text(field, text, where);
  if (!node) {
    Error error = node.error();
    error.code = code;  // read_yaml() says kConfig
    return error;
  }
  Config changed = config_;
  if (const auto error = field.binding.read(changed, *node)) {
    return value_error(field, *error, code, where);
  }
  // The old and the new name of a flag or a variable. One flag twice is no mistake: the last one counts.
  if (origin == origins_[row] && where != origin_names_[row]) {
    return make_error(code, "'" + std::string(field.info.path) + "' is set twice", where,
                      "it is also set by " + origin_names_[row]);
  }
  if (const RenamedField* renamed = find_renamed(path); renamed != nullptr) {
    const bool flag = origin == Origin::kFlag;
    notes_.push_back(rename_note("", flag ? std::string(renamed->old_flag) : environment_name(renamed->old_path),
                                 flag ? std::string(field.info.flag) : environment_name(field.info.path)));
  }
  if (origin >= origins_[row]) {
    config_ = std::move(changed);
    record(row, origin, where);
  }
  return {};
}

Result<void> ConfigBuilder::apply_model(std::string_view yaml) {
  auto applied = apply_yaml(yaml, "the model's configuration", Origin::kModel);
  if (!applied) {
    Error error = applied.error();
    error.code = ErrorCode::kModel;
    error.hint = "the model was made by another version; train it again";
    return error;
  }
  return {};
}

std::string ConfigBuilder::value_text(std::string_view path) const {
  const std::size_t row = find_row(path);
  return row < field_table().size() ? field_table()[row].binding.write(config_) : std::string();
}

Origin ConfigBuilder::origin(std::string_view path) const {
  const std::size_t row = find_row(path);
  return row < origins_.size() ? origins_[row] : Origin::kDefault;
}

const std::string& ConfigBuilder::origin_name(std::string_view path) const {
  static const std::string none;
  const std::size_t row = find_row(path);
  return row < origin_names_.size() ? origin_names_[row] : none;
}

std::string ConfigBuilder::to_yaml(bool with_help, bool with_origin) const {
  constexpr std::size_t kOriginColumn = 40;  // most values end before it
  std::string out(with_help ? kYamlHeader : "");
  std::string_view section;
  const auto table = field_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const FieldInfo& info = table[i].info;
    if (begins_section(info, section)) {
      out += (with_help ? "\n" : "") + std::string(section) + ":\n";
    }
    if (with_help) {
      out += help_comment(info);
    }
    std::string line = value_line(table[i], config_);
    if (with_origin) {
      line.resize(std::max(line.size(), kOriginColumn), ' ');
      line += "  # " + escape_for_terminal(origin_names_[i]);
    }
    out += line + "\n";
  }
  return out;
}

std::string ConfigBuilder::model_yaml() const {
  // Any value of these gives the same model, so none of them belongs to it.
  constexpr std::array<std::string_view, 3> kOnlyHow = {"run.threads", "ingest.batch_bytes", "ingest.batch_records"};
  std::string out;
  std::string_view section;
  for (const Field& field : field_table()) {
    if (std::find(kOnlyHow.begin(), kOnlyHow.end(), field.info.path) != kOnlyHow.end()) {
      continue;
    }
    if (begins_section(field.info, section)) {
      out += std::string(section) + ":\n";
    }
    out += value_line(field, config_) + "\n";
  }
  return out;
}

}  // namespace logdetect
