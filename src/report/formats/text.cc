#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "logdetect/base/number_text.h"
#include "logdetect/report/format.h"
#include "logdetect/report/summary_text.h"
#include "report/render.h"
#include "report/style.h"

namespace logdetect {
namespace {

constexpr std::size_t kTemplatesShown = 5;

// An incident as it will be printed; only its headline waits for the number and for the date question.
struct Card {
  Incident head;  // without findings, but for the two that span its lines
  std::string body;
  std::uint64_t place = 0;  // among all that closed, from 1; it orders cards whose times are equal or missing
};

// True when `a` deserves a place before `b`.
bool more_severe(const Card& a, const Card& b) {
  const Incident& x = a.head;
  const Incident& y = b.head;
  if (x.severity != y.severity) {
    return x.severity > y.severity;
  }
  if (x.peak_score != y.peak_score) {
    return x.peak_score > y.peak_score;
  }
  if (x.count != y.count) {
    return x.count > y.count;
  }
  return x.first != y.first ? x.first < y.first : a.place < b.place;
}

bool earlier(const Card& a, const Card& b) {
  return a.head.first != b.head.first ? a.head.first < b.head.first : a.place < b.place;
}

std::string seconds_text(double seconds) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::max(seconds, 0.0),
                                          std::chars_format::fixed, seconds < 100 ? 1 : 0);
  return std::string(buffer.data(), end) + " s";
}

// For people. Three ways: the `top` most severe incidents, in order of time, under a summary (memory: `top` cards); all
// incidents as they close, with the summary behind them; or, when findings come one by one, a block for each.
class TextWriter final : public ResultWriter {
 public:
  TextWriter(const ReportOptions& options, Output& output) : options_(options), style_(options), output_(output) {}

  Result<void> begin(const RunHeader& header) override {
    watching_ = header.command == "watch";
    detector_names_ = header.detector_names;
    return {};
  }

  Result<void> finding(const Finding& finding) override {
    const Detail detail = options_.verbose ? Detail::kFull : Detail::kBlock;
    return output_.write(finding_block(finding, {}, detector_names_, style_, detail) + '\n');
  }

  Result<void> incident(const Incident& incident) override {
    ++closed_;
    if (options_.every_finding) {
      return output_.write(incident_headline(incident, "Incident closed", style_, true) + "\n  " +
                           std::string(style_.branch) + ' ' + counted_findings(incident) + ", " +
                           style_.faint("id: " + incident.id) + "\n\n");
    }
    Card card = make_card(incident);
    if (options_.top == 0) {
      // With dates: whether the log spans days is known only at its end.
      return write_card(card, closed_, true);
    }
    cards_.push_back(std::move(card));
    std::push_heap(cards_.begin(), cards_.end(), more_severe);  // the least severe is in front
    if (cards_.size() > options_.top) {
      std::pop_heap(cards_.begin(), cards_.end(), more_severe);
      cards_.pop_back();
    }
    return {};
  }

  Result<void> end(const RunSummary& summary) override {
    LD_TRY(output_.write(totals(summary)));
    if (!cards_.empty()) {
      LD_TRY(output_.write("\n"));
    }
    const bool with_date = !summary.has_time || !same_day(summary.first_time, summary.last_time);
    std::sort(cards_.begin(), cards_.end(), earlier);
    std::size_t number = 0;
    for (const Card& card : cards_) {
      LD_TRY(write_card(card, ++number, with_date));
    }
    if (closed_ > cards_.size() && !options_.every_finding && options_.top != 0) {
      LD_TRY(output_.write(count_text(closed_ - cards_.size(), "more incident") +
                           " (lower severity): --all or --top 0 shows them\n"));
    }
    return {};
  }

