#include "lexis/time_zone.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "lexis/civil.h"
#include "lexis/posix_zone.h"
#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/text_cursor.h"
#include "logdetect/lexis/timestamp.h"

namespace logdetect {
namespace {

constexpr std::size_t kHeaderSize = 44;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxTransitions = 4096;
constexpr std::int64_t kLastRuleYear = 2201;
// No zone is further from UTC than this, and no two changes of one zone are closer together.
constexpr std::int64_t kReach = 26LL * 3600;
constexpr std::int32_t kMaxOffset = 26 * 3600;
constexpr std::string_view kZoneDirectory = "/usr/share/zoneinfo/";

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
  return hours <= 15 && minutes <= 59;
}

/// True for names that cannot lead out of the zone directory.
bool is_safe_name(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return is_alpha(c) || is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
  return plain && !name.empty() && name.size() < 64 && name.front() != '/';
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
            read_file(std::string(kZoneDirectory) + std::string(name), kMaxFileBytes, ErrorCode::kConfig));
  return TimeZone::from_tzif(bytes);
}

bool equals_ignoring_case_of_both(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// The system's zones, sorted: "Africa/Abidjan", ... Empty where there is no zone data.
std::vector<std::string> zone_names() {
  namespace fs = std::filesystem;
  constexpr int kDeepest = 2;  // "America/Argentina/Salta"
  constexpr std::size_t kMost = 5000;
  std::vector<std::string> names;
  std::error_code ignored;
  auto entry = fs::recursive_directory_iterator(kZoneDirectory, fs::directory_options::skip_permission_denied, ignored);
  for (; !ignored && entry != fs::recursive_directory_iterator() && names.size() < kMost; entry.increment(ignored)) {
    const std::string name = entry->path().string().substr(kZoneDirectory.size());
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

}  // namespace

/// Walks through one TZif file.
class TzifReader {
 public:
  explicit TzifReader(std::string_view bytes) : bytes_(bytes) {}

  Result<TimeZone> read() {
    Counts counts;
    if (!read_header(counts)) {
      return broken("it is no TZif file");
    }
    int time_size = 4;
    if (version_ >= '2') {  // the first block only repeats the second in 32 bits
      if (!skip(block_size(counts, 4)) || !read_header(counts)) {
        return broken("its second block is cut off");
      }
      time_size = 8;
    }
    if (counts.types == 0 || counts.types > 256 || counts.transitions > kMaxTransitions) {
      return broken("its counts make no sense");
    }
    if (bytes_.size() - at_ < block_size(counts, static_cast<std::size_t>(time_size))) {
      return broken("it is cut off");
    }
    if (!read_block(counts, time_size)) {
      return broken("its transitions make no sense");
    }
    if (time_size == 8) {
      apply_footer();
    }
    return std::move(zone_);
  }

 private:
  struct Counts {
    std::size_t utc_flags = 0;
    std::size_t standard_flags = 0;
    std::size_t leap_seconds = 0;
    std::size_t transitions = 0;
    std::size_t types = 0;
    std::size_t characters = 0;
  };

  static Error broken(std::string_view what) {
    return make_error(ErrorCode::kInput, "its zone file cannot be read: " + std::string(what));
  }

  static std::size_t block_size(const Counts& n, std::size_t time_size) {
    return n.transitions * (time_size + 1) + n.types * 6 + n.characters + n.leap_seconds * (time_size + 4) +
           n.standard_flags + n.utc_flags;
  }

  bool skip(std::size_t n) {
    if (bytes_.size() - at_ < n) {
      return false;
    }
    at_ += n;
    return true;
  }

  /// Big-endian, as everything in the file. Precondition: the bytes are there.
  [[nodiscard]] std::uint64_t big_endian(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = (value << 8) | static_cast<unsigned char>(bytes_[at + i]);
    }
    return value;
  }

  bool read_header(Counts& counts) {
    if (bytes_.size() - at_ < kHeaderSize || bytes_.substr(at_, 4) != "TZif") {
      return false;
    }
    version_ = bytes_[at_ + 4];
    std::size_t* fields[] = {&counts.utc_flags,   &counts.standard_flags, &counts.leap_seconds,
                             &counts.transitions, &counts.types,          &counts.characters};
    std::size_t at = at_ + 20;
    for (std::size_t* field : fields) {
      *field = static_cast<std::size_t>(big_endian(at, 4));
      at += 4;
    }
    at_ += kHeaderSize;
    return true;
  }

  bool read_block(const Counts& counts, int time_size) {
    const std::size_t times = at_;
    const std::size_t indices = times + counts.transitions * static_cast<std::size_t>(time_size);
    const std::size_t types = indices + counts.transitions;
    const auto offset_of_type = [&](std::size_t type) {
      return static_cast<std::int32_t>(static_cast<std::uint32_t>(big_endian(types + type * 6, 4)));
    };
    zone_.first_offset_ = offset_of_type(0);
    std::int64_t previous = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < counts.transitions; ++i) {
      const std::uint64_t raw =
          big_endian(times + i * static_cast<std::size_t>(time_size), static_cast<std::size_t>(time_size));
      const std::int64_t time = time_size == 8
                                    ? static_cast<std::int64_t>(raw)
                                    : std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(raw))};
      const std::size_t type = big_endian(indices + i, 1);
      if (type >= counts.types || (i > 0 && time <= previous)) {
        return false;
      }
      previous = time;
      if (!add(time, offset_of_type(type))) {
        return false;
      }
    }
    skip(block_size(counts, static_cast<std::size_t>(time_size)));
    return std::abs(zone_.first_offset_) <= kMaxOffset;
  }

  bool add(std::int64_t time, std::int32_t offset) {
    if (offset > kMaxOffset || offset < -kMaxOffset) {
      return false;
    }
    // Times before 1900 (some files start at the big bang) only matter through the offset they leave.
    constexpr std::int64_t kEarliest = -2'208'988'800;
    constexpr std::int64_t kLatest = 253'402'300'799;  // of the year 9999: what comes later no timestamp states
    if (time < kEarliest) {
      zone_.first_offset_ = offset;
    } else if (time <= kLatest) {
      zone_.transitions_.push_back({time, offset});
    }
    return true;
  }

  /// The footer's rule holds after the last transition: it is written out year by year, so that look-up is one search.
  void apply_footer() {
    if (at_ >= bytes_.size() || bytes_[at_] != '\n') {
      return;
    }
    const std::size_t end = bytes_.find('\n', at_ + 1);
    if (end == std::string_view::npos) {
      return;
    }
    const auto rule = parse_posix_zone(bytes_.substr(at_ + 1, end - at_ - 1));
    if (!rule || !rule->has_summer) {
      return;
    }
    const std::int64_t last =
        zone_.transitions_.empty() ? std::numeric_limits<std::int64_t>::min() : zone_.transitions_.back().utc;
    const std::int64_t from = zone_.transitions_.empty() ? 1970 : civil_from_days(floor_divide(last, 86'400)).year;
    std::vector<TimeZone::Transition> more;
    for (std::int64_t year = std::max<std::int64_t>(from, 1900); year <= kLastRuleYear; ++year) {
      more.push_back({rule->summer_begins.local_time_in(year) - rule->standard_offset, rule->summer_offset});
      more.push_back({rule->summer_ends.local_time_in(year) - rule->summer_offset, rule->standard_offset});
    }
    std::sort(more.begin(), more.end(), [](const auto& a, const auto& b) { return a.utc < b.utc; });
    std::copy_if(more.begin(), more.end(), std::back_inserter(zone_.transitions_),
                 [last](const auto& transition) { return transition.utc > last; });
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  char version_ = '\0';
  TimeZone zone_;
};

Result<TimeZone> TimeZone::from_tzif(std::string_view bytes) {
  return TzifReader(bytes).read();
}

std::int32_t TimeZone::offset_at(std::int64_t utc_seconds) const {
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc_seconds,
                                      [](std::int64_t time, const Transition& t) { return time < t.utc; });
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::int64_t TimeZone::to_utc(std::int64_t local_seconds) const {
  const std::int32_t before = offset_at(local_seconds - kReach);
  const std::int32_t after = offset_at(local_seconds + kReach);
  const std::int64_t early = local_seconds - std::max(before, after);
  const std::int64_t late = local_seconds - std::min(before, after);
  if (offset_at(early) == local_seconds - early) {
    return early;
  }
  if (offset_at(late) == local_seconds - late) {
    return late;
  }
  // A gap: no clock ever showed this time.
  const auto change = std::upper_bound(transitions_.begin(), transitions_.end(), early,
                                       [](std::int64_t time, const Transition& t) { return time < t.utc; });
  return change == transitions_.end() ? early : std::min(change->utc, late);
}

TimeZone::LocalSpan TimeZone::span_around(std::int64_t local_seconds) const {
  constexpr std::int64_t kForever = std::int64_t{1} << 60;
  const std::int64_t utc = to_utc(local_seconds);
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc,
                                      [](std::int64_t time, const Transition& t) { return time < t.utc; });
  LocalSpan span;
  span.offset = after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
  span.begin = after == transitions_.begin() ? -kForever : std::prev(after)->utc + span.offset + kReach;
  span.end = after == transitions_.end() ? kForever : after->utc + span.offset - kReach;
  if (local_seconds < span.begin || local_seconds >= span.end) {
    span.begin = span.end = local_seconds;
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
    log_warning("time zone '" + std::string(name) + "' is unknown here (" + loaded.error().message +
                "); times without a zone are read as UTC");
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
    return make_error(ErrorCode::kConfig, "no time zone data on this system for '" + std::string(name) + "'", "",
                      "install tzdata, or state the zone as +HH:MM");
  }
  const std::string near = nearest_zone(name, names);
  return make_error(ErrorCode::kConfig, "unknown time zone '" + std::string(name) + "'", "",
                    near.empty() ? "give UTC, +HH:MM or a name such as Europe/Berlin" : "did you mean '" + near + "'?");
}

}  // namespace logdetect
