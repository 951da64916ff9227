#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/fields.h"
#include "logdetect/base/range.h"

namespace logdetect {

/// "must be ..., not 'x'" at the node's place.
ValueError wrong_value(const YamlNode& node, const std::string& expected);
/// The shortest text that reads back as the same number.
std::string number_text(double value);
/// Reads a whole number with an optional k, M or G (powers of 1024). False if it is none or does not fit.
bool read_bytes(std::string_view text, std::uint64_t& out);
std::string bytes_text(std::uint64_t value);

/// Reads all of `text` as a number of type T. NaN and infinity are no numbers here.
template <typename T>
bool read_number(std::string_view text, T& out) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return false;
  }
  if constexpr (std::floating_point<T>) {
    if (!std::isfinite(value)) {
      return false;
    }
  }
  out = value;
  return true;
}

/// The member a row stands for: Config::*part, then Part::*member.
template <typename Part, typename T>
struct Member {
  Part Config::*part;
  T Part::*member;
  T& operator()(Config& config) const { return config.*part.*member; }
  const T& operator()(const Config& config) const { return config.*part.*member; }
};

/// A whole number in a range.
template <typename Part, std::integral T>
Binding integer(Part Config::*part, T Part::*member, Range<T> bounds) {
  const Member<Part, T> at{part, member};
  const std::string range = "from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most);
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    T value{};
    if (node.kind != YamlNode::Kind::kScalar || !read_number(node.text, value) || !bounds.contains(value)) {
      return wrong_value(node, "a whole number " + range);
    }
    at(config) = value;
    return std::nullopt;
  };
  return {"integer", range, read, [=](const Config& config) { return std::to_string(at(config)); }};
}

/// A real number in a range.
template <typename Part>
Binding number(Part Config::*part, double Part::*member, Range<double> bounds) {
  const Member<Part, double> at{part, member};
  const std::string range = "from " + number_text(bounds.least) + " to " + number_text(bounds.most);
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    double value = 0;
    if (node.kind != YamlNode::Kind::kScalar || !read_number(node.text, value) || !bounds.contains(value)) {
      return wrong_value(node, "a number " + range);
    }
    at(config) = value;
    return std::nullopt;
  };
  return {"number", range, read, [=](const Config& config) { return number_text(at(config)); }};
}

/// A size in bytes in a range; text may end in k, M or G.
template <typename Part>
Binding bytes(Part Config::*part, std::size_t Part::*member, Range<std::size_t> bounds) {
  const Member<Part, std::size_t> at{part, member};
  const std::string range = "from " + bytes_text(bounds.least) + " to " + bytes_text(bounds.most);
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    std::uint64_t value = 0;
    if (node.kind != YamlNode::Kind::kScalar || !read_bytes(node.text, value) || !bounds.contains(value)) {
      return wrong_value(node, "a size " + range + " (like 64k or 1M)");
    }
    at(config) = static_cast<std::size_t>(value);
    return std::nullopt;
  };
  return {"bytes", range, read, [=](const Config& config) { return bytes_text(at(config)); }};
}

/// true or false.
template <typename Part>
Binding on_off(Part Config::*part, bool Part::*member) {
  const Member<Part, bool> at{part, member};
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    const bool yes = node.text == "true" || node.text == "yes" || node.text == "on";
    const bool no = node.text == "false" || node.text == "no" || node.text == "off";
    if (node.kind != YamlNode::Kind::kScalar || (!yes && !no)) {
      return wrong_value(node, "true or false");
    }
    at(config) = yes;
    return std::nullopt;
  };
  return {"switch", "true or false", read, [=](const Config& config) { return at(config) ? "true" : "false"; }};
}

/// Text for which `accepts` holds; `expected` says what that is.
template <typename Part>
Binding text(Part Config::*part, std::string Part::*member, bool (*accepts)(std::string_view), std::string expected) {
  const Member<Part, std::string> at{part, member};
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    if (node.kind != YamlNode::Kind::kScalar || !accepts(node.text)) {
      return wrong_value(node, expected);
    }
    at(config) = node.text;
    return std::nullopt;
  };
  return {"text", expected, read, [=](const Config& config) { return yaml_scalar(at(config)); }};
}

/// The value of a word in a list, with the nearest word as hint.
std::optional<ValueError> choose_word(const YamlNode& node, std::span<const std::string_view> words, std::size_t& out);
/// "low, medium or high".
std::string word_list(std::span<const std::string_view> words);

/// One of a few words, each standing for a value.
template <typename Part, typename T>
Binding word(Part Config::*part, T Part::*member, std::initializer_list<std::pair<std::string_view, T>> choices) {
  const Member<Part, T> at{part, member};
  std::vector<std::string_view> words;
  std::vector<T> values;
  for (const auto& [name, value] : choices) {
    words.push_back(name);
    values.push_back(value);
  }
  const auto read = [=](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    std::size_t chosen = 0;
    if (auto error = choose_word(node, words, chosen)) {
      return error;
    }
    at(config) = values[chosen];
    return std::nullopt;
  };
  const auto write = [=](const Config& config) {
    std::size_t i = 0;
    while (i + 1 < values.size() && values[i] != at(config)) {
      ++i;
    }
    return std::string(words[i]);
  };
  return {"word", word_list(words), read, write};
}

/// A name out of a table, kept as text.
template <typename Part>
Binding name(Part Config::*part, std::string Part::*member, std::vector<std::string_view> names) {
  const Member<Part, std::string> at{part, member};
  const std::string list = word_list(names);
  const auto read = [at, names = std::move(names)](Config& config, const YamlNode& node) -> std::optional<ValueError> {
    std::size_t chosen = 0;
    if (auto error = choose_word(node, names, chosen)) {
      return error;
    }
    at(config) = names[chosen];
    return std::nullopt;
  };
  return {"word", list, read, [=](const Config& config) { return at(config); }};
}

/// The fields that hold lists and maps, each of its own shape.
Binding mask_list();
Binding template_list();
Binding exclusion_list();
Binding window_list();
Binding detector_list();
Binding weight_map();
Binding hour_list();

}  // namespace logdetect
