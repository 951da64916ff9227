#include "mining/slot_evidence.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxMembers = 64;  // of a group that finds no reason to merge
constexpr std::size_t kMaxPlaces = 64;   // per template: bounds memory for very long messages

// Distinct values needed, by what stands around the place. Found by ablation on logs of many systems
// (docs/quality.md).
constexpr std::size_t kNeedCaps = 8;
constexpr std::size_t kNeedSeenValue = 2;
constexpr std::size_t kNeedIntroduced = 2;
constexpr std::size_t kNeedEnclosed = 3;
constexpr std::size_t kNeedAfterColon = 3;
constexpr std::size_t kNeedOdd = 3;
constexpr std::size_t kNeedWord = 5;
constexpr std::size_t kNeedKey = 10;   // in front of '=': a name, hardly ever a value
constexpr std::size_t kNeedBare = 10;  // hardly any other word to tell what the line says

// Words after which a name follows.
constexpr std::array<std::string_view, 18> kIntroducers = {
    "user",   "username", "host",  "hostname", "file",    "rule", "interface", "device", "module",
    "domain", "account",  "named", "name",     "program", "path", "directory", "node",   "database"};

bool is_introducer(std::string_view word) {
  constexpr std::size_t kLongest = 9;  // bytes of the longest introducer
  if (word.size() > kLongest) {
    return false;
  }
  char lower[kLongest] = {};
  for (std::size_t i = 0; i < word.size(); ++i) {
    lower[i] = to_lower(word[i]);
  }
  return std::find(kIntroducers.begin(), kIntroducers.end(), std::string_view(lower, word.size())) !=
         kIntroducers.end();
}

bool is_all_caps(std::string_view word) {
  return word.size() >= 3 &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_upper(c) || is_digit(c) || c == '_'; }) &&
         word[0] >= 'A';
}

// Looks more like an identifier than like a word of a sentence.
bool is_odd(std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (is_digit(c) || c == '/' || c == '\\' || c == '@' || c == '_' || c == '-') {
      return true;
    }
    if (c == '.' && i > 0 && i + 1 < word.size() && is_word(word[i - 1]) && is_word(word[i + 1])) {
      return true;
    }
  }
  return false;
}

struct Surroundings {
  std::size_t literals = 0;  // literal words besides the place
  std::string_view word_before;
  bool enclosed = false;  // right behind a quote or opening bracket
  bool after_colon = false;
  bool key = false;  // right before '='
};

Surroundings look_around(const Template& of, std::size_t place) {
  Surroundings around;
  for (std::size_t i = 0; i < of.tokens.size(); ++i) {
    around.literals += i != place && of.tokens[i].literal() ? 1 : 0;
  }
  for (std::size_t i = place; i-- > 0;) {
    if (!of.tokens[i].delimiter()) {
      around.word_before = of.tokens[i].literal() ? std::string_view(of.tokens[i].text) : std::string_view();
      break;
    }
  }
  if (place > 0 && of.tokens[place - 1].delimiter()) {
    const char before = of.tokens[place - 1].text[0];
    around.enclosed = before == '"' || before == '\'' || before == '(' || before == '[';
    around.after_colon = before == ':' || (is_space(before) && place > 1 && of.tokens[place - 2].delimiter() &&
                                           of.tokens[place - 2].text[0] == ':');
  }
  around.key = place + 1 < of.tokens.size() && of.tokens[place + 1].delimiter() && of.tokens[place + 1].text[0] == '=';
  return around;
}

}  // namespace

std::uint64_t hole_key(const Template& of, std::size_t place) {
  return of.key.route - place_key(place, of.tokens[place].key_hash()) + place_key(place, kHoleHash);
}

void SlotGroups::add(std::uint32_t id, const Template& added,
                     std::vector<std::pair<std::uint16_t, std::uint32_t>>& grown) {
  const std::size_t literals = added.literal_count();
  holes_.clear();
  for (std::size_t i = 0; i < added.tokens.size() && holes_.size() < kMaxPlaces; ++i) {
    // Without another literal word nothing tells that two messages are of one kind.
    if (!added.tokens[i].delimiter() && literals != (added.tokens[i].literal() ? 1U : 0U)) {
      holes_.push_back({hole_key(added, i), static_cast<std::uint16_t>(i)});
      keys_.prefetch(holes_.back().key);
    }
  }
  for (const Hole& hole : holes_) {
    std::uint32_t group = keys_.find(hole.key);
    if (group == FlatMap::kNone) {
      keys_.put(hole.key, kAlone | id);
      continue;
    }
    // Only the second member makes a list: most keys have one template for ever.
    if ((group & kAlone) != 0) {
      const std::uint32_t other = group & ~kAlone;
      group = static_cast<std::uint32_t>(groups_.size());
      keys_.put(hole.key, group);
      groups_.push_back({other});
    }
    std::vector<std::uint32_t>& members = groups_[group];
    // So many values and no reason to merge: more of them would find none either.
    if (members.size() >= kMaxMembers) {
      continue;
    }
    members.push_back(id);
    if (members.size() > 1) {
      grown.emplace_back(hole.place, group);
    }
  }
}

void SlotGroups::clear() {
  keys_.clear();
  groups_.clear();
}

std::size_t values_needed(std::span<const Template* const> members, std::size_t place) {
  const Surroundings around = look_around(*members.front(), place);
  if (around.literals < 1) {
    return 0;
  }
  std::size_t caps = 0;
  std::size_t odd = 0;
  bool value_seen = false;
  for (const Template* member : members) {
    const TemplateToken& token = member->tokens[place];
    value_seen = value_seen || token.open();
    caps += token.literal() && is_all_caps(token.text) ? 1 : 0;
    odd += token.open() || is_odd(token.text) ? 1 : 0;
  }
  std::size_t need = kNeedWord;
  if (2 * caps >= members.size()) {
    need = kNeedCaps;
  } else if (value_seen && around.literals >= 2) {
    need = kNeedSeenValue;
  } else if (is_introducer(around.word_before)) {
    need = kNeedIntroduced;
  } else if (around.enclosed) {
    need = kNeedEnclosed;
  } else if (around.after_colon) {
    need = kNeedAfterColon;
  } else if (around.key) {
    need = kNeedKey;
  } else if (2 * odd > members.size()) {
    need = kNeedOdd;
  }
  // With one word left, a template would take in nearly every message of its form.
  return around.literals < 2 && !value_seen ? std::max(need, kNeedBare) : need;
}

}  // namespace logdetect
