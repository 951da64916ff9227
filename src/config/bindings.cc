#include "config/bindings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>

#include "logdetect/base/text.h"
#include "logdetect/detection/allow_list.h"
#include "logdetect/mining/mask_check.h"
#include "logdetect/models/detector.h"

namespace logdetect {
namespace {

// A list of so many `things` at most.
std::string list_of(std::size_t most, std::string_view things) {
  return "a list of at most " + std::to_string(most) + " " + std::string(things);
}

// "a regular expression of 1 to N bytes".
std::string text_of(std::string_view thing, std::size_t least = 0) {
  const std::string sizes = least == 0 ? "at most " : std::to_string(least) + " to ";
  return std::string(thing) + " of " + sizes + std::to_string(kMaxPatternBytes) + " bytes";
}

// "1 to 4 rising whole numbers".
std::string window_counts() {
  return "1 to " + std::to_string(FeatureOptions::kMaxWindows) + " rising whole numbers";
}

// A mask shows itself in templates as <NAME>, so its name must look like those of the built-in ones.
bool is_mask_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  constexpr std::size_t kMostBytes = 32;  // it is shown in each place of a template
  return !name.empty() && name.size() <= kMostBytes && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(), fits);
}

ValueError at_key(const YamlNode::Key& key, std::string message, std::string hint = {}) {
  return {std::move(message), std::move(hint), key.line, key.column};
}

// The texts of `matches` or `not_matches`.
std::optional<ValueError> read_mask_texts(const YamlNode& node, MaskSample::Kind kind, CustomMask& mask) {
  if (node.kind != YamlNode::Kind::kList || node.items.size() > MinerOptions::kMaxMaskSamples) {
    return wrong_value(node, list_of(MinerOptions::kMaxMaskSamples, "texts"));
  }
  for (const YamlNode& item : node.items) {
    if (item.kind != YamlNode::Kind::kScalar || item.text.size() > kMaxPatternBytes) {
      return wrong_value(item, text_of("a text"));
    }
    mask.samples.push_back({kind, item.text, {}, item.line});
  }
  return std::nullopt;
}

// Pairs of a text and of what all masks together make of it.
std::optional<ValueError> read_mask_samples(const YamlNode& node, CustomMask& mask) {
  const std::string expected = list_of(MinerOptions::kMaxMaskSamples, "samples, each {text: ..., masked: ...}");
  if (node.kind != YamlNode::Kind::kList || node.items.size() > MinerOptions::kMaxMaskSamples) {
    return wrong_value(node, expected);
  }
  for (const YamlNode& item : node.items) {
    MaskSample sample{MaskSample::Kind::kMasked, {}, {}, item.line};
    // read_yaml() refuses repeated keys, so two known keys are one of each.
    if (item.kind != YamlNode::Kind::kMap || item.keys.size() != 2) {
      return wrong_value(item, expected);
    }
    for (std::size_t i = 0; i < item.keys.size(); ++i) {
      const YamlNode& value = item.items[i];
      if (item.keys[i].text != "text" && item.keys[i].text != "masked") {
        return at_key(item.keys[i], "has an unknown key '" + item.keys[i].text + "'", "a sample has text and masked");
      }
      if (value.kind != YamlNode::Kind::kScalar || value.text.size() > kMaxPatternBytes) {
        return wrong_value(value, text_of("a text"));
      }
      (item.keys[i].text == "text" ? sample.text : sample.masked) = value.text;
    }
    mask.samples.push_back(std::move(sample));
  }
  return std::nullopt;
}

// The keys may come in any order, so what is missing shows at the end.
std::optional<ValueError> read_mask(const YamlNode& node, CustomMask& mask) {
  if (node.kind != YamlNode::Kind::kMap) {
    return wrong_value(node, "a mask with a name and a pattern, like {name: ORDER, pattern: \"ORD-[0-9]+\"}");
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& value = node.items[i];
    if (node.keys[i].text == "name") {
      if (value.kind != YamlNode::Kind::kScalar || !is_mask_name(value.text)) {
        return wrong_value(value, "a name of up to 32 upper-case letters, digits or '_'");
      }
      mask.name = value.text;
    } else if (node.keys[i].text == "pattern") {
      if (value.kind != YamlNode::Kind::kScalar || value.text.empty() || value.text.size() > kMaxPatternBytes) {
        return wrong_value(value, text_of("a regular expression", 1));
      }
      mask.pattern = value.text;
    } else if (node.keys[i].text == "samples") {
      if (auto error = read_mask_samples(value, mask)) {
        return error;
      }
    } else if (node.keys[i].text == "matches" || node.keys[i].text == "not_matches") {
      const bool matches = node.keys[i].text == "matches";
      if (auto error =
              read_mask_texts(value, matches ? MaskSample::Kind::kMatches : MaskSample::Kind::kNotMatches, mask)) {
        return error;
      }
    } else {
      return at_key(node.keys[i], "has an unknown key '" + node.keys[i].text + "'",
                    "a mask has name, pattern, samples, matches and not_matches");
    }
  }
  if (mask.name.empty() || mask.pattern.empty()) {
    return ValueError{"needs a name and a pattern in each mask", "", node.line, node.column};
  }
  return std::nullopt;
}

