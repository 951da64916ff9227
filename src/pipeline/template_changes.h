#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "logdetect/pipeline/model_diff.h"
#include "pipeline/template_kin.h"

namespace logdetect {

/// A template of one model, as the comparison needs it.
struct ComparedTemplate {
  std::string text;
  Alarm alarm = Alarm::kNone;
  std::uint64_t count = 0;
  double dispersion = 1;  ///< variance over mean of its counts in windows of training, >= 1
};

/// How long each model observed: hours, or thousands of records. Both > 0.
struct Exposure {
  double before = 1;
  double after = 1;
};

/// A kind of message in both models.
struct ComparedKind {
  TemplateChange change;  ///< counts, rates and factor
  double dispersion = 1;  ///< the largest of its templates
};

/// Adds up the templates of each kin. The text is that of its most frequent template in the later model, else in the
/// earlier one; of equally frequent ones the last.
[[nodiscard]] std::vector<ComparedKind> compare_kinds(std::span<const ComparedTemplate> before,
                                                      std::span<const ComparedTemplate> after, std::span<const Kin> kin,
                                                      const Exposure& exposure);

/// How much busier the later log was on the whole: the median factor of the kinds with at least 20 records in both; 1
/// where fewer than five kinds can tell.
[[nodiscard]] double traffic_factor(std::span<const ComparedKind> kinds);

/// What changed, listed as ModelDiff says: new, gone, and changed in rate beyond the traffic and chance.
struct TemplateChanges {
  double traffic = 1;
  std::vector<TemplateChange> added;
  std::vector<TemplateChange> gone;
  std::vector<TemplateChange> changed;
  std::uint64_t steady = 0;
};
[[nodiscard]] TemplateChanges find_changes(std::vector<ComparedKind> kinds, const Exposure& exposure);

}  // namespace logdetect
