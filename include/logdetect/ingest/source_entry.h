#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/ingest/options.h"
#include "logdetect/ingest/source.h"

namespace logdetect {

/// An option of a source, given behind the name: "follow:app.log?rotate_wait=60". It is a number when it has a unit,
/// else a word of `words`, else any text.
struct SourceOption {
  std::string_view name;
  std::string_view unit;    ///< "s"
  std::string_view preset;  ///< its value when none is given
  std::string_view help;    ///< one line, ending with what a larger value does
  double least = 0;         ///< of a number
  double most = 0;
  std::vector<std::string_view> words = {};
};

/// Values of a source's options, checked against its entry.
class SourceOptions {
 public:
  /// `entry_options` must outlive this.
  explicit SourceOptions(std::span<const SourceOption> entry_options = {}) : options_(entry_options) {}

  /// Takes a value. Errors: kUsage, with what fits, for an unknown name, a wrong value, or another value than before.
  Result<void> set(std::string_view name, std::string_view value);
  /// Takes the values that `other` (of the same entry) was given. Errors: as set().
  Result<void> merge(const SourceOptions& other);

  /// The value of a declared option, or its preset.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;

 private:
  [[nodiscard]] const SourceOption* find(std::string_view name) const;

  std::span<const SourceOption> options_;
  std::map<std::string, std::string, std::less<>> given_;
};

/// One thing to be read.
struct Input {
  std::string path;              ///< what its scheme opens; "-" for standard input
  std::string name;              ///< as shown to people; "<stdin>" for standard input
  bool named_explicitly = true;  ///< false: found through a glob or directory, so binary files are skipped quietly
  std::string scheme = "file";
  bool once = false;                        ///< a pipe or the like: its bytes come only once
  std::string identity = {};                ///< inputs with the same one are the same thing; empty: unlike all others
  SourceOptions options = SourceOptions();  ///< as given behind the name
};

/// What the user typed, taken apart.
struct SourceName {
  std::string scheme;
  std::string target;   ///< what follows the scheme and is no option
  std::string typed;    ///< the whole word
  bool stated = false;  ///< the scheme was typed, not guessed
  SourceOptions options;
};

/// Where a live input begins that the cursor does not know.
enum class SourceStart : std::uint8_t { kBegin, kEnd };

/// How inputs are read.
struct OpenOptions {
  IngestOptions ingest;
  SourceStart start = SourceStart::kEnd;
  std::string cursor = {};               ///< where to go on, as RecordSource::cursor() gave it; empty: nothing is known
  const Clock* clock = &system_clock();  ///< outlives the source
};

/// A kind of source. Adding one is adding a file under src/ingest/sources/ that exports `<scheme>_source_entry()`, and
/// its scheme to the list in src/ingest/CMakeLists.txt.
struct SourceEntry {
  std::string_view scheme;   ///< lower-case letters, digits, '+', '-', '.'; two letters at least
  std::string_view summary;  ///< one line for `logdetect help sources`
  bool live = false;         ///< goes on until finish(): for watch; else it ends: for the other verbs
  std::vector<SourceOption> options = {};
  /// Appends the inputs that a name stands for. Null: a name is one input. Errors: kInput, kUsage.
  Result<void> (*resolve)(const SourceName& name, const IngestOptions& options, std::vector<Input>& out) = nullptr;
  /// Opens inputs of this scheme, at least one, as one source; the ids in its records are their indices. `options` are
  /// those of all the inputs, `how.cursor` is what this source's own cursor() gave.
  Result<std::unique_ptr<RecordSource>> (*open)(std::vector<Input> inputs, const SourceOptions& options,
                                                const OpenOptions& how) = nullptr;
};

/// All kinds of sources, in the order of the list in CMakeLists.txt, from which the table is generated.
[[nodiscard]] std::span<const SourceEntry> source_table();
/// The entry of a scheme, or null.
[[nodiscard]] const SourceEntry* find_source(std::string_view scheme);

}  // namespace logdetect
