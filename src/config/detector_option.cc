// The options of detectors as fields of the configuration, each by its kind.

#include <cstdint>

#include "config/bindings.h"

namespace logdetect {
namespace {

// OptionInfo states every range in doubles.
Range<std::int64_t> whole_range(const OptionInfo& option) {
  return {static_cast<std::int64_t>(option.range.least), static_cast<std::int64_t>(option.range.most)};
}

// Reads into a value of the option's kind; it is set only when that went well.
struct Reader {
  const YamlNode& node;
  const OptionInfo& option;

  std::optional<ValueError> operator()(bool& value) const { return read_switch(node, value); }
  std::optional<ValueError> operator()(std::int64_t& value) const {
    return read_in_range(node, whole_range(option), value);
  }
  std::optional<ValueError> operator()(double& value) const { return read_in_range(node, option.range, value); }
  std::optional<ValueError> operator()(std::string_view& value) const {
    std::size_t chosen = 0;
    if (auto error = choose_word(node, option.words, chosen)) {
      return error;
    }
    value = option.words[chosen];
    return std::nullopt;
  }
};

// Text that Reader takes back as the same value.
struct Writer {
  std::string operator()(bool value) const { return switch_text(value); }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return number_text(value); }
  std::string operator()(std::string_view value) const { return std::string(value); }
};

// The words of FieldInfo::type.
struct TypeName {
  std::string_view operator()(bool /*value*/) const { return "switch"; }
  std::string_view operator()(std::int64_t /*value*/) const { return "integer"; }
  std::string_view operator()(double /*value*/) const { return "number"; }
  std::string_view operator()(std::string_view /*value*/) const { return "word"; }
};

// The text of FieldInfo::range.
struct RangeName {
  const OptionInfo& option;

  std::string operator()(bool /*value*/) const { return std::string(kSwitchRange); }
  std::string operator()(std::int64_t /*value*/) const { return range_text(whole_range(option)); }
  std::string operator()(double /*value*/) const { return range_text(option.range); }
  std::string operator()(std::string_view /*value*/) const { return word_list(option.words); }
};

}  // namespace

Binding detector_option(std::string_view group, const OptionInfo& option) {
  const auto read = [group, &option](Config& config, const YamlNode& node) {
    OptionValues& values = config.detectors.of(group);
    // The present value tells the option's kind, by which the visitor reads the new one.
    OptionValue value = values.value(option.name);
    std::optional<ValueError> error = std::visit([&](auto& held) { return Reader{node, option}(held); }, value);
    if (!error) {
      values.set(option.name, value);
    }
    return error;
  };
  const auto write = [group, &option](const Config& config) {
    return std::visit(Writer{}, config.detectors.of(group).value(option.name));
  };
  return {std::visit(TypeName{}, option.initial), std::visit(RangeName{option}, option.initial), read, write};
}

}  // namespace logdetect
