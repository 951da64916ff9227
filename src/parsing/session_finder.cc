#include "logdetect/parsing/session_finder.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "logdetect/lexis/char_class.h"
#include "logdetect/parsing/session_key.h"

namespace logdetect {
namespace {

constexpr std::size_t kRecords = 20'000;
constexpr std::size_t kBytes = std::size_t{8} << 20;
constexpr std::size_t kRecordBytes = 2048;  // looked at
constexpr std::size_t kFewestRecords = 500;
// Words with numbers are many and mostly no ids: they take no place from what is named like one.
constexpr std::size_t kMaxProposals = 1000;  // of either sort
constexpr std::size_t kNamedTried = 16;
constexpr std::size_t kNumbersTried = 8;

// What an identifier that threads a log is like.
struct Thresholds {
  double least_coverage;      // of all records
  std::size_t fewest_values;  // distinct
  double longest_stretch;     // of the sample, between a value's first and last record; by median
  double largest_share;       // of one value among its records
  std::size_t fewest_steps;   // templates that nearly all values come with
};
constexpr Thresholds kMostRecords = {0.5, 20, 0.35, 0.1, 0};
// Where most records are of something else, or a plain word is all that names the identifier, its values must all go
// through the same steps, and soon: what merely comes with a few kinds of records (a port, a process, an item) is none.
constexpr Thresholds kProcedure = {0.02, 50, 0.05, 0.05, 3};
constexpr double kLeastRecordsEach = 3;
constexpr double kLeastVaried = 0.8;  // share of its records whose value comes with two or more templates
constexpr double kNearlyAll = 0.8;    // of its records: those of values that come with a step

constexpr std::string_view kUuidPattern = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

bool is_key_char(char c) {
  return is_digit(c) || is_alpha(c) || c == '_' || c == '-';
}

// 8-4-4-4-12 hexadecimal digits (RFC 9562, 4).
bool is_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) {
    return false;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kForm[i] == '-' ? text[i] != '-' : !is_hex(text[i])) {
      return false;
    }
  }
  return true;
}

// "blk_" of "blk_-17", "req-" of "req-3f2a": letters and separators before the first digit, a separator last.
std::string_view id_prefix(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return is_hex(c) || c == '-'; })) {
    return {};  // letters of a hexadecimal number are no prefix
  }
  const auto end = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_digit) - text.begin());
  // The last separator before the first digit, but the last of several belongs to a negative number.
  std::size_t cut = text.substr(0, end).find_last_of("_-");
  if (cut == std::string_view::npos) {
    return {};
  }
  if (cut > 0 && text[cut] == '-' && !is_alpha(text[cut - 1])) {
    --cut;
  }
  constexpr std::size_t kShortestName = 2;
  constexpr std::size_t kShortestRest = 4;  // shorter ones are numbers of kinds, such as "node-1"
  return cut >= kShortestName && text.size() - cut - 1 >= kShortestRest ? text.substr(0, cut + 1) : std::string_view();
}

// "instance: " before the value at `at`: a word, ':' or '=', at most a blank.
std::string_view introducer(std::string_view record, std::size_t at) {
  std::size_t i = at;
  i -= i > 0 && record[i - 1] == ' ' ? 1 : 0;
  if (i == 0 || (record[i - 1] != ':' && record[i - 1] != '=')) {
    return {};
  }
  std::size_t begin = --i;
  constexpr std::size_t kLongestName = 24;  // letters; no name of an id is longer
  while (begin > 0 && i - begin < kLongestName && (is_alpha(record[begin - 1]) || record[begin - 1] == '_')) {
    --begin;
  }
  return i - begin >= 2 ? record.substr(begin, at - begin) : std::string_view();
}

// "order " or "order #" before the number at `at`: a plain word and a blank.
std::string_view plain_word(std::string_view record, std::size_t at) {
  std::size_t end = at;
  end -= end > 0 && record[end - 1] == '#' ? 1 : 0;
  if (end == 0 || record[end - 1] != ' ') {
    return {};
  }
  std::size_t begin = --end;
  constexpr std::size_t kLongestWord = 24;  // letters; no word before an id is longer
  while (begin > 0 && end - begin < kLongestWord && is_alpha(record[begin - 1])) {
    --begin;
  }
  const bool whole = begin == 0 || !is_key_char(record[begin - 1]);
  return whole && end - begin >= 2 ? record.substr(begin, at - begin) : std::string_view();
}

std::string quoted(std::string_view literal) {
  std::string out;
  for (const char c : literal) {
    out += is_alpha(c) || is_digit(c) || c == '_' || c == ' ' || c == ':' || c == '=' || c == '-' ? "" : "\\";
    out += c;
  }
  return out;
}

struct Proposal {
  enum class Kind : std::uint8_t { kPrefixed, kIntroduced, kUuid, kHex32, kHex16, kNumber };  // of equals, the first
  Kind kind = Kind::kUuid;
  std::string literal;
  friend bool operator<(const Proposal& a, const Proposal& b) {
    return std::pair(a.kind, a.literal) < std::pair(b.kind, b.literal);
  }
};

