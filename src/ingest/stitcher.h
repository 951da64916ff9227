#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ingest/trace_lines.h"
#include "logdetect/core/record.h"
#include "logdetect/ingest/line_splitter.h"
#include "logdetect/ingest/options.h"
#include "logdetect/lexis/envelope.h"

namespace logdetect {

/// Joins the lines of one source into records: indented continuations, stack traces (Java, C#, Python, Go, Node, Ruby,
/// PHP, Rust), objects in brackets spread over lines, statements in SQL, entries of journalctl -o export. What a
/// language's run-time writes when a program dies (a panic, an uncaught error) is a record of its own; what a logger
/// writes after its line goes to that line. Lines in the envelopes of containers are judged by what is inside; lines of
/// two senders are never joined, and a line that the run-time cut is joined again.
///
/// A blank line ends a record and is itself dropped, unless a trace goes on after it. Holds at most one open record, of
/// at most max(stitch_max_bytes, max_line_bytes) bytes: lines beyond the limits count in the record but their text is
/// dropped. O(|line|), state by line, so chunking plays no part. Not thread-safe.
class Stitcher {
 public:
  explicit Stitcher(const IngestOptions& options);

  /// Looks at the beginning of the source, of which at most 200 lines count: where more than half of them are ordinary
  /// lines that happen to begin with a blank, indentation stops to mean continuation; where most of them begin with the
  /// names of containers, these are envelopes. Optional, before the first add(); without it the former is found out on
  /// the way, for the lines after the first 200.
  void sample(std::string_view head);

  /// Offers one line; when it begins a new record and one was open, the open one is appended to `out` first.
  void add(const SplitLine& line, std::uint64_t line_number, SourceId source, RecordBatch& out);
  /// Closes the open record.
  void flush(RecordBatch& out);
  [[nodiscard]] bool open() const { return open_; }
  /// Where the open record begins. Precondition: open().
  [[nodiscard]] const SourcePosition& position() const { return position_; }

 private:
  // What the open record is in the middle of, which says what may follow.
  enum class Trace : std::uint8_t {
    kNone,
    kJava,  // and C#, and Node after its first frame
    kPython,
    kPythonDone,
    kPythonChained,
    kPythonGroup,
    kGo,
    kNodeSource,  // the source line that Node shows, before the error
    kNode,
    kPhp,
    kRuby,
    kRustMessage,  // the line after "panicked at place:"
    kRust,
    kErrorText,  // "Error: text", after which Rust's "Caused by:" may come
    kSql,
    kBlock,  // an object in brackets
    kJournal,
  };

  bool continues(LineKind kind, std::string_view text);
  bool continues_trace(LineKind kind, std::string_view text);
  bool continues_block(LineKind kind, std::string_view text);
  bool continues_ordinary(std::string_view text);
  bool continues_after_blank(LineKind kind, std::string_view text) const;
  bool continues_sql(std::string_view text);
  bool enters(Trace trace);
  bool indentation_joins() const;
  [[nodiscard]] bool first_line_has_time() const;
  void begin(const Envelope& envelope, const SplitLine& line, std::uint64_t line_number, SourceId source);
  [[nodiscard]] static Trace trace_begun_by(LineKind kind, std::string_view body);
  void join(const SplitLine& line, std::string_view body);
  void blank_line(const SplitLine& line, RecordBatch& out);
  void watch_indentation(LineKind kind);
  void count_brackets(std::string_view body);
  [[nodiscard]] Envelope open_any(std::string_view line) const;

  const std::size_t max_lines_;
  const std::size_t max_bytes_;
  const bool stitch_;

  bool indentation_rule_ = true;
  bool compose_ = false;  // lines begin with the names of containers
  bool sampled_ = false;
  std::uint32_t plain_lines_ = 0;     // of the first 200, without those that are plainly part of a trace
  std::uint32_t indented_lines_ = 0;  // of those, the indented ones

  bool open_ = false;
  bool truncated_ = false;
  bool text_full_ = false;  // a line was dropped, so no later one may be kept
  bool cut_ = false;        // the envelope said that the line goes on
  Trace trace_ = Trace::kNone;
  std::uint32_t line_count_ = 0;
  std::uint32_t depth_ = 0;  // brackets left open at the ends of lines
  char last_byte_ = 0;       // of the last line that is not blank
  Envelope::Kind envelope_ = Envelope::Kind::kNone;
  std::string sender_;
  SourcePosition position_;
  std::string text_;
  std::string plain_;  // of an envelope with escapes
  // A blank line inside a trace that may go on; it belongs to the record only if it does.
  bool blank_held_ = false;
  SplitLine blank_;
};

}  // namespace logdetect
