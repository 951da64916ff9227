#include "logdetect/lexis/level.h"

#include <algorithm>
#include <array>

#include "logdetect/lexis/text_cursor.h"

namespace logdetect {
namespace {

struct Word {
  std::string_view word;  // lower case
  Level level;
};

// By length, so that a look-up compares few of them.
constexpr Word kWords3[] = {{"err", Level::kError},   {"dbg", Level::kDebug}, {"inf", Level::kInfo},
                            {"wrn", Level::kWarning}, {"trc", Level::kTrace}, {"ftl", Level::kFatal}};
constexpr Word kWords4[] = {{"info", Level::kInfo},
                            {"warn", Level::kWarning},
                            {"crit", Level::kCritical},
                            {"fine", Level::kDebug},
                            {"note", Level::kNotice}};
constexpr Word kWords5[] = {{"error", Level::kError}, {"debug", Level::kDebug},    {"trace", Level::kTrace},
                            {"fatal", Level::kFatal}, {"alert", Level::kCritical}, {"emerg", Level::kFatal},
                            {"panic", Level::kFatal}, {"finer", Level::kTrace}};
constexpr Word kWords6[] = {{"notice", Level::kNotice}, {"severe", Level::kError}, {"finest", Level::kTrace}};
constexpr Word kWords7[] = {{"warning", Level::kWarning}, {"failure", Level::kError}, {"verbose", Level::kTrace}};
constexpr Word kWords8[] = {{"critical", Level::kCritical}};
constexpr Word kWords9[] = {{"emergency", Level::kFatal}};
constexpr Word kWords11[] = {{"information", Level::kInfo}};
constexpr Word kWords13[] = {{"informational", Level::kInfo}};

template <std::size_t n>
Level find(const Word (&words)[n], std::string_view word) {
  for (const Word& known : words) {
    if (equals_ignoring_case(word, known.word)) {
      return known.level;
    }
  }
  return Level::kUnknown;
}

/// What may stand around a level.
constexpr bool is_wrapping(char c) {
  switch (c) {
    case ' ':
    case '[':
    case ']':
    case '(':
    case ')':
    case '{':
    case '}':
    case '<':
    case '>':
    case ':':
    case ',':
    case ';':
    case '|':
    case '-':
    case '"':
    case '\'':
    case '*':
      return true;
    default:
      return false;
  }
}

std::string_view unwrapped(std::string_view token) {
  while (!token.empty() && is_wrapping(token.front())) {
    token.remove_prefix(1);
  }
  while (!token.empty() && is_wrapping(token.back())) {
    token.remove_suffix(1);
  }
  return token;
}

bool is_capital_word(std::string_view word) {
  return word.size() >= 3 && std::all_of(word.begin(), word.end(), is_upper);
}

/// The facilities of RFC 5424, without the rare ones.
bool is_facility(std::string_view word) {
  constexpr std::array<std::string_view, 13> kFacilities = {"kern", "user", "mail", "daemon",   "auth", "syslog", "lpr",
                                                            "news", "uucp", "cron", "authpriv", "ftp",  "local"};
  while (!word.empty() && is_digit(word.back())) {
    word.remove_suffix(1);
  }
  return std::find(kFacilities.begin(), kFacilities.end(), word) != kFacilities.end();
}

/// PostgreSQL's LOG means information; in lower case it is just a word.
Level level_of_three(std::string_view word) {
  return word == "LOG" ? Level::kInfo : find(kWords3, word);
}

/// "<134>": facility * 8 + severity.
Level level_of_priority(std::string_view word) {
  if (word.size() < 3 || word.front() != '<' || word.back() != '>') {
    return Level::kUnknown;
  }
  return level_of_syslog_number(word.substr(1, word.size() - 2));
}

}  // namespace

Level level_of_letter(char letter) {
  switch (letter) {
    case 'V':
    case 'T':
      return Level::kTrace;
    case 'D':
      return Level::kDebug;
    case 'I':
      return Level::kInfo;
    case 'N':
      return Level::kNotice;
    case 'W':
      return Level::kWarning;
    case 'E':
      return Level::kError;
    case 'C':
      return Level::kCritical;
    case 'F':
      return Level::kFatal;
    default:
      return Level::kUnknown;
  }
}

Level level_of_syslog_number(std::string_view digits) {
  constexpr Level kBySeverity[] = {Level::kFatal,   Level::kCritical, Level::kCritical, Level::kError,
                                   Level::kWarning, Level::kNotice,   Level::kInfo,     Level::kDebug};
  if (digits.empty() || digits.size() > 3) {
    return Level::kUnknown;
  }
  int value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) {
      return Level::kUnknown;
    }
    value = value * 10 + digit_value(c);
  }
  constexpr int kMostPriority = 23 * 8 + 7;  // RFC 5424: facility 23, severity 7
  return value > kMostPriority ? Level::kUnknown : kBySeverity[value % 8];
}

