#include "parsing/json_line.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxDepth = 64;         // bounds the parser's stack
constexpr std::size_t kNumberBytes = 32;      // the longest 64-bit number or double
constexpr std::size_t kFirstCapacity = 4096;  // bytes; most lines are shorter

/// A scalar as text; `buffer` holds numbers.
bool scalar_text(simdjson::dom::element element, char (&buffer)[kNumberBytes], std::string_view& text,
                 FieldList::Kind& kind) {
  const auto number = [&](auto value) {
    const auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer), value);
    text = std::string_view(buffer, static_cast<std::size_t>(end - buffer));
    kind = FieldList::Kind::kNumber;
    return error == std::errc{};
  };
  switch (element.type()) {
    case simdjson::dom::element_type::STRING:
      text = element.get_string().value_unsafe();
      kind = FieldList::Kind::kText;
      return true;
    case simdjson::dom::element_type::INT64:
      return number(element.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return number(element.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE:
      return number(element.get_double().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      text = element.get_bool().value_unsafe() ? "true" : "false";
      kind = FieldList::Kind::kWord;
      return true;
    case simdjson::dom::element_type::NULL_VALUE:
      text = "null";
      kind = FieldList::Kind::kWord;
      return true;
    case simdjson::dom::element_type::ARRAY:
    case simdjson::dom::element_type::OBJECT:
      break;
  }
  return false;
}

}  // namespace

struct JsonLine::Impl {
  simdjson::dom::parser parser;
  std::vector<char> padded;
  std::size_t capacity = 0;
};

JsonLine::JsonLine() : impl_(std::make_unique<Impl>()) {}
JsonLine::~JsonLine() = default;

bool JsonLine::read(std::string_view text, FieldList& out) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') {
    return false;
  }
  Impl& impl = *impl_;
  if (impl.capacity < text.size()) {
    impl.capacity = std::max(kFirstCapacity, text.size() * 2);
    impl.padded.resize(impl.capacity + simdjson::SIMDJSON_PADDING);
    if (impl.parser.allocate(impl.capacity, kMaxDepth) != simdjson::SUCCESS) {
      impl.capacity = 0;
      return false;
    }
  }
  std::memcpy(impl.padded.data(), text.data(), text.size());
  simdjson::dom::object object;
  if (impl.parser.parse(impl.padded.data(), text.size(), false).get(object) != simdjson::SUCCESS) {
    return false;
  }
  char buffer[kNumberBytes];
  std::string_view value;
  FieldList::Kind kind = FieldList::Kind::kText;
  for (const auto& [key, element] : object) {
    if (scalar_text(element, buffer, value, kind)) {
      out.add(key, value, kind);
    } else if (simdjson::dom::object inner; element.get(inner) == simdjson::SUCCESS) {
      for (const auto& [inner_key, inner_element] : inner) {
        if (scalar_text(inner_element, buffer, value, kind)) {
          out.add_nested(key, inner_key, value, kind);
        }
      }
    }
  }
  return true;
}

}  // namespace logdetect
