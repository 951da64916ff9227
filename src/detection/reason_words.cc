#include "detection/reason_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logdetect/detection/sentences.h"
#include "logdetect/features/quantity.h"

namespace logdetect {
namespace {

constexpr std::size_t kLongestQuote = 80;  // bytes of a value in a sentence
constexpr std::size_t kExpectedShown = 3;  // templates that were expected instead
constexpr std::size_t kLongestRun = 3;     // events of a sequence shown before this one

// Builds the reasons of one event. Lives for one call.
class Words {
 public:
  explicit Words(const ReasonContext& context)
      : schema_(context.schema),
        baseline_(context.baseline),
        ensemble_(context.ensemble),
        template_text_(context.template_text),
        input_(context.input) {}

  [[nodiscard]] Reason reason(const ReasonPart& part) const {
    Reason out;
    out.kind = part.name;
    out.feature = part.feature;
    if (part.column >= schema_.size()) {
      out.unit = "nats";
      out.observed = part.nats;
      out.sentence = "unusual combination of features (" + part.feature + ")";
      return out;
    }
    const FeatureInfo& column = schema_.columns[part.column];
    out.unit = column.unit;
    out.observed = value_of(column.name);
    const Expectation usual = baseline_.column(part.column);
    out.expected_low = usual.low;
    out.expected_high = usual.high;
    if (const std::size_t rank = Words::rank(part.name); rank < wordings.size()) {
      (this->*wordings[rank].write)(out);
    } else {
      out.sentence = column.meaning + ": " + number_words(out.observed) + usual_words(out);
    }
    return out;
  }

  static std::size_t rank(std::string_view name) {
    return static_cast<std::size_t>(
        std::find_if(wordings.begin(), wordings.end(), [&](const Wording& wording) { return wording.name == name; }) -
        wordings.begin());
  }

 private:
  static void expect(Reason& out, std::string unit, double observed, const Expectation& usual) {
    out.unit = std::move(unit);
    out.observed = observed;
    out.expected_low = usual.low;
    out.expected_high = usual.high;
  }
  // Ranges of counts are given in whole numbers.
  static Expectation whole(Expectation usual) {
    usual.low = std::max(std::floor(usual.low), 0.0);
    usual.high = std::max(std::ceil(usual.high), 0.0);
    return usual;
  }
  static std::string usual_words(const Reason& reason) {
    return " (usual: " + range_words(*reason.expected_low, *reason.expected_high) + ')';
  }
  // Window counts are kept as ln(1 + count).
  static double count_of(double value) { return std::max(std::round(std::expm1(value)), 0.0); }

  [[nodiscard]] double value_of(const std::string& column) const {
    const int index = schema_.find(column);
    return index < 0 || static_cast<std::size_t>(index) >= input_.row.size()
               ? 0.0
               : static_cast<double>(input_.row[static_cast<std::size_t>(index)]);
  }
  [[nodiscard]] std::string name(TemplateId id) const { return short_template(template_text_(id)); }
  [[nodiscard]] std::string level_words() const {
    return input_.event.level == Level::kUnknown ? std::string("lines without a level")
                                                 : std::string(level_name(input_.event.level)) + " lines";
  }

  void rarity(Reason& out) const {
    const auto trained = static_cast<double>(baseline_.events());
    const auto seen = static_cast<double>(baseline_.template_count(input_.event.template_id));
    out.unit = "records in training";
    out.observed = input_.event.is_new ? 0 : seen;
    out.expected_low.reset();
    out.expected_high.reset();
    if (out.kind == reasons::kNewTemplate) {
      out.expected_low = 1;
      out.sentence = "new template: never seen in " + number_words(trained) + " training records";
    } else {
      out.sentence = "rare template: seen " + (seen == 1 ? std::string("once") : number_words(seen) + " times") +
                     " in " + number_words(trained) + " training records";
    }
  }

  void stream(Reason& out) const {
    const StreamFacts facts = baseline_.on_stream(input_.event.group, input_.event.template_id);
    const std::string word(rate_key_word(baseline_.rate_key()));
    const std::uint64_t seen = baseline_.template_count(input_.event.template_id);
    const std::string times = seen == 1 ? "once" : number_words(static_cast<double>(seen)) + " times";
    const auto lines = static_cast<double>(facts.lines);
    out.unit = "records of the " + word + " in training";
    out.observed = static_cast<double>(facts.here);
    out.expected_low = out.expected_high = lines * static_cast<double>(seen) / static_cast<double>(baseline_.events());
    if (facts.here == 0) {
      out.sentence = "first time on this " + word + ": " + times + " on " +
                     number_words(static_cast<double>(facts.streams)) + (facts.streams == 1 ? " other" : " others") +
                     " in training";
    } else {
      out.sentence = "rare on this " + word + ": " + number_words(out.observed) + " of its " + number_words(lines) +
                     " training records (" + number_words(std::round(*out.expected_low)) +
                     " if it were like the others)";
    }
  }

