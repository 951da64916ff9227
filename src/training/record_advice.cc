#include "logdetect/training/record_advice.h"

#include <algorithm>

#include "logdetect/base/number_text.h"
#include "logdetect/report/summary_text.h"

namespace logdetect {
namespace {

// A log has rare lines of its own; when all but one in a hundred are of one kind, nothing was told apart.
constexpr double kNearlyAll = 0.99;
// Many logs have a long tail of lines seen once. It is a sign of values taken for words only if there are hardly more
// lines than templates: 2,000 lines of an ordinary log still have a dozen and more a template. Where values are taken
// for words in a part of the lines only, growth tells.
constexpr std::uint64_t kFewestTemplates = 100;
constexpr double kMostlySingletons = 0.5;
constexpr std::uint64_t kRecordsPerTemplate = 8;
// Kinds of lines run out: exponents of logs that are parsed well lie below 0.6, of values taken for words near 1.
constexpr double kLinearGrowth = 0.8;
constexpr std::uint64_t kGrownTemplates = 500;
// A few stray lines (banners, output of other programs) are in every log.
constexpr double kManyBare = 0.2;
constexpr double kManyTruncated = 0.01;
constexpr std::uint64_t kFewestTruncated = 10;

}  // namespace

bool is_structured(std::span<const HeaderPlan> plans) {
  return std::any_of(plans.begin(), plans.end(), [](const HeaderPlan& plan) {
    return plan.kind == HeaderPlan::Kind::kJson || plan.kind == HeaderPlan::Kind::kLogfmt ||
           (plan.name != "auto" && plan.name != "none");
  });
}

void advise_on_templates(const TemplateHealth& health, bool structured, std::vector<std::string>& out) {
  if (health.records >= kEnoughRecords && share_of(health.largest, health.records) >= kNearlyAll && !structured) {
    out.push_back(percent_text(share_of(health.largest, health.records)) +
                  " of the records fell into one template: the header was probably not understood; `logdetect formats "
                  "--explain FILE` shows what was made of it, --log-format names the layout");
  }
  const bool singletons = health.templates >= kFewestTemplates &&
                          health.records < kRecordsPerTemplate * health.templates &&
                          share_of(health.singletons, health.templates) > kMostlySingletons;
  if (singletons) {
    out.push_back(
        percent_text(share_of(health.singletons, health.templates)) +
        " of the templates were seen once: some part that varies is not masked; look at `logdetect parse` and "
        "add it under miner.masks in the configuration");
  }
  if (health.templates + health.evicted >= kGrownTemplates && health.growth > kLinearGrowth && !singletons) {
    out.emplace_back(
        "templates keep coming as steadily as at the beginning: some part that varies is not masked; look at the rare "
        "ones in `logdetect parse` and add it under miner.masks in the configuration");
  }
  if (health.evicted > 0) {
    out.push_back(std::to_string(health.evicted) + " rare templates (" + std::to_string(health.evicted_records) +
                  " records) were dropped to stay within miner.max_templates; mask what varies, or raise it");
  }
}

std::string rules_text(const std::vector<std::string>& rules, const char* what) {
  constexpr std::size_t kNamed = 5;  // ids, so that the sentence stays one line
  std::string out = std::to_string(rules.size()) + (rules.size() == 1 ? " allow rule " : " allow rules ") + what + ": ";
  for (std::size_t i = 0; i < std::min(rules.size(), kNamed); ++i) {
    out += (i == 0 ? "" : ", ") + rules[i];
  }
  out += rules.size() > kNamed ? " and " + std::to_string(rules.size() - kNamed) + " more" : "";
  return out + "; `logdetect ack --list` shows them, `ack --undo RULE` takes one back";
}

void advise_on_records(const RunSummary& summary, std::vector<std::string>& out) {
  const double bare = share_of(summary.records_bare, summary.records);
  if (summary.records >= kEnoughRecords && bare > kManyBare) {
    out.push_back(
        percent_text(bare) +
        " of the records do not begin as the others do, so their header was not understood: `logdetect formats "
        "--explain FILE` shows what was made of it, --log-format names the layout");
  }
  const double truncated = share_of(summary.records_truncated, summary.records);
  if (summary.records_truncated >= kFewestTruncated && truncated > kManyTruncated) {
    out.push_back(percent_text(truncated) +
                  " of the records were longer than the limit and lost their end: raise ingest.max_line_bytes, or "
                  "ingest.stitch_max_lines and ingest.stitch_max_bytes for records of several lines");
  }
}

}  // namespace logdetect
