#include "logdetect/config/allow_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "config/yaml_tree.h"
#include "logdetect/base/file.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

constexpr std::string_view kPreamble =
    "# What logdetect shall not report. Edit freely and keep it in version control; `logdetect ack` appends here.\n"
    "# pattern: a message in which <*> or <NAME> stands for any text. Optional: host, component, expires.\n";
// For the hint at an unknown key; read_value() takes the same.
constexpr std::array<std::string_view, 8> kKeys = {"id",     "pattern", "host", "component",
                                                   "reason", "author",  "date", "expires"};

Error error_at(const std::string& name, int line, int column, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kConfig, std::move(message), yaml_place(name, line, column), std::move(hint));
}

Result<Micros> read_date(const YamlNode& value, const std::string& key, const std::string& name) {
  Micros time = 0;
  // Relative times would mean another moment at every reading.
  const bool absolute = value.text.size() >= 10 && value.text[4] == '-';
  if (!absolute || !parse_time_argument(value.text, 0, time)) {
    return error_at(name, value.line, value.column, "'" + key + "' must be a date, not '" + value.text + "'",
                    "2024-01-15 or 2024-01-15T03:42:18Z");
  }
  return time;
}

// Stores one value in `rule`; whether a rule is complete is for read_rule() to say.
Result<void> read_value(const YamlNode::Key& key, const YamlNode& value, const std::string& name, AllowRule& rule) {
  if (value.kind == YamlNode::Kind::kList || value.kind == YamlNode::Kind::kMap) {
    return error_at(name, value.line, value.column, "'" + key.text + "' must be text");
  }
  if (key.text == "date") {
    LD_ASSIGN(rule.added, read_date(value, key.text, name));
    return {};
  }
  if (key.text == "expires") {
    if (!value.text.empty()) {  // "expires:" alone: never
      LD_ASSIGN(rule.expires, read_date(value, key.text, name));
    }
    return {};
  }
  constexpr std::array<std::pair<std::string_view, std::string AllowRule::*>, 6> kTexts = {
      {{"id", &AllowRule::id},
       {"pattern", &AllowRule::pattern},
       {"host", &AllowRule::host},
       {"component", &AllowRule::component},
       {"reason", &AllowRule::reason},
       {"author", &AllowRule::author}}};
  for (const auto& [text, member] : kTexts) {
    if (text == key.text) {
      rule.*member = value.text;
      return {};
    }
  }
  const std::string_view near = nearest_name(key.text, kKeys);
  return error_at(name, key.line, key.column, "unknown key '" + key.text + "'",
                  near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
}

Result<AllowRule> read_rule(const YamlNode& node, const std::string& name) {
  if (node.kind != YamlNode::Kind::kMap) {
    return error_at(name, node.line, node.column, "a rule must be a map with a 'pattern'");
  }
  AllowRule rule;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    LD_TRY(read_value(node.keys[i], node.items[i], name, rule));
  }
  if (rule.pattern.empty()) {
    return error_at(name, node.line, node.column, "a rule needs a 'pattern'",
                    "the message, with <*> for what may be anything");
  }
  // Placeholders alone match the empty text, and so any message.
  if (matches_pattern(rule.pattern, "") && rule.host.empty() && rule.component.empty()) {
    return error_at(name, node.line, node.column, "the pattern '" + rule.pattern + "' allows every message",
                    "add words of the message, or a host or component");
  }
  if (rule.id.empty()) {  // written by hand
    rule.id = allow_rule_id(rule);
  }
  return rule;
}

Result<YamlNode> read_rules(std::string_view yaml, const std::string& name) {
  LD_ASSIGN(YamlNode root, read_yaml(yaml, name));
  // An empty file, or one of comments, is kNull and holds no rules.
  if (root.kind != YamlNode::Kind::kNull && root.kind != YamlNode::Kind::kList) {
    return error_at(name, root.line, root.column, "the file must be a list of rules",
                    "- pattern: \"some message <*>\"");
  }
  return root;
}

// Offset of the beginning of a 1-based line.
std::size_t line_offset(std::string_view text, int line) {
  std::size_t at = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      return text.size();
    }
    at = end + 1;
  }
  return at;
}