struct Support {
  std::size_t records = 0;
  std::size_t last = ~std::size_t{0};  // record counted last
  bool numbers = true;                 // every value is a whole number behind the prefix
};

class Proposals {
 public:
  void read(std::string_view record, std::size_t number) {
    std::size_t i = 0;
    while (i < record.size()) {
      if (!is_key_char(record[i])) {
        ++i;
        continue;
      }
      const std::size_t begin = i;
      bool digits = false;
      bool only_digits = true;
      for (; i < record.size() && is_key_char(record[i]); ++i) {
        digits = digits || is_digit(record[i]);
        only_digits = only_digits && is_digit(record[i]);
      }
      const std::string_view text = record.substr(begin, i - begin);
      constexpr std::size_t kShortest = 4;  // what is shorter repeats by chance
      if (digits && text.size() >= kShortest) {
        propose(record, begin, text, only_digits, number);
      }
    }
  }

  // The most frequent that come on so many records, best first; numbers after plain words last.
  [[nodiscard]] std::vector<std::pair<Proposal, Support>> best(double fewest_records) const {
    std::vector<std::pair<Proposal, Support>> out = best_of(named_, kNamedTried, fewest_records);
    for (auto& number : best_of(numbers_, kNumbersTried, fewest_records)) {
      out.push_back(std::move(number));
    }
    return out;
  }

 private:
  using Found = std::map<Proposal, Support>;

  static std::vector<std::pair<Proposal, Support>> best_of(const Found& found, std::size_t most,
                                                           double fewest_records) {
    std::vector<std::pair<Proposal, Support>> out(found.begin(), found.end());
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.second.records > b.second.records; });
    out.resize(std::min(out.size(), most));
    std::erase_if(out, [&](const auto& entry) { return static_cast<double>(entry.second.records) < fewest_records; });
    return out;
  }

  void propose(std::string_view record, std::size_t begin, std::string_view text, bool only_digits,
               std::size_t number) {
    constexpr std::size_t kShortestNumber = 5;  // digits; shorter ones are counts, ports and years
    if (const std::string_view literal = introducer(record, begin);
        !literal.empty() && !(only_digits && text.size() < kShortestNumber)) {
      count({Proposal::Kind::kIntroduced, std::string(literal)}, number, false);
    }
    if (only_digits && text.size() >= kShortestNumber) {
      if (const std::string_view literal = plain_word(record, begin); !literal.empty()) {
        count({Proposal::Kind::kNumber, std::string(literal)}, number, true);
      }
    }
    if (const std::string_view prefix = id_prefix(text); !prefix.empty()) {
      std::string_view rest = text.substr(prefix.size());
      rest.remove_prefix(rest.front() == '-' ? 1 : 0);
      count({Proposal::Kind::kPrefixed, std::string(prefix)}, number,
            !rest.empty() && std::all_of(rest.begin(), rest.end(), is_digit));
    }
    constexpr std::size_t kHex32Digits = 32;
    constexpr std::size_t kHex16Digits = 16;
    if (is_uuid(text)) {
      count({Proposal::Kind::kUuid, {}}, number, false);
    } else if ((text.size() == kHex32Digits || text.size() == kHex16Digits) && !only_digits &&
               std::all_of(text.begin(), text.end(), is_hex)) {
      count({text.size() == kHex32Digits ? Proposal::Kind::kHex32 : Proposal::Kind::kHex16, {}}, number, false);
    }
  }

  void count(Proposal proposal, std::size_t number, bool is_number) {
    Found& proposals = proposal.kind == Proposal::Kind::kNumber ? numbers_ : named_;
    auto found = proposals.find(proposal);
    if (found == proposals.end()) {
      if (proposals.size() >= kMaxProposals) {
        return;
      }
      found = proposals.emplace(std::move(proposal), Support{}).first;
    }
    Support& support = found->second;
    support.records += support.last != number ? 1 : 0;
    support.last = number;
    support.numbers = support.numbers && is_number;
  }

  Found named_;
  Found numbers_;  // Proposal::Kind::kNumber
};

FoundSessions described(const Proposal& proposal, const Support& support) {
  FoundSessions out;
  switch (proposal.kind) {
    case Proposal::Kind::kIntroduced:
      out.pattern = quoted(proposal.literal) + "([-\\w]+)";
      out.words = "the id after '" + proposal.literal + "'";
      break;
    case Proposal::Kind::kPrefixed:
      out.pattern = quoted(proposal.literal) + (support.numbers ? "-?\\d+" : "[-\\w]+");
      out.words = "the ids that begin with '" + proposal.literal + "'";
      break;
    case Proposal::Kind::kNumber:
      out.pattern = "\\b" + quoted(proposal.literal) + "(\\d{5,})\\b";
      out.words = "the number after '" + proposal.literal + "'";
      break;
    case Proposal::Kind::kUuid:
      out.pattern = kUuidPattern;
      out.words = "the UUID";
      break;
    case Proposal::Kind::kHex32:
    case Proposal::Kind::kHex16: {
      const std::string digits = proposal.kind == Proposal::Kind::kHex32 ? "32" : "16";
      out.pattern = "\\b([0-9a-fA-F]{" + digits + "})\\b";
      out.words = "the " + digits + " hexadecimal digits";
      break;
    }
  }
  return out;
}

