#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/base/clock.h"
#include "logdetect/core/ids.h"
#include "logdetect/core/record.h"

namespace logdetect {

/// Severity of a log line, in rising order. kUnknown when the line states none.
enum class Level : std::uint8_t { kUnknown, kTrace, kDebug, kInfo, kNotice, kWarning, kError, kCritical, kFatal };
inline constexpr int kLevelCount = static_cast<int>(Level::kFatal) + 1;
[[nodiscard]] std::string_view level_name(Level level);  ///< "UNKNOWN", "TRACE", ... "FATAL"

/// How alarming a line calls itself, by its level and, where it has none or a low one, by words such as "failed".
enum class Alarm : std::uint8_t { kNone, kWarning, kError };
inline constexpr int kAlarmCount = static_cast<int>(Alarm::kError) + 1;

/// How much of a line's header was understood.
enum class HeaderQuality : std::uint8_t {
  kBare,     ///< no header found: the whole line is the message
  kPartial,  ///< some columns of the plan were found
  kFull,     ///< every column of the plan was found
};

/// What stands before the message of a record. Views point into the record, or into an arena where JSON
/// escapes had to be undone.
struct Header {
  Micros time = 0;  ///< valid if has_time
  bool has_time = false;
  bool year_missing = false;  ///< time carries the year 1970: the ordered stage supplies the real one
  bool date_missing = false;  ///< time is a time of day only
  Level level = Level::kUnknown;
  HeaderQuality quality = HeaderQuality::kBare;
  std::string_view host;
  std::string_view component;
  std::string_view pid;
  std::string_view message;
  std::uint32_t extra_bytes = 0;  ///< at the end of the message: " key=value" pairs that are parameters by name
};

/// What a masked stretch of a message looked like.
enum class MaskKind : std::uint8_t {
  kNone,    ///< a word the template leaves open
  kNumber,  ///< integer or decimal, unit or percent sign included
  kHex,
  kIp,    ///< IPv4 or IPv6 address, port included
  kHost,  ///< host name, port included
  kMac,
  kUuid,
  kPath,
  kUrl,
  kEmail,
  kTime,
  kId,      ///< word with digits in it
  kCustom,  ///< matched a mask of the user's
  kUnit,    ///< the unit behind a number, of a template's place only: parameters hold it with their number
};
[[nodiscard]] std::string_view mask_name(MaskKind kind);  ///< "<*>", "<NUM>", "<IP>", ...

/// One value a template leaves open, cut by offset while masking; or a pair of a structured line beside its message.
struct Parameter {
  std::string_view text;  ///< lives as long as the record batch; of a pair "name=value"
  MaskKind kind = MaskKind::kNone;
  std::uint16_t name_bytes = 0;  ///< of a pair: of its name and the '='; pairs stand behind the template's values

  [[nodiscard]] bool named() const { return name_bytes > 0; }
  [[nodiscard]] std::string_view name() const { return text.substr(0, named() ? name_bytes - 1U : 0U); }
  [[nodiscard]] std::string_view value() const { return text.substr(name_bytes); }
};

/// A record after parsing: which template it is an instance of, and the values it fills in. Plain numbers, so that
/// windows and detectors need no text.
struct Event {
  Micros time = 0;  ///< event time; of the previous event when the line has none
  TemplateId template_id;
  StreamId stream;
  std::uint64_t group = 0;  ///< hash of what `rates.key` names (a host, ...); 0: none
  SessionId session;        ///< invalid when the record belongs to none
  std::uint32_t message_bytes = 0;
  std::uint32_t first_parameter = 0;  ///< index into EventBatch::parameters
  std::uint16_t parameter_count = 0;
  std::uint16_t token_count = 0;
  Level level = Level::kUnknown;
  Alarm alarm = Alarm::kNone;
  bool has_time = false;        ///< the line itself carries a usable time
  bool is_new = false;          ///< the template was never seen in training
  bool begins_session = false;  ///< a delimiter line (`sessions.delimiter`)
  bool deployment = false;      ///< announces a deployment (`incidents.deploy_marker`)
};

/// The events of one record batch, index by index, with the batch they point into.
struct EventBatch {
  RecordBatch records;
  Arena arena;                  ///< text that had to be rewritten (JSON escapes)
  std::vector<Header> headers;  ///< [records.size()]; views into `records` or `arena`
  std::vector<Event> events;    ///< [records.size()]
  std::vector<Parameter> parameters;
  /// Text of each record's session, empty where it belongs to none: [records.size()]; no elements without sessions.
  std::vector<std::string_view> session_names;
};

}  // namespace logdetect
