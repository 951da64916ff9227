#include "logdetect/ingest/source_entry.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "logdetect/base/text.h"

namespace logdetect {
namespace {

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string number_text(double value) {
  char buffer[32];  // the shortest form of a double has at most 24 characters
  const auto [end, failure] = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return {buffer, end};
}

std::string list_text(std::span<const std::string_view> words) {
  std::string list;
  for (const std::string_view word : words) {
    list.append(list.empty() ? "" : ", ").append(word);
  }
  return list;
}

// What a value must be; empty when it fits.
std::string misfit(const SourceOption& option, std::string_view value) {
  if (!option.unit.empty()) {
    const std::optional<double> number = read_number(value);
    const bool fits = number && *number >= option.least && *number <= option.most;
    return fits ? std::string()
                : "a number from " + number_text(option.least) + " to " + number_text(option.most) + " (" +
                      std::string(option.unit) + ")";
  }
  const bool fits =
      option.words.empty() || std::find(option.words.begin(), option.words.end(), value) != option.words.end();
  return fits ? std::string() : "one of " + list_text(option.words);
}

}  // namespace

const SourceOption* SourceOptions::find(std::string_view name) const {
  const auto found =
      std::find_if(options_.begin(), options_.end(), [&](const SourceOption& option) { return option.name == name; });
  return found == options_.end() ? nullptr : &*found;
}

Result<void> SourceOptions::set(std::string_view name, std::string_view value) {
  const SourceOption* const option = find(name);
  if (option == nullptr) {
    std::vector<std::string_view> known;
    for (const SourceOption& one : options_) {
      known.push_back(one.name);
    }
    const std::string_view near = nearest_name(name, known);
    return make_error(
        ErrorCode::kUsage, "there is no option '" + std::string(name) + "'", {},
        near.empty() ? "the options are: " + list_text(known) : "did you mean '" + std::string(near) + "'?");
  }
  if (const std::string wanted = misfit(*option, value); !wanted.empty()) {
    return make_error(ErrorCode::kUsage, "option '" + std::string(name) + "' is '" + std::string(value) + "'", {},
                      "it must be " + wanted);
  }
  const auto [given, fresh] = given_.emplace(name, value);
  if (!fresh && given->second != value) {
    return make_error(
        ErrorCode::kUsage,
        "option '" + std::string(name) + "' has two values: " + given->second + " and " + std::string(value), {},
        "all inputs of a scheme share its options: state each once");
  }
  return {};
}

Result<void> SourceOptions::merge(const SourceOptions& other) {
  for (const auto& [name, value] : other.given_) {
    LD_TRY(set(name, value));
  }
  return {};
}

std::string_view SourceOptions::text(std::string_view name) const {
  const auto given = given_.find(name);
  if (given != given_.end()) {
    return given->second;
  }
  const SourceOption* const option = find(name);
  LD_CHECK(option != nullptr, "an option that the source does not declare");
  return option->preset;
}

double SourceOptions::number(std::string_view name) const {
  const std::optional<double> value = read_number(text(name));
  LD_CHECK(value.has_value(), "an option that is no number");
  return *value;
}

const SourceEntry* find_source(std::string_view scheme) {
  const std::span<const SourceEntry> table = source_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const SourceEntry& entry) { return entry.scheme == scheme; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace logdetect
