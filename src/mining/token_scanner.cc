#include "mining/token_scanner.h"

#include <algorithm>
#include <string_view>

#include "logdetect/base/hash.h"
#include "logdetect/lexis/char_class.h"
#include "mining/byte_marks.h"
#include "mining/value_scanner.h"

namespace logdetect {
namespace {

constexpr std::uint64_t kBlankHash = 0x20;
constexpr std::uint64_t kValueHash = 0x2A;

bool is_truth_word(std::string_view word) {
  const char first = word.empty() ? '\0' : static_cast<char>(word[0] | 0x20);
  constexpr std::size_t kLongest = 5;  // bytes of "false"
  if (word.size() < 3 || word.size() > kLongest || (first != 't' && first != 'f' && first != 'n')) {
    return false;
  }
  char lower[kLongest] = {};
  for (std::size_t i = 0; i < word.size(); ++i) {
    lower[i] = static_cast<char>(word[i] | 0x20);
  }
  const std::string_view text(lower, word.size());
  return text == "true" || text == "false" || text == "null" || text == "nil";
}

// Delimiters that keep two values apart although nothing else stands between them.
bool separates_values(char c) {
  return is_space(c) || std::string_view("()[]{}\"'<>=").find(c) != std::string_view::npos;
}

// An identifier with digits enough that nobody would keep it literal: four in a row, or nothing else.
bool is_surely_value(std::string_view word) {
  constexpr std::size_t kSurelyDigits = 4;
  std::size_t run = 0;
  std::size_t digits = 0;
  for (const char c : word) {
    run = is_digit(c) ? run + 1 : 0;
    digits += is_digit(c) ? 1 : 0;
    if (run >= kSurelyDigits) {
      return true;
    }
  }
  return digits == word.size();
}

// "IPV6", "SHA256": a constant like other words in capitals.
bool is_caps_name(std::string_view word) {
  const auto digits = std::find_if(word.begin(), word.end(), is_digit);
  return digits - word.begin() >= 2 && std::all_of(word.begin(), digits, is_upper) &&
         std::all_of(digits, word.end(), is_digit);
}

// One run of Masker::mask: walks the message once and appends tokens.
class Scanner {
 public:
  Scanner(MaskedMessage& out, const ScanRules& rules)
      : out_(out), text_(out.text), marks_(out.text, out.marks), rules_(rules) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size() && !full_) {
      at = step(at);
    }
    if (full_) {
      fold_tail();
    }
  }

 private:
  std::size_t step(std::size_t at) {
    while (custom_ < out_.scratch.size() && out_.scratch[custom_] < at) {
      custom_ += 3;  // it began inside something that was cut already: blanks, "<1 sec"
    }
    if (custom_ < out_.scratch.size() && out_.scratch[custom_] == at) {
      const std::size_t end = out_.scratch[custom_ + 1];
      const std::uint64_t name = rules_.names[out_.scratch[custom_ + 2]].hash;
      custom_ += 3;
      add_value(at, end, MaskKind::kCustom, name);
      return end;
    }
    const char c = text_[at];
    if (is_space(c)) {
      return add_blanks(at);
    }
    if (is_break(c)) {
      return add_break(at);
    }
    return add_chunk(at);
  }

  std::size_t add_blanks(std::size_t at) {
    std::size_t end = at + 1;
    while (end < text_.size() && is_space(text_[end])) {
      ++end;
    }
    // Blanks at either end say nothing.
    if (at > 0 && end < text_.size()) {
      push(at, end - at, kBlankHash, Token::Kind::kDelimiter, MaskKind::kNone);
    }
    return end;
  }

