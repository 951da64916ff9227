#include "pipeline/row_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "logdetect/parsing/timestamp.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

// Bytes that neither JSON nor CSV has to escape.
constexpr bool is_plain(char c) {
  return c > ' ' && c < 0x7F && c != '"' && c != '\\';
}

// The JSON list as a CSV field, straight away, if every value is plain; else nothing is appended.
bool append_plain_list(std::span<const Parameter> parameters, std::string& out) {
  const std::size_t begin = out.size();
  if (parameters.empty()) {
    out += "[]";
    return true;
  }
  out += "\"[";
  for (const Parameter& parameter : parameters) {
    if (!std::all_of(parameter.text.begin(), parameter.text.end(), is_plain)) {
      out.resize(begin);
      return false;
    }
    out += "\"\"";
    out += parameter.text;
    out += "\"\",";
  }
  out.pop_back();
  out += "]\"";
  return true;
}

}  // namespace

Result<void> RowWriter::begin() {
  return json_ ? Result<void>() : output_.write("line,last_line,time,level,template_id,template,parameters\n");
}

void RowWriter::encode(std::string_view text, std::string& out) const {
  if (json_) {
    append_json_string(out, text);
  } else {
    append_csv_field(out, text, false);
  }
}

void RowWriter::append_time(Micros time) {
  const Micros fraction = ((time % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond;
  const Micros second = (time - fraction) / kMicrosPerSecond;
  if (second != second_) {
    second_ = second;
    second_text_ = format_rfc3339(second * kMicrosPerSecond);
    second_text_.pop_back();  // the Z
  }
  line_ += second_text_;
  if (fraction != 0) {
    std::array<char, 7> digits{'.', '0', '0', '0', '0', '0', '0'};
    Micros rest = fraction;
    for (std::size_t i = digits.size() - 1; i > 0; --i, rest /= 10) {
      digits[i] = static_cast<char>('0' + rest % 10);
    }
    line_.append(digits.data(), fraction % kMicrosPerMilli == 0 ? 4 : 7);
  }
  line_ += 'Z';
}

void RowWriter::append_parameters(std::span<const Parameter> parameters) {
  if (!json_ && append_plain_list(parameters, line_)) {
    return;
  }
  std::string& out = json_ ? line_ : list_;
  list_.clear();
  out += '[';
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) {
      out += ',';
    }
    append_json_string(out, parameters[i].text);
  }
  out += ']';
  if (!json_) {
    append_csv_field(line_, list_, false);
  }
}

Result<void> RowWriter::write_row(const Record& record, const Event& event, const std::string& text,
                                  std::span<const Parameter> parameters) {
  // The text between the columns: one set of literals a format.
  struct Between {
    std::string_view begin, last_line, time, level, template_id, text, parameters, end;
  };
  static constexpr Between kCsv = {"", ",", ",", ",", ",", ",", ",", "\n"};
  static constexpr Between kJson = {"{\"line\":",        ",\"last_line\":", ",\"time\":",       ",\"level\":",
                                    ",\"template_id\":", ",\"template\":",  ",\"parameters\":", "}\n"};
  const Between& between = json_ ? kJson : kCsv;
  const std::string_view quote = json_ ? std::string_view("\"") : std::string_view();
  const std::string_view nothing = json_ ? std::string_view("null") : std::string_view();

  line_.assign(between.begin);
  const std::size_t digits = line_.size();
  append_json_number(line_, record.position.line);
  const std::size_t count = line_.size() - digits;
  line_ += between.last_line;
  if (record.line_count == 1) {
    line_.append(line_, digits, count);
  } else {
    append_json_number(line_, record.position.line + record.line_count - 1);
  }
  line_ += between.time;
  if (event.has_time) {
    line_ += quote;
    append_time(event.time);
    line_ += quote;
  } else {
    line_ += nothing;
  }
  line_ += between.level;
  if (event.level == Level::kUnknown) {
    line_ += nothing;
  } else {
    line_ += quote;
    line_ += level_name(event.level);
    line_ += quote;
  }
  line_ += between.template_id;
  append_json_number(line_, std::uint64_t{event.template_id.value()});
  line_ += between.text;
  line_ += text;
  line_ += between.parameters;
  append_parameters(parameters);
  line_ += between.end;
  return output_.write(line_);
}

}  // namespace logdetect
