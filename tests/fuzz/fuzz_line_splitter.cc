#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/ingest/line_splitter.h"
#include "support/text_source.h"

namespace {

using logdetect::LineSplitter;
using logdetect::SplitLine;

struct OwnedLine {
  std::string text;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool truncated = false;
  friend bool operator==(const OwnedLine&, const OwnedLine&) = default;
};

// Splits in pieces whose sizes are taken from `sizes`, round and round; empty: all at once.
std::vector<OwnedLine> split(std::string_view bytes, std::string_view sizes, std::size_t max_line_bytes) {
  std::vector<OwnedLine> lines;
  LineSplitter splitter(max_line_bytes);
  SplitLine line;
  const auto keep = [&] { lines.push_back({std::string(line.text), line.offset, line.length, line.truncated}); };
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t size =
        sizes.empty() ? bytes.size() : static_cast<unsigned char>(sizes[i % sizes.size()]) % 64 + 1;
    const std::string piece(bytes.substr(0, size));
    bytes.remove_prefix(piece.size());
    splitter.feed(piece);
    while (splitter.next(line)) {
      keep();
    }
  }
  if (splitter.finish(line)) {
    keep();
  }
  return lines;
}

}  // namespace

// The first byte gives the line limit; chunking must not change the lines, lines must cover the bytes without a gap,
// and reading the same bytes as an input (unpacking, decoding, stitching) must survive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: name given by libFuzzer
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t limit = data[0] % 40 + 1;
  const std::vector<OwnedLine> lines = split(bytes, {}, limit);
  LD_CHECK(split(bytes, bytes, limit) == lines, "chunking changed the lines");
  std::uint64_t offset = 0;
  for (const OwnedLine& line : lines) {
    LD_CHECK(line.offset == offset, "a gap between lines");
    LD_CHECK(line.text.size() <= limit, "a line beyond the limit");
    offset += line.length;
  }
  LD_CHECK(offset == bytes.size(), "lines do not cover the bytes");

  logdetect::IngestOptions options;
  options.max_line_bytes = limit;
  options.stitch_max_bytes = 4 * limit;
  logdetect::testing_support::TextSource source(std::string(bytes), "fuzz", options);
  logdetect::RecordBatch batch;
  std::uint64_t next_line = 1;
  for (auto more = source.next(batch, 0); more && *more; more = source.next(batch, 0)) {
    for (const logdetect::Record& record : batch.records()) {
      LD_CHECK(record.position.line >= next_line, "a line in two records");
      next_line = record.position.line + record.line_count;
    }
  }
  LD_CHECK(next_line <= source.counters().lines + 1, "more lines in records than were read");
  return 0;
}
