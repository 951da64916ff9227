#include "lexis/time_zone.h"

#include <absl/time/internal/cctz/include/cctz/zone_info_source.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "logdetect/base/file.h"
#include "logdetect/base/hash.h"
#include "logdetect/base/log.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

namespace cctz = absl::time_internal::cctz;

constexpr std::size_t kMaxZoneFileBytes = std::size_t{1} << 20;  // the largest of tzdata has 4 KiB

// ---- Zone files ------------------------------------------------------------------------------------------------

/// Where the system keeps its zones: $TZDIR, as for the C library, or the usual place. Ends with a slash.
std::string zone_directory() {
  const char* const named = std::getenv("TZDIR");
  return named != nullptr && *named != '\0' ? std::string(named) + '/' : "/usr/share/zoneinfo/";
}

/// True if the bytes that the headers of a TZif file promise are there. cctz allocates them before it reads.
/// Source: RFC 8536, section 3.1.
bool has_promised_bytes(std::string_view bytes) {
  constexpr std::size_t kHeaderBytes = 44;
  // magic, version, 15 reserved bytes, counts
  constexpr std::size_t kVersionAt = 4;
  constexpr std::size_t kCountsAt = 20;
  // From version 2 on a second block follows, with times of 64 bits.
  for (const std::uint64_t time_bytes : {std::uint64_t{4}, std::uint64_t{8}}) {
    if (bytes.size() < kHeaderBytes) {
      return false;
    }
    // UTC flags, standard flags, leap seconds, changes, types, letters of the names
    const std::array<std::uint64_t, 6> entry_bytes = {1, 1, time_bytes + 4, time_bytes + 1, 6, 1};
    std::uint64_t promised = kHeaderBytes;
    for (std::size_t i = 0; i < entry_bytes.size(); ++i) {
      std::uint64_t count = 0;  // big-endian
      for (std::size_t k = 0; k < 4; ++k) {
        count = (count << 8) | static_cast<unsigned char>(bytes[kCountsAt + i * 4 + k]);
      }
      promised += count * entry_bytes.at(i);
    }
    if (promised > bytes.size()) {
      return false;
    }
    if (bytes[kVersionAt] == '\0') {
      return true;
    }
    bytes.remove_prefix(promised);
  }
  return true;
}

/// Hands cctz the bytes of a file.
class ZoneBytes : public cctz::ZoneInfoSource {
 public:
  explicit ZoneBytes(std::string_view bytes) : left_(bytes) {}
  std::size_t Read(void* out, std::size_t size) override {  // NOLINT(readability-identifier-naming): cctz's names
    const std::size_t taken = std::min(size, left_.size());
    std::memcpy(out, left_.data(), taken);
    left_.remove_prefix(taken);
    return taken;
  }
  int Skip(std::size_t offset) override {  // NOLINT(readability-identifier-naming)
    left_.remove_prefix(std::min(offset, left_.size()));
    return 0;
  }

 private:
  std::string_view left_;
};

// cctz asks for a zone's bytes by a function without context, in the thread that loads the zone.
thread_local std::string_view bytes_to_load;

std::unique_ptr<cctz::ZoneInfoSource> open_bytes_to_load(
    const std::string& /*name*/,
    const std::function<std::unique_ptr<cctz::ZoneInfoSource>(const std::string&)>& /*by_name*/) {
  return std::make_unique<ZoneBytes>(bytes_to_load);
}

// ---- Names -----------------------------------------------------------------------------------------------------

bool is_offset_name(std::string_view name, std::int32_t& seconds) {
  if (name.size() < 3 || (name.front() != '+' && name.front() != '-')) {
    return false;
  }
  std::string digits;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == ':' && i == 3) {
      continue;
    }
    if (!is_digit(name[i])) {
      return false;
    }
    digits += name[i];
  }
  if (digits.size() != 2 && digits.size() != 4) {
    return false;
  }
  const int hours = digit_value(digits[0]) * 10 + digit_value(digits[1]);
  const int minutes = digits.size() == 4 ? digit_value(digits[2]) * 10 + digit_value(digits[3]) : 0;
  seconds = (hours * 60 + minutes) * 60 * (name.front() == '-' ? -1 : 1);
  return hours <= 15 && minutes <= 59;  // as the offsets in timestamps: Kiribati is 14 hours ahead
}

/// True for names that cannot lead out of the zone directory.
bool is_safe_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
  constexpr std::size_t kMostNameBytes = 63;  // the longest of tzdata has 32
  return plain && !name.empty() && name.size() <= kMostNameBytes && name.front() != '/';
}

Result<TimeZone> load_time_zone(std::string_view name) {
  std::int32_t offset = 0;
  if (name.empty() || equals_ignoring_case(name, "utc") || name == "Z" || name == "GMT") {
    return TimeZone();
  }
  if (is_offset_name(name, offset)) {
    return TimeZone(offset);
  }
  if (!is_safe_name(name)) {
    return make_error(ErrorCode::kConfig, "no such zone");
  }
  LD_ASSIGN(const std::string bytes,
            read_file(zone_directory() + std::string(name), kMaxZoneFileBytes, ErrorCode::kConfig));
  return TimeZone::from_tzif(bytes);
}