  std::size_t add_break(std::size_t at) {
    if (text_[at] == '<') {
      if (const std::size_t end = match_less_than(at); end > 0) {
        add_value(at, end, MaskKind::kNumber);
        return end;
      }
      if (const ValueSpan value = match_bracketed(at); value.found()) {
        add_value(value.begin, value.end, value.kind);
        return value.end;
      }
      ++open_angles_;
    }
    if (text_[at] == '>' && open_angles_ > 0) {
      --open_angles_;
      // Shown as "<NUM>>" it could not be told from a placeholder: the bracket closes with the value.
      if (!out_.tokens.empty() && out_.tokens.back().kind == Token::Kind::kValue && glue(at, at + 1)) {
        return at + 1;
      }
    }
    if (const std::size_t end = rules_.quoted_values ? find_closing_quote(at) : 0; end > 0) {
      add_delimiter(at, 1);
      if (end > at + 1) {
        add_value(at + 1, end, MaskKind::kNone);
      }
      add_delimiter(end, 1);
      return end + 1;
    }
    add_delimiter(at, 1);
    if (text_[at] == '=' && has_empty_value(at)) {
      push(at + 1, 0, hash64({}), Token::Kind::kLazyWord, MaskKind::kNone);
    }
    return at + 1;
  }

  // The quote that closes the one at `at`; 0 if it opens nothing. An apostrophe in a word opens nothing, and one
  // without a partner is looked for only once.
  std::size_t find_closing_quote(std::size_t at) {
    const char quote = text_[at];
    if ((quote != '"' && quote != '\'') || (at > 0 && is_word(text_[at - 1])) ||
        (quote == '"' ? no_double_ : no_single_)) {
      return 0;
    }
    const std::size_t end = text_.find(quote, at + 1);
    if (end == std::string_view::npos) {
      (quote == '"' ? no_double_ : no_single_) = true;
      return 0;
    }
    const bool inside_mask = custom_ < out_.scratch.size() && out_.scratch[custom_] < end;
    return inside_mask ? 0 : end;
  }

  // "<02114537>": brackets right around one value belong to it.
  [[nodiscard]] ValueSpan match_bracketed(std::size_t at) const {
    std::size_t end = at + 1;
    std::uint16_t classes = 0;
    while (end < text_.size() && (char_class(text_[end]) & (kSpaceChar | kBreakChar)) == 0) {
      classes |= char_class(text_[end]);
      ++end;
    }
    if (end >= text_.size() || text_[end] != '>' || (classes & kDigitChar) == 0) {
      return {};
    }
    const std::string_view inside = text_.substr(at + 1, end - at - 1);
    const ValueSpan value = find_value(inside, classes);
    if (value.found()) {
      return {at, end + 1, value.begin == 0 && value.end == inside.size() ? value.kind : MaskKind::kId};
    }
    return is_surely_value(inside) ? ValueSpan{at, end + 1, MaskKind::kId} : ValueSpan{};
  }

  // Whether the '=' at `at` has nothing behind it: "ruser= rhost=x", "dev=, ino=5".
  [[nodiscard]] bool has_empty_value(std::size_t at) const {
    const std::size_t n = text_.size();
    if (at == 0 || !is_word(text_[at - 1])) {
      return false;
    }
    std::size_t i = at + 1;
    if (i >= n || std::string_view(",;)]}").find(text_[i]) != std::string_view::npos) {
      return true;
    }
    if (!is_space(text_[i])) {
      return false;
    }
    while (i < n && is_space(text_[i])) {
      ++i;
    }
    const std::size_t begin = i;
    while (i < n && (is_word(text_[i]) || text_[i] == '-' || text_[i] == '.')) {
      ++i;
    }
    return i == n ? begin == n : i > begin && text_[i] == '=';
  }

  // "<1 sec": below one unit.
  [[nodiscard]] std::size_t match_less_than(std::size_t at) const {
    std::size_t i = at + 1;
    while (i < text_.size() && is_digit(text_[i])) {
      ++i;
    }
    if (i == at + 1 || i >= text_.size() || text_[i] != ' ' || i + 1 >= text_.size() || !is_letter(text_[i + 1])) {
      return 0;
    }
    ++i;
    while (i < text_.size() && is_letter(text_[i])) {
      ++i;
    }
    return i < text_.size() && is_word(text_[i]) ? 0 : i;
  }

