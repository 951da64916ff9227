#include "logdetect/detection/deployment_words.h"

#include <algorithm>
#include <array>

namespace logdetect {
namespace {

constexpr std::size_t kWordsRead = 16;

// Enough by themselves.
constexpr std::array<std::string_view, 16> kTelling = {
    "deployed",  "deploying", "deployment", "redeployed", "upgraded", "upgrading", "migrated",   "migrating",
    "migration", "booting",   "booted",     "rebooting",  "rebooted", "restarted", "restarting", "rollout"};
// A beginning ...
constexpr std::array<std::string_view, 11> kStarting = {"start",       "starting",     "started",     "launching",
                                                        "launched",    "initializing", "initialized", "initialising",
                                                        "initialised", "running",      "loaded"};
// ... of something that has versions.
constexpr std::array<std::string_view, 10> kVersioned = {"version", "build",  "release",     "revision", "server",
                                                         "service", "daemon", "application", "kernel",   "process"};

bool is_separator(char c) {
  return c == ' ' || c == '\t' || c == ',' || c == ';' || c == ':' || c == '=' || c == '(' || c == ')' || c == '[' ||
         c == ']' || c == '"' || c == '\'' || c == '\n';
}

bool same_word(std::string_view word, std::string_view lower) {
  return word.size() == lower.size() && std::equal(word.begin(), word.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view entry) { return same_word(word, entry); });
}

// "2.14.0", "v3.1".
bool is_version_number(std::string_view word) {
  if (!word.empty() && (word.front() == 'v' || word.front() == 'V')) {
    word.remove_prefix(1);
  }
  const bool digits = std::all_of(word.begin(), word.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  const auto dots = std::count(word.begin(), word.end(), '.');
  return digits && dots >= 1 && dots <= 2 && word.size() >= 3 && word.front() != '.';
}

}  // namespace

bool tells_of_deployment(std::string_view message) {
  bool starting = false;
  bool versioned = false;
  std::string_view before;
  for (std::size_t words = 0; words < kWordsRead && !message.empty();) {
    const auto begin = std::find_if_not(message.begin(), message.end(), is_separator);
    const auto end = std::find_if(begin, message.end(), is_separator);
    const std::string_view word(begin, end);
    message = std::string_view(end, message.end());
    if (word.empty()) {
      break;
    }
    ++words;
    if (is_one_of(word, kTelling) || (same_word(before, "listening") && same_word(word, "on"))) {
      return true;
    }
    starting = starting || is_one_of(word, kStarting);
    versioned = versioned || is_one_of(word, kVersioned) || is_version_number(word);
    before = word;
  }
  return starting && versioned;
}

}  // namespace logdetect
