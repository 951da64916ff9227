#include "mining/alarm_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kLongestWord = 48;  // bytes; camel-cased names of exceptions are that long

// Beginnings that alone carry the meaning, whatever the ending.
constexpr std::array<std::string_view, 33> kStems = {
    "abort",    "broke",    "cannot",    "can't",     "corrupt",   "couldn't", "crash",    "deadlock", "denied",
    "emergen",  "error",    "exceeded",  "exception", "exhaust",   "fail",     "fatal",    "illegal",  "invalid",
    "mismatch", "overflow", "panic",     "premature", "refus",     "reject",   "segfault", "timeout",  "unable",
    "unavail",  "unexpect", "unhandled", "unreach",   "unrecover", "violat"};
// Whole words: as beginnings they would also start harmless ones.
constexpr std::array<std::string_view, 17> kWords = {"alert", "bad",    "critical", "dead",  "dropped",   "err",
                                                     "fault", "hung",   "killed",   "leak",  "lost",      "missing",
                                                     "oom",   "severe", "stale",    "stuck", "terminated"};
constexpr std::array<std::string_view, 5> kEndings = {"error", "exception", "failure", "failed", "fault"};

// Where the words of each letter begin in a list that is in order of first letters: a look at a few of them only.
using ByLetter = std::array<std::uint8_t, 27>;
template <std::size_t N>
constexpr ByLetter by_letter(const std::array<std::string_view, N>& words) {
  ByLetter begin{};
  for (std::size_t i = 0, letter = 0; letter < begin.size(); ++letter) {
    while (i < N && static_cast<std::size_t>(words[i][0] - 'a') < letter) {
      ++i;
    }
    begin[letter] = static_cast<std::uint8_t>(i);
  }
  return begin;
}
template <std::size_t N>
constexpr bool in_order(const std::array<std::string_view, N>& words) {
  return std::is_sorted(words.begin(), words.end(), [](auto a, auto b) { return a[0] < b[0]; });
}
constexpr ByLetter kStemsByLetter = by_letter(kStems);
constexpr ByLetter kWordsByLetter = by_letter(kWords);
static_assert(in_order(kStems) && in_order(kWords));

// Whether one of the words with the first letter of `text` fits.
template <std::size_t N, typename Fits>
bool any_of_letter(std::string_view text, const std::array<std::string_view, N>& words, const ByLetter& begin,
                   Fits fits) {
  // A word that was cut to its end may begin with any byte; what stands before 'a' wraps to a large number.
  const auto letter = static_cast<std::size_t>(static_cast<unsigned char>(text[0]) - static_cast<unsigned char>('a'));
  return letter < begin.size() - 1 &&
         std::any_of(words.begin() + begin[letter], words.begin() + begin[letter + 1], fits);
}

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
  std::transform(kept.begin(), kept.end(), out.letters.begin(), to_lower);
  return out;
}

}  // namespace

bool is_alarm_word(std::string_view word) {
  const Lowered lowered = lower(word);
  const std::string_view text = lowered.view();
  // "failover" begins like a failure, and is what a healthy cluster does.
  if (text.size() < 3 || text == "failover") {
    return false;
  }
  return any_of_letter(text, kStems, kStemsByLetter, [&](auto stem) { return text.starts_with(stem); }) ||
         any_of_letter(text, kWords, kWordsByLetter, [&](auto known) { return text == known; }) ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return ending.back() == text.back() && text.ends_with(ending); });
}

bool is_alarm_pair(std::string_view first, std::string_view second) {
  const Lowered one = lower(first);
  const std::string_view a = one.view();
  // The first letters of all pairs below: nearly every word leaves here.
  if (a.size() < 2 || std::string_view("ncto").find(a[0]) == std::string_view::npos) {
    return false;
  }
  const Lowered two = lower(second);
  const std::string_view b = two.view();
  if (a == "not") {
    return b == "found" || b == "running" || b == "responding" || b == "available" || b == "ready" || b == "permitted";
  }
  return ((a == "could" || a == "can") && b == "not") || (a == "no" && b == "such") || (a == "timed" && b == "out") ||
         (a == "out" && b == "of") || (a == "connection" && b == "reset");
}

}  // namespace logdetect
