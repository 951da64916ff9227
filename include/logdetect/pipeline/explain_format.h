#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/config/config.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// One column of a header.
struct FormatColumn {
  std::string field;                ///< "time", "level", ...; "skip": cut, but not kept
  std::string form;                 ///< how it is cut: "timestamp", "token", "brackets", ...
  double share = 0;                 ///< of the layout's lines that have it
  std::vector<std::string> values;  ///< at most 3 different ones
};

/// Lines that are cut the same way.
struct FormatLayout {
  std::string plan;                  ///< HeaderPlan::describe()
  std::string found;                 ///< "auto", or the name of the format that was given
  std::vector<std::string> builtin;  ///< built-in formats that cut these lines alike
  std::uint64_t lines = 0;
  std::vector<FormatColumn> columns;
  std::string time;          ///< a timestamp as written; empty: none
  std::string time_read;     ///< the same as RFC 3339
  std::string time_missing;  ///< "year", "date", "zone" it does not state, separated by commas
  std::string pattern;       ///< for --log-format: the same cut, written down
  double pattern_share = 0;  ///< of the lines looked at that it cuts alike
  std::string yaml;          ///< the same as a format file; empty where a name says it all
  std::vector<std::pair<std::string, std::string>> examples;  ///< header and message
};

struct FormatExplanation {
  std::string input;
  std::uint64_t lines = 0;  ///< records looked at
  bool whole = true;        ///< false: only the beginning of the input was
  std::uint64_t full = 0;
  std::uint64_t partial = 0;
  std::uint64_t bare = 0;
  std::string zone;                   ///< of times that state none
  std::vector<FormatLayout> layouts;  ///< by number of lines
  std::vector<std::string> notes;
};

/// Says how the headers of one input are understood. Looks at its first 200,000 records. Errors: kInput, kConfig.
Result<FormatExplanation> explain_format(const Config& config, const std::string& input, const RunControl& control);

}  // namespace logdetect
