#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/report/encode.h"

namespace logdetect {

/// A JSON object under construction, member by member.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    return *this;
  }
  JsonObject& number(std::string_view name, double value) {
    key(name);
    append_json_number(out_, value);
    return *this;
  }
  JsonObject& count(std::string_view name, std::uint64_t value) {
    key(name);
    append_json_number(out_, value);
    return *this;
  }
  JsonObject& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  /// `json` is written as it is.
  JsonObject& raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
    return *this;
  }
  [[nodiscard]] std::string str() const { return "{" + out_ + "}"; }

 private:
  void key(std::string_view name) {
    out_ += out_.empty() ? "" : ", ";
    append_json_string(out_, name);
    out_ += ": ";
  }
  std::string out_;
};

/// The JSON array of what `make` writes of each element.
template <typename Range, typename Make>
std::string json_array(const Range& range, Make make, std::string_view separator = ", ") {
  std::string out;
  for (const auto& element : range) {
    out.append(out.empty() ? "" : separator);
    out += make(element);
  }
  return "[" + out + "]";
}

}  // namespace logdetect
