#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <utility>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

// Leaves yaml-cpp's recursion as soon as a limit is passed; never leaves this file.
struct Refused {
  std::string message;
  std::string hint;
  YAML::Mark mark;
};

// Builds the tree from events. yaml-cpp's own node graph is not used: it resolves aliases, merges repeated keys and
// has no limits.
class TreeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (expects_key()) {
      throw Refused{"a key is missing before the ':'", "", mark};
    }
    attach(make(YamlNode::Kind::kNull, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { refuse_anchor(mark, 1); }  // 0 is none
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (expects_key()) {
      take_key(mark, value);
      return;
    }
    // "~", "null" and an empty plain scalar are YAML's words for nothing. yaml-cpp gives quoted text the tag "!".
    const bool nothing = tag != "!" && (value.empty() || value == "~" || value == "null");
    YamlNode node = make(nothing ? YamlNode::Kind::kNull : YamlNode::Kind::kScalar, mark);
    if (!nothing) {
      node.text = value;
    }
    attach(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, tag, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { close(); }

  YamlNode take_root() { return std::move(root_); }

 private:
  struct Open {
    YamlNode node;
    std::set<std::string, std::less<>> seen;  // its keys: a search in the list would make large maps quadratic
  };

  static void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) {
      throw Refused{"anchors and aliases are not supported", "write the value out in each place", mark};
    }
  }

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw Refused{"tags are not supported", "remove the word that starts with '!'", mark};
    }
  }

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    if (++nodes_ > kMaxYamlNodes) {
      throw Refused{"too many values: at most " + std::to_string(kMaxYamlNodes), "", mark};
    }
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  // A map has one key more than values while a key waits for its value. Else the next node is a key.
  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::kMap &&
           open_.back().node.keys.size() == open_.back().node.items.size();
  }

  void take_key(const YAML::Mark& mark, const std::string& text) {
    Open& top = open_.back();
    if (!top.seen.insert(text).second) {
      const auto first = std::find_if(top.node.keys.begin(), top.node.keys.end(),
                                      [&](const YamlNode::Key& key) { return key.text == text; });
      throw Refused{"key '" + text + "' appears twice", "the first one is at line " + std::to_string(first->line),
                    mark};
    }
    top.node.keys.push_back({text, mark.line + 1, mark.column + 1});
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (expects_key()) {
      throw Refused{"a key must be a plain word", "", mark};
    }
    // yaml-cpp calls itself for every level, so this bounds the stack too.
    if (open_.size() >= static_cast<std::size_t>(kMaxYamlDepth)) {
      throw Refused{"nested too deeply: at most " + std::to_string(kMaxYamlDepth) + " levels", "", mark};
    }
    open_.push_back({make(kind, mark), {}});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    attach(std::move(node));
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else {
      open_.back().node.items.push_back(std::move(node));
    }
  }

  YamlNode root_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

// yaml-cpp takes some control bytes for its own marks (0x04 ends the text), so they are refused before it sees them.
Result<void> check_text(std::string_view text, const std::string& name) {
  int line = 1;
  int column = 1;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    const bool blank = point.value == '\t' || point.value == '\n' || point.value == '\r';
    if (!point.valid || (point.value < 0x20 && !blank) || point.value == 0x7F) {
      return make_error(ErrorCode::kConfig, point.valid ? "control character in the text" : "not valid UTF-8",
                        yaml_place(name, line, column), "save the file as plain UTF-8 text");
    }
    if (point.value == '\n') {
      ++line;
      column = 0;
    }
    ++column;
    text.remove_prefix(point.length);
  }
  return {};
}

// Messages of yaml-cpp begin with a capital, ours do not.
std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

bool is_plain_word(std::string_view text) {
  // Readers of YAML 1.1 take these words for a switch or for nothing.
  constexpr std::array<std::string_view, 9> kReserved = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto inside = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/'; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), inside) &&
         std::find(kReserved.begin(), kReserved.end(), text) == kReserved.end();
}

}  // namespace

std::string yaml_place(const std::string& name, int line, int column) {
  return line <= 0 ? name : name + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Result<YamlNode> read_yaml(std::string_view text, const std::string& name) {
  if (text.size() > kMaxYamlBytes) {
    return make_error(ErrorCode::kConfig, "too large: " + std::to_string(text.size()) + " bytes, at most 1 MiB", name);
  }
  LD_TRY(check_text(text, name));
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    if (parser.HandleNextDocument(builder)) {
      // A second document would otherwise be passed over in silence.
      TreeBuilder further;
      if (parser.HandleNextDocument(further)) {
        return make_error(ErrorCode::kConfig, "more than one YAML document", name, "remove the lines with '---'");
      }
    }
    return builder.take_root();
  } catch (const Refused& refused) {
    return make_error(ErrorCode::kConfig, refused.message,
                      yaml_place(name, refused.mark.line + 1, refused.mark.column + 1), refused.hint);
  } catch (const YAML::Exception& exception) {
    return make_error(ErrorCode::kConfig, "not valid YAML: " + lower_first(exception.msg),
                      yaml_place(name, exception.mark.line + 1, exception.mark.column + 1));
  }
}

std::string yaml_scalar(std::string_view text) {
  if (is_plain_word(text)) {
    return std::string(text);
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  const std::string valid = to_valid_utf8(text);  // read_yaml() takes nothing else
  for (const char c : valid) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {  // check_text() refuses most of them raw, and line ends would be folded
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace logdetect
