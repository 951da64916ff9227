#include "cli/model_diff_text.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include "cli/value_text.h"
#include "logdetect/base/number_text.h"
#include "logdetect/base/text.h"
#include "logdetect/lexis/rfc3339.h"

namespace logdetect {
namespace {

constexpr std::size_t kFactWidth = 12;
constexpr std::size_t kNumberWidth = 11;
constexpr std::size_t kRatesWidth = 18;   // "0.59 -> 3.08"
constexpr std::size_t kFactorWidth = 10;  // "x 5.19"
constexpr std::size_t kLeastTextWidth = 30;

std::string alarm_mark(Alarm alarm) {
  return alarm == Alarm::kError ? "error" : (alarm == Alarm::kWarning ? "warn" : "");
}

std::string rate_text(double rate) {
  // Three digits.
  return fixed_text(rate, rate < 10 ? 2 : (rate < 100 ? 1 : 0));
}

std::string detectors_text(const ModelFacts& facts) {
  std::string out;
  for (const auto& [name, weight] : facts.detectors) {
    out += (out.empty() ? "" : ", ") + escape_for_terminal(name) + " (weight " + fixed_text(weight, 2) + ")";
  }
  return out;
}

std::string sessions_text(const ModelFacts& facts) {
  if (facts.sessions == 0) {
    return "none";
  }
  const std::string key = facts.session_key.empty() ? "" : ", key " + escape_for_terminal(facts.session_key);
  return count_text(facts.sessions, "session") + key + ", threshold " + fixed_text(facts.session_threshold, 2) +
         " nats";
}

std::string span_text(const ModelFacts& facts) {
  if (!facts.has_time) {
    return "no timestamps";
  }
  return format_rfc3339(facts.first) + " - " + format_rfc3339(facts.last) + " (" + fixed_text(facts.hours, 1) +
         " h without gaps)";
}

// One line where both models agree, else one for each.
std::string fact(std::string_view name, const std::string& before, const std::string& after) {
  const std::string head = aligned_left(std::string(name), kFactWidth);
  if (before == after) {
    return head + before + "\n";
  }
  return head + "- " + before + "\n" + std::string(kFactWidth, ' ') + "+ " + after + "\n";
}

std::string facts_text(const ModelDiff& diff) {
  const auto both = [&](std::string_view name, const std::function<std::string(const ModelFacts&)>& text) {
    return fact(name, text(diff.a), text(diff.b));
  };
  std::string out = both("Model", [](const ModelFacts& facts) {
    return escape_for_terminal(facts.path) + (facts.id.empty() ? "" : " (" + facts.id + ")");
  });
  out += both("Training", [](const ModelFacts& facts) {
    return count_text(facts.records, "record") + " of " + count_text(facts.lines, "line") + ", " +
           count_text(facts.templates, "template");
  });
  out += both("Span", span_text);
  out += both("Header", [](const ModelFacts& facts) { return escape_for_terminal(facts.header); });
  out += both("Threshold", [](const ModelFacts& facts) { return fixed_text(facts.threshold, 3) + " nats"; });
  out += both("Detectors", detectors_text);
  out += both("Sessions", sessions_text);
  if (diff.config.empty()) {
    return out + "Settings    no difference\n";
  }
  for (std::size_t i = 0; i < diff.config.size(); ++i) {
    const ValueChange& change = diff.config[i];
    out += (i == 0 ? "Settings    " : std::string(kFactWidth, ' ')) + change.path + ": " +
           escape_for_terminal(change.before) + " -> " + escape_for_terminal(change.after) + "\n";
  }
  return out;
}

// A table of templates; `numbers` gives its number columns.
std::string table(const std::string& title, const std::string& columns, std::span<const TemplateChange> changes,
                  const DiffLayout& layout, const std::function<std::string(const TemplateChange&)>& numbers) {
  const std::size_t shown = layout.top == 0 || layout.all ? changes.size() : std::min(layout.top, changes.size());
  std::string out = "\n" + title + "\n";
  if (shown > 0) {
    // "error" or "warn" stands between the columns and the text.
    out += columns + "         TEMPLATE\n";
  }
  for (const TemplateChange& change : changes.first(shown)) {
    std::string row = numbers(change) + "  " + aligned_left(alarm_mark(change.alarm), 5) + "  ";
    // A narrow terminal still shows kLeastTextWidth columns of the text.
    const std::size_t room = std::max(layout.width, row.size() + kLeastTextWidth) - row.size();
    out += row + ellipsize(escape_for_terminal(change.text), room) + "\n";
  }
  if (shown < changes.size()) {
    out += "  and " + with_commas(changes.size() - shown) + " more; --top 0 or --all shows all\n";
  }
  return out;
}

std::string column(std::string_view text) {
  return aligned_right(std::string(text), kNumberWidth);
}

Json facts_json(const ModelFacts& facts) {
  Json object = {{"path", facts.path},
                 {"model_id", facts.id},
                 {"records", facts.records},
                 {"lines", facts.lines},
                 {"templates", facts.templates}};
  if (facts.has_time) {
    object["first_time"] = format_rfc3339(facts.first);
    object["last_time"] = format_rfc3339(facts.last);
  }
  object["hours"] = facts.hours;
  object["header"] = facts.header;
  object["threshold"] = facts.threshold;
  object["detectors"] = Json::array();
  for (const auto& [name, weight] : facts.detectors) {
    object["detectors"].push_back({{"name", name}, {"weight", weight}});
  }
  object["session_key"] = facts.session_key;
  object["sessions"] = facts.sessions;
  object["session_threshold"] = facts.session_threshold;
  return object;
}

Json changes_json(const std::vector<TemplateChange>& changes) {
  // "factor" is null for a template that only one of the models has.
  Json rows = Json::array();
  for (const TemplateChange& change : changes) {
    rows.push_back(
        {{"template", change.text},
         {"alarm", change.alarm == Alarm::kNone ? "none" : (change.alarm == Alarm::kError ? "error" : "warning")},
         {"count_before", change.before},
         {"count_after", change.after},
         {"rate_before", change.before_rate},
         {"rate_after", change.after_rate},
         {"factor", change.factor > 0 ? Json(change.factor) : Json()},
         {"p_value", change.p_value},
         {"chance", change.chance}});
  }
  return rows;
}

}  // namespace

std::string diff_text(const ModelDiff& diff, const DiffLayout& layout) {
  const std::uint64_t gone = diff.surely_gone();
  const std::uint64_t chance = diff.gone.size() - gone;
  const std::string_view unit = diff.per_hour ? "PER HOUR" : "PER 1,000";
  std::string out = count_text(gone, "template") + " gone, " + with_commas(diff.added.size()) + " new, " +
                    with_commas(diff.changed.size()) + " changed in rate; " + with_commas(diff.steady) + " as before" +
                    (chance > 0 ? ", " + with_commas(chance) + " too rare to say that they are gone" : "") + "\n\n";
  out += facts_text(diff);
  out += table("New (" + with_commas(diff.added.size()) + ")", column("COUNT") + column(unit), diff.added, layout,
               [](const TemplateChange& change) {
                 return column(with_commas(change.after)) + column(rate_text(change.after_rate));
               });
  // The templates that are surely gone come first.
  const std::span<const TemplateChange> all_gone(diff.gone);
  const std::string note = chance == 0  ? ""
                           : layout.all ? ", then " + with_commas(chance) + " too rare to say"
                                        : "; --all: " + with_commas(chance) + " more, too rare to say";
  out += table("Gone (" + with_commas(gone) + note + ")", column("COUNT") + column(unit),
               layout.all ? all_gone : all_gone.first(gone), layout, [](const TemplateChange& change) {
                 return column(with_commas(change.before)) + column(rate_text(change.before_rate));
               });
  out +=
      table("Changed in rate (" + with_commas(diff.changed.size()) + "; traffic as a whole: x " +
                fixed_text(diff.traffic, 2) + ")",
            column("BEFORE") + column("AFTER") + aligned_right(std::string(unit), kRatesWidth) +
                aligned_right("FACTOR", kFactorWidth),
            diff.changed, layout, [](const TemplateChange& change) {
              // Two or three digits that mean something.
              const int decimals = change.factor < 0.1 ? 4 : (change.factor < 10 ? 2 : 0);
              return column(with_commas(change.before)) + column(with_commas(change.after)) +
                     aligned_right(rate_text(change.before_rate) + " -> " + rate_text(change.after_rate), kRatesWidth) +
                     aligned_right("x " + fixed_text(change.factor, decimals), kFactorWidth);
            });
  return out;
}

Json diff_json(const ModelDiff& diff) {
  Json config = Json::array();
  for (const ValueChange& change : diff.config) {
    config.push_back({{"path", change.path}, {"before", change.before}, {"after", change.after}});
  }
  return {{"before", facts_json(diff.a)},
          {"after", facts_json(diff.b)},
          {"rate_unit", diff.per_hour ? "per hour" : "per 1,000 records"},
          {"traffic_factor", diff.traffic},
          {"gone_count", diff.surely_gone()},
          {"new_count", diff.added.size()},
          {"changed_count", diff.changed.size()},
          {"steady_count", diff.steady},
          {"new", changes_json(diff.added)},
          {"gone", changes_json(diff.gone)},
          {"changed", changes_json(diff.changed)},
          {"config", std::move(config)}};
}

}  // namespace logdetect
