#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/lexis/rfc3339.h"
#include "logdetect/parsing/header.h"

namespace logdetect {

/// One line parsed by a plan, kept readable: "time|level|host|component|pid|message".
inline std::string parsed_line(HeaderParser& parser, std::string_view line) {
  Arena arena;
  Header header;
  ParsedTime parsed;
  parser.parse(line, arena, header, parsed);
  std::string out = header.has_time ? format_rfc3339(header.time) : "-";
  for (const std::string_view part : {level_name(header.level), header.host, header.component, header.pid}) {
    out += '|';
    out += part;
  }
  return out + '|' + std::string(header.message);
}

/// The plan detect_header finds for these lines.
inline HeaderPlan plan_of(const std::vector<std::string>& lines) {
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  return detect_header(views);
}

}  // namespace logdetect
