#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "config/embedded_formats.h"
#include "config/yaml_tree.h"
#include "logdetect/base/file.h"
#include "logdetect/base/text.h"
#include "logdetect/config/config.h"

namespace logdetect {
namespace {

constexpr std::array<std::string_view, 7> kKinds = {"pattern", "json", "logfmt", "container",
                                                    "syslog",  "cef",  "journal"};

Error error_at(const std::string& name, int line, int column, std::string message, std::string hint = {}) {
  return make_error(ErrorCode::kConfig, std::move(message), yaml_place(name, line, column), std::move(hint));
}

// One text member of a format or of a sample.
template <typename T>
struct TextKey {
  std::string_view key;
  std::string T::*member;
};

constexpr std::array<TextKey<FormatSpec>, 4> kFormatKeys = {{{"name", &FormatSpec::name},
                                                             {"summary", &FormatSpec::summary},
                                                             {"kind", &FormatSpec::kind},
                                                             {"pattern", &FormatSpec::pattern}}};

using Sample = FormatSpec::Sample;
constexpr std::array<TextKey<Sample>, 7> kSampleKeys = {{{"line", &Sample::line},
                                                         {"time", &Sample::time},
                                                         {"level", &Sample::level},
                                                         {"host", &Sample::host},
                                                         {"component", &Sample::component},
                                                         {"pid", &Sample::pid},
                                                         {"message", &Sample::message}}};

template <typename T, std::size_t N>
Error unknown_key(const YamlNode::Key& key, const std::array<TextKey<T>, N>& keys, const std::string& name) {
  std::vector<std::string_view> known;
  known.reserve(N);
  for (const TextKey<T>& entry : keys) {
    known.push_back(entry.key);
  }
  const std::string_view near = nearest_name(key.text, known);
  return error_at(name, key.line, key.column, "unknown key '" + key.text + "'",
                  near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
}

// Stores the value of one key; an empty value is empty text.
template <typename T, std::size_t N>
Result<void> read_text(const YamlNode::Key& key, const YamlNode& value, const std::array<TextKey<T>, N>& keys,
                       const std::string& name, T& out) {
  const auto entry =
      std::find_if(keys.begin(), keys.end(), [&](const TextKey<T>& candidate) { return candidate.key == key.text; });
  if (entry == keys.end()) {
    return unknown_key(key, keys, name);
  }
  if (value.kind == YamlNode::Kind::kList || value.kind == YamlNode::Kind::kMap) {
    return error_at(name, value.line, value.column, "'" + key.text + "' must be text");
  }
  out.*(entry->member) = value.text;
  return {};
}

Result<Sample> read_sample(const YamlNode& node, const std::string& name) {
  if (node.kind != YamlNode::Kind::kMap) {
    return error_at(name, node.line, node.column, "a sample must be a map with line, message and what it parses to");
  }
  Sample sample;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    LD_TRY(read_text(node.keys[i], node.items[i], kSampleKeys, name, sample));
  }
  if (sample.line.empty()) {
    return error_at(name, node.line, node.column, "a sample needs a 'line'");
  }
  return sample;
}

// "auto" and "none" are values of header.format, so no format can have these names.
bool is_format_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  constexpr std::size_t kMostBytes = 64;  // a column of `logdetect formats`
  return !name.empty() && name.size() <= kMostBytes && std::all_of(name.begin(), name.end(), fits) && name != "auto" &&
         name != "none";
}

Result<void> check_format(const FormatSpec& spec, const YamlNode& node, const std::string& name) {
  if (!is_format_name(spec.name)) {
    return error_at(name, node.line, node.column, "a format needs a 'name' of lower-case letters, digits, '-' and '_'",
                    "'auto' and 'none' are taken");
  }
  if (std::find(kKinds.begin(), kKinds.end(), spec.kind) == kKinds.end()) {
    const std::string_view near = nearest_name(spec.kind, kKinds);
    return error_at(name, node.line, node.column,
                    "'kind' must be pattern, json, logfmt, container, syslog, cef or journal, not '" + spec.kind + "'",
                    near.empty() ? "" : "did you mean '" + std::string(near) + "'?");
  }
  // Wrong both ways: a pattern is missing, or the kind would never look at it.
  if ((spec.kind == "pattern") == spec.pattern.empty()) {
    return error_at(name, node.line, node.column,
                    spec.pattern.empty() ? "format '" + spec.name + "' needs a 'pattern'"
                                         : "a format of kind " + spec.kind + " has no 'pattern'");
  }
  // compile_format() tries the samples: without one nothing shows that the format reads what it should.
  if (spec.samples.empty()) {
    return error_at(name, node.line, node.column, "format '" + spec.name + "' needs at least one sample",
                    "add a line and what it must parse to under 'samples'");
  }
  return {};
}

Result<FormatSpec> read_format(const YamlNode& node, const std::string& name) {
  if (node.kind != YamlNode::Kind::kMap) {
    return error_at(name, node.line, node.column, "a format must be a map with name, kind, pattern and samples");
  }
  FormatSpec spec;
  spec.origin = name + ":" + std::to_string(node.line);
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& value = node.items[i];
    if (node.keys[i].text != "samples") {
      LD_TRY(read_text(node.keys[i], value, kFormatKeys, name, spec));
      continue;
    }
    if (value.kind != YamlNode::Kind::kList) {
      return error_at(name, value.line, value.column, "'samples' must be a list");
    }
    for (const YamlNode& item : value.items) {
      LD_ASSIGN(Sample sample, read_sample(item, name));
      spec.samples.push_back(std::move(sample));
    }
  }
  LD_TRY(check_format(spec, node, name));
  return spec;
}

}  // namespace