Level parse_level(std::string_view word) {
  switch (word.size()) {  // by the number of letters
    case 1:
      return level_of_letter(is_lower(word[0]) ? static_cast<char>(word[0] - ('a' - 'A')) : word[0]);
    case 3:
      return word[0] == '<' ? level_of_priority(word) : level_of_three(word);
    case 4:
      return word[0] == '<' ? level_of_priority(word) : find(kWords4, word);
    case 5:
      return word[0] == '<' ? level_of_priority(word) : find(kWords5, word);
    case 6:
      return find(kWords6, word);
    case 7:
      return find(kWords7, word);
    case 8:
      return find(kWords8, word);
    case 9:
      return find(kWords9, word);
    case 11:  // "information"
      return find(kWords11, word);
    case 13:  // "informational"
      return find(kWords13, word);
    default:
      return Level::kUnknown;
  }
}

Level level_of_token(std::string_view token) {
  token = unwrapped(token);
  constexpr std::size_t kMostTokenBytes = 48;  // a module, a colon and a level
  if (token.size() < 3 || token.size() > kMostTokenBytes) {
    return Level::kUnknown;
  }
  // "core:error", as web servers name the module and the level in one
  if (const std::size_t colon = token.rfind(':'); colon != std::string_view::npos) {
    const std::string_view module = token.substr(0, colon);
    for (const char c : module) {
      if (!is_lower(c) && !is_digit(c) && c != '_') {
        return Level::kUnknown;
      }
    }
    token.remove_prefix(colon + 1);
  }
  // Written as a level is: ERROR, Error or error, not eRROR.
  const bool rest_lower = is_lower(token.back());
  if (!rest_lower && is_lower(token.front())) {
    return Level::kUnknown;
  }
  for (std::size_t i = 1; i < token.size(); ++i) {
    if (rest_lower != is_lower(token[i])) {
      return Level::kUnknown;
    }
  }
  return parse_level(token);
}

bool split_level_pair(std::string_view token, Level& level, std::string_view& name) {
  token = unwrapped(token);
  const std::size_t at = token.find_first_of("/.:");
  if (at == 0 || at == std::string_view::npos || token.find_first_of("/.:", at + 1) != std::string_view::npos) {
    return false;
  }
  const std::string_view first = token.substr(0, at);
  const std::string_view second = token.substr(at + 1);
  switch (token[at]) {
    case '/':  // "WARNING/MainProcess", "W/Tag"
      name = second;
      level = first.size() == 1 && std::string_view("VDIWEFA").find(first[0]) != std::string_view::npos
                  ? (first[0] == 'A' ? Level::kFatal : level_of_letter(first[0]))
                  : level_of_token(first);
      break;
    case '.':  // "app.WARNING", "daemon.warn"; "server.error" is a name
      name = first;
      level = is_capital_word(second) || is_facility(first) ? level_of_token(second) : Level::kUnknown;
      break;
    default:  // "core:warn"
      name = first;
      level = level_of_token(token);
      break;
  }
  return level != Level::kUnknown && !name.empty();
}

}  // namespace logdetect
