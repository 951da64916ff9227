#include "parsing/structured_keys.h"

#include <algorithm>
#include <array>

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

struct Entry {
  std::string_view name;  // lower case
  KeyRole role;
  std::uint8_t rank;
};

constexpr std::size_t kMaxName = 24;  // bytes of the longest name below

// The names common loggers and collectors use, the more telling first within a role.
constexpr std::array kUnsorted = {
    Entry{"@timestamp", KeyRole::kTime, 0},
    Entry{"timestamp", KeyRole::kTime, 1},
    Entry{"time", KeyRole::kTime, 2},
    Entry{"ts", KeyRole::kTime, 3},
    Entry{"datetime", KeyRole::kTime, 4},
    Entry{"asctime", KeyRole::kTime, 5},
    Entry{"@t", KeyRole::kTime, 6},
    Entry{"t.$date", KeyRole::kTime, 7},
    Entry{"eventtime", KeyRole::kTime, 8},
    Entry{"date", KeyRole::kTime, 9},
    Entry{"t", KeyRole::kTime, 10},
    Entry{"__realtime_timestamp", KeyRole::kTime, 11},
    Entry{"receivetimestamp", KeyRole::kTime, 12},
    Entry{"timemillis", KeyRole::kTime, 13},
    Entry{"timeunixnano", KeyRole::kTime, 14},
    Entry{"observedtimeunixnano", KeyRole::kTime, 15},
    Entry{"level", KeyRole::kLevel, 0},
    Entry{"log.level", KeyRole::kLevel, 1},
    Entry{"severity", KeyRole::kLevel, 2},
    Entry{"loglevel", KeyRole::kLevel, 3},
    Entry{"log_level", KeyRole::kLevel, 4},
    Entry{"levelname", KeyRole::kLevel, 5},
    Entry{"severitytext", KeyRole::kLevel, 6},
    Entry{"severity_text", KeyRole::kLevel, 7},
    Entry{"lvl", KeyRole::kLevel, 8},
    Entry{"@l", KeyRole::kLevel, 9},
    Entry{"priority", KeyRole::kLevel, 10},
    Entry{"s", KeyRole::kLevel, 11},
    Entry{"fields.level", KeyRole::kLevel, 12},
    Entry{"message", KeyRole::kMessage, 0},
    Entry{"msg", KeyRole::kMessage, 1},
    Entry{"short_message", KeyRole::kMessage, 2},
    Entry{"@m", KeyRole::kMessage, 3},
    Entry{"@mt", KeyRole::kMessage, 4},
    Entry{"log", KeyRole::kMessage, 5},
    Entry{"text", KeyRole::kMessage, 6},
    Entry{"textpayload", KeyRole::kMessage, 7},
    Entry{"body", KeyRole::kMessage, 8},
    Entry{"jsonpayload.message", KeyRole::kMessage, 9},
    Entry{"jsonpayload.msg", KeyRole::kMessage, 10},
    Entry{"fields.message", KeyRole::kMessage, 11},
    Entry{"event", KeyRole::kMessage, 12},
    Entry{"eventname", KeyRole::kMessage, 13},
    Entry{"full_message", KeyRole::kMessage, 14},
    Entry{"body.stringvalue", KeyRole::kMessage, 15},
    Entry{"event_name", KeyRole::kMessage, 16},
    Entry{"event.name", KeyRole::kMessage, 17},
    Entry{"event.action", KeyRole::kMessage, 18},
    Entry{"event_type", KeyRole::kMessage, 19},
    Entry{"eventtype", KeyRole::kMessage, 20},
    Entry{"operationname", KeyRole::kMessage, 21},
    Entry{"host", KeyRole::kHost, 0},
    Entry{"hostname", KeyRole::kHost, 1},
    Entry{"host.name", KeyRole::kHost, 2},
    Entry{"node", KeyRole::kHost, 3},
    Entry{"_hostname", KeyRole::kHost, 4},
    Entry{"logger", KeyRole::kComponent, 0},
    Entry{"log.logger", KeyRole::kComponent, 1},
    Entry{"logger_name", KeyRole::kComponent, 2},
    Entry{"loggername", KeyRole::kComponent, 3},
    Entry{"component", KeyRole::kComponent, 4},
    Entry{"service", KeyRole::kComponent, 5},
    Entry{"service.name", KeyRole::kComponent, 6},
    Entry{"module", KeyRole::kComponent, 7},
    Entry{"name", KeyRole::kComponent, 8},
    Entry{"app", KeyRole::kComponent, 9},
    Entry{"source", KeyRole::kComponent, 10},
    Entry{"syslog_identifier", KeyRole::kComponent, 11},
    Entry{"caller", KeyRole::kComponent, 12},
    Entry{"eventsource", KeyRole::kComponent, 13},
    Entry{"target", KeyRole::kComponent, 14},
    Entry{"sourcecontext", KeyRole::kComponent, 15},
    Entry{"stream", KeyRole::kComponent, 99},
    Entry{"pid", KeyRole::kPid, 0},
    Entry{"process_id", KeyRole::kPid, 1},
    Entry{"processid", KeyRole::kPid, 2},
    Entry{"process.pid", KeyRole::kPid, 3},
    Entry{"_pid", KeyRole::kPid, 4},
    Entry{"syslog_pid", KeyRole::kPid, 5},
};

constexpr auto kByLength = [] {
  auto entries = kUnsorted;
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name.size() < b.name.size(); });
  return entries;
}();

// kByLength[kStart[n]] is the first name of n bytes.
constexpr auto kStart = [] {
  std::array<std::size_t, kMaxName + 2> start{};
  for (const Entry& entry : kByLength) {
    for (std::size_t n = entry.name.size() + 1; n < start.size(); ++n) {
      ++start[n];
    }
  }
  return start;
}();

}  // namespace

KeyMeaning meaning_of_key(std::string_view key) {
  if (key.size() > kMaxName) {
    return {};
  }
  for (std::size_t i = kStart[key.size()]; i < kStart[key.size() + 1]; ++i) {
    if (equals_ignoring_case(key, kByLength[i].name)) {
      return {kByLength[i].role, kByLength[i].rank};
    }
  }
  return {};
}

}  // namespace logdetect
