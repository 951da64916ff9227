#include "pipeline/row_writer.h"

#include <array>
#include <charconv>

#include "logdetect/parsing/timestamp.h"
#include "logdetect/report/encode.h"

namespace logdetect {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end.ptr);
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
  line_.clear();
  line_ += json_ ? "{\"line\":" : "";
  append_number(line_, record.position.line);
  line_ += json_ ? ",\"last_line\":" : ",";
  append_number(line_, record.position.line + record.line_count - 1);
  if (json_) {
    line_ += ",\"time\":";
    if (event.has_time) {
      line_ += '"';
      append_time(event.time);
      line_ += '"';
    } else {
      line_ += "null";
    }
    line_ += ",\"level\":";
    line_ += event.level == Level::kUnknown ? "null" : '"' + std::string(level_name(event.level)) + '"';
    line_ += ",\"template_id\":";
  } else {
    line_ += ',';
    if (event.has_time) {
      append_time(event.time);
    }
    line_ += ',';
    line_ += event.level == Level::kUnknown ? std::string_view() : level_name(event.level);
    line_ += ',';
  }
  append_number(line_, event.template_id.value());
  line_ += json_ ? ",\"template\":" : ",";
  line_ += text;
  line_ += json_ ? ",\"parameters\":" : ",";
  append_parameters(parameters);
  line_ += json_ ? "}\n" : "\n";
  return output_.write(line_);
}

}  // namespace logdetect
