#include "logdetect/reading/plan_chooser.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "logdetect/base/arena.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxFirstBytes = 4096;  // of a line kept until the plan is chosen
constexpr std::uint64_t kFewestToJudge = 8;   // lines looked at, to say that a format does not fit
constexpr double kFits = 0.5;                 // share of lines a known plan must read in full

// Share of the records that the plan reads in full.
double agreement(const HeaderPlan& plan, const std::vector<std::string_view>& lines) {
  if (lines.empty()) {
    return 0;
  }
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime time;
  std::size_t full = 0;
  for (const std::string_view line : lines) {
    parser.parse(line, arena, header, time);
    full += header.quality == HeaderQuality::kFull ? 1 : 0;
  }
  return static_cast<double>(full) / static_cast<double>(lines.size());
}

std::vector<std::string_view> first_lines(const RecordBatch& records, std::size_t most) {
  std::vector<std::string_view> lines;
  for (const Record& record : records.records()) {
    if (lines.size() == most) {
      break;
    }
    // An object or a journal entry is not known by its first line.
    const bool whole = record.text.starts_with("{\n") || record.text.starts_with("__CURSOR=");
    lines.push_back(record.text.substr(0, whole ? std::string_view::npos : record.text.find('\n')));
  }
  return lines;
}

}  // namespace

PlanChooser::PlanChooser(std::vector<HeaderPlan> known, bool fixed, std::size_t sample_lines, std::size_t fewest_lines)
    : fixed_(fixed), sample_lines_(sample_lines), fewest_lines_(fewest_lines) {
  for (HeaderPlan& plan : known) {
    known_.push_back(std::make_shared<const HeaderPlan>(std::move(plan)));
  }
}

std::vector<PlanSpan> PlanChooser::plans_for(const RecordBatch& records) {
  const SourceId id = records.records().front().position.source;
  Source& source = sources_[id];
  // A first batch of `watch` may be one line, which is no sample. Without a known plan it has to do.
  if (!source.plan && (fixed_ || fewest_lines_ == 0 || known_.empty())) {
    decide(source, first_lines(records, sample_lines_));
  }
  std::vector<PlanSpan> spans;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& record = records.records()[i];
    const Plan plan = source.plan ? source.plan : undecided(source, record.text);
    if (spans.empty() || spans.back().plan != plan) {
      spans.push_back({i, plan});
    }
    if (source.monitor) {
      if (auto found = source.monitor->see(record); found && !fixed_) {
        change(id, source, *std::move(found));
      }
    }
  }
  return spans;
}

void PlanChooser::decide(Source& source, const std::vector<std::string_view>& lines) {
  source.plan = choose(lines);
  source.first = {};
  source.monitor.emplace(source.plan, !fixed_);
}

PlanChooser::Plan PlanChooser::undecided(Source& source, std::string_view line) {
  source.first.emplace_back(line.substr(0, std::min(line.find('\n'), kMaxFirstBytes)));
  const std::vector<std::string_view> lines(source.first.begin(), source.first.end());
  // Until enough is seen, each record goes by what was seen so far: `watch` cannot hold lines back.
  const Plan best = best_known(lines);
  Plan plan = best ? best : known_.front();
  if (lines.size() >= fewest_lines_) {
    decide(source, lines);
  }
  return plan;
}

void PlanChooser::change(SourceId id, Source& source, LayoutMonitor::Change found) {
  notes_.push_back({id, found.line, "the header format changed; lines now read as " + found.layout});
  // In place of the plan it adds to: the next source of this kind needs both.
  const auto old = std::find(known_.begin(), known_.end(), source.plan);
  if (old != known_.end()) {
    *old = found.plan;
  }
  source.plan = std::move(found.plan);
}

PlanChooser::Plan PlanChooser::choose(const std::vector<std::string_view>& lines) {
  if (fixed_ && !known_.empty()) {
    return known_.front();
  }
  if (auto known = best_known(lines)) {
    return known;
  }
  HeaderPlan detected = detect_header(lines);
  for (const auto& plan : known_) {
    // Files without a header all look alike; and a model holds no more than kMaxPlans.
    if (known_.size() >= kMaxPlans || (plan->kind == detected.kind && plan->describe() == detected.describe())) {
      return plan;
    }
  }
  known_.push_back(std::make_shared<const HeaderPlan>(std::move(detected)));
  return known_.back();
}

PlanChooser::Plan PlanChooser::best_known(const std::vector<std::string_view>& lines) const {
  Plan chosen;
  double best = kFits;
  for (const auto& plan : known_) {
    const double share = agreement(*plan, lines);
    if (share >= best && (!chosen || share > best)) {
      best = share;
      chosen = plan;
    }
  }
  return chosen;
}

std::vector<HeaderPlan> PlanChooser::used() const {
  std::vector<Plan> plans;
  for (const auto& [id, source] : sources_) {
    if (source.plan && std::find(plans.begin(), plans.end(), source.plan) == plans.end() && plans.size() < kMaxPlans) {
      plans.push_back(source.plan);
    }
  }
  std::vector<HeaderPlan> all;
  all.reserve(plans.size());
  for (const Plan& plan : plans) {
    all.push_back(*plan);
  }
  return all;
}

std::vector<PlanNote> PlanChooser::take_notes() {
  return std::exchange(notes_, {});
}

std::vector<PlanNote> PlanChooser::misfits() const {
  std::vector<PlanNote> notes;
  for (const auto& [id, source] : sources_) {
    if (!fixed_ || !source.monitor || source.plan->kind == HeaderPlan::Kind::kNone ||
        source.monitor->looked_at() < kFewestToJudge) {
      continue;
    }
    const double share =
        static_cast<double>(source.monitor->fitting()) / static_cast<double>(source.monitor->looked_at());
    if (share < kFits) {
      notes.push_back({id, 0,
                       "only " + std::to_string(static_cast<int>(100 * share)) + " % of the lines fit the log format " +
                           source.plan->describe() + "; `logdetect formats --explain FILE` shows what does"});
    }
  }
  return notes;
}

PlannedBatch plan_batch(RecordBatch records, const RecordSource& source, PlanChooser& chooser) {
  PlannedBatch planned;
  planned.source = records.records().front().position.source;
  planned.plans = chooser.plans_for(records);
  planned.source_name = source.source_name(planned.source);
  planned.source_mtime = source.source_mtime(planned.source);
  planned.bytes_consumed = source.consumed_bytes();
  planned.records = std::move(records);
  return planned;
}

std::string note_text(const PlanNote& note, const std::string& source_name) {
  return source_name + (note.line > 0 ? ":" + std::to_string(note.line) : "") + ": " + note.text;
}

}  // namespace logdetect