std::optional<ValueError> read_masks(const YamlNode& node, std::vector<CustomMask>& out) {
  if (node.kind != YamlNode::Kind::kList || node.items.size() > MinerOptions::kMaxMasks) {
    return wrong_value(node, list_of(MinerOptions::kMaxMasks, "masks"));
  }
  // Read aside, as all lists here: a wrong element must leave the configuration as it was.
  std::vector<CustomMask> masks(node.items.size());
  for (std::size_t i = 0; i < masks.size(); ++i) {
    if (auto error = read_mask(node.items[i], masks[i])) {
      return error;
    }
  }
  out = std::move(masks);
  return std::nullopt;
}

std::optional<ValueError> read_templates(const YamlNode& node, std::vector<std::string>& out) {
  if (node.kind != YamlNode::Kind::kList || node.items.size() > MinerOptions::kMaxPinned) {
    return wrong_value(node, list_of(MinerOptions::kMaxPinned, "templates"));
  }
  std::vector<std::string> templates;
  for (const YamlNode& item : node.items) {
    if (item.kind != YamlNode::Kind::kScalar) {
      return wrong_value(item, "a template, like \"user <*> logged in from <IP>\"");
    }
    if (const std::string wrong = check_pinned_template(item.text); !wrong.empty()) {
      return ValueError{wrong + ": '" + escape_for_terminal(item.text) + "'",
                        "write literal text with placeholders, like \"user <*> logged in from <IP>\"", item.line,
                        item.column};
    }
    templates.push_back(item.text);
  }
  out = std::move(templates);
  return std::nullopt;
}

std::optional<ValueError> read_exclusions(const YamlNode& node, std::vector<std::string>& out) {
  if (node.kind != YamlNode::Kind::kList || node.items.size() > RunOptions::kMaxExclusions) {
    return wrong_value(node, list_of(RunOptions::kMaxExclusions, "patterns"));
  }
  std::vector<std::string> patterns;
  for (const YamlNode& item : node.items) {
    if (item.kind != YamlNode::Kind::kScalar || item.text.size() > kMaxPatternBytes) {
      return wrong_value(item, "a pattern of a message, like \"replica <*> unreachable\"");
    }
    // Placeholders alone match the empty text; such a pattern would leave nothing to learn from.
    if (matches_pattern(item.text, "")) {
      return ValueError{"must not hold '" + escape_for_terminal(item.text) + "', which every message matches",
                        "add words of the message", item.line, item.column};
    }
    patterns.push_back(item.text);
  }
  out = std::move(patterns);
  return std::nullopt;
}

std::optional<ValueError> read_windows(const YamlNode& node, std::vector<std::int64_t>& out) {
  using F = FeatureOptions;
  const std::string expected = "a list of " + window_counts() + " from " + std::to_string(F::kWindowRange.least) +
                               " to " + std::to_string(F::kWindowRange.most);
  if (node.kind != YamlNode::Kind::kList || node.items.empty() || node.items.size() > F::kMaxWindows) {
    return wrong_value(node, expected);
  }
  std::vector<std::int64_t> windows;
  for (const YamlNode& item : node.items) {
    std::int64_t seconds = 0;
    if (item.kind != YamlNode::Kind::kScalar || !read_number(item.text, seconds) ||
        !F::kWindowRange.contains(seconds) || (!windows.empty() && seconds <= windows.back())) {
      return wrong_value(item, expected);
    }
    windows.push_back(seconds);
  }
  out = std::move(windows);
  return std::nullopt;
}

std::vector<std::string_view> detector_names() {
  std::vector<std::string_view> names;
  for (const DetectorEntry& entry : detector_table()) {
    names.push_back(entry.name);
  }
  return names;
}

std::optional<ValueError> read_detectors(const YamlNode& node, std::vector<std::string>& out) {
  // A set such as "classic" may stand wherever a detector may.
  std::vector<std::string_view> names = detector_names();
  for (const DetectorSet& set : detector_sets()) {
    names.push_back(set.name);
  }
  if (node.kind != YamlNode::Kind::kList || node.items.empty()) {
    return wrong_value(node, "a list of one or more of " + word_list(names));
  }
  std::vector<std::string> detectors;
  for (const YamlNode& item : node.items) {
    std::size_t chosen = 0;
    if (auto error = choose_word(item, names, chosen)) {
      return error;
    }
    if (std::find(detectors.begin(), detectors.end(), names[chosen]) != detectors.end()) {
      return ValueError{"names '" + item.text + "' twice", "", item.line, item.column};
    }
    detectors.emplace_back(names[chosen]);
  }
  out = std::move(detectors);
  return std::nullopt;
}

