// Lines of any kind, cut into records: chunking changes nothing, no line is in two records, none but blank ones is
// lost, and what an open record holds stays within the limits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/stitcher.h"
#include "logdetect/base/check.h"

namespace {

using namespace logdetect;  // NOLINT(google-build-using-namespace)

struct OwnedRecord {
  std::string text;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint32_t lines = 0;
  bool truncated = false;
  friend bool operator==(const OwnedRecord&, const OwnedRecord&) = default;
};

// Stitches the bytes, fed in pieces of sizes taken from `sizes`, round and round; empty: all at once.
std::vector<OwnedRecord> stitch(std::string_view bytes, std::string_view sizes, const IngestOptions& options,
                                bool sampled) {
  std::vector<OwnedRecord> records;
  Stitcher stitcher(options);
  if (sampled) {
    stitcher.sample(bytes);
  }
  LineSplitter splitter(options.max_line_bytes);
  RecordBatch batch;
  SplitLine line;
  std::uint64_t number = 0;
  const auto collect = [&] {
    for (const Record& record : batch.records()) {
      records.push_back({std::string(record.text), record.position.line, record.position.offset, record.position.length,
                         record.line_count, record.truncated});
    }
    batch.clear();
  };
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t size =
        sizes.empty() ? bytes.size() : static_cast<unsigned char>(sizes[i % sizes.size()]) % 48 + 1;
    const std::string piece(bytes.substr(0, size));
    bytes.remove_prefix(piece.size());
    splitter.feed(piece);
    while (splitter.next(line)) {
      stitcher.add(line, ++number, SourceId(0), batch);
    }
    collect();
  }
  if (splitter.finish(line)) {
    stitcher.add(line, ++number, SourceId(0), batch);
  }
  stitcher.flush(batch);
  collect();
  return records;
}

}  // namespace

// The first byte: limits, and whether the source is sampled.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: name given by libFuzzer
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  IngestOptions options;
  options.max_line_bytes = data[0] % 2 == 0 ? 64 * 1024 : 48;
  options.stitch_max_lines = data[0] % 4 < 2 ? 500 : 5;
  options.stitch_max_bytes = data[0] % 8 < 4 ? 256 * 1024 : 200;
  const bool sampled = data[0] % 16 < 8;
  const std::vector<OwnedRecord> records = stitch(bytes, {}, options, sampled);
  LD_CHECK(stitch(bytes, bytes, options, sampled) == records, "chunking changed the records");
  std::uint64_t next_line = 1;
  std::uint64_t next_offset = 0;
  const std::size_t most = std::max(options.max_line_bytes, options.stitch_max_bytes);
  for (const OwnedRecord& record : records) {
    LD_CHECK(record.line >= next_line && record.offset >= next_offset, "a line in two records");
    next_line = record.line + record.lines;
    next_offset = record.offset + record.length;
    LD_CHECK(record.text.size() <= most, "a record beyond the limit");
    LD_CHECK(record.truncated || std::count(record.text.begin(), record.text.end(), '\n') + 1 == record.lines,
             "lines lost without a word");
  }
  LD_CHECK(next_offset <= bytes.size(), "records beyond the input");
  return 0;
}
