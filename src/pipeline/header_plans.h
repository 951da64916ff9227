#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/file.h"
#include "logdetect/config/config.h"
#include "logdetect/ingest/source.h"
#include "logdetect/parsing/header.h"
#include "logdetect/pipeline/control.h"
#include "pipeline/line_parser.h"

namespace logdetect {

inline constexpr std::size_t kMaxPlans = 16;  ///< header plans of one run, and of one model

/// Says for each source which header plan it follows, from its first records: the known plan that reads most of them in
/// full (at least half), else one detected from them. Deterministic. Not thread-safe.
class PlanChooser {
 public:
  /// `known`: plans to try first. `fixed`: the first of them, whatever the lines look like.
  /// `fewest_lines`: with fewer records at hand the best known plan is used and the choice left open (`watch`).
  PlanChooser(std::vector<HeaderPlan> known, bool fixed, std::size_t sample_lines, std::size_t fewest_lines = 0);

  /// The plan of the batch's source; `records` must not be empty and holds records of one source.
  std::shared_ptr<const HeaderPlan> plan_for(const RecordBatch& records);
  /// Plans in use, in order of first use.
  [[nodiscard]] std::vector<HeaderPlan> used() const;

 private:
  std::shared_ptr<const HeaderPlan> choose(const RecordBatch& records);
  /// The known plan that reads most of the lines in full, if it reads half of them; else null.
  [[nodiscard]] std::shared_ptr<const HeaderPlan> best_known(const std::vector<std::string_view>& lines) const;

  std::vector<std::shared_ptr<const HeaderPlan>> known_;
  std::vector<std::shared_ptr<const HeaderPlan>> used_;
  std::map<SourceId, std::shared_ptr<const HeaderPlan>> by_source_;
  bool fixed_;
  std::size_t sample_lines_;
  std::size_t fewest_lines_;
};

/// The plans the user asked for: none for "auto" (detect), the null plan for "none", else the named format or file.
/// Errors: kConfig for an unknown name, with the nearest one.
Result<std::vector<HeaderPlan>> configured_plans(const HeaderOptions& options);

/// Expands and opens inputs. Standard input and other things that can be read only once are copied to an unlinked
/// temporary file when `reread` is not null (it may stop the copying); `spool` keeps that alive.
struct OpenedInputs {
  std::vector<Input> inputs;
  std::vector<FileDescriptor> spool;
  std::vector<Error> problems;  ///< arguments that name nothing; the run goes on with the others
};
Result<OpenedInputs> prepare_inputs(const std::vector<std::string>& arguments, const IngestOptions& options,
                                    const RunControl* reread);

}  // namespace logdetect
