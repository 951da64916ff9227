#include "ingest/trace_lines.h"

#include <algorithm>
#include <array>
#include <span>

#include "logdetect/lexis/char_class.h"
#include "logdetect/lexis/line_time.h"

namespace logdetect {
namespace {

// No name of a class or function is longer; a longer word is not worth the time.
constexpr std::size_t kLongestName = 256;

constexpr std::array<bool, 256> make_name_bytes() {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const char c = static_cast<char>(byte);
    table[byte] = is_digit(c) || is_alpha(c) || c == '_' || c == '.' || c == '$';
  }
  return table;
}

constexpr std::array<bool, 256> kNameBytes = make_name_bytes();

std::size_t name_length(std::string_view text) {
  const std::size_t most = std::min(text.size(), kLongestName);
  std::size_t length = 0;
  while (length < most && kNameBytes[static_cast<unsigned char>(text[length])]) {
    ++length;
  }
  return length;
}

std::size_t digit_count(std::string_view text) {
  const std::size_t most = std::min<std::size_t>(text.size(), 20);  // digits of 2^64
  std::size_t count = 0;
  while (count < most && is_digit(text[count])) {
    ++count;
  }
  return count;
}

bool is_exception(std::string_view line) {
  const std::size_t length = name_length(line);
  // "Exception in thread main": without a colon behind the name it may be prose.
  if (length < line.size() && line[length] != ':') {
    return false;
  }
  const std::string_view name = line.substr(0, length);
  const auto ends_with_more = [name](std::string_view end) { return name.ends_with(end) && name.size() > end.size(); };
  return ends_with_more("Exception") || ends_with_more("Error") || name.ends_with(".Throwable");
}

// "app.rb:3:in 'f'", with a message and a class in parentheses behind it or without. `path` is what stands before the
// first colon.
LineKind classify_ruby(std::string_view line, std::size_t path) {
  const std::string_view name = line.substr(0, path);
  if (path >= line.size()) {
    return LineKind::kOrdinary;
  }
  if (!name.ends_with(".rb") && !name.ends_with(".erb") && !name.ends_with(".rake") && !name.ends_with(".ru")) {
    return LineKind::kOrdinary;
  }
  const std::string_view rest = line.substr(path + 1);
  const std::size_t digits = digit_count(rest);
  if (digits == 0 || !rest.substr(digits).starts_with(":in ")) {
    return LineKind::kOrdinary;
  }
  const std::string_view method = rest.substr(digits + 4);
  if (method.size() < 3 || (method[0] != '`' && method[0] != '\'')) {
    return LineKind::kOrdinary;
  }
  // Without a closing quote `quote + 1` is 0, and what is looked at begins with a quote: neither of the two.
  const std::size_t quote = method.find('\'', 1);
  return quote + 1 == method.size()                   ? LineKind::kRubyFrame
         : method.substr(quote + 1).starts_with(": ") ? LineKind::kRubyError
                                                      : LineKind::kOrdinary;
}

// "/srv/app.js:12", "file:///srv/app.mjs:3", "node:internal/fs:12": nothing else on the line.
bool is_node_origin(std::string_view line) {
  if (line.size() > kLongestName || !is_digit(line.back())) {
    return false;
  }
  const std::size_t colon = line.rfind(':');
  if (colon == std::string_view::npos || digit_count(line.substr(colon + 1)) != line.size() - colon - 1) {
    return false;
  }
  const std::string_view path = line.substr(0, colon);
  return path.find(' ') == std::string_view::npos &&
         (path.starts_with("node:") || path.ends_with(".js") || path.ends_with(".mjs") || path.ends_with(".cjs") ||
          path.ends_with(".ts"));
}

// A path at column 0: Ruby's frames and Node's origins begin so.
LineKind classify_path(std::string_view line) {
  // From the third byte on: the colon of a drive ("C:") ends no path.
  const std::size_t end = line.substr(0, kLongestName).find_first_of(": ", 2);
  if (end == std::string_view::npos || line[end] == ' ') {
    return LineKind::kOrdinary;
  }
  const LineKind ruby = classify_ruby(line, end);
  return ruby == LineKind::kOrdinary && is_node_origin(line) ? LineKind::kNodeOrigin : ruby;
}

// The first word of `text`, in capitals, is one of `words`.
bool begins_with_any(std::string_view text, std::span<const std::string_view> words) {
  constexpr std::size_t kLongest = 9;  // bytes of the longest word below
  std::size_t length = 0;
  while (length < text.size() && length <= kLongest && is_upper(text[length])) {
    ++length;
  }
  if (length < 2 || (length < text.size() && text[length] != ' ')) {
    return false;
  }
  return std::find(words.begin(), words.end(), text.substr(0, length)) != words.end();
}

constexpr std::array<std::string_view, 20> kSqlClauses = {
    "FROM",  "WHERE",  "AND",   "OR",     "JOIN", "LEFT",   "RIGHT", "INNER", "OUTER", "CROSS",
    "GROUP", "HAVING", "LIMIT", "OFFSET", "SET",  "VALUES", "ON",    "UNION", "ORDER", "RETURNING"};
constexpr std::array<std::string_view, 7> kSqlVerbs = {"SELECT", "INSERT", "UPDATE", "DELETE",
                                                       "WITH",   "CREATE", "ALTER"};

// "at com.shop.Cart.add(" at column 0, where prose may begin with "at" too: a dotted name and a parenthesis must
// follow.
bool is_frame(std::string_view line) {
  const std::string_view rest = line.substr(3, kLongestName);
  const std::size_t parenthesis = rest.find('(');
  if (parenthesis == std::string_view::npos) {
    return false;
  }
  const std::string_view name = rest.substr(0, parenthesis);
  return name.find(' ') == std::string_view::npos && name.find('.') != std::string_view::npos;
}

// "... 12 more", "... 7 common frames omitted".
bool is_elision(std::string_view line) {
  if (!line.starts_with("... ")) {
    return false;
  }
  const std::string_view rest = line.substr(4);
  const std::size_t digits = digit_count(rest);
  return digits > 0 && (rest.substr(digits).starts_with(" more") || rest.substr(digits).starts_with(" common "));
}

// "INFO nova.compute ...", "[WARN] ...": some services put a blank before every line that another thread writes.
bool begins_with_level(std::string_view text) {
  if (text.starts_with('[') || text.starts_with('<')) {
    text.remove_prefix(1);
  }
  for (const std::string_view level :
       {"TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"}) {
    if (text.starts_with(level) && text.size() > level.size() &&
        !kNameBytes[static_cast<unsigned char>(text[level.size()])]) {
      return true;
    }
  }
  return false;
}

// "--- End of inner exception stack trace ---", "---> System.Exception: text".
bool is_dotnet_mark(std::string_view text) {
  return text.starts_with("---> ") || (text.starts_with("--- End of ") && text.ends_with(" ---"));
}

bool is_ruby_frame(std::string_view text) {
  return classify_ruby(text, std::min(text.find(':'), text.size())) != LineKind::kOrdinary;
}

LineKind classify_indented(std::string_view line) {
  std::size_t indent = 1;
  while (indent < line.size() && is_blank(line[indent])) {
    ++indent;
  }
  const std::string_view rest = line.substr(indent);
  if (rest.empty()) {
    return LineKind::kBlank;
  }
  if (begins_with_time(rest) || begins_with_level(rest)) {
    return LineKind::kOrdinary;
  }
  switch (rest[0]) {
    case 'a':
      return rest.starts_with("at ") ? LineKind::kTraceFrame : LineKind::kIndented;
    case 'f':
      return rest.starts_with("from ") && is_ruby_frame(rest.substr(5)) ? LineKind::kTraceFrame : LineKind::kIndented;
    case 'C':
      return rest.starts_with("Caused by: ") ? LineKind::kTraceFrame : LineKind::kIndented;
    case 'S':
      return rest.starts_with("Suppressed: ") ? LineKind::kTraceFrame : LineKind::kIndented;
    case '.':
      return is_elision(rest) ? LineKind::kTraceFrame : LineKind::kIndented;
    case '-':
      return is_dotnet_mark(rest) ? LineKind::kTraceFrame : LineKind::kIndented;
    case '+':
      return rest.starts_with("+ Exception Group Traceback") ? LineKind::kPythonGroup : LineKind::kIndented;
    case 'F':
      return rest.starts_with("File \"") ? LineKind::kPythonFrame : LineKind::kIndented;
    default:
      return LineKind::kIndented;
  }
}

// At column 0, by its first byte. kOrdinary: nothing that begins with fixed words.
LineKind classify_by_words(std::string_view line) {
  const auto begins = [line](std::string_view words) { return line.starts_with(words); };
  const auto kind_if = [](bool is, LineKind kind) { return is ? kind : LineKind::kOrdinary; };
  switch (line[0]) {
    case '.':
      return kind_if(is_elision(line), LineKind::kTraceFrame);
    case '#':
      return kind_if(
          line.size() > 3 && is_digit(line[1]) && line.substr(1 + digit_count(line.substr(1))).starts_with(' '),
          LineKind::kHashFrame);
    case '[':
      return kind_if(line == "[stacktrace]" || begins("[previous exception] "), LineKind::kTraceHead);
    case '-':
      return kind_if(is_dotnet_mark(line), LineKind::kTraceFrame);
    case '_':
      return kind_if(begins("__CURSOR="), LineKind::kJournal);
    case 'C':
      return kind_if(begins("Caused by: ") || line == "Caused by:", LineKind::kTraceFrame);
    case 'D':
      return kind_if(begins("During handling of the above exception, another"), LineKind::kPythonChain);
    case 'F':
      return kind_if(begins("Fatal error: Uncaught "), LineKind::kPhpError);
    case 'P':
      return begins("PHP Stack trace:") ? LineKind::kTraceHead
                                        : kind_if(begins("PHP Fatal error:  "), LineKind::kPhpError);
    case 'S':
      if (line == "Stack trace:") {
        return LineKind::kTraceHead;
      }
      return begins("Suppressed: ") ? LineKind::kTraceFrame
                                    : kind_if(begins("SIGQUIT: quit") || begins("SIGABRT: abort"), LineKind::kGoPanic);
    case 'T':
      return begins("Traceback (most recent call last):")
                 ? LineKind::kPythonTraceback
                 : kind_if(begins("The above exception was the direct cause of"), LineKind::kPythonChain);
    case 'a':
      return kind_if(begins("at ") && is_frame(line), LineKind::kTraceFrame);
    case 'f':
      return kind_if(begins("fatal error: "), LineKind::kGoPanic);
    case 'g':
      // "goroutine 7 [running]:"
      return kind_if(begins("goroutine ") && line.ends_with("]:") && line.size() > 10 && is_digit(line[10]),
                     LineKind::kGoroutine);
    case 'n':
      return kind_if(begins("note: run with `RUST_BACKTRACE"), LineKind::kTraceHead);
    case 'p':
      return kind_if(begins("panic: "), LineKind::kGoPanic);
    case 's':
      return kind_if(line == "stack backtrace:", LineKind::kTraceHead);
    case 't':
      return kind_if(begins("thread '") && line.find("' panicked at ") != std::string_view::npos, LineKind::kRustPanic);
    default:
      return LineKind::kOrdinary;
  }
}

}  // namespace

