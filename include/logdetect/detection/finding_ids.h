#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>

#include "logdetect/base/clock.h"
#include "logdetect/core/finding.h"

namespace logdetect {

// Every id that a result shows is made here. An id says what was found, and not who read it: no path, offset, line
// number, model or host of the reader is part of it. docs/json-schema.md states the rule for users.

/// What an id is made from.
struct FindingFacts {
  FindingKind kind = FindingKind::kLine;
  std::string_view stream;         ///< name of the stream: of a file its name without folder and rotation
  Micros time = 0;                 ///< event time; 0 in a log without timestamps
  std::string_view template_text;  ///< of a session: of the template that weighs most in its score
  std::string_view session;        ///< name of the session, of a finding about a session; else empty
};

/// Makes the ids of findings. Findings with equal facts are told apart by their ordinal: the first has 0. Of the facts
/// met last at least 32,768 are remembered, 24 bytes each; ordinals begin anew for facts that were forgotten. O(text)
/// per id. Not thread-safe.
class FindingIds {
 public:
  static constexpr std::size_t kRemembered = 32'768;  ///< 2^15: equals are near in time, mostly in one burst

  /// "F-" and 12 hex digits. Call it once for each finding, in order of arrival.
  [[nodiscard]] std::string next(const FindingFacts& facts);

 private:
  // In a log that the model does not know every line adds one. They are forgotten all at once, so they lie together.
  struct Ordinals {
    std::pmr::monotonic_buffer_resource memory;
    std::pmr::unordered_map<std::uint64_t, std::uint32_t> by_hash{&memory};  // of the facts
  };
  std::unique_ptr<Ordinals> recent_ = std::make_unique<Ordinals>();
  std::unique_ptr<Ordinals> older_ = std::make_unique<Ordinals>();
};

/// "I-" and 12 hex digits: an incident is known by its first finding.
[[nodiscard]] std::string incident_id(const Finding& first);

}  // namespace logdetect
