#include "logdetect/pipeline/explain_format.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>

#include "logdetect/ingest/inputs.h"
#include "logdetect/lexis/rfc3339.h"
#include "logdetect/reading/opened_inputs.h"
#include "logdetect/reading/plan_chooser.h"
#include "pipeline/format_pattern.h"

namespace logdetect {
namespace {

using Kind = HeaderStep::Kind;

constexpr std::uint64_t kMostRecords = 200'000;
constexpr std::size_t kSample = 500;  // lines of a layout kept to compare formats on
constexpr std::size_t kMaxLineBytes = 2048;
constexpr std::size_t kValues = 3;
constexpr double kAlikeShare = 0.95;  // of the lines, so that a few stray ones do not hide a format that fits

std::string_view form_of(const HeaderStep& step) {
  switch (step.kind) {
    case Kind::kTimestamp:
      return "timestamp";
    case Kind::kToken:
    case Kind::kDottedName:
      return "token";
    case Kind::kBracketed:
      return "brackets";
    case Kind::kNameColon:
      return "name and colon";
    case Kind::kSeparator:
    case Kind::kLiteral:
      return "separator";
    case Kind::kUntilDash:
      return "up to a dash";
    case Kind::kUntilChar:
      return "up to a sign";
    case Kind::kLevelPair:
      return "level and name";
    case Kind::kPairs:
      return "key=value";
  }
  return "token";
}

std::string_view field_name(const HeaderStep& step) {
  constexpr std::string_view kNames[] = {"time", "level", "host", "component", "pid", "skip", "message"};
  return step.kind == Kind::kLevelPair ? "level" : kNames[static_cast<std::size_t>(step.field)];
}

/// What is gathered of one layout.
class LayoutFacts {
 public:
  explicit LayoutFacts(const HeaderPlan& plan) : plan_(plan) {
    out_.plan = plan.describe();
    out_.found = plan.name;
    if (plan.kind != HeaderPlan::Kind::kSteps) {
      return;  // no columns; its steps name keys
    }
    for (const HeaderStep& step : plan.steps) {
      if (step.kind == Kind::kPairs) {
        break;
      }
      out_.columns.push_back({std::string(field_name(step)), std::string(form_of(step)), 0, {}});
    }
    counts_.resize(out_.columns.size());
  }

  void add(std::string_view line, const Header& header, const ParsedTime& time,
           const std::vector<HeaderParser::Piece>& pieces) {
    ++out_.lines;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      ++counts_[i];
      std::vector<std::string>& values = out_.columns[i].values;
      const std::string value(pieces[i].value.substr(0, kMaxLineBytes));
      if (values.size() < kValues && std::find(values.begin(), values.end(), value) == values.end()) {
        values.push_back(value);
      }
      if (out_.time.empty() && header.has_time && plan_.steps[i].field == HeaderField::kTime) {
        out_.time = value;
      }
    }
    if (out_.time_read.empty() && header.has_time) {
      out_.time_read = format_rfc3339(header.time);
      out_.time_missing = time.date_missing ? "date" : time.year_missing ? "year" : "";
      out_.time_missing += time.has_zone ? "" : out_.time_missing.empty() ? "zone" : ", zone";
    }
    // Counting goes on for all lines; only what comparing needs is bounded.
    if (lines_.size() >= kSample || line.size() > kMaxLineBytes) {
      return;
    }
    lines_.emplace_back(line);
    messages_.emplace_back(header.message);
    if (header.quality == HeaderQuality::kFull) {
      if (out_.examples.size() < 2) {
        const bool plain = line.ends_with(header.message);  // not so for JSON, nor behind colours
        out_.examples.emplace_back(plain ? line.substr(0, line.size() - header.message.size()) : line, header.message);
      }
      const std::string pattern = pattern_of_line(plan_, line, pieces);
      if (!pattern.empty()) {
        ++patterns_[pattern];
      }
    }
  }

  FormatLayout finish(const std::vector<HeaderPlan>& builtin) {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      out_.columns[i].share =
          static_cast<double>(counts_[i]) / static_cast<double>(std::max<std::uint64_t>(out_.lines, 1));
    }
    for (const HeaderPlan& plan : builtin) {
      // Without a header there is nothing to compare. A format that was given is like itself.
      if (plan_.kind != HeaderPlan::Kind::kNone && plan.name != plan_.name && alike(plan) >= kAlikeShare) {
        out_.builtin.push_back(plan.name);
      }
    }
    write_down();
    return std::move(out_);
  }

