#include "e2e/log_text.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "logdetect/base/rng.h"

namespace logdetect {
namespace {

std::string stamp(std::int64_t second, int millis) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "2024-01-%02d %02d:%02d:%02d,%03d", 15 + static_cast<int>(second / 86400),
                static_cast<int>(second / 3600 % 24), static_cast<int>(second / 60 % 60), static_cast<int>(second % 60),
                millis);
  return buffer.data();
}

std::string line(std::int64_t second, int millis, const char* level, const char* component, const std::string& text) {
  return stamp(second, millis) + " " + level + " [" + component + "] " + text + "\n";
}

std::string number(Rng& rng, std::uint64_t below) {
  return std::to_string(rng.below(below));
}

// One request: the lines that belong together, in order.
std::string request(Rng& rng, std::int64_t second) {
  constexpr std::array<const char*, 4> kPages = {"/items", "/cart", "/login", "/search"};
  const std::string id = number(rng, 1'000'000);
  std::string out = line(second, 10, "INFO", "web", "request " + id + " GET " + kPages[rng.below(4)] + " started");
  if (rng.below(3) == 0) {
    out += line(second, 120, "INFO", "auth", "session of user " + number(rng, 500) + " renewed");
  }
  out += line(second, 300, "DEBUG", "db", "query took " + number(rng, 40) + " ms, " + number(rng, 200) + " rows");
  out += line(second, 450, "INFO", "web", "request " + id + " finished with status 200 in " + number(rng, 90) + " ms");
  return out;
}

}  // namespace

std::string quiet_log(std::int64_t from, std::int64_t seconds, std::uint64_t seed) {
  Rng rng(seed);
  std::string out;
  for (std::int64_t second = from; second < from + seconds; ++second) {
    if (rng.below(2) == 0) {
      out += request(rng, second);
    }
    if (second % 60 == 0) {
      out += line(second, 900, "INFO", "cron", "housekeeping removed " + number(rng, 30) + " old sessions");
    }
    if (rng.below(400) == 0) {
      out += line(second, 950, "WARN", "cache", "cache is " + number(rng, 99) + " percent full");
    }
  }
  return out;
}

std::string odd_line(std::int64_t second, const std::string& message) {
  return line(second, 500, "ERROR", "db", message);
}

std::string bad_log(std::int64_t from, std::int64_t seconds, std::uint64_t seed) {
  const std::int64_t middle = from + seconds / 2;
  std::string out = quiet_log(from, seconds / 2, seed);
  for (int i = 0; i < kOutageLines; ++i) {
    constexpr std::array<std::string_view, 3> kMessages = {"connection pool exhausted, 0 available",
                                                           "timeout waiting for replica-2 after 5000 ms",
                                                           "giving up on statement, transaction rolled back"};
    out += odd_line(middle + i / 4, std::string(kMessages[static_cast<std::size_t>(i) % kMessages.size()]));
  }
  return out + quiet_log(middle + kOutageLines / 4, seconds - seconds / 2 - kOutageLines / 4, seed + 1);
}

}  // namespace logdetect
