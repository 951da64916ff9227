#include "logdetect/detection/incident_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "logdetect/base/hash.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr double kMostPerTemplate = 4;  // thresholds: one template alone is no more than medium, unless it is an ERROR
constexpr std::size_t kTitleColumns = 72;
constexpr std::size_t kTitleWords = 6;
constexpr std::size_t kComponentColumns = 24;
constexpr std::size_t kWordsRead = 256;  // of a template; what differs stands in front of that

// Column of the severity table.
std::size_t level_column(Level level) {
  if (level >= Level::kCritical) {
    return 3;
  }
  if (level == Level::kError) {
    return 2;
  }
  return level == Level::kWarning || level == Level::kUnknown ? 1 : 0;
}

double thresholds_above(const Verdict& verdict) {
  if (!(verdict.threshold > 0)) {
    return 1;
  }
  return std::clamp(verdict.surprise / verdict.threshold, 0.0, kMostPerTemplate);
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

bool has_letter(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return is_word_byte(c) && (c < '0' || c > '9'); });
}

// The words of a template without placeholders, marks at their ends and bare numbers.
std::vector<std::string_view> template_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < kWordsRead) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
      break;
    }
    const std::string_view token = text.substr(begin, text.find_first_of(" \t\r\n", begin) - begin);
    text.remove_prefix(begin + token.size());
    const bool placeholder = token.find('<') != std::string_view::npos && token.find('>') != std::string_view::npos;
    const auto first = std::find_if(token.begin(), token.end(), is_word_byte);
    const auto last = std::find_if(token.rbegin(), token.rend(), is_word_byte).base();
    if (!placeholder && first < last && has_letter(token)) {
      words.push_back(
          token.substr(static_cast<std::size_t>(first - token.begin()), static_cast<std::size_t>(last - first)));
    }
  }
  return words;
}

// The stretch of at most kTitleWords words with most words that `nearest` lacks; the earliest of equals.
std::vector<std::string_view> telling_words(std::string_view text, std::string_view nearest) {
  std::vector<std::string_view> words = template_words(text);
  if (words.size() <= kTitleWords) {
    return words;
  }
  const std::vector<std::string_view> normal = template_words(nearest);
  const std::unordered_set<std::string_view> known(normal.begin(), normal.end());
  std::size_t best = 0;
  std::size_t best_begin = 0;
  for (std::size_t begin = 0; begin + kTitleWords <= words.size(); ++begin) {
    std::size_t telling = 0;
    for (std::size_t i = begin; i < begin + kTitleWords; ++i) {
      telling += known.contains(words[i]) ? 0U : 1U;
    }
    if (telling > best) {
      best = telling;
      best_begin = begin;
    }
  }
  return {words.begin() + static_cast<std::ptrdiff_t>(best_begin),
          words.begin() + static_cast<std::ptrdiff_t>(best_begin + kTitleWords)};
}

// "org.apache.hadoop.DataNode" -> "DataNode" when the whole is long.
std::string_view short_component(std::string_view component) {
  if (display_width(component) <= kComponentColumns) {
    return component;
  }
  const std::size_t cut = component.find_last_of("./:\\");
  return cut == std::string_view::npos || cut + 1 == component.size() ? component : component.substr(cut + 1);
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    text += text.empty() ? "" : " ";
    text += word;
  }
  return text;
}

}  // namespace

Severity incident_severity(const Incident& incident) {
  using enum Severity;
  if (incident.deployment) {
    return kLow;
  }
  static constexpr std::array<std::array<Severity, 4>, 4> kTable = {{{kLow, kLow, kMedium, kHigh},
                                                                     {kLow, kMedium, kMedium, kHigh},
                                                                     {kMedium, kMedium, kHigh, kCritical},
                                                                     {kMedium, kHigh, kCritical, kCritical}}};
  double sum = 0;
  std::size_t column = 0;
  std::map<TemplateId, double> strangest;  // a session that ends with a template and a line of it count once
  for (const Finding& finding : incident.findings) {
    if (finding.habitual && !incident.habitual) {
      continue;  // it rode along
    }
    column = std::max(column, level_column(finding.level));
    if (finding.bout) {
      sum += thresholds_above(finding.verdict);
    } else {
      double& most = strangest[finding.template_id];
      most = std::max(most, thresholds_above(finding.verdict));
    }
  }
  for (const auto& [id, thresholds] : strangest) {
    sum += thresholds;
  }
  constexpr std::array<double, 3> kRowEnds = {2, 4, 6};  // thresholds, as in the table of incident_rules.h
  const auto row = std::upper_bound(kRowEnds.begin(), kRowEnds.end(), sum) - kRowEnds.begin();
  return kTable.at(static_cast<std::size_t>(row)).at(column);
}

std::string_view lacking(const Finding& finding) {
  if (!finding.whole_session || finding.reasons.empty()) {
    return {};
  }
  const Reason& reason = finding.reasons.front();
  if (reason.kind == reasons::kMissingStep) {
    return reason.observed > 0 ? "too few" : "missing";
  }
  return reason.kind == reasons::kStalled ? "stalled after" : "";
}

std::string incident_title(const Incident& incident) {
  if (incident.worst_finding >= incident.findings.size()) {
    return "Unusual lines";
  }
  const auto marker = std::find_if(incident.findings.begin(), incident.findings.end(),
                                   [](const Finding& finding) { return finding.deployment; });
  const bool deployed = incident.deployment && marker != incident.findings.end();
  const Finding& worst = deployed ? *marker : incident.findings[incident.worst_finding];
  const std::string_view lack = deployed ? std::string_view() : lacking(worst);
  std::string words = lack.empty() ? joined(telling_words(worst.template_text, worst.nearest_template))
                                   : joined(telling_words(worst.session_cause, {}));
  if (words.empty()) {
    // All placeholders: the first line itself says more than nothing.
    words = joined(telling_words(std::string_view(worst.message).substr(0, worst.message.find('\n')), {}));
  }
  if (words.empty()) {
    words = "unusual lines";
  }
  if (!lack.empty()) {
    words = std::string(lack) + ": " + words;
  } else if (worst.bout) {
    words = std::string(bout_name(worst.bout->kind)) + ": " + words;
  }
  const std::string_view component = short_component(worst.component);
  std::string title = component.empty() ? words : std::string(component) + ": " + words;
  if (component.empty() && title[0] >= 'a' && title[0] <= 'z') {
    title[0] = static_cast<char>(title[0] - 'a' + 'A');
  }
  return ellipsize(title, kTitleColumns);
}

}  // namespace logdetect
