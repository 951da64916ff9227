#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "logdetect/core/run_summary.h"
#include "logdetect/parsing/header.h"
#include "logdetect/training/template_health.h"

namespace logdetect {

// The advice that training, scan and parse share: what looks wrong about a run although it worked, each with the next
// step.

/// Fewer records say little about templates: even a steady log shows a third of its kinds only once in its first
/// hundreds.
inline constexpr std::uint64_t kEnoughRecords = 1000;

/// True if a plan reads JSON or logfmt, or a format that was named: then few templates are no sign of a header that was
/// not understood.
[[nodiscard]] bool is_structured(std::span<const HeaderPlan> plans);

/// Appends what is odd about the templates of a log: one holds nearly all, most were seen once, they keep coming.
void advise_on_templates(const TemplateHealth& health, bool structured, std::vector<std::string>& out);
/// Appends what is odd about the records: headers that were not understood, records that were cut.
void advise_on_records(const RunSummary& summary, std::vector<std::string>& out);
/// How many allow rules, what about them, and the ids of the first few. Rules that are no longer needed hide what may
/// come one day.
[[nodiscard]] std::string rules_text(const std::vector<std::string>& rules, const char* what);

}  // namespace logdetect