 private:
  [[nodiscard]] Card make_card(const Incident& incident) const {
    Card card;
    card.place = closed_;
    card.body = incident_body(incident, style_, kTemplatesShown);
    if (options_.verbose) {
      for (const Finding& finding : incident.findings) {
        card.body += '\n' + finding_block(finding, {}, detector_names_, style_, Detail::kBlock);
      }
    }
    // What the headline needs. Findings and lists would cost memory for every card.
    card.head.id = incident.id;
    card.head.severity = incident.severity;
    card.head.first = incident.first;
    card.head.last = incident.last;
    card.head.has_time = incident.has_time;
    card.head.peak_score = incident.peak_score;
    card.head.title = incident.title;
    card.head.count = incident.count;
    if (!incident.has_time) {
      keep_line_span(incident, card.head);
    }
    return card;
  }

  // Two bare findings that carry the first and the last line, for the headline of an incident without time.
  static void keep_line_span(const Incident& incident, Incident& head) {
    for (const Finding& finding : incident.findings) {
      const std::uint64_t line = finding.position.line;
      if (head.findings.empty()) {
        head.findings.resize(2);
        head.findings[0].position.line = line;
      }
      head.findings[0].position.line = std::min(head.findings[0].position.line, line);
      head.findings[1].position.line = std::max(head.findings[1].position.line, line);
    }
  }

  Result<void> write_card(const Card& card, std::uint64_t number, bool with_date) {
    return output_.write(incident_headline(card.head, "Incident " + std::to_string(number), style_, with_date) + '\n' +
                         card.body + '\n');
  }

  [[nodiscard]] std::string totals(const RunSummary& summary) const {
    const std::string drift = drift_text(summary.drift);
    std::string out;
    if (summary.drift.state == Drift::State::kOtherLog) {
      out += drift + ".\nWhat follows says little.\n\n";  // before anything else: nothing else is worth reading
    }
    out += watching_ ? "Watched " : "Scanned ";
    out += count_text(summary.lines, "log line") + " in " + seconds_text(summary.seconds) + " (" +
           count_text(summary.templates_known, "template") + ", " + with_commas(summary.templates_new) + " new)\n";
    out += records_text(summary) + '\n';
    if (!drift.empty() && summary.drift.state != Drift::State::kOtherLog && summary.drift.unmatched_share > 0) {
      out += drift + '\n';
    }
    if (summary.anomalies == 0 && summary.incidents == 0) {
      out += "No anomalies found.\n";
    } else {
      out += "Found " +
             (summary.anomalies == 1 ? std::string("1 anomaly") : with_commas(summary.anomalies) + " anomalies") +
             (summary.sessions_anomalous > 0 ? " and " + count_text(summary.sessions_anomalous, "anomalous session")
                                             : "") +
             " in " + count_text(summary.incidents, "incident") + '\n';
    }
    std::string extras;
    append_extra(extras, summary.records_truncated, " truncated");
    append_extra(extras, summary.records_late, " late");
    append_extra(extras, summary.records_without_time, " without time");
    append_extra(extras, summary.invalid_utf8, " with invalid UTF-8");
    append_extra(extras, summary.acknowledged, " allowed by rules");
    append_extra(extras, summary.sessions_acknowledged,
                 summary.sessions_acknowledged == 1 ? " session allowed by rules" : " sessions allowed by rules");
    append_extra(extras, summary.habitual, " as often in training (--all shows them)");
    append_extra(extras, summary.inputs_skipped, summary.inputs_skipped == 1 ? " input skipped" : " inputs skipped");
    return extras.empty() ? out : out + "Note: " + extras + '\n';
  }

  static void append_extra(std::string& out, std::uint64_t count, std::string_view what) {
    if (count > 0) {
      out += (out.empty() ? "" : ", ") + with_commas(count);
      out += what;
    }
  }

  const ReportOptions options_;
  const Style style_;
  Output& output_;
  std::vector<std::string> detector_names_;
  std::vector<Card> cards_;  // a heap: the least severe in front
  std::uint64_t closed_ = 0;
  bool watching_ = false;
};

std::unique_ptr<ResultWriter> make(const ReportOptions& options, Output& output) {
  return std::make_unique<TextWriter>(options, output);
}

}  // namespace

const FormatEntry& text_entry() {
  static const FormatEntry entry{{"text", "incidents with explanations, for people", true, true}, make};
  return entry;
}

}  // namespace logdetect
