#include "logdetect/judging/session_explainer.h"

#include <algorithm>

#include "logdetect/detection/sentences.h"

namespace logdetect {
namespace {

constexpr std::size_t kMostSteps = 12;

class Words {
 public:
  Words(const SessionStatistics& statistics, const SessionState& state, const TemplateText& text)
      : statistics_(statistics), state_(state), text_(text) {}

  [[nodiscard]] Reason reason(const SessionEvidence& part) const {
    Reason out;
    out.feature = "session";
    out.observed = part.count;
    out.unit = "records in the session";
    switch (part.sign) {
      case SessionSign::kNewTemplate:
        out.kind = reasons::kNewTemplate;
        out.sentence = "the session holds " + name(part.template_id) + ", which no session of training did";
        break;
      case SessionSign::kRareTemplate:
        out.kind = reasons::kRareTemplate;
        out.unit = "sessions of training";
        out.observed = static_cast<double>(statistics_.holding(part.template_id));
        out.sentence = "the session holds " + name(part.template_id) + ", which only " + number_words(out.observed) +
                       " of " + number_words(static_cast<double>(statistics_.sessions())) + " sessions of training did";
        break;
      case SessionSign::kTooOften:
        out.kind = reasons::kRepeated;
        expect(part, out);
        out.sentence =
            name(part.template_id) + " came " + number_words(out.observed) + " times in the session" + usual(out);
        break;
      case SessionSign::kMissing:
        out.kind = reasons::kMissingStep;
        expect(part, out);
        out.sentence = "the session lacks " + name(part.template_id) + usual(out);
        break;
      case SessionSign::kTooRarely:
        out.kind = reasons::kMissingStep;
        expect(part, out);
        out.sentence = name(part.template_id) + " came only " + number_words(out.observed) +
                       (part.count == 1 ? " time" : " times") + " in the session" + usual(out);
        break;
      case SessionSign::kStep:
        out.kind = reasons::kSequence;
        out.unit = "nats";
        out.observed = static_cast<double>(state_.worst_step);
        out.sentence =
            "after " + place(state_.step_after) + " came " + name(part.template_id) + expected_after(state_.step_after);
        break;
      case SessionSign::kSlow: {
        const Micros usual = statistics_.usual_duration(state_.slow_after, part.template_id);
        out.kind = reasons::kSlow;
        out.unit = "s";
        out.observed = seconds(state_.slow_duration);
        out.expected_low = 0;
        out.expected_high = seconds(usual);
        out.sentence = "from " + name(state_.slow_after) + " to " + name(part.template_id) + " it took " +
                       number_words(out.observed) + " s (usual: at most " + number_words(seconds(usual)) + " s)";
        break;
      }
      case SessionSign::kEnd:
        out.kind = reasons::kStalled;
        out.unit = "nats";
        out.observed = part.nats;
        out.sentence = "nothing came after " + name(part.template_id) + expected_after(part.template_id);
        break;
    }
    return out;
  }

 private:
  static double seconds(Micros time) { return static_cast<double>(time) / static_cast<double>(kMicrosPerSecond); }
  [[nodiscard]] std::string name(std::uint32_t id) const { return short_template(text_(TemplateId(id))); }
  [[nodiscard]] std::string place(std::uint32_t id) const {
    return id == SessionState::kNone ? "the session's beginning" : name(id);
  }
  void expect(const SessionEvidence& part, Reason& out) const {
    const SessionStatistics::Range range = statistics_.usual_count(part.template_id);
    out.expected_low = range.low;
    out.expected_high = range.high;
  }
  [[nodiscard]] static std::string usual(const Reason& reason) {
    return " (usual: " + range_words(*reason.expected_low, *reason.expected_high) + ")";
  }
  [[nodiscard]] std::string expected_after(std::uint32_t id) const {
    std::string out;
    for (const std::uint32_t next : statistics_.likely_after(id)) {
      // "after A expected: A" explains nothing.
      if (next != id || id == SessionState::kNone) {
        out += (out.empty() ? " (expected: " : ", ") + (next == SessionState::kNone ? "its end" : name(next));
      }
    }
    return out.empty() ? out : out + ")";
  }

  const SessionStatistics& statistics_;
  const SessionState& state_;
  const TemplateText& text_;
};

}  // namespace

std::vector<Reason> explain_session(const SessionStatistics& statistics, const SessionState& state,
                                    const SessionScore& score, const TemplateText& template_text) {
  const Words words(statistics, state, template_text);
  std::vector<Reason> reasons;
  for (const SessionEvidence& part : score.parts) {
    reasons.push_back(words.reason(part));
    reasons.back().share = score.total > 0 ? part.nats / score.total : 0;
  }
  // A detector of sessions found it alone: then it is told by where it ended.
  if (reasons.empty()) {
    reasons.push_back(words.reason({SessionSign::kEnd, state.last_template, 0, 0}));
    reasons.back().share = 1;
  }
  return reasons;
}

std::string session_story(const SessionState& state, const std::string& name, const TemplateText& template_text) {
  std::string out =
      "session " + name + ": " + number_words(state.events) + (state.events == 1 ? " record: " : " records: ");
  const std::size_t shown = std::min(state.counts.size(), kMostSteps);
  for (std::size_t i = 0; i < shown; ++i) {
    const SessionCount& entry = state.counts[i];
    out += (i == 0 ? "" : ", ") + short_template(template_text(TemplateId(entry.template_id)));
    out += entry.count > 1 ? " x" + std::to_string(entry.count) : "";
  }
  return out + (shown < state.counts.size() ? ", ..." : "");
}

}  // namespace logdetect
