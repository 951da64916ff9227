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

/// "from 1 to 16".
template <typename T>
std::string range_text(const Range<T>& range) {
  if constexpr (std::integral<T>) {
    return "from " + std::to_string(range.least) + " to " + std::to_string(range.most);
  } else {
    return "from " + number_text(range.least) + " to " + number_text(range.most);
  }
}

/// Reads a number in a range; `out` is set only then.
template <typename T>
std::optional<ValueError> read_in_range(const YamlNode& node, const Range<T>& range, T& out) {
  T value{};
  if (node.kind != YamlNode::Kind::kScalar || !read_number(node.text, value) || !range.contains(value)) {
    return wrong_value(node, (std::integral<T> ? "a whole number " : "a number ") + range_text(range));
  }
  out = value;
  return std::nullopt;
}

/// Reads true or false; `out` is set only then.
std::optional<ValueError> read_switch(const YamlNode& node, bool& out);
inline constexpr std::string_view kSwitchRange = "true or false";
std::string switch_text(bool value);

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
Binding integer(Part Config::*part, T Part::*member, Range<T> range) {
  const Member<Part, T> at{part, member};
  return {"integer", range_text(range),
          [=](Config& config, const YamlNode& node) { return read_in_range(node, range, at(config)); },
          [=](const Config& config) { return std::to_string(at(config)); }};
}

/// A real number in a range.
template <typename Part>
Binding number(Part Config::*part, double Part::*member, Range<double> range) {
  const Member<Part, double> at{part, member};
  return {"number", range_text(range),
          [=](Config& config, const YamlNode& node) { return read_in_range(node, range, at(config)); },
          [=](const Config& config) { return number_text(at(config)); }};
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
  return {"switch", std::string(kSwitchRange),
          [=](Config& config, const YamlNode& node) { return read_switch(node, at(config)); },
          [=](const Config& config) { return switch_text(at(config)); }};
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

/// An option of a detector.
Binding detector_option(std::string_view group, const OptionInfo& option);

/// The fields that hold lists and maps, each of its own shape.
Binding mask_list();
Binding template_list();
Binding exclusion_list();
Binding window_list();
Binding detector_list();
Binding weight_map();
Binding hour_list();

}  // namespace logdetect
