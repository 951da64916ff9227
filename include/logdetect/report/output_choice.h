#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/report/format.h"
#include "logdetect/report/output.h"

namespace logdetect {

/// A format, and where what it writes goes.
struct OutputChoice {
  FormatInfo format;
  OutputTarget target;
  bool coloured = false;  ///< decided by the caller from --color, NO_COLOR and the terminal
};

/// What an --output may name.
struct OutputRules {
  std::span<const FormatInfo> formats;        ///< of the verb
  std::span<const OutputEntry> destinations;  ///< output_table(), but in tests
  std::string_view usual;                     ///< --format: for destinations without a format of their own
};

/// Reads `[FORMAT:]TARGET`. FORMAT is a name of a format; with another word in front of the colon the whole text is the
/// target (find_output()), and "./" in front makes that a file's name whatever it holds. Errors: kUsage for a format
/// that the verb, or the destination, cannot take; as of find_output().
Result<OutputChoice> read_output(const std::string& text, const OutputRules& rules);

/// Reads all of them. Errors: as above; kUsage for two that go to the same place.
Result<std::vector<OutputChoice>> read_outputs(std::span<const std::string> texts, const OutputRules& rules);

/// One of them is read by people, and so tells of the run itself.
bool for_people(std::span<const OutputChoice> outputs);

/// "text, json or csv".
std::string format_names(std::span<const FormatInfo> formats);

}  // namespace logdetect
