#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/range.h"
#include "logdetect/detection/options.h"
#include "logdetect/features/options.h"
#include "logdetect/ingest/options.h"
#include "logdetect/models/detector_options.h"
#include "logdetect/models/options.h"
#include "logdetect/parsing/header.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// How a run is carried out.
struct RunOptions {
  static constexpr Range<int> kThreadsRange{0, 256};                ///< the stage in order keeps fewer busy
  static constexpr Range<double> kDaysRange{0, 36'500};             ///< a hundred years
  static constexpr Range<double> kValidationShareRange{0.01, 0.9};  ///< both parts must be worth learning from
  static constexpr std::size_t kMaxExclusions = 1000;

  int threads = 0;                   ///< 0: one per core, at most 8
  std::uint64_t seed = 42;           ///< any number will do, as long as it stays the same
  double days = 0;                   ///< train: only the last so many days of event time; 0: everything
  double validation_share = 0.2;     ///< latest part of training, kept for calibration and the threshold
  std::vector<std::string> exclude;  ///< train: patterns (matches_pattern) of messages to leave out
};

/// Every option of every room; what the table of fields fills in.
struct Config {
  RunOptions run;
  IngestOptions ingest;
  HeaderOptions header;
  MinerOptions miner;
  SessionOptions sessions;
  FeatureOptions features;
  DetectorOptions detectors;
  EnsembleOptions ensemble;
  ThresholdOptions threshold;
  IncidentOptions incidents;
};

/// Who set a value; later ones win.
enum class Origin : std::uint8_t { kDefault, kModel, kFile, kEnvironment, kFlag };

/// One row of the table of fields: everything that YAML, flags, help, range checks, `config show`, the model's copy and
/// configs/default.yaml need to know of one value.
struct FieldInfo {
  std::string_view path;       ///< "miner.similarity"
  std::string_view unit;       ///< "", "seconds", "bytes", "share", ...
  std::string_view help;       ///< one line
  std::string_view flag;       ///< "--seed", "-r,--recursive"; "--no-x" for a switch that is on; empty: none
  bool shapes_model = false;   ///< fixed by training: the model's value beats the default when scanning
  bool while_judging = false;  ///< of these, one that a run which judges may give another value
  std::string_view type;       ///< "number", "integer", "bytes", "switch", "word", "text", "list", "map"
  std::string range;           ///< "from 0 to 1", "low, medium or high"; empty: any
};
/// In the order of configs/default.yaml. Lives for the whole program.
std::span<const FieldInfo> config_fields();
/// A field that had another name once. The old path, its environment variable and its flag still set it.
struct RenamedField {
  std::string_view old_path;  ///< "streams.key"
  std::string_view path;      ///< "rates.key"
  std::string_view old_flag;  ///< "--stream-key"; empty: it had none
};
/// Lives for the whole program.
std::span<const RenamedField> renamed_fields();

/// "miner.max_children" is set by LOGDETECT_MINER_MAX_CHILDREN.
std::string environment_name(std::string_view path);

/// A configuration with the origin of each value. A value never replaces one of a stronger origin, so the order of the
/// calls does not matter. Not thread-safe.
class ConfigBuilder {
 public:
  ConfigBuilder();
  /// Applies a YAML text. `name` appears in errors as name:line:column. Errors: kConfig for an unknown key (with the
  /// nearest one), a wrong type, a value out of range; nothing is applied then.
  Result<void> apply_yaml(std::string_view text, const std::string& name, Origin origin);
  /// Reads and applies a file of at most 1 MiB.
  Result<void> apply_file(const std::string& path);
  /// Applies every LOGDETECT_<PATH> variable (dots become underscores). An unknown one is a warning in the log.
  Result<void> apply_environment();
  /// Applies one value given as text, as a flag does. `where` is the flag, for the error.
  Result<void> apply_value(std::string_view path, std::string_view text, const std::string& where, Origin origin);
  /// Applies those values of a model's stored configuration that shape the model. Errors: kModel.
  Result<void> apply_model(std::string_view yaml);

  [[nodiscard]] const Config& config() const { return config_; }
  /// The value of a field as YAML scalar or flow text, and who set it.
  [[nodiscard]] std::string value_text(std::string_view path) const;
  [[nodiscard]] Origin origin(std::string_view path) const;
  /// The whole configuration as YAML; with help as comments, and with the origin of each value.
  [[nodiscard]] std::string to_yaml(bool with_help, bool with_origin) const;
  /// What a model keeps: every value that has a part in what is learned, so not the threads and batch sizes.
  [[nodiscard]] std::string model_yaml() const;
  /// A sentence for each old name that was used, with its place and the name to use now.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  /// Who set a field, for people: "default", "logdetect.yaml:3:5", "--seed".
  [[nodiscard]] const std::string& origin_name(std::string_view path) const;

 private:
  void record(std::size_t row, Origin origin, std::string name);

  Config config_;
  std::vector<Origin> origins_;            // by row of the table
  std::vector<std::string> origin_names_;  // "file.yaml:3:5", "--seed"
  std::vector<std::string> notes_;
};

/// The formats of configs/formats, embedded at build.
Result<std::vector<FormatSpec>> builtin_formats();
/// Formats of one YAML file. Errors: kConfig with file:line:column.
Result<std::vector<FormatSpec>> load_formats(std::string_view yaml, const std::string& name);

/// "did you mean 'x'?" for a format's name that is not known, or where to look; names that hold the word count as near.
std::string suggest_format(std::string_view wanted, std::span<const std::string_view> names);

/// The plan that header.format asks for: none for "auto" (detect), the null plan for "none", else that of a built-in
/// format, of a file "*.yaml" (several formats in it are tried in their order, line by line), or of a pattern (anything
/// with a '<' in it). At most one. Errors: kConfig at "header.format" or at a place in the file.
Result<std::vector<HeaderPlan>> configured_plans(const HeaderOptions& options);

}  // namespace logdetect
