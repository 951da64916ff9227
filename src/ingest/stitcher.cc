#include "ingest/stitcher.h"

#include <limits>

namespace logdetect {
namespace {

// Enough lines to know a source by; a tool's banner or one long trace is shorter.
constexpr std::uint32_t kSampleLines = 200;
// Of fewer lines the half proves nothing: one statement printed over several lines would do.
constexpr std::uint32_t kFewestSampleLines = 20;

}  // namespace

Stitcher::Stitcher(const IngestOptions& options)
    : max_lines_(options.stitch_max_lines), max_bytes_(options.stitch_max_bytes), stitch_(options.stitch) {}

void Stitcher::sample(std::string_view head) {
  IngestOptions options;
  options.stitch_max_bytes = 0;
  Stitcher trial(options);
  LineSplitter splitter(options.max_line_bytes);
  splitter.feed(head);
  RecordBatch scratch;
  SplitLine line;
  std::uint64_t number = 0;
  while (trial.plain_lines_ < kSampleLines && splitter.next(line)) {
    trial.add(line, ++number, SourceId(0), scratch);
  }
  indentation_rule_ = trial.plain_lines_ < kFewestSampleLines || trial.indented_lines_ * 2 <= trial.plain_lines_;
  sampled_ = true;
}

void Stitcher::add(const SplitLine& line, std::uint64_t line_number, SourceId source, RecordBatch& out) {
  const LineKind kind = classify_line(line.text);
  if (kind == LineKind::kBlank) {
    blank_line(line, out);
    return;
  }
  if (!stitch_) {
    out.append(line.text, {source, line.offset, line_number, line.length}, 1, line.truncated);
    return;
  }
  if (!sampled_) {
    watch_indentation(kind);
  }
  if (open_ && continues(kind, line.text) && line_count_ < std::numeric_limits<std::uint32_t>::max() - 2) {
    if (blank_held_) {
      blank_held_ = false;
      join(blank_);
    }
    join(line);
    return;
  }
  flush(out);
  begin(kind, line, line_number, source);
}

void Stitcher::flush(RecordBatch& out) {
  if (open_) {
    out.append(text_, position_, line_count_, truncated_);
    open_ = false;
    blank_held_ = false;
  }
}

// Decides whether a line that is not blank belongs to the open record, and moves on in its trace if so.
bool Stitcher::continues(LineKind kind, std::string_view text) {
  if (blank_held_ && kind != LineKind::kGoroutine && kind != LineKind::kPythonChain &&
      kind != LineKind::kPythonTraceback) {
    return false;
  }
  switch (kind) {
    case LineKind::kTraceFrame:
      if (trace_ == Trace::kNone) {
        trace_ = Trace::kJava;
      }
      return true;
    case LineKind::kPythonFrame:
    case LineKind::kIndented:
      return indentation_joins() || (kind == LineKind::kPythonFrame && trace_ != Trace::kPythonDone);
    case LineKind::kException:
      if (trace_ == Trace::kPython) {
        trace_ = Trace::kPythonDone;
        return true;
      }
      // Directly after a log line only: a source that lists errors line by line must not become one record.
      if (trace_ == Trace::kNone && line_count_ == 1) {
        trace_ = Trace::kJava;
        return true;
      }
      return false;
    case LineKind::kPythonTraceback:
      if (trace_ == Trace::kPythonChained || (trace_ == Trace::kNone && !blank_held_)) {
        trace_ = Trace::kPython;
        return true;
      }
      return false;
    case LineKind::kPythonChain:
      if (trace_ == Trace::kPythonDone) {
        trace_ = Trace::kPythonChained;
        return true;
      }
      return false;
    case LineKind::kGoroutine:
      if (trace_ == Trace::kGo || (trace_ == Trace::kNone && !blank_held_)) {
        trace_ = Trace::kGo;
        return true;
      }
      return false;
    case LineKind::kOrdinary:
      return continues_ordinary(text);
    case LineKind::kGoPanic:
      // The run-time system wrote it, not the logger: it is news of its own, never the tail of what happened to be
      // logged before it.
    case LineKind::kBlank:
      return false;
  }
  return false;
}

bool Stitcher::continues_ordinary(std::string_view text) {
  const bool at_margin = text[0] != ' ' && text[0] != '\t';
  if (trace_ == Trace::kPython && at_margin && ends_python_trace(text)) {
    trace_ = Trace::kPythonDone;
    return true;
  }
  return trace_ == Trace::kGo && at_margin && is_go_trace_line(text);
}

bool Stitcher::indentation_joins() {
  return indentation_rule_ || trace_ == Trace::kPython || trace_ == Trace::kGo;
}

void Stitcher::begin(LineKind kind, const SplitLine& line, std::uint64_t line_number, SourceId source) {
  open_ = true;
  truncated_ = line.truncated;
  text_full_ = false;
  blank_held_ = false;
  line_count_ = 1;
  position_ = {source, line.offset, line_number, line.length};
  text_.assign(line.text);
  switch (kind) {
    case LineKind::kException:
    case LineKind::kTraceFrame:
      trace_ = Trace::kJava;
      break;
    case LineKind::kPythonTraceback:
      trace_ = Trace::kPython;
      break;
    case LineKind::kGoPanic:
    case LineKind::kGoroutine:
      trace_ = Trace::kGo;
      break;
    default:
      trace_ = Trace::kNone;
  }
}

void Stitcher::join(const SplitLine& line) {
  ++line_count_;
  position_.length += line.length;
  if (text_full_ || line_count_ > max_lines_ || text_.size() + 1 + line.text.size() > max_bytes_) {
    text_full_ = true;
    truncated_ = true;
    return;
  }
  text_ += '\n';
  text_ += line.text;
  truncated_ = truncated_ || line.truncated;
}

void Stitcher::blank_line(const SplitLine& line, RecordBatch& out) {
  const bool may_go_on = trace_ == Trace::kGo || trace_ == Trace::kPythonDone || trace_ == Trace::kPythonChained;
  if (!open_ || !may_go_on || blank_held_) {
    flush(out);
    return;
  }
  blank_held_ = true;
  blank_ = line;
  blank_.text = {};
}

void Stitcher::watch_indentation(LineKind kind) {
  if (plain_lines_ == kSampleLines || kind == LineKind::kTraceFrame || kind == LineKind::kPythonFrame ||
      ((trace_ == Trace::kPython || trace_ == Trace::kGo) && open_ && kind == LineKind::kIndented)) {
    return;
  }
  ++plain_lines_;
  indented_lines_ += kind == LineKind::kIndented ? 1 : 0;
  if (plain_lines_ == kSampleLines) {
    indentation_rule_ = indented_lines_ * 2 <= plain_lines_;
  }
}

}  // namespace logdetect