 private:
  /// Share of the kept lines that `plan` reads in full and whose message is the same.
  [[nodiscard]] double alike(const HeaderPlan& plan) const {
    HeaderParser parser(plan);
    std::size_t same = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      Arena arena;
      Header header;
      ParsedTime time;
      parser.parse(lines_[i], arena, header, time);
      same += header.quality == HeaderQuality::kFull && header.message == messages_[i] ? 1 : 0;
    }
    return lines_.empty() ? 0 : static_cast<double>(same) / static_cast<double>(lines_.size());
  }

  void write_down() {
    switch (plan_.kind) {
      case HeaderPlan::Kind::kJson:
        out_.pattern = "json";
        out_.pattern_share = alike(plan_);
        return;
      case HeaderPlan::Kind::kLogfmt:
        out_.pattern = "logfmt";
        out_.pattern_share = alike(plan_);
        return;
      case HeaderPlan::Kind::kContainer:
      case HeaderPlan::Kind::kSyslog:
      case HeaderPlan::Kind::kCef:
      case HeaderPlan::Kind::kJournal:
        // Their names in the list of formats; Docker compose has none.
        out_.pattern = out_.builtin.empty() ? "auto" : out_.builtin.front();
        out_.pattern_share = alike(plan_);
        return;
      case HeaderPlan::Kind::kNone:
      case HeaderPlan::Kind::kMixed:
        out_.pattern = "none";
        out_.pattern_share = 1;
        return;
      case HeaderPlan::Kind::kSteps:
        break;
    }
    const auto best = std::max_element(patterns_.begin(), patterns_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (best == patterns_.end()) {
      out_.pattern = "none";
      out_.pattern_share = plan_.steps.empty() ? 1 : 0;
      return;
    }
    out_.pattern = best->first;
    // The pattern is checked as a user would meet it: compiled anew, and tried on the same lines.
    if (const auto plan = compile_pattern(best->first, ""); plan.ok()) {
      out_.pattern_share = alike(*plan);
      for (const std::string& line : lines_) {
        out_.yaml = out_.yaml.empty() ? format_file(best->first, line) : out_.yaml;
      }
    }
  }

  HeaderPlan plan_;
  FormatLayout out_;
  std::vector<std::uint64_t> counts_;
  std::vector<std::string> lines_;
  std::vector<std::string> messages_;
  std::map<std::string, std::size_t> patterns_;
};

/// Gathers the facts of all layouts of one input.
class Explainer {
 public:
  explicit Explainer(FormatExplanation& out) : out_(out) {}

  void add(const Record& record, const std::shared_ptr<const HeaderPlan>& plan) {
    if (plan != plan_) {
      plan_ = plan;
      parser_ = std::make_unique<HeaderParser>(*plan);
    }
    Header header;
    ParsedTime time;
    arena_.clear();
    const std::string_view line = record.text.substr(0, record.text.find('\n'));
    // What is known by its whole, not by its first line, is read whole.
    const bool whole = record.text.starts_with("{\n") || record.text.starts_with("__CURSOR=");
    const std::size_t part = parser_->trace(whole ? record.text : line, arena_, header, time, pieces_);
    ++out_.lines;
    ++(header.quality == HeaderQuality::kFull      ? out_.full
       : header.quality == HeaderQuality::kPartial ? out_.partial
                                                   : out_.bare);
    // Each part of a mixed plan is a layout of its own.
    const HeaderPlan& used = plan->parts.empty() ? *plan : plan->parts[part];
    layouts_.try_emplace(used.describe(), used).first->second.add(line, header, time, pieces_);
  }

  void finish(const std::vector<HeaderPlan>& builtin) {
    for (auto& [plan, facts] : layouts_) {
      out_.layouts.push_back(facts.finish(builtin));
    }
    std::stable_sort(out_.layouts.begin(), out_.layouts.end(),
                     [](const FormatLayout& a, const FormatLayout& b) { return a.lines > b.lines; });
  }

 private:
  FormatExplanation& out_;
  std::shared_ptr<const HeaderPlan> plan_;
  std::unique_ptr<HeaderParser> parser_;
  std::vector<HeaderParser::Piece> pieces_;
  Arena arena_;
  std::map<std::string, LayoutFacts> layouts_;
};

}  // namespace

Result<FormatExplanation> explain_format(const Config& config, const std::string& input, const RunControl& control) {
  LD_ASSIGN(const OpenedInputs opened, prepare_inputs({input}, config.ingest, nullptr));
  LD_ASSIGN(std::vector<HeaderPlan> plans, configured_plans(config.header));
  LD_ASSIGN(const std::unique_ptr<RecordSource> source, open_inputs(opened.inputs, {config.ingest}));
  PlanChooser chooser(plans, !plans.empty(), config.header.sample_lines);
  FormatExplanation out;
  out.input = input;
  out.zone = config.header.timezone;
  Explainer explainer(out);
  RecordBatch batch;
  while (true) {
    if (control.stopping()) {
      return make_error(ErrorCode::kInterrupted, "interrupted");
    }
    LD_ASSIGN(const bool more, source->next(batch, kReadWait));
    out.whole = out.lines < kMostRecords || !more;
    if (!more || !out.whole) {
      break;
    }
    if (batch.empty()) {
      continue;
    }
    const std::vector<PlanSpan> spans = chooser.plans_for(batch);
    for (std::size_t s = 0; s < spans.size(); ++s) {
      const std::size_t end = s + 1 < spans.size() ? spans[s + 1].begin : batch.size();
      for (std::size_t i = spans[s].begin; i < end; ++i) {
        explainer.add(batch.records()[i], spans[s].plan);
      }
    }
    for (const PlanNote& note : chooser.take_notes()) {
      out.notes.push_back(note_text(note, source->source_name(note.source)));
    }
  }
  if (const IngestCounters counters = source->counters(); !counters.problems.empty()) {
    return counters.problems.front();
  }
  std::vector<HeaderPlan> builtin;
  LD_ASSIGN(const std::vector<FormatSpec> formats, builtin_formats());
  for (const FormatSpec& format : formats) {
    LD_ASSIGN(HeaderPlan plan, compile_format(format));
    builtin.push_back(std::move(plan));
  }
  explainer.finish(builtin);
  return out;
}

}  // namespace logdetect
