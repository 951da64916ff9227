#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/core/ids.h"

namespace logdetect {

/// An identifier that threads a log.
struct FoundSessions {
  std::string pattern;         ///< for SessionOptions::key
  std::string words;           ///< "the id after 'instance: '"
  double coverage = 0;         ///< share of the records that have one
  std::uint64_t sessions = 0;  ///< distinct values in the sample
};

/// Looks whether one identifier clearly threads a log: it has many values, each of which comes on several records of
/// several kinds within a limited stretch, and none dominates. Either most records carry it, or its values all go
/// through the same steps, three and more, and soon (orders among page views): then a fiftieth of the records is
/// enough, and those without belong to no session. Looks at the first 20,000 records (at most 8 MiB). Proposals are
/// words with digits by what stands before them (`instance: `, `req=`) or at their beginning (`blk_`), UUIDs, long
/// hexadecimal numbers, and numbers of five digits and more behind a plain word (`order 7319726`, `job #12345`; these
/// only by their steps); the most frequent, 16 and 8 of such numbers, are tried as patterns. Not thread-safe.
class SessionFinder {
 public:
  /// Takes a record of the sample; O(|record|), O(1) once the sample is full.
  void offer(std::string_view record, TemplateId template_id);
  /// The best identifier, or nothing. `resolve` gives the present id of a template that was merged since.
  [[nodiscard]] std::optional<FoundSessions> find(const std::function<TemplateId(TemplateId)>& resolve) const;

 private:
  struct Sampled {
    std::string_view text;
    TemplateId template_id;
  };
  Arena arena_;
  std::vector<Sampled> records_;
};

}  // namespace logdetect
