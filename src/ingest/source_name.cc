#include "ingest/source_name.h"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "logdetect/base/text.h"
#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::size_t kShortestScheme = 2;  // one letter is a drive: "C:"

bool is_word(char c) {
  return is_lower(c) || is_digit(c) || c == '_';
}

// The scheme of RFC 3986, in lower case, that the word begins with; empty when it begins with none.
std::string_view scheme_of(std::string_view word) {
  const std::string_view front = word.substr(0, std::min(word.find(':'), word.size()));
  const bool fits = front.size() < word.size() && front.size() >= kShortestScheme && is_lower(front[0]) &&
                    std::all_of(front.begin(), front.end(),
                                [](char c) { return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
  return fits ? front : std::string_view();
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

// Where the options begin: at the last '?' that NAME= follows; the size of `target` when there are none.
std::size_t options_at(std::string_view target) {
  const std::size_t mark = target.rfind('?');
  if (mark == std::string_view::npos) {
    return target.size();
  }
  const std::string_view query = target.substr(mark + 1);
  const std::size_t equals = query.find('=');
  const bool named = equals != std::string_view::npos && equals > 0 &&
                     std::all_of(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(equals), is_word);
  return named ? mark : target.size();
}

Result<void> read_options(std::string_view query, SourceName& name) {
  while (!query.empty()) {
    const std::string_view one = query.substr(0, std::min(query.find('&'), query.size()));
    const std::size_t equals = std::min(one.find('='), one.size());
    if (auto set = name.options.set(one.substr(0, equals), one.substr(std::min(equals + 1, one.size()))); !set) {
      Error error = set.error();
      error.where = name.typed;
      return error;
    }
    query.remove_prefix(std::min(one.size() + 1, query.size()));
  }
  return {};
}

std::string_view nearest_scheme(std::string_view scheme) {
  std::vector<std::string_view> known;
  for (const SourceEntry& entry : source_table()) {
    known.push_back(entry.scheme);
  }
  return nearest_name(scheme, known);
}

}  // namespace

std::string scheme_list(bool live) {
  std::string list;
  for (const SourceEntry& entry : source_table()) {
    if (entry.live == live) {
      list.append(list.empty() ? "" : ", ").append(entry.scheme);
    }
  }
  return list;
}

std::string with_nearest_scheme(const std::string& word) {
  const std::string_view scheme = scheme_of(word);
  const std::string_view near = nearest_scheme(scheme);
  return scheme.empty() || near.empty() ? std::string() : std::string(near) + word.substr(scheme.size());
}

Result<SourceName> parse_source_name(const std::string& word, std::string_view plain_scheme) {
  if (word.empty()) {
    return make_error(ErrorCode::kUsage, "an input has an empty name", {}, "use '-' for standard input");
  }
  SourceName name;
  name.typed = word;
  if (word == "-") {
    name.scheme = "stdin";
    name.target = "-";
    return name;
  }
  const std::string_view scheme = scheme_of(word);
  const SourceEntry* const entry = find_source(scheme);
  const bool authority = std::string_view(word).substr(scheme.size()).starts_with("://");
  // A log may be called "a:b.log". Only SCHEME:// with an unknown scheme is surely a mistake.
  if (scheme.empty() || (entry == nullptr && !authority) || exists(word)) {
    name.scheme = plain_scheme;
    name.target = word;
    return name;
  }
  if (entry == nullptr) {
    const std::string near = with_nearest_scheme(word);
    return make_error(ErrorCode::kUsage, "there is no source '" + std::string(scheme) + "'", word,
                      near.empty() ? "`logdetect help sources` lists them; './' in front makes it a file"
                                   : "did you mean '" + near + "'?");
  }
  name.scheme = scheme;
  name.stated = true;
  name.options = SourceOptions(entry->options);
  std::string_view target = std::string_view(word).substr(scheme.size() + (authority ? 3 : 1));
  if (!entry->options.empty()) {
    const std::size_t at = options_at(target);
    LD_TRY(read_options(target.substr(std::min(at + 1, target.size())), name));
    target = target.substr(0, at);
  }
  name.target = target;
  return name;
}

}  // namespace logdetect
