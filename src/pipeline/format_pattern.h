#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/parsing/header.h"

namespace logdetect {

/// One line's header written as a pattern for --log-format: its pieces become fields, what stands between them text.
/// Empty if the line was not cut by every step. Cost: O(header).
[[nodiscard]] std::string pattern_of_line(const HeaderPlan& plan, std::string_view line,
                                          const std::vector<HeaderParser::Piece>& pieces);

/// A format file with this pattern and one line as its sample; empty if the pattern does not read the line.
[[nodiscard]] std::string format_file(const std::string& pattern, const std::string& line);

}  // namespace logdetect
