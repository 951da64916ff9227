#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "ingest/stitcher.h"
#include "unit/ingest/ingest_fixtures.h"

namespace logdetect::testing_support {

/// Records of a text; `sampled` looks at the whole of it first, as the batch reader does.
inline std::vector<OwnedRecord> stitch(std::string_view text, const IngestOptions& options = {}, bool sampled = true) {
  Stitcher stitcher(options);
  if (sampled) {
    stitcher.sample(text);
  }
  LineSplitter splitter(options.max_line_bytes);
  RecordBatch batch;
  SplitLine line;
  std::uint64_t number = 0;
  splitter.feed(text);
  while (splitter.next(line) || splitter.finish(line)) {
    stitcher.add(line, ++number, SourceId(3), batch);
  }
  stitcher.flush(batch);
  EXPECT_FALSE(stitcher.open());
  return owned(batch);
}

}  // namespace logdetect::testing_support
