#include "pipeline/row_writer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "logdetect/lexis/rfc3339.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

// "00" to "99", one after the other.
constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < pairs.size() / 2; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::size_t kLongestNumber = 20;  // digits of the largest 64-bit number

// Inline: the sizes of literals are known, and a call would cost more than the bytes.
[[gnu::always_inline]] inline char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// Two digits by one look-up: half the divisions of one digit at a time.
void put_pair(char* at, std::uint64_t value) {
  std::memcpy(at, kPairs.data() + 2 * value, 2);
}

std::size_t digit_count(std::uint64_t value) {
  std::size_t n = 1;
  // Four digits a step: most numbers need none.
  for (; value >= 10'000; value /= 10'000) {
    n += 4;
  }
  // One more for each power of ten that is reached.
  return n + (value >= 10 ? 1 : 0) + (value >= 100 ? 1 : 0) + (value >= 1000 ? 1 : 0);
}

char* put_number(char* at, std::uint64_t value) {
  char* const end = at + digit_count(value);
  char* p = end;
  for (; value >= 100; value /= 100) {  // two digits a step
    p -= 2;
    put_pair(p, value % 100);
  }
  if (value >= 10) {  // two digits are left
    put_pair(p - 2, value);
  } else {
    p[-1] = static_cast<char>('0' + value);
  }
  return end;
}

// The text between the columns: one set of literals a format.
struct Between {
  std::string_view begin, last_line, time, level, template_id, text, parameters, end;
  std::string_view quote;         // around times and levels
  std::string_view nothing;       // in place of a time or level that is not known
  std::string_view list, string;  // what opens a list of parameters (mirrored, closes it), and each of them
};
constexpr Between kCsv = {"", ",", ",", ",", ",", ",", ",", "\n", "", "", "\"[", "\"\""};
constexpr Between kJson = {"{\"line\":",
                           ",\"last_line\":",
                           ",\"time\":",
                           ",\"level\":",
                           ",\"template_id\":",
                           ",\"template\":",
                           ",\"parameters\":",
                           "}\n",
                           "\"",
                           "null",
                           "[",
                           "\""};
template <bool json>
constexpr const Between& kBetween = json ? kJson : kCsv;
constexpr std::size_t kMostLiterals = 160;  // bytes of all literals and of time and level in one row
constexpr std::size_t kMostAround = 16;     // bytes around a list, or one of its strings

}  // namespace

Result<void> RowWriter::begin() {
  return json_ ? Result<void>() : output_.write("line,last_line,time,level,template_id,template,parameters\n");
}

Result<void> RowWriter::finish() {
  const std::string_view rows(block_.data(), std::exchange(used_, 0));
  return rows.empty() ? Result<void>() : output_.write(rows);
}

void RowWriter::encode(TemplateId id, std::string_view text, std::string& out) const {
  const Between& between = json_ ? kJson : kCsv;
  out.assign(between.template_id);
  append_json_number(out, std::uint64_t{id.value()});
  out += between.text;
  if (json_) {
    append_json_string(out, text);
  } else {
    append_csv_field(out, text, false);
  }
  out += between.parameters;
}

void RowWriter::grow(std::size_t size) {
  block_.resize(std::max(2 * block_.size(), used_ + size + kBlockBytes));
}

