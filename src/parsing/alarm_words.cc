#include "parsing/alarm_words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "parsing/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kLongestWord = 48;

// Beginnings that alone carry the meaning, whatever the ending.
constexpr std::array<std::string_view, 33> kStems = {
    "abort",    "broke",    "cannot",   "can't",     "corrupt", "couldn't", "crash",    "deadlock", "denied",
    "emergen",  "error",    "exceeded", "exception", "exhaust", "fail",     "fatal",    "illegal",  "invalid",
    "mismatch", "overflow", "panic",    "premature", "refus",   "reject",   "segfault", "timeout",  "unable",
    "unavail",  "unexpect", "unreach",  "unrecover", "violat",  "unhandled"};
// Whole words: as beginnings they would also start harmless ones.
constexpr std::array<std::string_view, 17> kWords = {"alert", "bad",    "critical", "dead",  "dropped",   "err",
                                                     "fault", "hung",   "killed",   "leak",  "lost",      "missing",
                                                     "oom",   "severe", "stale",    "stuck", "terminated"};
constexpr std::array<std::string_view, 5> kEndings = {"error", "exception", "failure", "failed", "fault"};

// A word in lower case without punctuation around it, in a buffer of its own.
struct Lowered {
  std::array<char, kLongestWord> letters{};
  std::size_t length = 0;
  [[nodiscard]] std::string_view view() const { return {letters.data(), length}; }
};

Lowered lower(std::string_view word) {
  while (!word.empty() && !is_letter(word.front())) {
    word.remove_prefix(1);
  }
  while (!word.empty() && !is_letter(word.back())) {
    word.remove_suffix(1);
  }
  Lowered out;
  out.length = std::min(word.size(), kLongestWord);
  const std::string_view kept = word.substr(word.size() - out.length);
  std::transform(kept.begin(), kept.end(), out.letters.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

}  // namespace

bool is_alarm_word(std::string_view word) {
  const Lowered lowered = lower(word);
  const std::string_view text = lowered.view();
  if (text.size() < 3 || text == "failover") {
    return false;
  }
  // One byte rules out nearly every comparison.
  return std::any_of(kStems.begin(), kStems.end(),
                     [&](std::string_view stem) { return stem[0] == text[0] && text.starts_with(stem); }) ||
         std::any_of(kWords.begin(), kWords.end(), [&](auto known) { return known[0] == text[0] && known == text; }) ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return ending.back() == text.back() && text.ends_with(ending); });
}

bool is_alarm_pair(std::string_view first, std::string_view second) {
  const Lowered one = lower(first);
  const Lowered two = lower(second);
  const std::string_view a = one.view();
  const std::string_view b = two.view();
  if (a == "not") {
    return b == "found" || b == "running" || b == "responding" || b == "available" || b == "ready" || b == "permitted";
  }
  return ((a == "could" || a == "can") && b == "not") || (a == "no" && b == "such") || (a == "timed" && b == "out") ||
         (a == "out" && b == "of") || (a == "connection" && b == "reset");
}

}  // namespace logdetect
