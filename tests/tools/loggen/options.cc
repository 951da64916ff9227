#include "loggen/options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"

namespace logdetect::loggen {
namespace {

constexpr std::array<std::string_view, kCategories> kCategoryNames = {
    "normal", "new_error", "burst", "silence", "broken_sequence", "odd_parameter", "unusual_hour", "deployment"};
constexpr std::array<std::string_view, 9> kFlags = {"--days",      "--lines",  "--format", "--seed",  "--start",
                                                    "--incidents", "--output", "--labels", "--faults"};
constexpr int kMostDays = 36'500;
constexpr std::uint64_t kFewestLines = 1000;

template <std::size_t kSize>
std::string did_you_mean(std::string_view word, const std::array<std::string_view, kSize>& names) {
  const std::string_view near = nearest_name(word, names);
  return near.empty() ? "see --help" : "did you mean " + std::string(near) + "?";
}

Error usage_error(std::string message, std::string_view flag, std::string hint = {}) {
  return make_error(ErrorCode::kUsage, std::move(message), std::string(flag), std::move(hint));
}

Result<std::uint64_t> parse_number(std::string_view flag, std::string_view text, std::uint64_t least,
                                   std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return usage_error("'" + std::string(text) + "' is not a whole number from " + std::to_string(least) + " to " +
                           std::to_string(most),
                       flag);
  }
  return value;
}

Result<Micros> parse_start(std::string_view text) {
  const std::optional<Micros> start = parse_rfc3339(text);
  if (!start || *start < 0 || *start % kMicrosPerSecond != 0) {
    return usage_error("'" + std::string(text) + "' is not a time", "--start", "write it like 2024-01-08T00:00:00Z");
  }
  return *start;
}

Result<std::vector<Category>> parse_incidents(std::string_view text) {
  std::vector<Category> kinds;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const auto found = std::find(kCategoryNames.begin() + 1, kCategoryNames.end(), name);
    if (found == kCategoryNames.end()) {
      return usage_error("no incident is called '" + std::string(name) + "'", "--incidents",
                         did_you_mean(name, kCategoryNames));
    }
    const auto kind = static_cast<Category>(found - kCategoryNames.begin());
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

Result<Format> parse_format(std::string_view text) {
  constexpr std::array<std::string_view, 3> kNames = {"iso", "syslog", "json"};
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) {
    return usage_error("no format is called '" + std::string(text) + "'", "--format", did_you_mean(text, kNames));
  }
  return static_cast<Format>(found - kNames.begin());
}

Result<void> set(Options& options, std::string_view flag, std::string_view value) {
  if (flag == "--days") {
    LD_ASSIGN(const std::uint64_t days, parse_number(flag, value, 1, kMostDays));
    options.days = static_cast<int>(days);
  } else if (flag == "--lines") {
    LD_ASSIGN(options.lines, parse_number(flag, value, kFewestLines, 1'000'000'000'000));
  } else if (flag == "--format") {
    LD_ASSIGN(options.format, parse_format(value));
  } else if (flag == "--seed") {
    LD_ASSIGN(options.seed, parse_number(flag, value, 0, UINT64_MAX));
  } else if (flag == "--start") {
    LD_ASSIGN(options.start, parse_start(value));
  } else if (flag == "--incidents") {
    LD_ASSIGN(options.incidents, parse_incidents(value));
  } else if (flag == "--output") {
    options.output = value;
  } else if (flag == "--labels") {
    options.labels = value;
  } else if (flag == "--faults") {
    options.faults = value;
  } else {
    return usage_error("unknown argument '" + std::string(flag) + "'", "", did_you_mean(flag, kFlags));
  }
  return {};
}

}  // namespace

std::string_view category_name(Category category) {
  return kCategoryNames.at(static_cast<std::size_t>(category));
}

bool is_anomalous(Category category) {
  return category != Category::kNormal && category != Category::kDeployment;
}

Result<Options> parse_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (arguments[i] == "--help" || arguments[i] == "-h") {
      options.help = true;
      return options;
    }
    const bool known = std::find(kFlags.begin(), kFlags.end(), arguments[i]) != kFlags.end();
    if (known && i + 1 == arguments.size()) {
      return usage_error("wants a value", arguments[i]);
    }
    LD_TRY(set(options, arguments[i], known ? arguments[i + 1] : std::string_view()));
  }
  return options;
}

std::string_view usage() {
  return "usage: loggen [--days 2] [--lines 20000] [--format iso|syslog|json] [--seed 42]\n"
         "              [--start 2024-01-08T00:00:00Z] [--incidents KIND,KIND...]\n"
         "              [--output LOG] [--labels CSV] [--faults CSV]\n"
         "\n"
         "Writes the log of a small web shop (gateway, auth, orders, payments, inventory, db on seven hosts): "
         "sessions\n"
         "of requests that thread the services, a daily and weekly rhythm, heartbeats, nightly jobs, stack traces.\n"
         "The same arguments give the same bytes. --output - (the default) is standard output.\n"
         "\n"
         "incidents: new_error, burst, silence, broken_sequence, odd_parameter, unusual_hour, deployment\n"
         "labels:    line,label,category for every line (1-based); a deployment is harmless and has label 0\n"
         "faults:    begin,end,name for every incident but the deployment (UTC, RFC 3339)\n";
}

}  // namespace logdetect::loggen
