#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/base/error.h"
#include "logdetect/detection/allow_list.h"

namespace logdetect {

/// The allow rules of a run and how often each was used. Not thread-safe.
class Allowances {
 public:
  Allowances() = default;
  /// The rules of a file; none when it does not exist. Errors: kConfig.
  static Result<Allowances> load(const std::string& path);

  /// Whether a rule allows the event; counts its use.
  bool allow(std::string_view template_text, std::string_view message, std::string_view host,
             std::string_view component, std::optional<Micros> time);
  /// Reads the file again if it changed; rules that stay keep their uses. Errors: kConfig; the rules stay as they were.
  Result<void> refresh();

  [[nodiscard]] std::size_t size() const { return list_.rules().size(); }
  /// Ids of the rules that allowed nothing so far.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  struct Stamp {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t bytes = -1;  ///< -1: there is no file
    bool operator==(const Stamp&) const = default;
  };
  static Stamp stamp_of(const std::string& path);

  std::string path_;
  Stamp stamp_;
  AllowList list_;
  std::vector<std::uint64_t> uses_;  ///< [rules]
};

}  // namespace logdetect