  // The window this is about: the column's own, else the one with the largest burst.
  [[nodiscard]] std::int64_t burst_window(const std::string& column) const {
    if (const std::optional<std::int64_t> seconds = window_seconds(column)) {
      return *seconds;
    }
    std::int64_t best = 0;
    double strongest = -1;
    for (const FeatureInfo& info : schema_.columns) {
      const std::optional<std::int64_t> seconds = window_seconds(info.name);
      if (seconds && info.name.starts_with("burst_") && value_of(info.name) > strongest) {
        strongest = value_of(info.name);
        best = *seconds;
      }
    }
    return best;
  }

  void burst(Reason& out) const {
    const std::int64_t seconds = burst_window(out.feature);
    if (seconds == 0) {
      out.sentence = "burst: more of these than usual";
      return;
    }
    const double count = std::max(count_of(value_of("template_count_" + std::to_string(seconds) + "s")), 1.0);
    const TemplateId id = input_.event.template_id;
    expect(out, "lines in " + std::to_string(seconds) + " s", count, whole(baseline_.rate(id, seconds)));
    // A forest may point to a count because it is ordinary for this template and rare among all lines.
    out.sentence = (count > *out.expected_high ? "burst: " : "frequency: ") + number_words(count) + " of these in " +
                   number_words(static_cast<double>(seconds)) + " s" + usual_words(out);
  }

  // Templates in brackets: "[a] -> [b]".
  [[nodiscard]] std::string path(std::span<const TemplateId> templates) const {
    std::string out;
    for (const TemplateId id : templates) {
      out += (out.empty() ? "" : " -> ") + name(id);
    }
    return out;
  }

  // "sequence: normal [a] -> [b], actual [a] -> [c] -> [c] (expected: [b], [d])". A run of this event's own template is
  // shown from what went before it.
  void sequence(Reason& out) const {
    const TemplateId here = input_.event.template_id;
    const std::span<const TemplateId> before = input_.previous;
    if (before.empty()) {
      out.sentence = "sequence: an improbable place for " + name(here);
      return;
    }
    std::size_t from = before.size() - 1;
    while (from > 0 && before[from] == here && before.size() - from < kLongestRun) {
      --from;
    }
    const TemplateId start = before[from];
    std::vector<TemplateId> actual(before.begin() + static_cast<std::ptrdiff_t>(from), before.end());
    actual.push_back(here);
    std::vector<TemplateId> expected = ensemble_.expected_after(before, kExpectedShown);
    if (expected.empty()) {
      expected = baseline_.likely_after(before.back(), kExpectedShown);
    }
    std::vector<TemplateId> normal = {start};
    if (from + 1 == before.size()) {
      normal.insert(normal.end(), expected.begin(), expected.begin() + (expected.empty() ? 0 : 1));
    } else {
      const std::vector<TemplateId> likely = baseline_.likely_after(start, 1);
      normal.insert(normal.end(), likely.begin(), likely.end());
    }
    if (normal.size() < 2 || normal.back() == here) {
      out.sentence = "sequence: " + name(here) + " is improbable after " + path({&actual.front(), actual.size() - 1});
    } else {
      out.sentence = "sequence: normal " + path(normal) + ", actual " + path(actual);
    }
    std::erase(expected, here);
    if (!expected.empty() && (expected.size() > 1 || expected.front() != normal.back())) {
      std::string list;
      for (const TemplateId id : expected) {
        list += (list.empty() ? "" : ", ") + name(id);
      }
      out.sentence += " (expected: " + list + ')';
    }
  }

  void parameter(Reason& out) const {
    const TemplateId id = input_.event.template_id;
    if (out.feature == "parameter_count") {
      expect(out, "parameters", std::round(out.observed), whole({0, *out.expected_low, *out.expected_high, 0}));
      out.sentence = "the line has " + number_words(out.observed) + " parameters" + usual_words(out);
      return;
    }
    // The slot that surprises most.
    std::size_t slot = 0;
    double most = 0;
    for (std::size_t i = 0; i < input_.parameters.size(); ++i) {
      const double nats = baseline_.parameter_surprise(id, input_.parameters, i);
      if (nats > most) {
        most = nats;
        slot = i;
      }
    }
    if (most <= 0) {
      out.sentence = "a parameter has a value that is unusual for this template";
      return;
    }
    const Parameter& odd = input_.parameters[slot];
    const std::string_view text = odd.value();
    const std::string name = odd.named() ? '"' + std::string(odd.name().substr(0, kLongestQuote)) + '"'
                                         : "parameter " + std::to_string(slot + 1);
    const std::optional<Expectation> usual = baseline_.numeric_range(id, input_.parameters, slot);
    const std::optional<double> value = parse_quantity(text);
    if (!usual || !value) {
      out.sentence = name + " is \"" + std::string(text.substr(0, kLongestQuote)) +
                     "\", which training did not show or hardly ever";
      return;
    }
    const std::string unit(quantity_unit(text));
    const std::string suffix = unit.empty() ? "" : ' ' + unit;
    expect(out, unit.empty() ? "value" : unit, *value, *usual);
    out.sentence = name + " is " + number_words(*value) + suffix + " (usual: " + range_words(usual->low, usual->high) +
                   (usual->low == 0 && usual->high == 0 ? "" : suffix) + ')';
  }

