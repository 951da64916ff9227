#include "parsing/field_list.h"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "logdetect/lexis/level.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/parsing/extra_pairs.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

// Keys shown beside the message: more are a dump, and no template is worth that many places.
constexpr std::size_t kMostKeys = 64;

bool to_number(std::string_view text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Loggers of the JavaScript world count 10 (trace) to 60 (fatal); syslog 7 (debug) to 0 (emergency).
Level level_of_number(std::string_view digits) {
  constexpr Level kByTens[] = {Level::kTrace,   Level::kDebug, Level::kInfo,
                               Level::kWarning, Level::kError, Level::kFatal};
  if (digits.size() == 2 && digits[0] >= '1' && digits[0] <= '6' && is_digit(digits[1])) {
    return kByTens[digits[0] - '1'];
  }
  return digits.size() == 1 ? level_of_syslog_number(digits) : Level::kUnknown;
}

/// A value that says something by itself: in a template's text it would make another one of every sentence.
bool is_free_text(std::string_view value) {
  return !value.empty() && value.find_first_of(" \t\n\r=\"()[]{}<>,;") != std::string_view::npos;
}

}  // namespace

void FieldList::clear() {
  fields_.clear();
  texts_.clear();
  others_ = 0;
  journal_ = false;
}

void FieldList::add(std::string_view key, std::string_view value, Kind kind) {
  fields_.push_back({texts_.copy(key), texts_.copy(value), meaning_of_key(key), kind, false});
  journal_ = journal_ || key.starts_with("__");
}

void FieldList::add_as(KeyRole role, std::string_view key, std::string_view value, Kind kind) {
  fields_.push_back({texts_.copy(key), texts_.copy(value), {role, 0}, kind, false});
}

std::string_view FieldList::value_of(std::string_view key) const {
  const auto field = std::find_if(fields_.begin(), fields_.end(), [key](const Field& f) { return f.key == key; });
  return field == fields_.end() ? std::string_view() : field->value;
}

void FieldList::replace(std::string_view key, std::string_view value) {
  const auto field = std::find_if(fields_.begin(), fields_.end(), [key](const Field& f) { return f.key == key; });
  if (field != fields_.end()) {
    field->value = texts_.copy(value);
  }
}

// What the journal notes about every entry alike, and repeats of what a header says.
bool FieldList::is_bookkeeping(const Field& field) const {
  return journal_ && (field.key.starts_with('_') || field.key.starts_with("SYSLOG_"));
}

void FieldList::add_nested(std::string_view outer, std::string_view key, std::string_view value, Kind kind) {
  char* joined = texts_.allocate(outer.size() + 1 + key.size());
  std::copy(outer.begin(), outer.end(), joined);
  joined[outer.size()] = '.';
  std::copy(key.begin(), key.end(), joined + outer.size() + 1);
  const std::string_view name(joined, outer.size() + 1 + key.size());
  fields_.push_back({name, texts_.copy(value), meaning_of_key(name), kind, false});
}

bool FieldList::has(KeyRole role) const {
  return std::any_of(fields_.begin(), fields_.end(), [role](const Field& f) { return f.meaning.role == role; });
}

bool FieldList::read_time(const Field& field, ParsedTime& parsed) {
  const std::string_view text = trim(field.value);
  if (field.kind == Kind::kNumber) {
    double value = 0;
    ParsedTime read;
    if (!to_number(text, value) || !epoch_from_number(value, read.time)) {
      return false;
    }
    read.has_zone = true;
    parsed = read;
    return true;
  }
  TimeDetails details;
  ParsedTime read;
  if (field.kind != Kind::kText || !time_reader_.read(text, read, details)) {
    return false;
  }
  parsed = read;
  return true;
}

