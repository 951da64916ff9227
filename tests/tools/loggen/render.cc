#include "loggen/render.h"

#include <array>
#include <charconv>
#include <chrono>

#include "logdetect/base/check.h"
#include "logdetect/base/hash.h"

namespace logdetect::loggen {
namespace {

constexpr std::array<std::string_view, 24> kWords = {
    "lamp",  "chair", "kettle", "boots", "tent",  "drill", "globe", "piano", "scarf", "wheel", "easel", "clock",
    "mixer", "rope",  "basin",  "quilt", "frame", "torch", "apron", "crate", "plant", "stove", "flute", "sledge"};
constexpr std::array<std::string_view, 6> kJobs = {"reindex-items", "recount-stock", "export-orders",
                                                   "rotate-keys",   "merge-users",   "rebuild-report"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

void append_padded(std::string& out, std::int64_t value, int width) {
  std::array<char, 20> digits{};
  for (int i = width - 1; i >= 0; --i) {
    digits.at(static_cast<std::size_t>(i)) = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i) {
    out += kDigits[(value >> (4 * i)) & 0xF];
  }
}

void append_date(std::string& out, Micros time, Format format) {
  const std::chrono::sys_days day{std::chrono::days(time / kMicrosPerDay)};
  const std::chrono::year_month_day date(day);
  const auto month = static_cast<unsigned>(date.month());
  const auto mday = static_cast<unsigned>(date.day());
  if (format == Format::kSyslog) {
    out += kMonths.at(month - 1);
    out += mday < 10 ? "  " : " ";
    append_number(out, mday);
    out += ' ';
  } else {
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, month, 2);
    out += '-';
    append_padded(out, mday, 2);
    out += 'T';
  }
}

void append_clock(std::string& out, Micros time) {
  const Micros seconds = time % kMicrosPerDay / kMicrosPerSecond;
  append_padded(out, seconds / 3600, 2);
  out += ':';
  append_padded(out, seconds / 60 % 60, 2);
  out += ':';
  append_padded(out, seconds % 60, 2);
}

void append_json_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
    } else {
      if (c == '"' || c == '\\') {
        out += '\\';
      }
      out += c;
    }
  }
}

// As loggers pad it, so that messages stand in a column.
std::string_view padded_level(Level level) {
  switch (level) {
    case Level::kInfo:
      return "INFO  ";
    case Level::kWarning:
      return "WARN  ";
    case Level::kFatal:
      return "FATAL ";
    default:
      return "ERROR ";
  }
}

std::string_view bare(std::string_view padded) {
  return padded.substr(0, padded.find(' '));
}

}  // namespace

void append_rfc3339(std::string& out, Micros time, bool millis) {
  append_date(out, time, Format::kIso);
  append_clock(out, time);
  if (millis) {
    out += '.';
    append_padded(out, time % kMicrosPerSecond / kMicrosPerMilli, 3);
  }
  out += 'Z';
}

Renderer::Renderer(Format format) : format_(format) {
  for (std::size_t i = 0; i < kSayCount; ++i) {
    messages_.push_back(compile(message(static_cast<Say>(i)).text));
  }
  for (const Instance& instance : instances()) {
    const std::string host(instance.host);
    const std::string service(service_name(instance.service));
    const std::uint64_t pid = 400 + hash64(host + service) % 30'000;
    std::string& origin = origins_.emplace_back();
    const bool json = format == Format::kJson;
    origin.append(json ? "\",\"host\":\"" : "").append(host);
    origin.append(json ? "\",\"service\":\"" : " ").append(service);
    origin.append(json ? "\",\"pid\":" : "[").append(std::to_string(pid)).append(json ? "" : "]: ");
  }
}

Renderer::Form Renderer::form_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Form>, 14> kForms = {{{"", Form::kNumber},
                                                                         {"hex", Form::kHex},
                                                                         {"ip", Form::kIp},
                                                                         {"money", Form::kMoney},
                                                                         {"ms", Form::kMillis},
                                                                         {"user", Form::kUser},
                                                                         {"word", Form::kWord},
                                                                         {"host", Form::kHost},
                                                                         {"job", Form::kJob},
                                                                         {"card", Form::kCard},
                                                                         {"version", Form::kVersion},
                                                                         {"flag", Form::kFlag},
                                                                         {"req", Form::kRequest},
                                                                         {"session", Form::kSession}}};
  for (const auto& [known, form] : kForms) {
    if (known == name) {
      return form;
    }
  }
  LD_CHECK(false, "a message of the catalogue names an unknown form");
}

