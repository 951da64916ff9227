#include "logdetect/training/template_health.h"

#include <algorithm>
#include <cmath>

namespace logdetect {

// Of fewer, the second half is too short to tell growth from chance.
constexpr std::uint64_t kFewestGrowthRecords = 2000;

double GrowthMeter::exponent() const {
  // At least half as many records again as at the point compared with, so that the quotient means something.
  const Point& then = 2 * now_.records >= 3 * old_.records ? old_ : older_;
  if (now_.records < kFewestGrowthRecords || then.records == 0 || then.templates == 0 || now_.templates == 0) {
    return 0;
  }
  // Heaps' law: the number of kinds grows like the number of records to this power.
  return std::log(static_cast<double>(now_.templates) / static_cast<double>(then.templates)) /
         std::log(static_cast<double>(now_.records) / static_cast<double>(then.records));
}

TemplateHealth health_of(const TemplateMiner& miner, std::uint64_t records, const GrowthMeter& growth) {
  TemplateHealth health;
  health.records = records;
  for (const std::uint64_t count : miner.counts()) {
    ++health.templates;
    health.singletons += count == 1 ? 1 : 0;
    health.largest = std::max(health.largest, count);
  }
  health.evicted = miner.evicted();
  health.evicted_records = miner.evicted_records();
  health.growth = growth.exponent();
  return health;
}

}  // namespace logdetect
