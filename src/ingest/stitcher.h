#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/trace_lines.h"
#include "logdetect/core/record.h"
#include "logdetect/ingest/line_splitter.h"
#include "logdetect/ingest/options.h"

namespace logdetect {

/// Joins the lines of one source into records: indented continuations and the stack traces of Java, Python and Go go to
/// the log line before them. A blank line ends a record and is itself dropped, unless a Python or Go trace goes on
/// after it. Holds at most one open record, of at most max(stitch_max_bytes, max_line_bytes) bytes: lines beyond the
/// limits count in the record but their text is dropped. O(|line|), state by line, so chunking plays no part. Not
/// thread-safe.
class Stitcher {
 public:
  explicit Stitcher(const IngestOptions& options);

  /// Looks at the beginning of the source, of which at most 200 lines count: where more than half of them are ordinary
  /// lines that happen to begin with a blank, indentation stops to mean continuation. Optional, before the first add();
  /// without it the same is found out on the way, for the lines after the first 200.
  void sample(std::string_view head);

  /// Offers one line; when it begins a new record and one was open, the open one is appended to `out` first.
  void add(const SplitLine& line, std::uint64_t line_number, SourceId source, RecordBatch& out);
  /// Closes the open record.
  void flush(RecordBatch& out);
  [[nodiscard]] bool open() const { return open_; }
  /// Where the open record begins. Precondition: open().
  [[nodiscard]] const SourcePosition& position() const { return position_; }

 private:
  // What kind of trace the open record is in, which says what may follow.
  enum class Trace : std::uint8_t { kNone, kJava, kPython, kPythonDone, kPythonChained, kGo };

  bool continues(LineKind kind, std::string_view text);
  bool continues_ordinary(std::string_view text);
  bool indentation_joins();
  void begin(LineKind kind, const SplitLine& line, std::uint64_t line_number, SourceId source);
  void join(const SplitLine& line);
  void blank_line(const SplitLine& line, RecordBatch& out);
  void watch_indentation(LineKind kind);

  const std::size_t max_lines_;
  const std::size_t max_bytes_;
  const bool stitch_;

  bool indentation_rule_ = true;
  bool sampled_ = false;
  std::uint32_t plain_lines_ = 0;     // of the first 200, without those that are plainly part of a trace
  std::uint32_t indented_lines_ = 0;  // of those, the indented ones

  bool open_ = false;
  bool truncated_ = false;
  bool text_full_ = false;  // a line was dropped, so no later one may be kept
  Trace trace_ = Trace::kNone;
  std::uint32_t line_count_ = 0;
  SourcePosition position_;
  std::string text_;
  // A blank line inside a trace that may go on; it belongs to the record only if it does.
  bool blank_held_ = false;
  SplitLine blank_;
};

}  // namespace logdetect
