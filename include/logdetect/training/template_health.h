#pragma once

#include <cstdint>

#include "logdetect/mining/template_miner.h"

namespace logdetect {

/// How the number of templates grows with the number of records: fed while mining. Not thread-safe.
class GrowthMeter {
 public:
  /// After a record: how many were learnt from, and the templates there are, evicted ones included. O(1).
  void add(std::uint64_t records, std::uint64_t templates) {
    now_ = {records, templates};
    if (records == next_) {
      older_ = old_;
      old_ = now_;
      next_ *= 2;
    }
  }
  /// e in "templates ~ records^e" over the last doubling or so: 0 when no new ones come, 1 when they come as steadily
  /// as at first. 0 before 2000 records.
  [[nodiscard]] double exponent() const;

 private:
  struct Point {
    std::uint64_t records = 0;
    std::uint64_t templates = 0;
  };
  std::uint64_t next_ = 1000;  // then 2000, 4000, ...
  Point older_;
  Point old_;
  Point now_;
};

/// What tells whether mining went well.
struct TemplateHealth {
  std::uint64_t records = 0;    ///< learnt from
  std::uint64_t templates = 0;  ///< live
  std::uint64_t singletons = 0;
  std::uint64_t largest = 0;  ///< records of the most frequent template
  std::uint64_t evicted = 0;
  std::uint64_t evicted_records = 0;
  double growth = 0;  ///< GrowthMeter::exponent()
};

/// O(templates).
[[nodiscard]] TemplateHealth health_of(const TemplateMiner& miner, std::uint64_t records, const GrowthMeter& growth);

}  // namespace logdetect