  void unusual_time(Reason& out) const {
    const Micros time = input_.event.time;
    out.expected_low.reset();
    out.expected_high.reset();
    if (out.feature.starts_with("weekday")) {
      out.sentence = level_words() + " are rare on a " + std::string(weekday_name(time));
      return;
    }
    const Micros in_day = ((time % kMicrosPerDay) + kMicrosPerDay) % kMicrosPerDay;
    out.unit = "hour of day, UTC";
    out.observed = std::round(static_cast<double>(in_day) / static_cast<double>(kMicrosPerHour) * 100) / 100;
    if (const std::string own = baseline_.usual_hours(input_.event.template_id); !own.empty() && !input_.event.is_new) {
      out.sentence = "lines of this kind are usual " + own + ", here " + time_of_day(time);
      return;
    }
    const std::string hours = baseline_.usual_hours(input_.event.level);
    out.sentence = hours.empty() ? level_words() + " are rare at " + time_of_day(time)
                                 : level_words() + " are usual " + hours + ", here " + time_of_day(time);
  }

  void unusual_level(Reason& out) const {
    const Level level = input_.event.level;
    const std::string name(level_name(level));
    if (out.feature != "error_prior") {
      out.sentence = (level == Level::kUnknown ? "a line without level" : name) + " is unusual for this template";
    } else if (level >= Level::kWarning) {
      out.sentence = "a rare " + name + " line";
    } else {
      out.sentence = "its words say that something went wrong, and it is rare";
    }
  }

  void error_rate(Reason& out) const {
    const bool warnings = out.feature.starts_with("warn");
    const auto as_percent = [](double share) { return std::round(share * 1000) / 10; };
    const Expectation usual{0, as_percent(*out.expected_low), as_percent(*out.expected_high), 0};
    expect(out, "percent of lines, smoothed", as_percent(out.observed), usual);
    const std::optional<std::int64_t> seconds = window_seconds(out.feature);
    out.sentence = number_words(out.observed) + " % of the lines" +
                   (seconds ? " in " + number_words(static_cast<double>(*seconds)) + " s" : std::string()) + " are " +
                   (warnings ? "WARNING" : "ERROR or worse") + " (usual: " + range_words(usual.low, usual.high) +
                   (usual.high == 0 ? ")" : " %)");
  }

  void length(Reason& out) const {
    const double bytes = input_.event.message_bytes;
    const std::optional<Expectation> usual = baseline_.length_range(input_.event.template_id);
    if (usual) {
      expect(out, "bytes", bytes, whole(*usual));
      out.sentence = "the message has " + number_words(bytes) + " bytes" + usual_words(out);
      return;
    }
    out.unit = "bytes";
    out.observed = bytes;
    out.expected_low.reset();
    out.expected_high.reset();
    out.sentence = "a message of " + number_words(bytes) + " bytes is unusual";
  }

  void diversity(Reason& out) const {
    const std::optional<std::int64_t> seconds = window_seconds(out.feature);
    const bool fresh = out.feature.starts_with("new_templates");
    const Expectation usual{0, count_of(*out.expected_low), count_of(*out.expected_high), 0};
    expect(out, "templates", count_of(out.observed), usual);
    out.sentence =
        number_words(out.observed) + (fresh ? " templates seen for the first time" : " different templates") +
        (seconds ? " in " + number_words(static_cast<double>(*seconds)) + " s" : std::string()) + usual_words(out);
  }

  struct Wording {
    std::string_view name;
    void (Words::*write)(Reason&) const;
  };
  // The reasons that a column of a record can stand for. Those of sessions and bouts have their words in
  // session_explainer.h and bout_explainer.h.
  static const std::array<Wording, 11> wordings;

  const FeatureSchema& schema_;
  const Baseline& baseline_;
  const Ensemble& ensemble_;
  const std::function<std::string(TemplateId)>& template_text_;
  const ExplainInput& input_;
};

const std::array<Words::Wording, 11> Words::wordings = {{
    {reasons::kNewTemplate, &Words::rarity},
    {reasons::kRareTemplate, &Words::rarity},
    {reasons::kBurst, &Words::burst},
    {reasons::kSequence, &Words::sequence},
    {reasons::kParameter, &Words::parameter},
    {reasons::kUnusualTime, &Words::unusual_time},
    {reasons::kUnusualLevel, &Words::unusual_level},
    {reasons::kErrorRate, &Words::error_rate},
    {reasons::kLength, &Words::length},
    {reasons::kDiversity, &Words::diversity},
    {reasons::kUnusualStream, &Words::stream},
}};

}  // namespace

Reason make_reason(const ReasonPart& part, const ReasonContext& context) {
  return Words(context).reason(part);
}

std::size_t words_rank(std::string_view name) {
  return Words::rank(name);
}

}  // namespace logdetect
