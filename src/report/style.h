#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "logdetect/base/clock.h"
#include "logdetect/core/finding.h"
#include "logdetect/report/options.h"

namespace logdetect {

/// How the text output looks: glyphs, colours, width. Log text goes through log_text() or quoted() and nothing else, so
/// that it cannot reach a terminal raw. Thread-safe.
class Style {
 public:
  explicit Style(const ReportOptions& options);

  /// `raw` escaped, at most `columns` wide, with an ellipsis when cut; kWhole cuts nothing. Plain style: ASCII only.
  [[nodiscard]] std::string log_text(std::string_view raw, std::size_t columns) const;
  /// The same between double quotes, which count.
  [[nodiscard]] std::string quoted(std::string_view raw, std::size_t columns) const;
  /// Columns left on a line after `used`, never less than 20.
  [[nodiscard]] std::size_t left(std::size_t used) const;

  [[nodiscard]] std::string severity_tag(Severity severity) const;  ///< "[CRITICAL]", coloured
  [[nodiscard]] std::string strong(std::string_view text) const;
  [[nodiscard]] std::string faint(std::string_view text) const;

  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

  std::string_view dash;    ///< between two times
  std::string_view branch;  ///< before the first line under an incident
  std::string_view bullet;
  std::string_view times;  ///< as in "3 x"
  std::string rule;        ///< a line across a block

 private:
  [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const;

  bool coloured_;
  bool plain_;
  std::size_t width_;
};

std::string score_text(double score);      ///< "0.89"; never rounded up to 1
std::string clock_text(Micros time);       ///< "03:42:15", UTC
std::string date_clock_text(Micros time);  ///< "2024-01-15 03:42:15", UTC
bool same_day(Micros a, Micros b);         ///< in UTC

/// The line ends in a JSON object.
bool holds_object(std::string_view line);

/// What to show of a finding in one line: the first line of its record from where its template's words begin, so that
/// the header in front is left out when the message can be found; of a JSON or logfmt line, no other keys
/// behind it. Of a session that is over, its story. A view into finding.message.
std::string_view headline(const Finding& finding);

}  // namespace logdetect