// What one value showed.
struct Thread {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t records = 0;
  std::set<TemplateId> templates;
};

// How the values of a pattern are spread over the sample.
struct Spread {
  std::size_t values = 0;
  std::size_t covered = 0;  // records with a value
  std::size_t varied = 0;   // of these, with a value that comes with two or more templates
  std::size_t largest = 0;  // records of one value
  std::size_t stretch = 0;  // records between a value's first and last; median over records
  double kinds = 0;         // templates of a value; mean over records
  std::size_t steps = 0;    // templates that nearly all values come with

  [[nodiscard]] bool is_thread(double sampled, const Thresholds& wanted) const {
    const auto all = static_cast<double>(covered);
    return all >= wanted.least_coverage * sampled && values >= wanted.fewest_values &&
           all >= kLeastRecordsEach * static_cast<double>(values) &&
           static_cast<double>(varied) >= kLeastVaried * all &&
           static_cast<double>(stretch) <= wanted.longest_stretch * sampled &&
           static_cast<double>(largest) <= wanted.largest_share * all && steps >= wanted.fewest_steps;
  }
};

Spread spread_of(const std::unordered_map<std::string_view, Thread>& threads) {
  Spread out;
  out.values = threads.size();
  std::vector<std::pair<std::size_t, std::size_t>> stretches;  // length, records
  std::unordered_map<TemplateId, std::size_t> with;            // records of the values that come with a template
  for (const auto& [value, thread] : threads) {
    stretches.emplace_back(thread.last - thread.first, thread.records);
    out.covered += thread.records;
    out.varied += thread.templates.size() > 1 ? thread.records : 0;
    out.largest = std::max(out.largest, thread.records);
    for (const TemplateId id : thread.templates) {
      with[id] += thread.records;
    }
    out.kinds += static_cast<double>(thread.templates.size() * thread.records);  // whole numbers: order is no matter
  }
  out.kinds /= static_cast<double>(std::max<std::size_t>(out.covered, 1));
  out.steps = static_cast<std::size_t>(std::count_if(with.begin(), with.end(), [&out](const auto& entry) {
    return static_cast<double>(entry.second) >= kNearlyAll * static_cast<double>(out.covered);
  }));
  std::sort(stretches.begin(), stretches.end());
  std::size_t passed = 0;
  for (const auto& [length, records] : stretches) {
    passed += records;
    if (2 * passed >= out.covered) {
      out.stretch = length;
      break;
    }
  }
  return out;
}

// Of several the one whose sessions tell most: an instance rather than each of its requests. But what threads most of
// the log goes before what threads a part of it.
struct Worth {
  bool of_most = false;
  double told = 0;  // templates of a value times coverage
  friend bool operator>(const Worth& a, const Worth& b) {
    return std::pair(a.of_most, a.told) > std::pair(b.of_most, b.told);
  }
};

}  // namespace

void SessionFinder::offer(std::string_view record, TemplateId template_id) {
  if (records_.size() < kRecords && arena_.bytes() < kBytes) {
    records_.push_back({arena_.copy(record.substr(0, kRecordBytes)), template_id});
  }
}

std::optional<FoundSessions> SessionFinder::find(const std::function<TemplateId(TemplateId)>& resolve) const {
  const auto sampled = static_cast<double>(records_.size());
  if (records_.size() < kFewestRecords) {
    return std::nullopt;
  }
  Proposals proposals;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    proposals.read(records_[i].text, i);
  }
  std::optional<FoundSessions> best;
  Worth best_worth;
  for (const auto& [proposal, support] : proposals.best(kProcedure.least_coverage * sampled)) {
    FoundSessions candidate = described(proposal, support);
    SessionOptions options;
    options.key = candidate.pattern;
    const auto key = SessionKey::create(options);
    if (!key) {
      continue;
    }
    std::unordered_map<std::string_view, Thread> threads;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const std::string_view value = key->find(records_[i].text);
      if (!value.empty()) {
        Thread& thread = threads[value];
        thread.first = thread.records == 0 ? i : thread.first;
        thread.last = i;
        ++thread.records;
        thread.templates.insert(resolve(records_[i].template_id));
      }
    }
    const Spread spread = spread_of(threads);
    candidate.coverage = static_cast<double>(spread.covered) / sampled;
    candidate.sessions = spread.values;
    const bool of_most = proposal.kind != Proposal::Kind::kNumber && spread.is_thread(sampled, kMostRecords);
    const Worth worth{of_most, candidate.coverage * spread.kinds};
    if ((of_most || spread.is_thread(sampled, kProcedure)) && worth > best_worth) {
      best_worth = worth;
      best = std::move(candidate);
    }
  }
  return best;
}

}  // namespace logdetect
