#include "logdetect/detection/aggregator.h"

#include <algorithm>

#include "logdetect/base/check.h"

namespace logdetect {

std::unique_ptr<Aggregator> make_aggregator(const IncidentOptions& options) {
  const std::span<const AggregatorEntry> table = aggregator_table();
  const auto entry = std::find_if(table.begin(), table.end(),
                                  [&](const AggregatorEntry& row) { return row.name == options.aggregator; });
  LD_CHECK(entry != table.end(), "the configuration accepts names of the table only");
  return entry->make(options);
}

}  // namespace logdetect