Result<std::vector<FormatSpec>> load_formats(std::string_view yaml, const std::string& name) {
  LD_ASSIGN(const YamlNode root, read_yaml(yaml, name));
  std::vector<FormatSpec> formats;
  if (root.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : root.items) {
      LD_ASSIGN(FormatSpec spec, read_format(item, name));
      formats.push_back(std::move(spec));
    }
  } else {
    LD_ASSIGN(FormatSpec spec, read_format(root, name));
    formats.push_back(std::move(spec));
  }
  return formats;
}

Result<std::vector<FormatSpec>> builtin_formats() {
  std::vector<FormatSpec> all;
  for (const EmbeddedFile& file : embedded_formats()) {
    LD_ASSIGN(std::vector<FormatSpec> some, load_formats(file.text, "configs/formats/" + std::string(file.name)));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  // For `logdetect formats`, and so that equal names stand side by side.
  std::sort(all.begin(), all.end(), [](const FormatSpec& a, const FormatSpec& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(all.begin(), all.end(),
                                        [](const FormatSpec& a, const FormatSpec& b) { return a.name == b.name; });
  if (twice != all.end()) {
    return make_error(ErrorCode::kConfig, "two formats are named '" + twice->name + "'", twice->origin);
  }
  return all;
}

namespace {

constexpr const char* kFormatField = "header.format";

Result<FormatSpec> builtin_format(const std::string& wanted) {
  LD_ASSIGN(const std::vector<FormatSpec> all, builtin_formats());
  std::vector<std::string_view> names = {"auto", "none"};
  for (const FormatSpec& format : all) {
    if (format.name == wanted) {
      return format;
    }
    names.push_back(format.name);
  }
  return make_error(ErrorCode::kConfig, "unknown log format '" + wanted + "'", kFormatField,
                    suggest_format(wanted, names) + "; or give a pattern such as '<Time> <Level> <Content>'");
}

Result<HeaderPlan> format_of_file(const std::string& path) {
  constexpr std::size_t kMaxBytes = 1 << 20;
  LD_ASSIGN(const std::string text, read_file(path, kMaxBytes, ErrorCode::kConfig));
  LD_ASSIGN(const std::vector<FormatSpec> formats, load_formats(text, path));
  if (formats.empty() || formats.size() > HeaderPlan::kMaxParts) {
    return make_error(ErrorCode::kConfig,
                      "the file holds " + std::to_string(formats.size()) + " formats; from 1 to " +
                          std::to_string(HeaderPlan::kMaxParts) + " can be used together",
                      path);
  }
  HeaderPlan plan;
  for (const FormatSpec& format : formats) {
    LD_ASSIGN(HeaderPlan part, compile_format(format));
    plan.parts.push_back(std::move(part));
  }
  if (plan.parts.size() == 1) {
    return std::move(plan.parts.front());
  }
  plan.kind = HeaderPlan::Kind::kMixed;
  plan.name = "formats of a file";
  plan.agreement = 1;  // given, not guessed: every line is to fit
  return plan;
}

}  // namespace

std::string suggest_format(std::string_view wanted, std::span<const std::string_view> names) {
  std::string near(nearest_name(wanted, names));
  if (near.empty()) {
    // "syslog" for "syslog_rfc3164", "nginx" for "nginx_error"
    for (const std::string_view name : names) {
      if (wanted.size() >= 3 && (name.find(wanted) != std::string_view::npos || wanted.starts_with(name))) {
        near += (near.empty() ? "" : "' or '") + std::string(name);
      }
    }
  }
  return near.empty() ? "`logdetect formats` lists them" : "did you mean '" + near + "'?";
}

Result<std::vector<HeaderPlan>> configured_plans(const HeaderOptions& options) {
  std::vector<HeaderPlan> plans;
  if (options.format == "none") {
    plans.emplace_back();  // the null plan: whole lines are messages
  } else if (options.format.find('<') != std::string::npos) {
    LD_ASSIGN(HeaderPlan plan, compile_pattern(options.format, kFormatField));
    plans.push_back(std::move(plan));
  } else if (options.format.ends_with(".yaml") || options.format.ends_with(".yml")) {
    LD_ASSIGN(HeaderPlan plan, format_of_file(options.format));
    plans.push_back(std::move(plan));
  } else if (options.format != "auto") {
    LD_ASSIGN(const FormatSpec format, builtin_format(options.format));
    LD_ASSIGN(HeaderPlan plan, compile_format(format));
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace logdetect
