#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/arena.h"
#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/lexis/timestamp.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// What a header column holds.
enum class HeaderField : std::uint8_t { kTime, kLevel, kHost, kComponent, kPid, kSkip, kMessage };

/// A header format as data: configs/formats/<name>.yaml, read by the config room. `pattern` is literal text with
/// `<field>` places, in any case: <time> (also <timestamp>, <datetime>; <date>, <month>, <day>, <year>, <weekday> in
/// front of a <time> belong to it), <level> (<severity>), <host> (<hostname>, <node>), <component> (<logger>, <class>),
/// <pid>, <message> (<content>; last). Any other name is a column that is cut. A blank in the pattern matches one or
/// more blanks or tabs; "\[" is a bracket, as in an expression. Examples: "<time> <host> <component>[<pid>]:
/// <message>",
/// "<Date> <Time> <Pid> <Level> <Component>: <Content>". The other kinds need no pattern.
struct FormatSpec {
  std::string name;
  std::string summary;
  std::string kind = "pattern";  ///< "pattern", "json", "logfmt", "container", "syslog", "cef", "journal"
  std::string pattern;
  struct Sample {
    std::string line;
    std::string time;   ///< expected, RFC 3339 as read (missing year: 1970); empty: none
    std::string level;  ///< expected level_name(); empty: UNKNOWN
    std::string host;
    std::string component;
    std::string pid;
    std::string message;
  };
  std::vector<Sample> samples;  ///< at least one; a format whose samples do not parse does not load
  std::string origin;           ///< file:line, for messages
};

/// One step of cutting a header.
struct HeaderStep {
  enum class Kind : std::uint8_t {
    kTimestamp,  ///< whatever parse_timestamp accepts, brackets around it allowed; literal "day-first": 05/06 is 5 June
    kToken,      ///< up to the next blank; a group in [] counts as one token
    kBracketed,  ///< a group in brackets, blanks inside allowed; `literal` is the opening one, empty: [ or (
    kNameColon,  ///< a component, with optional [pid] or (context), ended by ':'
    kSeparator,  ///< "-", "|", ":", "--" alone
    kUntilDash,  ///< up to " - "
    kUntilChar,  ///< up to the delimiter `literal[0]`, which is skipped
    kLiteral,    ///< exactly `literal`; " " is one or more blanks or tabs
    kDottedName,  ///< a token like "org.example.Main", or one ended by ':'
    kLevelPair,   ///< a token that holds a level and a name: "[core:warn]", "app.WARNING:", "W/Tag( 12):"
    kPairs,       ///< last: "key=value" or an object at the end of the message is no part of it, but parameters
  };
  Kind kind = Kind::kToken;
  HeaderField field = HeaderField::kSkip;
  std::string literal;
};

/// How lines of a log begin: found by looking at a sample, or written in a format file. Immutable after construction;
/// kept in the model.
struct HeaderPlan {
  enum class Kind : std::uint8_t {
    kNone,
    kSteps,
    kJson,       ///< objects, Docker's json-file among them
    kLogfmt,     ///< key=value pairs
    kMixed,      ///< lines of several layouts: each is read by the first of `parts` that fits it
    kContainer,  ///< lines of Kubernetes (CRI) or docker compose
    kSyslog,     ///< RFC 5424
    kCef,        ///< CEF and LEEF
    kJournal,    ///< journalctl -o export
  };
  static constexpr std::size_t kMaxSteps = 64;
  static constexpr std::size_t kMaxParts = 8;
  static constexpr std::size_t kMaxInner = 3;  ///< plans inside one another

  Kind kind = Kind::kNone;
  std::string name = "none";  ///< "auto" or the format's name
  /// Of kJson and kLogfmt: kLiteral steps that name the keys whose pairs are the message of a line without one.
  std::vector<HeaderStep> steps;
  /// The first so many steps are columns by position: one that does not look as it should is passed over as a token,
  /// as long as the line has one of the times or levels among them. Later steps end the header where one does not fit.
  std::uint32_t columns = 0;
  bool strict = false;            ///< a line that does not fit every step does not fit at all (written formats)
  double agreement = 0;           ///< share of the sample that the plan parsed in full
  std::vector<HeaderPlan> parts;  ///< of a mixed plan, the most telling first; none of them mixed
  /// None or one: how the message is read in turn, where it is itself a line of a log (in a container's envelope, in
  /// a JSON object, behind a syslog header). What the inner line states goes before what the outer one does.
  std::vector<HeaderPlan> inner;

  void save(ByteWriter& out) const;
  static Result<HeaderPlan> load(ByteReader& in);
  /// "<time> <level> <component>: <message>" for people.
  [[nodiscard]] std::string describe() const;
};

/// Finds the plan from the first lines of a log: how steady each class of token (time, level, number, bracketed,
/// dotted, `name:`) is at each position. Where lines of different layouts are interleaved (another form of timestamp,
/// JSON beside text) the plan is mixed. Deterministic; no knowledge of any data set. Cost: O(sample bytes).
HeaderPlan detect_header(std::span<const std::string_view> sample);

/// One plan for lines of either; at most kMaxParts parts, further ones are left out.
HeaderPlan mix_plans(const HeaderPlan& first, const HeaderPlan& second);

/// Compiles a format and proves it on its samples. Errors: kConfig, at the format's origin, naming the sample.
Result<HeaderPlan> compile_format(const FormatSpec& spec);

/// Compiles a pattern given alone, as --log-format takes it. Errors: kConfig at `origin`, with the column.
Result<HeaderPlan> compile_pattern(std::string_view pattern, const std::string& origin);

/// Cuts headers by a plan. Holds scratch memory, so one parser per thread.
class HeaderParser {
 public:
  explicit HeaderParser(HeaderPlan plan);
  ~HeaderParser();
  HeaderParser(HeaderParser&&) noexcept;
  HeaderParser& operator=(HeaderParser&&) noexcept;

  /// Reads the header of one record (for a stitched record: of its first line; the message then spans the rest).
  /// A line that does not fit the plan still gets its time and level if they can be seen, with lower quality; nothing
  /// here fails. Views point into `text`; for JSON with escapes into `arena`, which must outlive `header`. `parsed`
  /// receives the timestamp before year and zone were resolved. Cost: O(|header|), no allocation for plain text lines.
  void parse(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed);

  /// What a step of the plan took of a line.
  struct Piece {
    std::string_view raw;    ///< brackets, colons and the like included
    std::string_view value;  ///< without them
  };
  /// As parse(), and tells how the line was cut: the part of a mixed plan that did it (else 0), and a piece for each
  /// step that was taken. For showing; allocates.
  std::size_t trace(std::string_view text, Arena& arena, Header& header, ParsedTime& parsed,
                    std::vector<Piece>& pieces);

  [[nodiscard]] const HeaderPlan& plan() const;
  /// Of the message of the header parsed last: so many bytes at its front are the message as the line states it; what
  /// follows is " key=value" for the other keys.
  [[nodiscard]] std::size_t stated_bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