  // Classes that a plain word may have.
  static constexpr std::uint16_t kPlain = kLetterChar | kHexLetterChar | kUnderscoreChar | kDashChar;

  std::size_t add_chunk(std::size_t at) {
    const std::size_t limit = custom_ < out_.scratch.size() ? out_.scratch[custom_] : text_.size();
    const std::size_t stop = std::min(marks_.next_stop(at), limit);
    const std::size_t mark = marks_.next_mark(at, stop);
    // Most chunks are plain words, which two bitmaps tell without a look at their bytes.
    if (mark == stop && !may_begin_date(at, stop)) {
      add_word(at, stop, false);
      return stop;
    }
    if (mark + 1 == stop && mark > at && (text_[mark] == ':' || text_[mark] == '.') && ends_at_blank(stop)) {
      add_word(at, mark, false);  // "word:" and "word."
      add_delimiter(mark, 1);
      return stop;
    }
    std::size_t end = at;
    std::uint16_t classes = 0;
    while (end < stop) {
      classes |= char_class(text_[end]);
      ++end;
    }
    if (classes == kDigitChar && !goes_on(at, end)) {
      add_value(at, end, MaskKind::kNumber);
      return end;
    }
    return add_mixed_chunk(at, end, limit, classes);
  }

  [[nodiscard]] bool ends_at_blank(std::size_t end) const { return end >= text_.size() || is_space(text_[end]); }

  // A word that may be the name of a day or month with a date behind it.
  [[nodiscard]] bool may_begin_date(std::size_t at, std::size_t end) const {
    constexpr std::size_t kLongest = 9;  // bytes of "September" and "Wednesday"
    // A guess by two bytes: no more than a comma behind it, and an initial no later than the W of "Wed".
    return end < text_.size() && text_[end] <= ',' && text_[at] <= 'W' && end - at <= kLongest;
  }

  // Whether a number may go on behind a blank: with a unit or the name of a month.
  [[nodiscard]] bool goes_on(std::size_t at, std::size_t end) const {
    if (end < text_.size() && text_[end] == ' ' && end + 1 < text_.size()) {
      // "2 Jan": a day has two digits at most. "512 MB": a unit begins with one of five letters.
      return (char_class(text_[end + 1]) & kLetterChar) != 0 && text_[end + 1] <= 'Z' &&
             (end - at <= 2 || std::string_view("KMGTB").find(text_[end + 1]) != std::string_view::npos);
    }
    return false;
  }

  std::size_t add_mixed_chunk(std::size_t at, std::size_t end, std::size_t limit, std::uint16_t classes) {
    if ((classes & ~kPlain) != 0 || may_begin_date(at, end)) {
      if (const ValueSpan value = match_long_value(text_, at, end, classes); value.found() && value.end <= limit) {
        add_value(value.begin, value.end, value.kind);
        if (value.kind == MaskKind::kNumber && value.end == end) {
          return add_unit(end);
        }
        if (value.end >= end) {
          return value.end;
        }
        add_trimmed(value.end, end, classes);  // glued to the value, or cut off by a delimiter
        return end;
      }
    }
    if ((classes & (kColonChar | kDotChar | kDigitChar | kSlashChar | kAtChar)) == 0) {
      add_word(at, end, false);
      return end;
    }
    add_trimmed(at, end, classes);
    return end;
  }

  // The unit of a number, a blank before it: literal until another one is seen. Returns where to go on.
  std::size_t add_unit(std::size_t at) {
    const std::size_t length = at < text_.size() && text_[at] == ' ' ? match_unit(text_, at + 1) : 0;
    if (length == 0 || out_.tokens.back().begin + out_.tokens.back().length != at) {
      return at;
    }
    push(at, 1, kBlankHash, Token::Kind::kDelimiter, MaskKind::kNone);
    push(at + 1, length, hash64(text_.substr(at + 1, length)), Token::Kind::kLazyWord, MaskKind::kUnit);
    return at + 1 + length;
  }

