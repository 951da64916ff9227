#include "pipeline/row_writer.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "logdetect/parsing/timestamp.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

// 1 for bytes that a JSON string or the CSV field around it has to escape, else 0.
constexpr std::array<std::uint8_t, 256> kEscaped = [] {
  std::array<std::uint8_t, 256> escaped{};
  for (std::size_t byte = 0; byte < escaped.size(); ++byte) {
    escaped[byte] = byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\' ? 1 : 0;
  }
  return escaped;
}();

// "00" to "99", one after the other.
constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::size_t kLongestNumber = 20;

char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* put_number(char* at, std::uint64_t value) {
  std::array<char, kLongestNumber> digits;  // NOLINT: written before it is read
  std::size_t first = digits.size();
  while (value >= 100) {
    first -= 2;
    std::memcpy(digits.data() + first, kPairs.data() + 2 * (value % 100), 2);
    value /= 100;
  }
  if (value >= 10) {
    first -= 2;
    std::memcpy(digits.data() + first, kPairs.data() + 2 * value, 2);
  } else {
    digits[--first] = static_cast<char>('0' + value);
  }
  return put(at, {digits.data() + first, digits.size() - first});
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

void RowWriter::encode(std::string_view text, std::string& out) const {
  if (json_) {
    append_json_string(out, text);
  } else {
    append_csv_field(out, text, false);
  }
}

char* RowWriter::room(std::size_t size) {
  if (block_.size() - used_ < size) {
    block_.resize(std::max(2 * block_.size(), used_ + size + kBlockBytes));
  }
  return block_.data() + used_;
}

char* RowWriter::put_time(char* at, Micros time) {
  const Micros fraction = ((time % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond;
  const Micros second = (time - fraction) / kMicrosPerSecond;
  if (second != second_) {
    second_ = second;
    second_text_ = format_rfc3339(second * kMicrosPerSecond);
    second_text_.pop_back();  // the Z
  }
  at = put(at, second_text_);
  if (fraction != 0) {
    *at++ = '.';
    const auto digits = static_cast<std::size_t>(fraction);
    std::memcpy(at, kPairs.data() + 2 * (digits / 10'000), 2);
    std::memcpy(at + 2, kPairs.data() + 2 * (digits / 100 % 100), 2);
    std::memcpy(at + 4, kPairs.data() + 2 * (digits % 100), 2);
    at += fraction % kMicrosPerMilli == 0 ? 3 : 6;
  }
  *at++ = 'Z';
  return at;
}

// The list straight into the block if every value is plain; else nothing is appended.
bool RowWriter::append_plain_list(std::span<const Parameter> parameters) {
  const Between& between = json_ ? kJson : kCsv;
  std::size_t most = kMostAround;
  for (const Parameter& parameter : parameters) {
    most += parameter.text.size() + kMostAround;
  }
  char* const begin = room(most);
  char* at = put(begin, between.list);
  std::uint8_t escaped = 0;
  for (const Parameter& parameter : parameters) {
    at = put(at, between.string);
    for (const char c : parameter.text) {
      *at++ = c;
      escaped |= kEscaped[static_cast<unsigned char>(c)];
    }
    at = put(at, between.string);
    *at++ = ',';
  }
  if (escaped != 0) {
    return false;
  }
  --at;
  *at++ = ']';
  at = put(at, between.list.substr(0, between.list.size() - 1));
  used_ += static_cast<std::size_t>(at - begin);
  return true;
}

void RowWriter::append_parameters(std::span<const Parameter> parameters) {
  if (parameters.empty()) {
    put(room(kMostAround), "[]");
    used_ += 2;
    return;
  }
  if (append_plain_list(parameters)) {
    return;
  }
  list_.clear();
  list_ += '[';
  for (const Parameter& parameter : parameters) {
    append_json_string(list_, parameter.text);
    list_ += ',';
  }
  list_.back() = ']';
  std::string quoted;
  if (!json_) {
    append_csv_field(quoted, list_, false);
  }
  const std::string& field = json_ ? list_ : quoted;
  put(room(field.size()), field);
  used_ += field.size();
}

void RowWriter::append_row(const Record& record, const Event& event, const std::string& text,
                           std::span<const Parameter> parameters) {
  const Between& between = json_ ? kJson : kCsv;
  char* const begin = room(kMostLiterals + 3 * kLongestNumber + text.size());
  char* at = put(begin, between.begin);
  at = put_number(at, record.position.line);
  at = put(at, between.last_line);
  at = put_number(at, record.position.line + record.line_count - 1);
  at = put(at, between.time);
  if (event.has_time) {
    at = put(at, between.quote);
    at = put_time(at, event.time);
    at = put(at, between.quote);
  } else {
    at = put(at, between.nothing);
  }
  at = put(at, between.level);
  if (event.level == Level::kUnknown) {
    at = put(at, between.nothing);
  } else {
    at = put(at, between.quote);
    at = put(at, level_name(event.level));
    at = put(at, between.quote);
  }
  at = put(at, between.template_id);
  at = put_number(at, event.template_id.value());
  at = put(at, between.text);
  at = put(at, text);
  at = put(at, between.parameters);
  used_ += static_cast<std::size_t>(at - begin);
  append_parameters(parameters);
  put(room(between.end.size()), between.end);
  used_ += between.end.size();
}

}  // namespace logdetect