std::optional<ValueError> read_weights(const YamlNode& node, std::vector<std::pair<std::string, double>>& out) {
  // "[]" is as empty as "{}".
  if (node.kind == YamlNode::Kind::kList && node.items.empty()) {
    out.clear();
    return std::nullopt;
  }
  if (node.kind != YamlNode::Kind::kMap) {
    return wrong_value(node, "a map from detector to weight, like {forest: 0.6}");
  }
  const std::vector<std::string_view> names = detector_names();
  std::vector<std::pair<std::string, double>> weights;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    // choose_word() takes a node, and its error needs the place of the key.
    YamlNode key;
    key.kind = YamlNode::Kind::kScalar;
    key.text = node.keys[i].text;
    key.line = node.keys[i].line;
    key.column = node.keys[i].column;
    std::size_t chosen = 0;
    if (auto error = choose_word(key, names, chosen)) {
      return error;
    }
    double weight = 0;
    const YamlNode& value = node.items[i];
    if (value.kind != YamlNode::Kind::kScalar || !read_number(value.text, weight) ||
        !EnsembleOptions::kWeightRange.contains(weight)) {
      return wrong_value(value, "a map to weights " + range_text(EnsembleOptions::kWeightRange));
    }
    weights.emplace_back(key.text, weight);
  }
  out = std::move(weights);
  return std::nullopt;
}

std::optional<ValueError> read_hours(const YamlNode& node, HourMultipliers& out) {
  if (node.kind != YamlNode::Kind::kList || node.items.size() != out.size()) {
    return wrong_value(node, "a list of 24 numbers, one for each hour of the day");
  }
  HourMultipliers hours{};
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const YamlNode& item = node.items[i];
    if (item.kind != YamlNode::Kind::kScalar || !read_number(item.text, hours[i]) ||
        !ThresholdOptions::kMultiplierRange.contains(hours[i])) {
      return wrong_value(item, "a list of numbers " + range_text(ThresholdOptions::kMultiplierRange));
    }
  }
  out = hours;
  return std::nullopt;
}

// "[a, b]": the elements as `write` puts them, between `open` and `close`.
template <typename Range, typename Write>
std::string flow(char open, char close, const Range& range, Write write) {
  std::string out(1, open);
  for (const auto& element : range) {
    out += out.size() > 1 ? ", " : "";
    out += write(element);
  }
  return out + close;
}

// ", matches: [...]" of the samples of one kind; nothing when there are none.
std::string mask_samples_text(const CustomMask& mask, MaskSample::Kind kind, const std::string& key) {
  std::vector<MaskSample> samples;
  std::copy_if(mask.samples.begin(), mask.samples.end(), std::back_inserter(samples),
               [kind](const MaskSample& sample) { return sample.kind == kind; });
  if (samples.empty()) {
    return {};
  }
  return ", " + key + ": " + flow('[', ']', samples, [kind](const MaskSample& sample) {
           return kind == MaskSample::Kind::kMasked
                      ? "{text: " + yaml_scalar(sample.text) + ", masked: " + yaml_scalar(sample.masked) + "}"
                      : yaml_scalar(sample.text);
         });
}

}  // namespace

ValueError wrong_value(const YamlNode& node, const std::string& expected) {
  constexpr std::size_t kShownBytes = 40;
  std::string got = "nothing";
  if (node.kind == YamlNode::Kind::kScalar) {
    got = "'" + ellipsize(node.text, kShownBytes) + "'";
  } else if (node.kind == YamlNode::Kind::kList) {
    got = "a list";
  } else if (node.kind == YamlNode::Kind::kMap) {
    got = "a map";
  }
  return {"must be " + expected + ", not " + got, "", node.line, node.column};
}

std::string number_text(double value) {
  // Plain decimals where people would write them: 0.000001 rather than 1e-06.
  const bool plain = value == 0 || (value >= 1e-9 && value < 1e15);
  std::array<char, 64> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          plain ? std::chars_format::fixed : std::chars_format::general);
  return {buffer.data(), end};
}

bool read_bytes(std::string_view text, std::uint64_t& out) {
  std::uint64_t unit = 1;
  if (!text.empty()) {
    const std::size_t power = std::string_view("kKmMgG").find(text.back());
    if (power != std::string_view::npos) {
      // Each letter has two spellings: k and K stand for 10 bits, m and M for 20, g and G for 30.
      unit = std::uint64_t{1} << (10 * (power / 2 + 1));
      text.remove_suffix(1);
    }
  }
  std::uint64_t count = 0;
  if (!read_number(text, count) || count > std::numeric_limits<std::uint64_t>::max() / unit) {
    return false;
  }
  out = count * unit;
  return true;
}