std::vector<Renderer::Piece> Renderer::compile(std::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    Piece piece;
    const std::size_t open = text.find('{');
    piece.text = text.substr(0, open);
    if (open == std::string_view::npos) {
      pieces.push_back(piece);
      break;
    }
    const std::size_t close = text.find('}', open);
    LD_CHECK(close != std::string_view::npos, "a message of the catalogue has an open place");
    std::string_view place = text.substr(open + 1, close - open - 1);
    if (place[0] >= '0' && place[0] <= '3') {
      piece.value = static_cast<std::uint8_t>(place[0] - '0');
      place.remove_prefix(place.size() > 1 ? 2 : 1);
    }
    piece.form = form_of(place);
    pieces.push_back(piece);
    text.remove_prefix(close + 1);
  }
  return pieces;
}

void Renderer::append_value(std::string& out, const Line& line, const Piece& piece) {
  const std::int64_t value = line.values.at(piece.value);
  const auto index = static_cast<std::size_t>(value);
  switch (piece.form) {
    case Form::kText:
      break;
    case Form::kNumber:
      append_number(out, value);
      break;
    case Form::kHex:
      append_hex(out, static_cast<std::uint64_t>(value), 8);
      break;
    case Form::kIp:
      out += "10.";
      append_number(out, value >> 16 & 0xFF);
      out += '.';
      append_number(out, value >> 8 & 0xFF);
      out += '.';
      append_number(out, value & 0xFF);
      break;
    case Form::kMoney:
      append_number(out, value / 100);
      out += '.';
      append_padded(out, value % 100, 2);
      break;
    case Form::kMillis:
      append_number(out, value / kMicrosPerMilli);
      out += '.';
      append_padded(out, value / 100 % 10, 1);
      break;
    case Form::kUser:
      out += 'u';
      append_number(out, 20'000 + value);
      break;
    case Form::kWord:
      out += kWords.at(index % kWords.size());
      break;
    case Form::kHost:
      out += instances()[index % instances().size()].host;
      break;
    case Form::kJob:
      out += kJobs.at(index % kJobs.size());
      break;
    case Form::kCard:
      out += "****";
      append_padded(out, value, 4);
      break;
    case Form::kVersion:
      append_number(out, value / 1000);
      out += '.';
      append_number(out, value / 10 % 100);
      out += '.';
      append_number(out, value % 10);
      break;
    case Form::kFlag:
      out += "fraud-check-v2";
      break;
    case Form::kRequest:
      append_hex(out, line.request, 12);
      break;
    case Form::kSession:
      append_hex(out, line.session, 8);
      break;
  }
}

void Renderer::append_message(std::string& out, const Line& line) const {
  for (const Piece& piece : messages_[static_cast<std::size_t>(line.say)]) {
    out += piece.text;
    append_value(out, line, piece);
  }
}

void Renderer::append_time(std::string& out, Micros time) {
  const Micros second = time / kMicrosPerSecond;
  if (second != second_) {
    second_ = second;
    second_text_.clear();
    append_date(second_text_, time, format_);
    append_clock(second_text_, time);
  }
  out += second_text_;
  if (format_ != Format::kSyslog) {
    out += '.';
    append_padded(out, time % kMicrosPerSecond / kMicrosPerMilli, 3);
    out += 'Z';
  }
}

void Renderer::append(std::string& out, const Line& line) {
  const Message& kind = message(line.say);
  const std::string_view level = padded_level(kind.level);
  const std::string_view trace = trace_text(kind.trace);
  if (format_ == Format::kJson) {
    out += "{\"ts\":\"";
    append_time(out, line.time);
    out += "\",\"level\":\"";
    out += bare(level);
    out += origins_[line.instance];
    out += ",\"msg\":\"";
    append_message(out, line);
    out += '"';
    if (!trace.empty()) {
      out += ",\"stack\":\"";
      append_json_text(out, trace);
      out += '"';
    }
    out += "}\n";
    return;
  }
  append_time(out, line.time);
  out += ' ';
  if (format_ == Format::kIso) {
    out += level;
  }
  out += origins_[line.instance];
  if (format_ == Format::kSyslog) {
    out += bare(level);
    out += ' ';
  }
  append_message(out, line);
  out += '\n';
  if (!trace.empty()) {
    out += trace;
    out += '\n';
  }
}

}  // namespace logdetect::loggen
