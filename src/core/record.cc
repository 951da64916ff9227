#include "logdetect/core/record.h"

namespace logdetect {

void RecordBatch::append(std::string_view text, const SourcePosition& position, std::uint32_t line_count,
                         bool truncated) {
  records_.push_back({arena_.copy(text), position, line_count, truncated});
}

void RecordBatch::shift_sources(SourceId::rep by) {
  for (Record& record : records_) {
    SourceId& id = record.position.source;
    id = SourceId(static_cast<SourceId::rep>(id.value() + by));
  }
}

void RecordBatch::clear() {
  arena_.clear();
  records_.clear();
}

}  // namespace logdetect