  // Cuts the closing punctuation off a chunk: ':' and '.' before a blank or the end.
  void add_trimmed(std::size_t at, std::size_t end, std::uint16_t classes) {
    const bool at_blank = end >= text_.size() || is_space(text_[end]);
    std::size_t stop = end;
    if (!at_blank && text_[end] == '>' && text_[end - 1] == '-' && end - at > 1) {
      --stop;  // "12M->34M": an arrow between two values
    } else if (at_blank && (text_[stop - 1] == ':' || text_[stop - 1] == '.')) {
      const char mark = text_[stop - 1];
      while (stop > at && text_[stop - 1] == mark) {
        --stop;
      }
      // A sentence ends before a capital or at the end; a path may end in a full stop.
      if (mark == '.' && text_[at] == '/' && end + 1 < text_.size() && text_[end + 1] >= 'a') {
        stop = end;
      }
    }
    if (stop > at) {
      if ((classes & kColonChar) != 0) {
        add_colon_chunk(at, stop, classes);
      } else {
        add_pieces(at, stop, classes);
      }
    }
    if (stop < end) {
      add_delimiter(stop, end - stop);
    }
  }

  void add_colon_chunk(std::size_t at, std::size_t end, std::uint16_t classes) {
    std::size_t begin = at;
    while (begin < end && !full_) {
      const std::string_view rest = text_.substr(begin, end - begin);
      if (const ValueSpan value = match_colon_value(rest); value.found()) {
        add_value(begin, end, value.kind);
        return;
      }
      const std::size_t colon = find_cut(begin, end, classes);
      if (colon > begin) {
        const ValueSpan value =
            is_digit(text_[colon - 1]) ? match_colon_value(text_.substr(begin, colon - begin)) : ValueSpan{};
        if (value.found()) {
          add_value(begin, colon, value.kind);
        } else {
          add_pieces(begin, colon, classes);
        }
      }
      std::size_t after = colon;
      while (after < end && text_[after] == ':') {
        ++after;
      }
      if (colon < after) {
        add_delimiter(colon, after - colon);
      }
      begin = std::max(after, colon + 1);
    }
  }

