#include "ingest/stitcher.h"

#include <algorithm>
#include <limits>

#include "logdetect/lexis/char_class.h"
#include "logdetect/lexis/line_time.h"

namespace logdetect {
namespace {

// Enough lines to know a source by; a tool's banner or one long trace is shorter.
constexpr std::uint32_t kSampleLines = 200;
// Of fewer lines the half proves nothing: one statement printed over several lines would do.
constexpr std::uint32_t kFewestSampleLines = 20;
// Deeper blocks are taken for closed: no printer of objects indents so far.
constexpr std::uint32_t kDeepest = 1000;

constexpr bool is_opener(char c) {
  return c == '{' || c == '[' || c == '(';
}

constexpr bool is_closer(char c) {
  return c == '}' || c == ']' || c == ')';
}

// Nearly every line can be told from an envelope by two of its bytes.
bool may_be_envelope(std::string_view line) {
  constexpr std::size_t kShortestBytes = 24;  // as open_envelope()
  return line.size() > kShortestBytes && (line[0] == '{' || line[10] == 'T');
}

// Rest of a line that only closes a block: "}", "});", "}, {", "],".
bool only_closes(std::string_view text) {
  return is_closer(text.front()) && text.find_first_not_of("{}[](),; \t") == std::string_view::npos;
}

bool is_block_line(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t");
  return at != std::string_view::npos && (text[at] == '"' || text[at] == '{' || text[at] == '[' || is_closer(text[at]));
}

// "{", "[", "[{": an object begins on a line of its own.
bool only_opens(std::string_view text) {
  return text.size() <= 2 && text.find_first_not_of("{[") == std::string_view::npos;
}

// What Node prints of an error: "Error: text", "[TypeError: text] {", "Uncaught Error: text".
bool is_node_error(std::string_view text) {
  constexpr std::size_t kLongestNameBytes = 64;
  return text.starts_with("Error") || text.starts_with("Uncaught ") ||
         (text.starts_with('[') && text.substr(0, kLongestNameBytes).find("Error") != std::string_view::npos &&
          !begins_with_time(text));
}

// True if most of the sampled lines begin with the names of numbered containers.
bool looks_composed(std::string_view head, std::size_t max_line_bytes) {
  LineSplitter splitter(max_line_bytes);
  splitter.feed(head);
  SplitLine line;
  std::uint32_t lines = 0;
  std::uint32_t named = 0;
  std::uint32_t numbered = 0;
  while (lines < kSampleLines && splitter.next(line)) {
    const Envelope envelope = open_compose(line.text);
    lines += line.text.empty() ? 0 : 1;
    named += envelope.kind == Envelope::Kind::kCompose ? 1 : 0;
    numbered += numbered_sender(envelope.sender) ? 1 : 0;
  }
  return named * 10 >= lines * 8 && numbered * 2 > named;
}

}  // namespace

Stitcher::Stitcher(const IngestOptions& options)
    : max_lines_(options.stitch_max_lines), max_bytes_(options.stitch_max_bytes), stitch_(options.stitch) {}

void Stitcher::sample(std::string_view head) {
  IngestOptions options;
  // The trial is for its counts: it need not keep the text of any record.
  options.stitch_max_bytes = 0;
  Stitcher trial(options);
  trial.compose_ = looks_composed(head, options.max_line_bytes);
  LineSplitter splitter(options.max_line_bytes);
  splitter.feed(head);
  RecordBatch scratch;
  SplitLine line;
  std::uint64_t number = 0;
  while (trial.plain_lines_ < kSampleLines && splitter.next(line)) {
    trial.add(line, ++number, SourceId(0), scratch);
  }
  indentation_rule_ = trial.plain_lines_ < kFewestSampleLines || trial.indented_lines_ * 2 <= trial.plain_lines_;
  compose_ = trial.compose_;
  sampled_ = true;
}

void Stitcher::add(const SplitLine& line, std::uint64_t line_number, SourceId source, RecordBatch& out) {
  if (!stitch_) {
    if (classify_line(line.text) == LineKind::kBlank) {
      return;
    }
    out.append(line.text, {source, line.offset, line_number, line.length}, 1, line.truncated);
    return;
  }
  Envelope envelope;
  if (compose_ || may_be_envelope(line.text)) {
    envelope = open_any(line.text);
  }
  std::string_view body = line.text;
  if (envelope.kind != Envelope::Kind::kNone) {
    body = envelope.kind == Envelope::Kind::kDocker ? plain_json_text(envelope.body, plain_) : envelope.body;
  }
  const LineKind kind = classify_line(body);
  const bool same_sender =
      open_ && envelope.kind == envelope_ && (envelope.kind == Envelope::Kind::kNone || envelope.sender == sender_);
  // A record whose lines cannot be counted further ends. One line joins at most two: a held blank one and itself.
  const bool countable = line_count_ < std::numeric_limits<std::uint32_t>::max() - 2;
  // The rest of a line that the run-time cut may be blank, and still is its rest.
  if (kind == LineKind::kBlank && !(same_sender && cut_)) {
    blank_line(line, out);
    return;
  }
  const bool goes_on = same_sender && countable && (cut_ || continues(kind, body));
  if (!sampled_) {
    watch_indentation(kind);
  }
  if (goes_on) {
    if (blank_held_) {
      blank_held_ = false;
      join(blank_, {});
    }
    join(line, body);
  } else {
    flush(out);
    begin(envelope, line, line_number, source);
    // The end of a truncated line is not known, so it opens no bracket.
    count_brackets(line.truncated ? std::string_view() : body);
    trace_ = trace_begun_by(kind, body);
  }
  cut_ = envelope.partial;
}

void Stitcher::flush(RecordBatch& out) {
  if (open_) {
    out.append(text_, position_, line_count_, truncated_);
    open_ = false;
    blank_held_ = false;
    cut_ = false;
  }
}

Envelope Stitcher::open_any(std::string_view line) const {
  return compose_ ? open_compose(line) : open_envelope(line);
}

// Decides whether a line that is not blank belongs to the open record, and moves on in its trace if so.
bool Stitcher::continues(LineKind kind, std::string_view text) {
  if (blank_held_ && !continues_after_blank(kind, text)) {
    return false;
  }
  // An entry goes on up to the next __CURSOR=, whatever its fields hold.
  if (trace_ == Trace::kJournal) {
    return kind != LineKind::kJournal;
  }
  // "panicked at src/main.rs:2:": the message stands alone on the next line, and may be any text.
  if (trace_ == Trace::kRustMessage) {
    return !begins_with_time(text) && kind != LineKind::kRustPanic && enters(Trace::kRust);
  }
  return (depth_ > 0 && continues_block(kind, text)) || continues_trace(kind, text);
}

bool Stitcher::continues_after_blank(LineKind kind, std::string_view text) const {
  switch (trace_) {
    case Trace::kGo:
      // "rax    0x0", "r0     0x0": the registers of amd64 and arm64 stand last.
      return kind == LineKind::kGoroutine || text.starts_with("rax    0x") || text.starts_with("r0     0x");
    case Trace::kPythonDone:
    case Trace::kPythonChained:
      return kind == LineKind::kPythonChain || kind == LineKind::kPythonTraceback;
    case Trace::kNodeSource:
      return kind == LineKind::kException || is_node_error(text);
    case Trace::kNode:
      return text.starts_with("Node.js v");
    case Trace::kPhp:
      return text.starts_with("Next ");
    case Trace::kErrorText:
      return text == "Caused by:";
    default:
      return false;
  }
}

bool Stitcher::enters(Trace trace) {
  trace_ = trace;
  return true;
}

bool Stitcher::continues_trace(LineKind kind, std::string_view text) {
  // Directly after a log line only: a source that lists errors line by line must not become one record.
  const bool none = trace_ == Trace::kNone || trace_ == Trace::kErrorText;
  const bool first = none && line_count_ == 1;
  switch (kind) {
    case LineKind::kTraceFrame:
      // A frame belongs to whatever is open: where no trace began yet, its head was an ordinary line.
      return !none || enters(Trace::kJava);
    case LineKind::kTraceHead:
      // "stack backtrace:" and "note: run with ..." are Rust's; the other heads are PHP's.
      return enters(text[0] == 's' || text[0] == 'n' ? Trace::kRust : Trace::kPhp);
    case LineKind::kHashFrame:
      return trace_ == Trace::kPhp || (first && text.starts_with("#0 ") && enters(Trace::kPhp));
    case LineKind::kPythonFrame:
      return (indentation_joins() || trace_ != Trace::kPythonDone) &&
             (!none || text.find("\", line ") == std::string_view::npos || enters(Trace::kPython));
    case LineKind::kIndented:
      return indentation_joins();
    case LineKind::kException:
      if (trace_ == Trace::kPython) {
        return enters(Trace::kPythonDone);
      }
      if (trace_ == Trace::kNodeSource) {
        return enters(Trace::kNode);
      }
      return first && enters(Trace::kJava);
    case LineKind::kPythonTraceback:
      // After a log line (logger.exception), or as the second of a chain; else it is news of its own.
      return (trace_ == Trace::kPythonChained || (none && !blank_held_)) && enters(Trace::kPython);
    case LineKind::kPythonChain:
      return trace_ == Trace::kPythonDone && enters(Trace::kPythonChained);
    case LineKind::kPythonGroup:
      return none && enters(Trace::kPythonGroup);
    case LineKind::kGoroutine:
      return trace_ == Trace::kGo || (none && !blank_held_ && enters(Trace::kGo));
    case LineKind::kRubyFrame:
      return trace_ == Trace::kRuby || (first && enters(Trace::kRuby));
    case LineKind::kOrdinary:
      return continues_ordinary(text);
    case LineKind::kGoPanic:
    case LineKind::kNodeOrigin:
    case LineKind::kPhpError:
    case LineKind::kRubyError:
    case LineKind::kRustPanic:
      // The run-time system wrote it, not the logger: it is news of its own, never the tail of what happened to be
      // logged before it.
    case LineKind::kJournal:
    case LineKind::kBlank:
      return false;
  }
  return false;
}

bool Stitcher::continues_ordinary(std::string_view text) {
  if (is_blank(text[0])) {
    return false;  // it begins with a time or a level
  }
  switch (trace_) {
    case Trace::kPython:
      return ends_python_trace(text) && enters(Trace::kPythonDone);
    case Trace::kGo:
      return is_go_trace_line(text);
    case Trace::kPhp:
      return is_php_trace_line(text);
    case Trace::kNodeSource:
      return (is_node_error(text) && enters(Trace::kNode)) || is_caret_line(text) ||
             (line_count_ == 1 && !begins_with_time(text));
    case Trace::kNode:
      return blank_held_;  // "Node.js v20.1.0"
    case Trace::kSql:
      return continues_sql(text);
    case Trace::kNone:
      break;
    default:
      return false;
  }
  // What follows a log line stands directly below it.
  if (line_count_ > 1) {
    return false;
  }
  if (text.starts_with("Error: ") || text == "Error") {
    return first_line_has_time() && enters(Trace::kNode);
  }
  if (only_opens(text)) {
    return first_line_has_time() && enters(Trace::kBlock);
  }
  return continues_sql(text);
}

bool Stitcher::continues_sql(std::string_view text) {
  if (trace_ == Trace::kSql) {
    return last_byte_ != ';' &&
           (is_sql_clause(text) || only_closes(text) ||
            (line_count_ > 1 && (last_byte_ == ',' || last_byte_ == '(') && !begins_with_time(text)));
  }
  // Words of SQL have capitals: "from" and "where" begin sentences.
  if (text.size() < 2 || text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z') {
    return false;
  }
  if (begins_sql(text)) {
    // "... statement:" and the statement below it. In a script of SQL each statement stays a record.
    return last_byte_ == ':' && first_line_has_time() && enters(Trace::kSql);
  }
  return is_sql_clause(text) && last_byte_ != ';' && first_line_has_time() && mentions_sql(text_) &&
         enters(Trace::kSql);
}

// Lines inside brackets that an earlier line left open.
bool Stitcher::continues_block(LineKind kind, std::string_view text) {
  if (line_count_ >= max_lines_) {
    depth_ = 0;  // nothing that long closes again
    return false;
  }
  if (!is_blank(text[0])) {
    // What closes the block, or a member that is not indented.
    return only_closes(text) || (trace_ == Trace::kBlock && (text[0] == '"' || only_opens(text)));
  }
  if (trace_ == Trace::kNone && kind != LineKind::kTraceFrame && is_block_line(text)) {
    trace_ = Trace::kBlock;
  }
  return trace_ == Trace::kBlock;
}

bool Stitcher::indentation_joins() const {
  return indentation_rule_ || trace_ == Trace::kPython || trace_ == Trace::kPythonGroup || trace_ == Trace::kGo ||
         trace_ == Trace::kNodeSource || trace_ == Trace::kPhp || trace_ == Trace::kRust;
}

bool Stitcher::first_line_has_time() const {
  if (envelope_ == Envelope::Kind::kNone) {
    return begins_with_time(text_);
  }
  // The time stands behind the envelope's own, in the text of the program.
  std::string buffer;
  const Envelope envelope = open_any(text_);
  constexpr std::size_t kLongestTimeBytes = 64;
  return begins_with_time(plain_json_text(envelope.body.substr(0, kLongestTimeBytes), buffer));
}

Stitcher::Trace Stitcher::trace_begun_by(LineKind kind, std::string_view body) {
  switch (kind) {
    // The log was cut in the middle of a trace, or the logger puts no header in front.
    case LineKind::kException:
    case LineKind::kTraceFrame:
      return Trace::kJava;
    case LineKind::kPythonTraceback:
      return Trace::kPython;
    case LineKind::kPythonGroup:
      return Trace::kPythonGroup;
    case LineKind::kGoPanic:
    case LineKind::kGoroutine:
      return Trace::kGo;
    case LineKind::kNodeOrigin:
      return Trace::kNodeSource;
    case LineKind::kPhpError:
      return Trace::kPhp;
    case LineKind::kRubyError:
      return Trace::kRuby;
    case LineKind::kRustPanic:
      return body.ends_with(':') ? Trace::kRustMessage : Trace::kRust;
    case LineKind::kJournal:
      return Trace::kJournal;
    case LineKind::kOrdinary:
      if (body.starts_with("Error: ")) {
        return Trace::kErrorText;
      }
      if (body == "{") {
        return Trace::kBlock;
      }
      return begins_sql(body) ? Trace::kSql : Trace::kNone;
    default:
      return Trace::kNone;
  }
}

void Stitcher::begin(const Envelope& envelope, const SplitLine& line, std::uint64_t line_number, SourceId source) {
  open_ = true;
  truncated_ = line.truncated;
  text_full_ = false;
  blank_held_ = false;
  line_count_ = 1;
  depth_ = 0;
  envelope_ = envelope.kind;
  if (envelope.kind != Envelope::Kind::kNone) {
    sender_.assign(envelope.sender);
  }
  position_ = {source, line.offset, line_number, line.length};
  text_.assign(line.text);
}

void Stitcher::join(const SplitLine& line, std::string_view body) {
  ++line_count_;
  position_.length += line.length;
  count_brackets(line.truncated ? std::string_view() : body);
  if (text_full_ || line_count_ > max_lines_ || text_.size() + 1 + line.text.size() > max_bytes_) {
    text_full_ = true;
    truncated_ = true;
    return;
  }
  text_ += '\n';
  text_ += line.text;
  truncated_ = truncated_ || line.truncated;
}

// Brackets that close at the beginning of the line and open at its end; those between close what they open.
void Stitcher::count_brackets(std::string_view body) {
  std::size_t end = body.size();
  while (end > 0 && is_blank(body[end - 1])) {
    --end;
  }
  if (end == 0) {
    return;
  }
  last_byte_ = body[end - 1];
  if (depth_ > 0) {
    std::size_t at = body.find_first_not_of(" \t");
    for (; at < end && depth_ > 0 && is_closer(body[at]); ++at) {
      --depth_;
    }
  }
  for (; end > 0 && depth_ < kDeepest && is_opener(body[end - 1]); --end) {
    ++depth_;
  }
}

void Stitcher::blank_line(const SplitLine& line, RecordBatch& out) {
  const bool may_go_on = trace_ == Trace::kGo || trace_ == Trace::kPythonDone || trace_ == Trace::kPythonChained ||
                         trace_ == Trace::kNodeSource || trace_ == Trace::kNode || trace_ == Trace::kPhp ||
                         trace_ == Trace::kErrorText;
  if (!open_ || !may_go_on || blank_held_) {
    flush(out);
    return;
  }
  blank_held_ = true;
  blank_ = line;
  // The view ends with the next line. A blank line has nothing to keep.
  blank_.text = {};
}

void Stitcher::watch_indentation(LineKind kind) {
  const bool inside = open_ && (trace_ == Trace::kPython || trace_ == Trace::kPythonGroup || trace_ == Trace::kGo ||
                                trace_ == Trace::kBlock || trace_ == Trace::kNodeSource || trace_ == Trace::kRust);
  // Lines that are of a trace beyond doubt say nothing of how ordinary ones begin.
  if (plain_lines_ == kSampleLines || kind == LineKind::kTraceFrame || kind == LineKind::kPythonFrame ||
      (inside && kind == LineKind::kIndented)) {
    return;
  }
  ++plain_lines_;
  indented_lines_ += kind == LineKind::kIndented ? 1 : 0;
  if (plain_lines_ == kSampleLines) {
    indentation_rule_ = indented_lines_ * 2 <= plain_lines_;
  }
}

}  // namespace logdetect