char* RowWriter::put_time(char* at, Micros time) {
  // Times before 1970 have a remainder below zero.
  const Micros clock = ((time % kMicrosPerDay) + kMicrosPerDay) % kMicrosPerDay;
  const Micros day = time - clock;
  // Most lines are of the day of the line before, whose date is at hand.
  if (day != day_ || day_size_ == 0) {
    const std::string text = format_rfc3339(day);
    day_ = day;
    day_size_ = std::min(text.find('T') + 1, day_text_.size());
    std::memcpy(day_text_.data(), text.data(), day_size_);
  }
  std::memcpy(at, day_text_.data(), day_text_.size());  // a fixed size is a move or two
  at += day_size_;
  const auto seconds = static_cast<std::uint64_t>(clock / kMicrosPerSecond);
  put_pair(at, seconds / 3600);
  at[2] = ':';
  put_pair(at + 3, seconds / 60 % 60);
  at[5] = ':';
  put_pair(at + 6, seconds % 60);
  at += 8;
  if (const auto fraction = static_cast<std::uint64_t>(clock % kMicrosPerSecond); fraction != 0) {
    *at++ = '.';
    put_pair(at, fraction / 10'000);  // six digits, or the first three
    put_pair(at + 2, fraction / 100 % 100);
    put_pair(at + 4, fraction % 100);
    at += fraction % 1000 == 0 ? 3 : 6;
  }
  *at++ = 'Z';
  return at;
}

// The list straight into the block if every value is plain; else nothing is appended.
template <bool json>
bool RowWriter::append_plain_list(std::span<const Parameter> parameters) {
  constexpr const Between& kColumns = kBetween<json>;
  std::size_t most = kMostAround;
  for (const Parameter& parameter : parameters) {
    most += parameter.text.size() + kMostAround;
  }
  // Room for the worst case, so that no byte needs a check.
  char* const begin = room(most);
  char* at = put(begin, kColumns.list);
  bool plain = true;
  for (const Parameter& parameter : parameters) {
    at = put(at, kColumns.string);
    for (const char c : parameter.text) {
      *at++ = c;
      plain &= kPlainInJson[static_cast<unsigned char>(c)];
    }
    at = put(at, kColumns.string);
    *at++ = ',';
  }
  // used_ stays, so what was written here is written over.
  if (!plain) {
    return false;
  }
  // Takes back the comma behind the last string.
  --at;
  *at++ = ']';
  at = put(at, kColumns.list.substr(0, kColumns.list.size() - 1));
  used_ += static_cast<std::size_t>(at - begin);
  return true;
}

template <bool json>
void RowWriter::append_parameters(std::span<const Parameter> parameters) {
  if (parameters.empty()) {
    put(room(kMostAround), "[]");
    used_ += 2;
    return;
  }
  if (append_plain_list<json>(parameters)) {
    return;
  }
  list_.clear();
  list_ += '[';
  for (const Parameter& parameter : parameters) {
    append_json_string(list_, parameter.text);
    list_ += ',';
  }
  list_.back() = ']';
  quoted_.clear();
  // A list of JSON inside a field of CSV is quoted twice.
  if (!json) {
    append_csv_field(quoted_, list_, false);
  }
  const std::string& field = json ? list_ : quoted_;
  put(room(field.size()), field);
  used_ += field.size();
}

template <bool json>
void RowWriter::append_row(const Record& record, const Event& event, std::string_view columns,
                           std::span<const Parameter> parameters) {
  constexpr const Between& kColumns = kBetween<json>;
  char* const begin = room(kMostLiterals + 2 * kLongestNumber + columns.size());
  char* at = put(begin, kColumns.begin);
  at = put_number(at, record.position.line);
  at = put(at, kColumns.last_line);
  at = put_number(at, record.position.line + record.line_count - 1);
  at = put(at, kColumns.time);
  if (event.has_time) {
    at = put(at, kColumns.quote);
    at = put_time(at, event.time);
    at = put(at, kColumns.quote);
  } else {
    at = put(at, kColumns.nothing);
  }
  at = put(at, kColumns.level);
  if (event.level == Level::kUnknown) {
    at = put(at, kColumns.nothing);
  } else {
    at = put(at, kColumns.quote);
    at = put(at, level_name(event.level));
    at = put(at, kColumns.quote);
  }
  at = put(at, columns);
  used_ += static_cast<std::size_t>(at - begin);
  append_parameters<json>(parameters);
  put(room(kColumns.end.size()), kColumns.end);
  used_ += kColumns.end.size();
}

template void RowWriter::append_row<false>(const Record&, const Event&, std::string_view, std::span<const Parameter>);
template void RowWriter::append_row<true>(const Record&, const Event&, std::string_view, std::span<const Parameter>);

}  // namespace logdetect
