#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Where results go. Not thread-safe.
class Output {
 public:
  virtual ~Output() = default;
  /// Takes one or several whole records. An output may cut between two calls and nowhere else, so a reader never meets
  /// half a record. Errors: kOutputClosed when the reader went away, else kOutput.
  virtual Result<void> write(std::string_view records) = 0;
  /// Returns when everything that was written is delivered.
  virtual Result<void> flush() = 0;
  /// Ends a complete result: flushes, and puts a file in place under its name. Call once.
  virtual Result<void> commit() = 0;
  /// Ends a result that is not complete. What could be seen as it came stays and is flushed; a file that would appear
  /// at commit() never does. The same happens to such a file when neither is called.
  virtual Result<void> abandon() = 0;
};

enum class OutputMode {
  kReplace,  ///< a result that is complete at commit(), in place of what is there
  kAppend,   ///< records of a run without end, behind what is there
};

/// A row of the table of destinations; generated from the list in src/report/CMakeLists.txt.
struct OutputEntry {
  std::string_view scheme;  ///< "file", for targets that begin with "file://"
  std::string_view form;    ///< how help shows a target: "FILE"
  std::string_view summary;
  /// Format where the user names none; empty: that of --format. A destination that states one carries records one by
  /// one, so it takes only formats that stream.
  std::string_view default_format;
  /// `rest`: what follows "<scheme>://". Errors: kOutput, kUsage.
  Result<std::unique_ptr<Output>> (*open)(const std::string& rest, OutputMode mode);
  /// One text for all spellings of one place. For a regular file this is its file_identity(), which an input has too.
  std::string (*place)(const std::string& rest);
};
std::span<const OutputEntry> output_table();

/// A destination, and the place there.
struct OutputTarget {
  const OutputEntry* entry = nullptr;
  std::string rest;

  [[nodiscard]] Result<std::unique_ptr<Output>> open(OutputMode mode) const { return entry->open(rest, mode); }
  [[nodiscard]] std::string place() const { return entry->place(rest); }
};

/// "-" is standard output, "<scheme>://<rest>" the destination of that scheme, anything else a file's path; "./" in
/// front makes a path of any name. Errors: kUsage for empty text and for a scheme that `destinations` lacks, with the
/// nearest one as hint.
Result<OutputTarget> find_output(const std::string& text, std::span<const OutputEntry> destinations = output_table());

/// The scheme of a plain path, and that of "-".
inline constexpr std::string_view kFileScheme = "file";
inline constexpr std::string_view kStandardOutputScheme = "stdout";

}  // namespace logdetect