// End of the list item whose dash is on the line at `begin`: what is indented more than the dash belongs to it.
std::size_t end_of_item(std::string_view yaml, std::size_t begin) {
  const auto indent = [&](std::size_t at) { return std::min(yaml.find_first_not_of(' ', at), yaml.size()) - at; };
  // The last line may lack its line end.
  const auto next_line = [&](std::size_t at) { return std::min(yaml.find('\n', at), yaml.size() - 1) + 1; };
  const std::size_t dash = indent(begin);
  std::size_t end = next_line(begin);
  for (std::size_t at = end; at < yaml.size(); at = next_line(at)) {
    const std::size_t depth = indent(at);
    const bool blank = at + depth >= yaml.size() || yaml[at + depth] == '\n' || yaml[at + depth] == '\r';
    if (blank) {
      continue;  // inside the item if more of it follows
    }
    if (depth <= dash) {
      break;
    }
    end = next_line(at);
  }
  return end;
}

// "2024-01-15" for a midnight, else RFC 3339; read_date() takes both.
std::string date_text(Micros time) {
  std::string text = format_rfc3339(time);
  constexpr std::string_view kMidnight = "T00:00:00Z";
  if (text.ends_with(kMidnight)) {
    text.resize(text.size() - kMidnight.size());
  }
  return text;
}

}  // namespace

Result<std::vector<AllowRule>> parse_allow_rules(std::string_view yaml, const std::string& name) {
  LD_ASSIGN(const YamlNode root, read_rules(yaml, name));
  std::vector<AllowRule> rules;
  std::set<std::string> ids;
  for (const YamlNode& node : root.items) {
    LD_ASSIGN(AllowRule rule, read_rule(node, name));
    if (!ids.insert(rule.id).second) {
      return error_at(name, node.line, node.column, "the rule " + rule.id + " is there twice", "remove one of them");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<std::vector<AllowRule>> read_allow_file(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    return std::vector<AllowRule>();
  }
  LD_ASSIGN(const std::string text, read_file(path, kMaxYamlBytes, ErrorCode::kConfig));
  return parse_allow_rules(text, path);
}

std::string with_allow_rules(std::string yaml, const std::vector<AllowRule>& added) {
  if (yaml.empty()) {
    yaml = kPreamble;
  } else if (!yaml.ends_with('\n')) {
    yaml += '\n';
  }
  for (const AllowRule& rule : added) {
    yaml += "- id: " + rule.id + "\n";
    // yaml_scalar() quotes what YAML would read as something else, such as "a: b # c".
    const auto line = [&](std::string_view key, const std::string& value) {
      if (!value.empty()) {
        yaml += "  " + std::string(key) + ": " + yaml_scalar(value) + "\n";
      }
    };
    line("pattern", rule.pattern);
    line("host", rule.host);
    line("component", rule.component);
    line("reason", rule.reason);
    line("author", rule.author);
    line("date", date_text(rule.added));
    line("expires", rule.expires ? date_text(*rule.expires) : "");
  }
  return yaml;
}

Result<std::string> without_allow_rule(std::string_view yaml, std::string_view id, const std::string& name) {
  // The tree knows the places and the rules know the ids. Both have the same order.
  LD_ASSIGN(const YamlNode root, read_rules(yaml, name));
  LD_ASSIGN(const std::vector<AllowRule> rules, parse_allow_rules(yaml, name));
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const AllowRule& rule) { return rule.id == id; });
  if (found == rules.end()) {
    std::vector<std::string_view> known;
    known.reserve(rules.size());
    for (const AllowRule& rule : rules) {
      known.push_back(rule.id);
    }
    const std::string_view near = nearest_name(id, known);
    return make_error(ErrorCode::kUsage, "there is no rule '" + std::string(id) + "'", name,
                      near.empty() ? "`logdetect ack --list` shows them" : "did you mean " + std::string(near) + "?");
  }
  const YamlNode& node = root.items[static_cast<std::size_t>(found - rules.begin())];
  const std::size_t begin = line_offset(yaml, node.line);
  const std::size_t end = end_of_item(yaml, begin);
  const std::size_t dash = yaml.find_first_not_of(' ', begin);
  // "[{pattern: a}, {pattern: b}]" has no line that belongs to one rule alone.
  if (dash == std::string_view::npos || yaml[dash] != '-') {
    return error_at(name, node.line, node.column, "the rule " + std::string(id) + " shares its line with others",
                    "remove it by hand");
  }
  return std::string(yaml.substr(0, begin)) + std::string(yaml.substr(end));
}

}  // namespace logdetect