bool equals_ignoring_case_of_both(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// The system's zones, sorted: "Africa/Abidjan", ... Empty where there is no zone data.
std::vector<std::string> zone_names() {
  namespace fs = std::filesystem;
  constexpr int kDeepest = 2;               // "America/Argentina/Salta"
  constexpr std::size_t kMostNames = 5000;  // tzdata has 600
  const std::string directory = zone_directory();
  std::vector<std::string> names;
  std::error_code ignored;
  auto entry = fs::recursive_directory_iterator(directory, fs::directory_options::skip_permission_denied, ignored);
  for (; !ignored && entry != fs::recursive_directory_iterator() && names.size() < kMostNames;
       entry.increment(ignored)) {
    const std::string name = entry->path().string().substr(directory.size());
    if (!is_upper(name[0]) || entry.depth() >= kDeepest) {
      entry.disable_recursion_pending();  // "posix" and "right" repeat all zones
    }
    if (is_upper(name[0]) && !entry->is_directory(ignored)) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The zone that was probably meant; empty if none comes to mind.
std::string nearest_zone(std::string_view name, const std::vector<std::string>& names) {
  for (const std::string& known : names) {
    const std::string_view city = std::string_view(known).substr(known.rfind('/') + 1);
    if (equals_ignoring_case_of_both(known, name) || equals_ignoring_case_of_both(city, name)) {
      return known;
    }
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return std::string(nearest_name(name, views));
}

// ---- Zones -----------------------------------------------------------------------------------------------------

using Moment = cctz::time_point<cctz::seconds>;
// The zero of Unix time.
constexpr cctz::civil_second kCivilEpoch(1970, 1, 1, 0, 0, 0);

Moment moment_of(std::int64_t utc_seconds) {
  return Moment(cctz::seconds(utc_seconds));
}

}  // namespace

TimeZone::TimeZone(std::int32_t offset_seconds) {
  if (offset_seconds != 0) {
    zone_ = cctz::fixed_time_zone(cctz::seconds(offset_seconds));
  }
}

Result<TimeZone> TimeZone::from_tzif(std::string_view bytes) {
  const Error broken = make_error(ErrorCode::kInput, "its zone file is broken");
  if (!has_promised_bytes(bytes)) {
    return broken;
  }
  // cctz keeps every zone by its name for ever, so the name tells the content. It locks too, but as Debian builds it
  // ThreadSanitizer cannot see that.
  static std::mutex loading;
  const std::lock_guard lock(loading);
  TimeZone out;
  bytes_to_load = bytes;
  const bool loaded = cctz::load_time_zone("tzif-" + to_hex(hash128(bytes)), &out.zone_);
  bytes_to_load = {};
  if (!loaded) {
    return broken;
  }
  return out;
}

std::int32_t TimeZone::offset_at(std::int64_t utc_seconds) const {
  return zone_.lookup(moment_of(utc_seconds)).offset;
}

std::int64_t TimeZone::to_utc(std::int64_t local_seconds) const {
  return cctz::convert(kCivilEpoch + local_seconds, zone_).time_since_epoch().count();
}

TimeZone::LocalSpan TimeZone::span_around(std::int64_t local_seconds) const {
  constexpr std::int64_t kForever = std::int64_t{1} << 60;
  const std::int64_t utc = to_utc(local_seconds);
  LocalSpan span{-kForever, kForever, offset_at(utc)};
  if (utc + span.offset_seconds != local_seconds) {
    return {local_seconds, local_seconds, span.offset_seconds};  // skipped
  }
  // A change goes from one local time to another. What clocks show twice belongs to the time before the change.
  cctz::time_zone::civil_transition change;
  if (zone_.prev_transition(moment_of(utc + 1), &change)) {
    span.begin = std::max(change.from, change.to) - kCivilEpoch;
  }
  if (zone_.next_transition(moment_of(utc), &change)) {
    span.end = change.from - kCivilEpoch;
  }
  return span;
}

std::shared_ptr<const TimeZone> find_time_zone(std::string_view name) {
  // Zones are immutable and few; remembering also those that are missing keeps it to one warning each.
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const TimeZone>, std::less<>> zones;
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) {
    return found->second;
  }
  auto loaded = load_time_zone(name);
  if (!loaded) {
    log_warning(fmt::format("time zone '{}' is unknown here ({}); times without a zone are read as UTC", name,
                            loaded.error().message));
  }
  auto zone = std::make_shared<const TimeZone>(loaded ? std::move(loaded).value() : TimeZone());
  zones.emplace(std::string(name), zone);
  return zone;
}

Result<void> check_time_zone(std::string_view name) {
  if (load_time_zone(name).ok()) {
    return {};
  }
  const std::vector<std::string> names = zone_names();
  if (names.empty()) {
    return make_error(ErrorCode::kConfig, fmt::format("no time zone data on this system for '{}'", name), "",
                      "install tzdata, or state the zone as +HH:MM");
  }
  const std::string near = nearest_zone(name, names);
  return make_error(
      ErrorCode::kConfig, fmt::format("unknown time zone '{}'", name), "",
      near.empty() ? "give UTC, +HH:MM or a name such as Europe/Berlin" : fmt::format("did you mean '{}'?", near));
}

}  // namespace logdetect

// cctz takes this definition instead of its own, which reads files by name.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace time_internal::cctz_extension {
ZoneInfoSourceFactory zone_info_source_factory = logdetect::open_bytes_to_load;
}  // namespace time_internal::cctz_extension
ABSL_NAMESPACE_END
}  // namespace absl
