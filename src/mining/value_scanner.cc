#include "mining/value_scanner.h"

#include <algorithm>
#include <array>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::array<std::string_view, 19> kDateWords = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                                                         "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tue",
                                                         "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::size_t kMonths = 12;
constexpr std::string_view kDateInitials = "JFMASONDTW";

// Top-level domains of more than two letters that make a dotted name a host; two letters count unless they are a usual
// file suffix or a short word.
constexpr std::array<std::string_view, 10> kLongDomains = {"com",   "net",         "org",      "edu",   "gov",
                                                           "local", "localdomain", "internal", "cloud", "mil"};
constexpr std::array<std::string_view, 33> kNotDomains = {
    "py", "rs", "cc", "so", "go", "js", "pl", "sh", "md", "gz", "xz", "ko", "db", "hh", "cs", "rb", "ts",
    "vb", "la", "pm", "in", "is", "it", "to", "at", "be", "do", "no", "us", "me", "am", "by", "as"};

constexpr std::array<std::string_view, 23> kSourceEndings = {"c",  "cc", "cpp", "cxx", "h",     "hh",    "hpp", "java",
                                                             "kt", "py", "go",  "rs",  "js",    "ts",    "rb",  "php",
                                                             "cs", "pl", "m",   "mm",  "scala", "swift", "lua"};

// Units written right behind a number.
constexpr std::array<std::string_view, 31> kGluedUnits = {
    "B",   "k",  "K",  "M",  "G", "T",   "kB", "KB",  "MB", "GB", "TB", "kb", "mb",  "gb",  "KiB", "MiB",
    "GiB", "ns", "us", "ms", "s", "sec", "m",  "min", "h",  "d",  "C",  "Hz", "MHz", "GHz", "V"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// A cursor over text: each take_* moves on and says whether it could.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) {
      return false;
    }
    ++at_;
    return true;
  }
  std::size_t take_digits(std::size_t most) {
    std::size_t n = 0;
    while (n < most && at_ < text_.size() && is_digit(text_[at_])) {
      ++at_;
      ++n;
    }
    return n;
  }
  std::size_t take_blanks() {
    std::size_t n = 0;
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
      ++n;
    }
    return n;
  }
  // Index into kDateWords of a day or month name here ("Jan", "January"), or -1.
  int take_date_word() {
    const std::string_view rest = text_.substr(at_);
    for (std::size_t i = 0; i < kDateWords.size(); ++i) {
      if (rest.starts_with(kDateWords[i])) {
        at_ += kDateWords[i].size();
        while (at_ < text_.size() && is_lower(text_[at_])) {
          ++at_;
        }
        return static_cast<int>(i);
      }
    }
    return -1;
  }
  // hh:mm:ss with an optional fraction.
  bool take_time() {
    if (take_digits(2) == 0 || !take(':') || take_digits(2) != 2 || !take(':') || take_digits(2) != 2) {
      return false;
    }
    const std::size_t mark = at_;
    if (!((take('.') || take(',')) && take_digits(9) > 0)) {
      at_ = mark;
    }
    return true;
  }
  void back_to(std::size_t at) { at_ = at; }
  [[nodiscard]] bool at_word() const { return at_ < text_.size() && is_word(text_[at_]); }

 private:
  std::string_view text_;
  std::size_t at_;
};

// "Mon Jan  2 15:04:05 2006", "Jan 2 2006 15:04:05", "2 Jan 2006 15:04:05". A zone behind it is no part of it.
std::size_t match_named_date(std::string_view text, std::size_t at) {
  Cursor cursor(text, at);
  int word = is_digit(cursor.peek()) ? -1 : cursor.take_date_word();
  // The name of a day stands in front: "Mon Jan 2", "Mon, 2 Jan".
  if (word >= static_cast<int>(kMonths)) {
    cursor.take(',');
    if (cursor.take_blanks() == 0) {
      return 0;
    }
    word = is_digit(cursor.peek()) ? -1 : cursor.take_date_word();
  }
  if (word >= 0) {
    if (word >= static_cast<int>(kMonths) || cursor.take_blanks() == 0 || cursor.take_digits(2) == 0) {
      return 0;
    }
    cursor.take(',');
  } else if (cursor.take_digits(2) == 0 || cursor.take_blanks() == 0 || cursor.take_date_word() < 0) {
    return 0;
  }
  if (cursor.take_blanks() == 0) {
    return 0;
  }
  // The year stands before the time or behind it, or nowhere.
  std::size_t mark = cursor.at();
  if (!(cursor.take_digits(4) == 4 && cursor.take_blanks() > 0)) {
    cursor.back_to(mark);
  }
  if (!cursor.take_time()) {
    return 0;
  }
  mark = cursor.at();
  if (!(cursor.take_blanks() > 0 && cursor.take_digits(4) == 4 && !cursor.at_word())) {
    cursor.back_to(mark);
  }
  return cursor.at_word() ? 0 : cursor.at();
}

