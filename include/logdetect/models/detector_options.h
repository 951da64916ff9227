#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/base/range.h"

namespace logdetect {

/// The value of an option, which tells its kind too: a switch, a whole number, a number, or one of a few words.
using OptionValue = std::variant<bool, std::int64_t, double, std::string_view>;

/// When an option has its say.
enum class OptionScope : std::uint8_t {
  kTraining,  ///< fixed by training: a model keeps it
  kJudging,   ///< as in training, unless a run that judges gives another value than the default
  kMachine,   ///< where a run is carried out: a model does not fix it
};

/// The range of a whole number, as OptionInfo states it.
constexpr Range<double> option_range(const Range<int>& range) {
  return {static_cast<double>(range.least), static_cast<double>(range.most)};
}

/// A row of a detector's options. The configuration, its flag, help and default.yaml are made from it.
struct OptionInfo {
  std::string_view name;                         ///< "trees", for `forest.trees` in the configuration
  OptionValue initial;                           ///< the default; its type is the option's kind
  Range<double> range = {};                      ///< of a number or a whole number
  std::span<const std::string_view> words = {};  ///< the choices of a word
  std::string_view unit = {};
  std::string_view help = {};  ///< one line
  std::string_view flag = {};  ///< "--contamination"; empty: none
  OptionScope scope = OptionScope::kTraining;

  /// True for a value of the option's kind, in its range or among its words.
  [[nodiscard]] bool allows(const OptionValue& value) const;
};

/// Options under one name in the configuration: those of one detector, or those that several share.
struct OptionGroup {
  std::string_view name;  ///< "forest"
  std::span<const OptionInfo> options;
  bool shared = false;
};

/// Every group: the detectors' own in the order of their table, then the shared ones. Lives for the whole program.
std::span<const OptionGroup> option_groups();

/// Values of the options of one group, each allowed. Const calls are thread-safe.
class OptionValues {
 public:
  /// The defaults. `options` must live as long.
  explicit OptionValues(std::span<const OptionInfo> options);

  /// Precondition of these three: there is an option of this name, and for get() of this kind.
  template <typename Kind>
  [[nodiscard]] Kind get(std::string_view name) const {
    const Kind* found = std::get_if<Kind>(&value(name));
    LD_CHECK(found != nullptr, "an option is read as what it is not");
    return *found;
  }
  [[nodiscard]] const OptionValue& value(std::string_view name) const { return values_[index_of(name)]; }
  /// Precondition: OptionInfo::allows(value).
  void set(std::string_view name, const OptionValue& value);

 private:
  [[nodiscard]] std::size_t index_of(std::string_view name) const;

  std::span<const OptionInfo> options_;
  std::vector<OptionValue> values_;  // [options_]
};

/// The options of every detector. Const calls are thread-safe.
class DetectorOptions {
 public:
  /// The defaults.
  DetectorOptions();

  /// Precondition: option_groups() has a group of this name.
  [[nodiscard]] const OptionValues& of(std::string_view group) const { return values_[index_of(group)]; }
  [[nodiscard]] OptionValues& of(std::string_view group) { return values_[index_of(group)]; }

  /// What judges with a model: its own options, but those of scope kJudging as `given` where that is not the default.
  [[nodiscard]] static DetectorOptions for_judging(const DetectorOptions& trained, const DetectorOptions& given);

 private:
  [[nodiscard]] static std::size_t index_of(std::string_view group);

  std::vector<OptionValues> values_;  // [option_groups()]
};

}  // namespace logdetect