LineKind classify_line(std::string_view line) {
  if (line.empty()) {
    return LineKind::kBlank;
  }
  const char first = line[0];
  if (is_blank(first)) {
    return classify_indented(line);
  }
  if (const LineKind kind = classify_by_words(line); kind != LineKind::kOrdinary) {
    return kind;
  }
  if (first == '/') {
    return classify_path(line);
  }
  // Most log lines leave here: they begin with a date or a bracket.
  if (is_digit(first) || !kNameBytes[static_cast<unsigned char>(first)]) {
    return LineKind::kOrdinary;
  }
  const std::size_t name = name_length(line);
  if (name == line.size() || line[name] == ':') {
    if (is_exception(line)) {
      return LineKind::kException;
    }
    return name < line.size() ? classify_path(line) : LineKind::kOrdinary;
  }
  return line[name] == '/' ? classify_path(line) : LineKind::kOrdinary;
}

bool ends_python_trace(std::string_view line) {
  const std::size_t length = name_length(line);
  return length > 0 && !is_digit(line[0]) && (length == line.size() || line[length] == ':');
}

bool is_go_trace_line(std::string_view line) {
  if (line.starts_with("created by ") || line.starts_with("[signal ") || line.starts_with("exit status ") ||
      line.starts_with("PC=0x")) {
    return true;
  }
  constexpr std::size_t kLongestRegister = 6;  // bytes of "rflags"
  if (const std::size_t name = name_length(line); name <= kLongestRegister && line.substr(name).starts_with("    0x")) {
    return true;  // "rip    0x45"
  }
  const std::size_t parenthesis = line.substr(0, kLongestName).find('(');
  if (parenthesis == 0 || parenthesis == std::string_view::npos || !line.ends_with(')')) {
    return false;
  }
  return line.substr(0, parenthesis).find(' ') == std::string_view::npos;
}

bool is_php_trace_line(std::string_view line) {
  return line.starts_with("Next ") || line.starts_with("PHP   ") || line.starts_with("  thrown in ") ||
         line.starts_with("\"}");
}

bool is_caret_line(std::string_view line) {
  return line.find('^') != std::string_view::npos && line.find_first_not_of("^~ \t") == std::string_view::npos;
}

bool is_sql_clause(std::string_view line) {
  return begins_with_any(line, kSqlClauses);
}

bool begins_sql(std::string_view line) {
  return begins_with_any(line, kSqlVerbs);
}

bool mentions_sql(std::string_view line) {
  for (std::size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1)) {
    if (begins_sql(line.substr(at + 1))) {
      return true;
    }
  }
  return false;
}

}  // namespace logdetect