// "2024-01-15 03:42:18.123", also with '/', 'T' or ':' in the middle.
std::size_t match_numeric_date(std::string_view text, std::size_t at) {
  Cursor cursor(text, at);
  if (cursor.take_digits(4) != 4) {
    return 0;
  }
  const char separator = cursor.peek();
  if (separator != '-' && separator != '/') {
    return 0;
  }
  cursor.take(separator);
  if (cursor.take_digits(2) == 0 || !cursor.take(separator) || cursor.take_digits(2) == 0) {
    return 0;
  }
  if (!cursor.take('T') && !cursor.take(':') && cursor.take_blanks() != 1) {
    return 0;
  }
  if (!cursor.take_time()) {
    return 0;
  }
  cursor.take('Z');
  return cursor.at_word() ? 0 : cursor.at();
}

// " HTTP/1.1" behind the target of a request: its length, or 0.
std::size_t match_protocol(std::string_view text, std::size_t at) {
  constexpr std::string_view kProtocol = " HTTP/";
  if (at > text.size() || !text.substr(at).starts_with(kProtocol)) {
    return 0;
  }
  Cursor cursor(text, at + kProtocol.size());
  if (cursor.take_digits(1) == 0 || (cursor.take('.') && cursor.take_digits(1) == 0) || cursor.at_word()) {
    return 0;
  }
  return cursor.at() - at;
}

std::size_t match_url(std::string_view text, std::size_t at, std::size_t chunk_end) {
  const std::size_t colon = text.substr(0, chunk_end).find("://", at);
  if (colon == std::string_view::npos || colon == at || !is_letter(text[at])) {
    return 0;
  }
  for (std::size_t i = at; i < colon; ++i) {
    if (!is_alnum(text[i]) && text[i] != '+' && text[i] != '.' && text[i] != '-') {
      return 0;
    }
  }
  const std::size_t host = colon + std::string_view("://").size();
  std::size_t end = host;
  while (end < text.size() && !is_space(text[end]) &&
         std::string_view("\"'<>,;)]").find(text[end]) == std::string_view::npos) {
    ++end;
  }
  while (end > host && (text[end - 1] == ':' || text[end - 1] == '.')) {
    --end;  // of the sentence, not of the address
  }
  return end > host ? end + match_protocol(text, end) : 0;
}

// A rooted path with a query, or one that a protocol follows: the target of an HTTP request.
std::size_t match_request_target(std::string_view text, std::size_t at, std::size_t chunk_end) {
  std::size_t end = chunk_end;
  if (text.substr(at, chunk_end - at).find('?') != std::string_view::npos) {
    while (end < text.size() && !is_space(text[end]) &&
           std::string_view("\"'<>").find(text[end]) == std::string_view::npos) {
      ++end;
    }
    return end + match_protocol(text, end);
  }
  const std::size_t protocol = match_protocol(text, end);
  return protocol > 0 ? end + protocol : 0;
}

// A run of letters and digits: kHex ("0x1f", "3fa85f") or kNone.
MaskKind classify_run(std::string_view run) {
  if (run.size() > 2 && run[0] == '0' && (run[1] == 'x' || run[1] == 'X')) {
    return std::all_of(run.begin() + 2, run.end(), is_hex) ? MaskKind::kHex : MaskKind::kNone;
  }
  constexpr std::size_t kShortestHex = 6;  // digits; shorter ones are words such as "dead" and "cafe"
  if (run.size() < kShortestHex) {
    return MaskKind::kNone;
  }
  bool digit = false;
  bool letter = false;
  for (const char c : run) {
    if (!is_hex(c)) {
      return MaskKind::kNone;
    }
    (is_digit(c) ? digit : letter) = true;
  }
  return digit && letter ? MaskKind::kHex : MaskKind::kNone;
}