std::string bytes_text(std::uint64_t value) {
  // The largest unit that leaves no rest, so that read_bytes() gets the same value back. Units are powers of two.
  for (const auto& [shift, suffix] : {std::pair{30, 'G'}, std::pair{20, 'M'}, std::pair{10, 'k'}}) {
    if (value != 0 && value % (std::uint64_t{1} << shift) == 0) {
      return std::to_string(value >> shift) + suffix;
    }
  }
  return std::to_string(value);
}

std::optional<ValueError> read_switch(const YamlNode& node, bool& out) {
  // YAML 1.1 has these words for a switch; the tree keeps them as text.
  const bool yes = node.text == "true" || node.text == "yes" || node.text == "on";
  const bool no = node.text == "false" || node.text == "no" || node.text == "off";
  if (node.kind != YamlNode::Kind::kScalar || (!yes && !no)) {
    return wrong_value(node, std::string(kSwitchRange));
  }
  out = yes;
  return std::nullopt;
}

std::string switch_text(bool value) {
  return value ? "true" : "false";
}

std::string word_list(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += i == 0 ? "" : (i + 1 == words.size() ? " or " : ", ");
    out += words[i];
  }
  return out;
}

std::optional<ValueError> choose_word(const YamlNode& node, std::span<const std::string_view> words, std::size_t& out) {
  const auto found = std::find(words.begin(), words.end(), node.text);
  if (node.kind == YamlNode::Kind::kScalar && found != words.end()) {
    out = static_cast<std::size_t>(found - words.begin());
    return std::nullopt;
  }
  ValueError error = wrong_value(node, word_list(words));
  if (const std::string_view near = nearest_name(node.text, words); !near.empty()) {
    error.hint = "did you mean '" + std::string(near) + "'?";
  }
  return error;
}

Binding mask_list() {
  return {"list", "masks of name and pattern, with samples, matches and not_matches for `config check`",
          [](Config& config, const YamlNode& node) { return read_masks(node, config.miner.masks); },
          [](const Config& config) {
            return flow('[', ']', config.miner.masks, [](const CustomMask& mask) {
              return "{name: " + yaml_scalar(mask.name) + ", pattern: " + yaml_scalar(mask.pattern) +
                     mask_samples_text(mask, MaskSample::Kind::kMasked, "samples") +
                     mask_samples_text(mask, MaskSample::Kind::kMatches, "matches") +
                     mask_samples_text(mask, MaskSample::Kind::kNotMatches, "not_matches") + "}";
            });
          }};
}

Binding template_list() {
  return {"list", "texts with placeholders",
          [](Config& config, const YamlNode& node) { return read_templates(node, config.miner.templates); },
          [](const Config& config) {
            return flow('[', ']', config.miner.templates, [](const std::string& text) { return yaml_scalar(text); });
          }};
}

Binding exclusion_list() {
  return {"list", "at most " + std::to_string(RunOptions::kMaxExclusions) + " patterns of messages",
          [](Config& config, const YamlNode& node) { return read_exclusions(node, config.run.exclude); },
          [](const Config& config) { return flow('[', ']', config.run.exclude, yaml_scalar); }};
}

Binding window_list() {
  return {"list", window_counts(),
          [](Config& config, const YamlNode& node) { return read_windows(node, config.features.window_seconds); },
          [](const Config& config) {
            return flow('[', ']', config.features.window_seconds,
                        [](std::int64_t seconds) { return std::to_string(seconds); });
          }};
}

Binding detector_list() {
  return {"list", "names of `logdetect help detectors`",
          [](Config& config, const YamlNode& node) { return read_detectors(node, config.ensemble.detectors); },
          [](const Config& config) { return flow('[', ']', config.ensemble.detectors, yaml_scalar); }};
}

Binding weight_map() {
  return {"map", "weights " + range_text(EnsembleOptions::kWeightRange),
          [](Config& config, const YamlNode& node) { return read_weights(node, config.ensemble.weights); },
          [](const Config& config) {
            return flow('{', '}', config.ensemble.weights, [](const std::pair<std::string, double>& weight) {
              return yaml_scalar(weight.first) + ": " + number_text(weight.second);
            });
          }};
}

Binding hour_list() {
  return {"list", "24 numbers " + range_text(ThresholdOptions::kMultiplierRange),
          [](Config& config, const YamlNode& node) { return read_hours(node, config.threshold.hour_multipliers); },
          [](const Config& config) { return flow('[', ']', config.threshold.hour_multipliers, number_text); }};
}

}  // namespace logdetect