  // The first colon that separates a word from what follows: a letter before it and no '/' after it, or between an
  // address and a word. "::" separates where one of the names it joins has a digit.
  [[nodiscard]] std::size_t find_cut(std::size_t begin, std::size_t end, std::uint16_t classes) const {
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (text_[i] != ':') {
        continue;
      }
      const char after = i + 1 < end ? text_[i + 1] : '\0';
      if (after == ':') {
        if ((classes & kDigitChar) != 0 && is_word(text_[i - 1])) {
          return i;
        }
        continue;
      }
      if (text_[i - 1] == ':') {
        continue;
      }
      const bool word = is_letter(text_[i - 1]) || is_hex_run(run_before(begin, i));
      if (word ? after != '/' : is_letter(after) && is_digit(text_[i - 1]) && cuts_address(begin, i)) {
        return i;
      }
    }
    return end;
  }

  // The letters and digits in front of `end`. A hexadecimal value may end in either, and is cut off in both cases.
  [[nodiscard]] std::string_view run_before(std::size_t begin, std::size_t end) const {
    std::size_t at = end;
    while (at > begin && is_alnum(text_[at - 1])) {
      --at;
    }
    return text_.substr(at, end - at);
  }

  // "10.0.0.1:50010" in front of ":Got".
  [[nodiscard]] bool cuts_address(std::size_t begin, std::size_t colon) const {
    const std::string_view address = text_.substr(begin, colon - begin);
    return address.find('.') != std::string_view::npos && match_colon_value(address).found();
  }

  // Cuts runs of repeated punctuation out of a piece ("a...b", "12##34"), then decides what the parts are.
  void add_pieces(std::size_t at, std::size_t end, std::uint16_t classes) {
    if ((classes & (kDotChar | kOtherChar)) != 0) {
      std::size_t begin = at;
      for (std::size_t i = at; i + 1 < end;) {
        std::size_t after = i + 1;
        while (after < end && text_[after] == text_[i]) {
          ++after;
        }
        if (after - i >= 2 && is_ruler(text_[i]) && (after == end || text_[after] != '/')) {
          if (i > begin) {
            add_piece(begin, i, classes);
          }
          add_delimiter(i, after - i);
          begin = after;
        }
        i = after;
      }
      if (begin < end) {
        add_piece(begin, end, classes);
      }
      return;
    }
    add_piece(at, end, classes);
  }

  // Punctuation that separates when repeated.
  static bool is_ruler(char c) { return c == '.' || c == '#' || c == '*'; }

  void add_piece(std::size_t at, std::size_t end, std::uint16_t classes) {
    // "#5", "@0x1f", "]-name": the mark is not part of the value.
    if (end - at > 1 && is_mark(at, end, classes)) {
      add_delimiter(at, 1);
      ++at;
    }
    const std::string_view piece = text_.substr(at, end - at);
    const ValueSpan value = find_value(piece, classes);
    if (!value.found() || is_dotted_key(value, end, piece)) {
      add_word(at, end, (classes & kDigitChar) != 0 && std::any_of(piece.begin(), piece.end(), is_digit));
      return;
    }
    const bool whole = value.begin == 0 && value.end == piece.size();
    if (!whole && is_name_prefix(piece.substr(0, value.begin))) {
      add_word(at, at + value.begin, false);
      add_value(at + value.begin, end, value.end == piece.size() ? value.kind : MaskKind::kId);
      return;
    }
    add_value(at, end, whole || value.kind == MaskKind::kIp ? value.kind : MaskKind::kId);
  }

  // "request.id=": a key, though it would do for a host.
  [[nodiscard]] bool is_dotted_key(const ValueSpan& value, std::size_t end, std::string_view piece) const {
    return value.kind == MaskKind::kHost && end < text_.size() && text_[end] == '=' &&
           std::none_of(piece.begin(), piece.end(), is_digit);
  }

  [[nodiscard]] bool is_mark(std::size_t at, std::size_t end, std::uint16_t classes) const {
    const char c = text_[at];
    if ((classes & kDigitChar) == 0 || (at > 0 && is_word(text_[at - 1]))) {
      return false;
    }
    if (c == '#' || c == '@' || c == ':') {
      const std::size_t sign = c == ':' && text_[at + 1] == '-' ? 1 : 0;
      return std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(at + 1 + sign),
                         text_.begin() + static_cast<std::ptrdiff_t>(end),
                         [](char b) { return is_alnum(b) || b == '.'; });
    }
    return c == '-' && at > 0 && is_break(text_[at - 1]) &&
           (is_letter(text_[at + 1]) || is_hex_run(text_.substr(at + 1, end - at - 1)));
  }

  // "core." in "core.1234": the name stays, the number is the value.
  static bool is_name_prefix(std::string_view prefix) {
    if (prefix.size() < 2 || std::string_view(".+@#").find(prefix.back()) == std::string_view::npos) {
      return false;
    }
    prefix.remove_suffix(1);
    return std::all_of(prefix.begin(), prefix.end(), [](char c) { return is_word(c) && !is_digit(c); });
  }

  void add_word(std::size_t at, std::size_t end, bool has_digit) {
    const std::string_view word = text_.substr(at, end - at);
    if (glue(at, end)) {
      return;
    }
    if (word.size() >= 2 && !is_alnum(word[0]) && std::none_of(word.begin(), word.end(), is_word)) {
      push(at, end - at, hash64(word), Token::Kind::kDelimiter, MaskKind::kNone);  // "****", "->": never a value
      return;
    }
    if (is_truth_word(word)) {
      add_value(at, end, MaskKind::kNone);
      return;
    }
    if (has_digit && is_surely_value(word)) {
      add_value(at, end, MaskKind::kId);
      return;
    }
    const bool lazy = (has_digit && !is_caps_name(word)) || follows_equals();
    push(at, end - at, hash64(word), lazy ? Token::Kind::kLazyWord : Token::Kind::kWord,
         has_digit ? MaskKind::kId : MaskKind::kNone);
  }

  [[nodiscard]] bool follows_equals() const {
    const auto& tokens = out_.tokens;
    if (tokens.empty() || tokens.back().kind != Token::Kind::kDelimiter) {
      return false;
    }
    if (text_[tokens.back().begin] == '=') {
      return true;
    }
    return tokens.size() > 1 && tokens.back().hash == kBlankHash &&
           tokens[tokens.size() - 2].kind == Token::Kind::kDelimiter && text_[tokens[tokens.size() - 2].begin] == '=';
  }

  // Text right behind a value belongs to it ("12:34" behind an address). True if it did.
  bool glue(std::size_t at, std::size_t end) {
    if (out_.tokens.empty()) {
      return false;
    }
    Token& last = out_.tokens.back();
    if (last.kind != Token::Kind::kValue || last.begin + last.length != at) {
      return false;
    }
    last.length = static_cast<std::uint32_t>(end - last.begin);
    return true;
  }

  void add_value(std::size_t at, std::size_t end, MaskKind kind, std::uint64_t hash = kValueHash) {
    auto& tokens = out_.tokens;
    if (glue(at, end)) {
      return;
    }
    // value, delimiter, value without blanks: one value ("1,234", "a;b").
    if (tokens.size() >= 2 && tokens.back().kind == Token::Kind::kDelimiter && tokens[tokens.size() - 2].open() &&
        tokens.back().begin + tokens.back().length == at && tokens.back().length == 1 &&
        !separates_values(text_[tokens.back().begin])) {
      tokens.pop_back();
      Token& last = tokens.back();
      last = {last.begin, static_cast<std::uint32_t>(end - last.begin),
              last.kind == Token::Kind::kValue ? last.hash : kValueHash, Token::Kind::kValue, last.mask};
      return;
    }
    push(at, end - at, hash, Token::Kind::kValue, kind);
  }

  void add_delimiter(std::size_t at, std::size_t length) {
    const char c = text_[at];
    if (c == ')' && !out_.tokens.empty() && text_[out_.tokens.back().begin] == '(' &&
        out_.tokens.back().kind == Token::Kind::kDelimiter) {
      // "()" has an empty value in it: it equals "(x)" for some x.
      push(at, 0, hash64({}), Token::Kind::kLazyWord, MaskKind::kNone);
    }
    // "..." and "......" are one delimiter: from three on, the length says nothing.
    push(at, length, hash_mix(static_cast<unsigned char>(c), length > 2 ? 3 : length), Token::Kind::kDelimiter,
         MaskKind::kNone);
  }

  // Writes the fields in place: a token built aside and copied would wait for its own bytes to be stored.
  void push(std::size_t begin, std::size_t length, std::uint64_t hash, Token::Kind kind, MaskKind mask) {
    if (out_.tokens.size() == rules_.max_tokens) {
      full_ = true;
      return;
    }
    Token& token = out_.tokens.emplace_back();
    token.begin = static_cast<std::uint32_t>(begin);
    token.length = static_cast<std::uint32_t>(length);
    token.hash = hash;
    token.kind = kind;
    token.mask = mask;
  }

  // What is beyond the last token allowed becomes part of it.
  void fold_tail() {
    Token& last = out_.tokens.back();
    last = {last.begin, static_cast<std::uint32_t>(text_.size() - last.begin), kValueHash, Token::Kind::kValue,
            MaskKind::kNone};
  }

  MaskedMessage& out_;
  std::string_view text_;
  ByteMarks marks_;
  const ScanRules& rules_;
  std::size_t custom_ = 0;
  std::size_t open_angles_ = 0;  // '<' kept as delimiters and not closed yet
  bool no_double_ = false;       // no further double quote
  bool no_single_ = false;
  bool full_ = false;
};

}  // namespace

void scan_tokens(MaskedMessage& out, const ScanRules& rules) {
  Scanner(out, rules).run();
}

}  // namespace logdetect