// "126MB", "1.5s", "80x25": a number with its unit behind it, or two sizes.
bool is_number_with_unit(std::string_view chunk) {
  Cursor cursor(chunk, 0);
  if (!cursor.take('-')) {
    cursor.take('+');
  }
  if (cursor.take_digits(chunk.size()) == 0) {
    return false;
  }
  if (cursor.take('.') && cursor.take_digits(chunk.size()) == 0) {
    return false;
  }
  const std::string_view unit = chunk.substr(cursor.at());
  if (is_one_of(unit, kGluedUnits)) {
    // "12345d" is hexadecimal like its neighbours, whatever their digits are.
    return classify_run(chunk) != MaskKind::kHex;
  }
  const bool prefix = chunk[0] == '0' && cursor.at() == 1;  // "0x25"
  return !prefix && unit.size() > 1 && unit[0] == 'x' && std::all_of(unit.begin() + 1, unit.end(), is_digit);
}

// "v1.2", "v2.6.5-rc1"
bool is_version(std::string_view chunk) {
  Cursor cursor(chunk, 0);
  return cursor.take('v') && cursor.take_digits(chunk.size()) > 0 && cursor.take('.') &&
         cursor.take_digits(chunk.size()) > 0;
}

bool is_plain_number(std::string_view chunk) {
  if (chunk.ends_with('%')) {
    chunk.remove_suffix(1);
  }
  if (!chunk.empty() && (chunk[0] == '-' || chunk[0] == '+')) {
    chunk.remove_prefix(1);
  }
  if (chunk.empty() || !is_digit(chunk[0]) || !is_digit(chunk.back())) {
    return false;
  }
  return std::all_of(chunk.begin(), chunk.end(), [](char c) { return is_digit(c) || c == '.'; });
}

// Length of a dotted quad at `at`, or 0.
std::size_t match_quad(std::string_view chunk, std::size_t at) {
  Cursor cursor(chunk, at);
  constexpr int kParts = 4;
  // No part is checked against 255: what is found must not depend on which digits there are (see ShapeMemo).
  for (int part = 0; part < kParts; ++part) {
    if ((part > 0 && !cursor.take('.')) || cursor.take_digits(3) == 0) {
      return 0;
    }
  }
  if (is_digit(cursor.peek()) || (cursor.at_word())) {
    return 0;
  }
  return cursor.at() - at;
}

ValueSpan find_ipv4(std::string_view chunk) {
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    if (!is_digit(chunk[i]) || (i > 0 && (is_alnum(chunk[i - 1]) || chunk[i - 1] == '.'))) {
      continue;
    }
    if (const std::size_t length = match_quad(chunk, i); length > 0) {
      return {i, i + length, MaskKind::kIp};
    }
  }
  return {};
}

bool is_email(std::string_view chunk) {
  const std::size_t at = chunk.find('@');
  if (at == 0 || at == std::string_view::npos || chunk.find('@', at + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view domain = chunk.substr(at + 1);
  const std::size_t dot = domain.find('.');
  if (dot == 0 || dot == std::string_view::npos || domain.back() == '.') {
    return false;
  }
  return std::all_of(chunk.begin(), chunk.end(),
                     [](char c) { return is_word(c) || c == '.' || c == '+' || c == '-' || c == '@'; });
}

// label.label.tld with a plausible top-level domain.
bool is_host_name(std::string_view chunk) {
  const std::size_t dot = chunk.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || !is_alnum(chunk[0])) {
    return false;
  }
  const std::string_view domain = chunk.substr(dot + 1);
  if (domain.size() < 2 || !std::all_of(domain.begin(), domain.end(), is_lower)) {
    return false;
  }
  if (domain.size() == 2 ? is_one_of(domain, kNotDomains) : !is_one_of(domain, kLongDomains)) {
    return false;
  }
  return chunk.find("..") == std::string_view::npos &&
         std::all_of(chunk.begin(), chunk.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

// "scheduler.cc", in front of a line number.
bool is_source_file(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && is_one_of(name.substr(dot + 1), kSourceEndings);
}

// 8-4-4-4-12 hexadecimal digits (RFC 9562, 4).
bool is_uuid(std::string_view piece) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (piece.size() != kForm.size()) {
    return false;
  }
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '-' ? piece[i] != '-' : !is_hex(piece[i])) {
      return false;
    }
  }
  return true;
}

