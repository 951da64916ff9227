// Timestamps, RFC 3339, time arguments, zone files and the rules in their footers from arbitrary bytes: nothing is read
// past the end, lengths stay inside the text, what was read resolves.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lexis/time_zone.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/lexis/timestamp.h"
#include "unit/lexis/tzif_bytes.h"

namespace {

// Zones that were read are kept for the life of a program: enough of them for a run, too few to fill the memory.
constexpr int kMostZones = 20'000;
constexpr std::size_t kLongestRule = 100;

void ask_zone(std::string_view bytes) {
  using namespace logdetect;  // NOLINT(google-build-using-namespace)
  static int zones = 0;
  if (zones >= kMostZones) {
    return;
  }
  if (const auto zone = TimeZone::from_tzif(bytes); zone.ok()) {
    ++zones;
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{1'700'000'000}, std::int64_t{7'000'000'000}}) {
      (void)zone->to_utc(at);
      (void)zone->span_around(at);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  using namespace logdetect;                                               // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);  // NOLINT: bytes are bytes
  ParsedTime parsed;
  if (parse_timestamp(text, parsed)) {
    if (parsed.length == 0 || parsed.length > size) {
      std::abort();
    }
    TimeResolver resolver("+01:00", 1'700'000'000 * kMicrosPerSecond);
    (void)format_rfc3339(resolver.resolve(parsed));
    (void)resolver.resolve(parsed);
  } else if (parsed.length != 0) {
    std::abort();
  }
  Micros time = 0;
  (void)parse_time_argument(text, 0, time);
  if (const auto read = parse_rfc3339(text); read && parse_rfc3339(format_rfc3339(*read)) != read) {
    std::abort();
  }
  ask_zone(text);
  ask_zone(tzif::with_rule(text.substr(0, kLongestRule)));
  return 0;
}