bool FieldList::use(const Field& field, Arena& arena, Header& header, ParsedTime& parsed) {
  switch (field.meaning.role) {
    case KeyRole::kTime:
      if (!read_time(field, parsed)) {
        return false;
      }
      header.has_time = true;
      header.time = parsed.time;
      header.year_missing = parsed.year_missing;
      header.date_missing = parsed.date_missing;
      return true;
    case KeyRole::kLevel: {
      const Level named = parse_level(field.value);
      header.level = named != Level::kUnknown ? named : level_of_number(field.value);
      return header.level != Level::kUnknown;
    }
    case KeyRole::kMessage:
      if (field.kind != Kind::kText) {
        return false;
      }
      message_.assign(trim(field.value));
      return true;
    case KeyRole::kHost:
    case KeyRole::kComponent:
      if (field.kind != Kind::kText || (field.key == "stream" && !field.value.starts_with("std"))) {
        return false;
      }
      (field.meaning.role == KeyRole::kHost ? header.host : header.component) = arena.copy(field.value);
      return true;
    case KeyRole::kPid:
      header.pid = arena.copy(field.value);
      return true;
    case KeyRole::kOther:
      break;
  }
  return false;
}

std::size_t FieldList::write_header(Arena& arena, Header& header, ParsedTime& parsed,
                                    std::span<const HeaderStep> shape) {
  // Sorted by role and rank first, so that the best key for each role is tried first; what is not used is then in the
  // order in which it is written out after a second, partial sort.
  std::sort(fields_.begin(), fields_.end(), [](const Field& a, const Field& b) {
    return std::tuple(a.meaning.role, a.meaning.rank, a.key, a.value) <
           std::tuple(b.meaning.role, b.meaning.rank, b.key, b.value);
  });
  message_.clear();
  std::array<bool, kKeyRoles> taken{};
  auto rest = fields_.begin();
  for (Field& field : fields_) {
    const auto role = static_cast<std::size_t>(field.meaning.role);
    if (role < kKeyRoles && !taken[role] && use(field, arena, header, parsed)) {
      taken[role] = true;
    } else if (!is_bookkeeping(field)) {
      *rest++ = field;
    }
  }
  others_ = static_cast<std::size_t>(rest - fields_.begin());
  std::sort(fields_.begin(), rest,
            [](const Field& a, const Field& b) { return std::tie(a.key, a.value) < std::tie(b.key, b.value); });
  others_ = std::min(others_, kMostKeys);
  const std::size_t stated = message_.size();
  const bool shaped = stated == 0 && write_shape(shape);
  const std::size_t told = message_.size();
  for (const Field& field : others()) {
    if (!shaped || !field.shapes) {
      append_pair(message_, field.key, field.value, field.kind == Kind::kText && needs_quotes(field.value));
    }
  }
  header.message = arena.copy(message_);
  header.extra_bytes = told > 0 ? static_cast<std::uint32_t>(message_.size() - told) : 0;
  header.quality = taken[static_cast<std::size_t>(KeyRole::kTime)] || taken[static_cast<std::size_t>(KeyRole::kMessage)]
                       ? HeaderQuality::kFull
                       : HeaderQuality::kPartial;
  return stated;
}

// Both lists are sorted by key.
bool FieldList::write_shape(std::span<const HeaderStep> shape) {
  const std::span<Field> fields(fields_.data(), others_);
  std::size_t common = 0;
  auto field = fields.begin();
  for (const HeaderStep& step : shape) {
    field = std::find_if(field, fields.end(), [&](const Field& f) { return f.key >= step.literal; });
    common += field != fields.end() && field->key == step.literal ? 1 : 0;
  }
  if (shape.empty() || 2 * common < shape.size()) {
    return false;
  }
  field = fields.begin();
  for (const HeaderStep& step : shape) {
    field = std::find_if(field, fields.end(), [&](const Field& f) { return f.key >= step.literal; });
    const bool shown = field != fields.end() && field->key == step.literal && !is_free_text(field->value);
    append_pair(message_, step.literal, shown ? field->value : std::string_view(), false);
    if (shown) {
      field->shapes = true;
    }
  }
  return true;
}

void FieldList::append_pairs(std::string& out) {
  std::sort(fields_.begin(), fields_.end(),
            [](const Field& a, const Field& b) { return std::tie(a.key, a.value) < std::tie(b.key, b.value); });
  for (std::size_t i = 0; i < std::min(fields_.size(), kMostKeys); ++i) {
    const Field& field = fields_[i];
    append_pair(out, field.key, field.value, field.kind == Kind::kText && needs_quotes(field.value));
  }
}

std::vector<std::string_view> FieldList::other_keys() const {
  std::vector<std::string_view> keys;
  for (const Field& field : others()) {
    keys.push_back(field.key);
  }
  return keys;
}

}  // namespace logdetect