// A run of digits counts as a number unless it is part of a word or continues a version such as v1.2.
bool is_bare_number(std::string_view chunk, std::size_t begin, std::size_t end) {
  if (end < chunk.size() && is_word(chunk[end])) {
    return false;
  }
  if (begin == 0) {
    return true;
  }
  const char before = chunk[begin - 1];
  if (is_word(before)) {
    return false;
  }
  return before != '.' || begin < 2 || !is_digit(chunk[begin - 2]) || is_plain_number(chunk.substr(0, begin - 1));
}

ValueSpan find_number_or_hex(std::string_view chunk) {
  for (std::size_t i = 0; i < chunk.size();) {
    if (!is_alnum(chunk[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    bool digits_only = true;
    while (end < chunk.size() && is_alnum(chunk[end])) {
      digits_only = digits_only && is_digit(chunk[end]);
      ++end;
    }
    if (digits_only ? is_bare_number(chunk, i, end) : classify_run(chunk.substr(i, end - i)) == MaskKind::kHex) {
      return {i, end, digits_only ? MaskKind::kNumber : MaskKind::kHex};
    }
    i = end;
  }
  return {};
}

constexpr std::size_t kMostIpGroups = 9;
constexpr std::size_t kMostGroups = 20;  // of an InfiniBand address; IPv6 has 9 at most, as it may begin with ::

// Up to kMostGroups groups of hexadecimal digits between colons, some of them empty ("fe80::1").
bool is_hex_groups(std::string_view chunk, std::size_t longest, std::size_t& groups) {
  groups = 1;
  std::size_t length = 0;
  for (const char c : chunk) {
    if (c == ':') {
      if (++groups > kMostGroups) {
        return false;
      }
      length = 0;
    } else if (!is_hex(c) || ++length > longest) {
      return false;
    }
  }
  return true;
}

// One digit is hardly a port: "disk:1", "attempt:2".
bool is_port(std::string_view text) {
  return text.size() >= 2 && text.size() <= 5 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_host_with_port(std::string_view chunk) {
  const std::size_t colon = chunk.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || !is_port(chunk.substr(colon + 1))) {
    return false;
  }
  const std::string_view host = chunk.substr(0, colon);
  if (host == "localhost") {
    return true;
  }
  bool marked = false;  // a host name without digit, dot or dash is more likely a key
  bool mixed = false;
  for (const char c : host) {
    if (!is_word(c) && c != '.' && c != '-') {
      return false;
    }
    marked = marked || is_digit(c) || c == '-' || (c == '.' && !mixed);
    mixed = mixed || is_upper(c) || c == '_';
  }
  if (find_ipv4(host).found() || is_host_name(host)) {
    return true;
  }
  const bool dotted = host.find('.') != std::string_view::npos;
  return marked && is_letter(host[0]) && !is_source_file(host) && !(dotted && mixed);
}

}  // namespace

ValueSpan match_long_value(std::string_view text, std::size_t at, std::size_t chunk_end, std::uint16_t classes) {
  if ((classes & kColonChar) != 0 && (classes & kSlashChar) != 0) {
    if (const std::size_t end = match_url(text, at, chunk_end); end > 0) {
      return {at, end, MaskKind::kUrl};
    }
  }
  constexpr std::size_t kShortestMonth = 3;  // bytes of "Jan"
  const char first = text[at];
  if (first == '/') {
    if (const std::size_t end = match_request_target(text, at, chunk_end); end > 0) {
      return {at, end, MaskKind::kPath};
    }
  }
  if (is_digit(first)) {
    constexpr std::size_t kShortestDate = 8;  // bytes of "2024-5-6"
    if (chunk_end - at >= kShortestDate && (text[at + 4] == '-' || text[at + 4] == '/')) {
      if (const std::size_t end = match_numeric_date(text, at); end > 0) {
        return {at, end, MaskKind::kTime};
      }
    }
    // The day of a month in front of its name: "2 Jan 2006".
    if (chunk_end - at <= 2 && chunk_end < text.size() && text[chunk_end] == ' ') {
      if (const std::size_t end = match_named_date(text, at); end > 0) {
        return {at, end, MaskKind::kTime};
      }
    }
  } else if (chunk_end - at >= kShortestMonth && chunk_end < text.size() &&
             kDateInitials.find(first) != std::string_view::npos) {
    if (const std::size_t end = match_named_date(text, at); end > 0) {
      return {at, end, MaskKind::kTime};
    }
  }
  const std::string_view chunk = text.substr(at, chunk_end - at);
  if ((classes & kDigitChar) != 0 && (classes & kLetterChar) == 0 && is_plain_number(chunk) &&
      !find_ipv4(chunk).found()) {
    return {at, chunk_end, MaskKind::kNumber};
  }
  return {};
}

std::size_t match_unit(std::string_view text, std::size_t at) {
  std::size_t i = at;
  if (i < text.size() && std::string_view("KMGT").find(text[i]) != std::string_view::npos) {
    ++i;
    if (i < text.size() && text[i] == 'i') {
      ++i;
    }
  }
  if (i >= text.size() || text[i] != 'B') {
    return 0;
  }
  ++i;
  const auto ends_at = [text](std::size_t end) { return end >= text.size() || !is_word(text[end]); };
  for (const std::string_view rate : {"/sec", "/s"}) {
    if (text.substr(i).starts_with(rate) && ends_at(i + rate.size())) {
      return i + rate.size() - at;
    }
  }
  return ends_at(i) ? i - at : 0;
}

bool is_hex_run(std::string_view run) {
  return classify_run(run) == MaskKind::kHex;
}

ValueSpan match_colon_value(std::string_view chunk) {
  const ValueSpan all{0, chunk.size(), MaskKind::kNone};
  const auto as = [&](MaskKind kind) { return ValueSpan{all.begin, all.end, kind}; };
  // "C:\logs": the colon of a drive cuts nothing.
  if (chunk.size() > 3 && is_letter(chunk[0]) && chunk[1] == ':' && (chunk[2] == '\\')) {
    return as(MaskKind::kPath);
  }
  std::size_t groups = 0;
  if (is_hex_groups(chunk, 4, groups)) {
    std::size_t pairs = 0;
    constexpr std::size_t kMacGroups = 6;       // of two digits (IEEE EUI-48)
    constexpr std::size_t kFewestIpGroups = 4;  // fewer are mostly a time
    if (groups >= kMacGroups && is_hex_groups(chunk, 2, pairs)) {
      return as(MaskKind::kMac);
    }
    if (groups >= kFewestIpGroups && groups <= kMostIpGroups) {
      // "12:30:59:123" is hardly an address.
      const bool address = groups >= 8 || chunk.find("::") != std::string_view::npos;
      return as(address ? MaskKind::kIp : MaskKind::kId);
    }
  }
  if (is_host_with_port(chunk)) {
    return as(find_ipv4(chunk).found() ? MaskKind::kIp : MaskKind::kHost);
  }
  return {};
}

ValueSpan find_value(std::string_view chunk, std::uint16_t classes) {
  const ValueSpan all{0, chunk.size(), MaskKind::kNone};
  const auto as = [&](MaskKind kind) { return ValueSpan{all.begin, all.end, kind}; };
  if ((classes & kAtChar) != 0 && (classes & kDotChar) != 0 && is_email(chunk)) {
    return as(MaskKind::kEmail);
  }
  const bool has_digit = (classes & kDigitChar) != 0;
  // Before numbers: "10.0.0.1" is made of digits and dots too.
  if (has_digit && (classes & kDotChar) != 0) {
    if (const ValueSpan ip = find_ipv4(chunk); ip.found()) {
      return ip;
    }
  }
  if ((classes & kSlashChar) != 0) {
    const bool rooted = chunk.size() > 1 && (chunk[0] == '/' || chunk.starts_with("\\\\") || chunk.starts_with("~/"));
    const bool drive = chunk.size() > 3 && is_letter(chunk[0]) && chunk[1] == ':' && chunk[2] == '\\';
    if (rooted || drive) {
      return as(MaskKind::kPath);
    }
  }
  if ((classes & kDotChar) != 0 && is_host_name(chunk)) {
    return as(MaskKind::kHost);
  }
  // Every kind below holds a digit.
  if (!has_digit) {
    return {};
  }
  // Before hexadecimal runs, of which a UUID has five.
  if ((classes & kDashChar) != 0 && is_uuid(chunk)) {
    return as(MaskKind::kUuid);
  }
  if ((classes & kLetterChar) == 0 && is_plain_number(chunk)) {
    return as(MaskKind::kNumber);
  }
  if ((classes & kLetterChar) != 0 && is_number_with_unit(chunk)) {
    return as(MaskKind::kNumber);
  }
  if (chunk[0] == 'v' && is_version(chunk)) {
    return as(MaskKind::kId);
  }
  return find_number_or_hex(chunk);
}

}  // namespace logdetect
