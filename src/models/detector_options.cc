#include "logdetect/models/detector_options.h"

#include <algorithm>

#include "logdetect/models/detector.h"

namespace logdetect {

bool OptionInfo::allows(const OptionValue& value) const {
  if (value.index() != initial.index()) {
    return false;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return range.contains(static_cast<double>(*whole));
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return range.contains(*number);
  }
  if (const auto* word = std::get_if<std::string_view>(&value)) {
    return std::find(words.begin(), words.end(), *word) != words.end();
  }
  return true;
}

std::span<const OptionGroup> option_groups() {
  static const std::vector<OptionGroup> groups = [] {
    std::vector<OptionGroup> found;
    for (const DetectorEntry& entry : detector_table()) {
      if (!entry.options.empty()) {
        found.push_back({entry.name, entry.options});
      }
    }
    for (const DetectorEntry& entry : detector_table()) {
      const bool known = entry.shared != nullptr && std::any_of(found.begin(), found.end(), [&](const OptionGroup& g) {
                           return g.name == entry.shared->name;
                         });
      if (entry.shared != nullptr && !known) {
        found.push_back(*entry.shared);
      }
    }
    return found;
  }();
  return groups;
}

OptionValues::OptionValues(std::span<const OptionInfo> options) : options_(options) {
  values_.reserve(options.size());
  for (const OptionInfo& option : options) {
    values_.push_back(option.initial);
  }
}

std::size_t OptionValues::index_of(std::string_view name) const {
  const auto found =
      std::find_if(options_.begin(), options_.end(), [&](const OptionInfo& option) { return option.name == name; });
  LD_CHECK(found != options_.end(), "there is no option of this name");
  return static_cast<std::size_t>(found - options_.begin());
}

void OptionValues::set(std::string_view name, const OptionValue& value) {
  const std::size_t at = index_of(name);
  LD_CHECK(options_[at].allows(value), "an option cannot have this value");
  values_[at] = value;
}

DetectorOptions::DetectorOptions() {
  values_.reserve(option_groups().size());
  for (const OptionGroup& group : option_groups()) {
    values_.emplace_back(group.options);
  }
}

std::size_t DetectorOptions::index_of(std::string_view group) {
  const auto groups = option_groups();
  const auto found = std::find_if(groups.begin(), groups.end(), [&](const OptionGroup& g) { return g.name == group; });
  LD_CHECK(found != groups.end(), "no detector has options of this name");
  return static_cast<std::size_t>(found - groups.begin());
}

DetectorOptions DetectorOptions::for_judging(const DetectorOptions& trained, const DetectorOptions& given) {
  DetectorOptions chosen = trained;
  for (const OptionGroup& group : option_groups()) {
    for (const OptionInfo& option : group.options) {
      const OptionValue& value = given.of(group.name).value(option.name);
      if (option.scope == OptionScope::kJudging && value != option.initial) {
        chosen.of(group.name).set(option.name, value);
      }
    }
  }
  return chosen;
}

}  // namespace logdetect
