#!/usr/bin/env python3
"""Lists the bare numeric constants of include/ and src/. Every number has a unit in its name, a source, or a reason.

A literal needs none of these if it is
  0, 1 or 2, or the negative of one, in any spelling such as 1.0F;
  part of the form in which code is written: an integer below 10 that is neither the value of a name nor a bound (the
  position, width or number of the pieces of a fixed form) or bounds the length of a text or a counter of one letter;
  the position in text[14], the distance of a shift, a byte or mask in hexadecimal, file permissions in octal, the
  size of an array whose values follow or with one entry for each of the 256 bytes, a number in static_assert or LD_CHECK, which
  hold its reason;
  the 10 of decimal digits, or the factor between two units (24, 60, 100, 1000, 1024, 3600, 86'400, 1e6, 1e9), beside
  * / %;
  the columns or decimals given last to functions such as aligned_left, fixed_text or log_text, the bytes of an element
  given first to ByteReader::count; a half as a factor;
  the bound of a calendar field: hour < 24, minute > 59;
  the value of an enumerator, whose name tells it, or of a case label, which the switch tells;
  in a table: a constant that is initialised with at least four numbers in braces, a file of rows (TABLE_FILES), or the
  range of a field of the configuration (kDaysRange), whose row says the unit.

Any other literal must be
  the value of a variable whose name holds its unit: a unit of time or size (window_seconds, kHeaderBytes, kNameWidth), a measure
  without dimension (share, fraction, quantile, probability, percent, nats), or the plural of what is counted
  (kMaxTemplates);
  or explained by a comment: on its line, in its statement, directly above its statement, or directly above the
  unbroken group of constants in which it stands.

usage: check_constants.py ROOT [PREFIX ...]     only files whose names begin with one of the prefixes
       check_constants.py --self-test"""
import dataclasses
import pathlib
import re
import sys

from cxx_tokens import tokens
from lint_common import files, main

FREE_VALUES = {0.0, 1.0, 2.0}
LARGEST_BYTE = 0xFF
BYTE_VALUES = 256
TABLE_NUMBERS = 4
TABLE_FILES = {"src/config/fields.cc"}
SHIFTS = {"<<", ">>", "<<=", ">>="}
FACTORS = {"*", "/", "%", "*=", "/=", "%="}
FACTORS_OF_UNITS = {10, 24, 60, 100, 1000, 1024, 3600, 86_400, 1e6, 1e9}
BOUNDS = {"<", ">", "<=", ">="}
# Statements whose own text says what the number is.
EXPLAINED = {"static_assert", "LD_CHECK"}
CALENDAR = {"year", "month", "day", "weekday", "hour", "minute", "second"}
# What the last argument of these functions is, their names say: columns, or decimals.
FORMATTERS = {"aligned_left", "aligned_right", "padded", "fixed_text", "left", "log_text", "entry"}
UNITS = set("ns us ms width second minute hour day week month year byte kib mib gib bit hz share fraction quantile "
            "probability percent nats".split())
# Words that end in s and count nothing.
NO_PLURALS = {"is", "has", "was", "this", "bias", "status", "alias", "always", "basis"}
SCOPES = {"struct", "class", "union", "namespace", "enum", "extern"}
LABELS = {"case", "default", "public", "private", "protected"}
BODY_FOLLOWS = {")", "else", "do", "try", "const", "noexcept", "override", "mutable", "}", "]", ":"}


def value(text):
    """The number a literal stands for; None for one with a suffix of ours, which is its unit."""
    digits = text.replace("'", "")
    found = re.fullmatch(r"0[xX]([0-9a-fA-F]+)[uUlLzZ]*", digits)
    if found:
        return float(int(found.group(1), 16))
    found = re.fullmatch(r"([0-9.]+(?:[eE][+-]?[0-9]+)?)[uUlLzZfF]*", digits)
    return float(found.group(1)) if found else None


def words_of(name):
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name.removeprefix("k"))]


def holds_unit(name):
    return any(word in UNITS or (re.fullmatch(r"[a-z]+[^\W\d_s]s", word) and word not in NO_PLURALS)
               for word in words_of(name))


@dataclasses.dataclass
class Statement:
    """The tokens between two ends of statements or bodies, comments left out."""
    tokens: list = dataclasses.field(default_factory=list)
    in_enum: bool = False
    parentheses: int = 0
    braces: int = 0          # initialisers that are open

    def opens_body(self):
        """Whether a { that comes now begins a body or a scope rather than an initialiser."""
        texts = [token.text for token in self.tokens]
        if not texts:
            return True
        if self.is_scope():
            return True
        arrow = "->" in texts and texts.index("->") > 0 and texts[texts.index("->") - 1] in {")", "mutable", "const"}
        return texts[-1] in BODY_FOLLOWS or arrow and texts[-1] not in {"=", ",", "(", "{", "return"}

    def is_scope(self):
        texts = [token.text for token in self.tokens]
        return bool(SCOPES & set(texts)) and not {"(", "="} & set(texts)

    def is_constant(self):
        return any(token.text in {"constexpr", "constinit", "const"} for token in self.tokens[:4])


class Statements:
    """Cuts a file into statements. The body of a lambda is cut apart from the statement in which it stands."""

    def __init__(self, found):
        self.done = []
        self.outer = []      # for each open body, the statement it interrupts
        self.now = Statement()
        for token in found:
            self.take(token)
        self.done.append(self.now)

    def take(self, token):
        now, text = self.now, token.text
        if text == "{" and now.opens_body():
            in_enum = now.is_scope() and any(part.text == "enum" for part in now.tokens)
            self.outer.append(now)
            self.now = Statement(in_enum=in_enum)
            return
        if text == "}" and not now.braces:
            self.done.append(now)
            self.now = self.outer.pop() if self.outer else Statement()
            # A lambda's statement goes on behind its body; every other ends with it.
            if not self.now.parentheses and not self.now.braces and not self.holds_lambda():
                self.end()
            return
        if text == ";" and not now.parentheses and not now.braces:
            self.end()
            return
        now.tokens.append(token)
        now.parentheses += {"(": 1, ")": -1}.get(text, 0)
        now.braces += {"{": 1, "}": -1}.get(text, 0)
        if text == ":" and now.tokens[0].text in LABELS:
            self.end()

    def holds_lambda(self):
        texts = [token.text for token in self.now.tokens]
        return "[" in texts and ("=" in texts or "return" in texts)

    def end(self):
        self.done.append(self.now)
        self.now = Statement()


def is_form(statement, i):
    """Whether the literal at i is part of the form in which code is written."""
    found, literal = statement.tokens, statement.tokens[i].text
    before = [token.text for token in found[max(0, i - 3):i]]
    after = found[i + 1].text if i + 1 < len(found) else ""
    number = value(literal)
    if number is None or number in FREE_VALUES or statement.in_enum or found[0].text in EXPLAINED:
        return True
    if literal[:2] in {"0x", "0X"}:
        mask = int(number)
        return mask <= LARGEST_BYTE or mask & (mask + 1) == 0 or mask & (mask - 1) == 0
    if re.fullmatch(r"0[0-7]+[uU]?", literal) or (before and before[-1] in SHIFTS | {"case"}):
        return True
    if number in FACTORS_OF_UNITS and FACTORS & {before[-1] if before else "", after}:
        return True
    if before[-1:] == ["["]:
        # A name behind an operator is read; a name behind a type is declared, and its size is a constant.
        return len(before) < 3 or not re.fullmatch(r"\w+|[>*&]", before[0]) or before[0] == "return"
    if before[-1:] and before[-1] in BOUNDS and CALENDAR & {word.rstrip("s") for word in words_of(before[-2] if len(before) > 1 else "")}:
        return True
    callee, place = call_of(found, i)
    if (after == ")" and callee in FORMATTERS) or (callee == "count" and place == 0):
        return True
    if number == 0.5 and {"*"} & {before[-1] if before else "", after}:
        return True
    small = re.fullmatch(r"[3-9][uU]?", literal) is not None
    if after == ">" and before[-1:] and before[-1] in {",", "<"}:
        return small or number == BYTE_VALUES or any(token.text == "{" for token in found[i:])
    if after in BOUNDS or (before[-1:] and before[-1] in BOUNDS):
        measured = "".join(token.text for token in found[max(0, i - 5):i - 1])
        return small and re.search(r"\.size\(\)$|digits$|\b[a-z]$", measured) is not None
    return small and name_of(found, i) is None


def call_of(found, i):
    """(name of the call among whose arguments the literal at i stands, number of the argument); (None, 0) for none."""
    depth = place = 0
    for at in range(i - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(found[at].text, 0)
        place += found[at].text == "," and depth == 0
        if depth < 0:
            return found[at - 1].text, place
    return None, 0


def is_table(statement):
    """A constant with many numbers in braces, or the range of a field of the configuration."""
    return statement.is_constant() and any(token.text == "{" for token in statement.tokens) and (
        sum(token.kind == "number" for token in statement.tokens) >= TABLE_NUMBERS
        or any(token.text.startswith("k") and token.text.endswith("Range") for token in statement.tokens))


def name_of(found, i):
    """The name whose value is, or is made of, the literal at i: name = literal, name{literal}; None if there is none."""
    texts = [token.text for token in found[:i]]
    declared = [at for at in range(1, len(texts)) if found[at - 1].kind == "name" and (
        texts[at] == "=" or (texts[at] == "{" and at >= 2 and found[at - 2].text in {"const", ">", "*", "&"}
                             or texts[at] == "{" and at >= 2 and found[at - 2].kind == "name"))]
    for at in reversed(declared):
        # Behind the name stands arithmetic alone: numbers, types and units, no condition and no argument of a call.
        value_of = texts[at + 1:]
        call = any(text == "(" and value_of[n - 1] != ">" for n, text in enumerate(value_of) if n > 0)
        if not call and not {",", "?", "&&", "||", "==", "<=", ">=", "[", "return"} & set(value_of):
            return texts[at - 1]
    return None


class Comments:
    def __init__(self, found):
        self.lines = set()      # lines that hold a comment
        self.alone = set()      # lines that hold nothing else
        code = {line for token in found if token.kind != "comment" for line in range(token.line, token.last_line + 1)}
        for token in found:
            if token.kind == "comment":
                self.lines.update(range(token.line, token.last_line + 1))
        self.alone = self.lines - code

    def explain(self, first, line):
        return first - 1 in self.alone or any(at in self.lines for at in range(first, line + 1))


def bare_constants(text):
    """The tokens of the bare constants of one file."""
    everything = list(tokens(text))
    comments = Comments(everything)
    explained_until = -1          # last line of a group of constants that a comment explains
    for statement in sorted((s for s in Statements(t for t in everything if t.kind not in {"comment", "directive"}).done
                             if s.tokens), key=lambda s: s.tokens[0].start):
        first, last = statement.tokens[0].line, statement.tokens[-1].line
        in_group = statement.is_constant() and first <= explained_until + 1
        if in_group or (statement.is_constant() and first - 1 in comments.alone):
            explained_until = last
        for i, token in enumerate(statement.tokens):
            if token.kind == "number" and not (
                    is_form(statement, i) or in_group or is_table(statement) or holds_unit(name_of(statement.tokens, i) or "")
                    or comments.explain(first, token.line)):
                yield token


def check(root, prefixes=("include/", "src/")):
    for name in files(root, {".h", ".cc"}):
        if not name.startswith(("include/", "src/")) or not name.startswith(tuple(prefixes)):
            continue
        if name in TABLE_FILES:
            continue
        text = (root / name).read_text(encoding="utf-8")
        lines = text.splitlines()
        for token in bare_constants(text):
            yield f"{name}:{token.line}: {token.text}: {lines[token.line - 1].strip()}"


GOOD = {"src/a.cc": """namespace n {
// Twice the longest line seen.
constexpr int kLimit = 500;
constexpr int kOther = 501;
constexpr int kWindowSeconds = 60, kMaxTemplates = 9;
constexpr double kTable[] = {0.1, 0.2, 0.3, 0.4};
constexpr Range<double> kDaysRange{0, 365};
enum class Code { kOk = 0, kBad = 17 };
struct Options {
  double share = 0.02;
  /// How often.
  int often = 7;
  int never = 8;  // a reason
};
int f(int a) {
  a = (a << 12) | (a & 0x7F);
  for (int i = 0; i < 2; ++i) {
    a = a * 10 + text[4] - 1;
  }
  // A year is long enough.
  call(a, [](int b) { return b + 1; },
       365);
  static_assert(sizeof(int) == 4);
  LD_CHECK(a <= 16, "at most 16");
  out += aligned_left(name(a, 1), 26);
  for (int n = in.count(8 + 16, kMost); n > 0; --n) {
    b = 0.5 * x;
  }
  return std::get<3>(a);
}
}  // namespace n
"""}
BAD = [
    ("src/b.cc:1: 500", {"src/b.cc": "constexpr int kLimit = 500;\n"}),
    ("src/b.cc:3: 8", {"src/b.cc": "// A reason.\nconstexpr int kA = 7;\n\nconstexpr int kB = 8;\n".replace("\n\n", "\n")
                       .replace("constexpr int kB", "int b")}),
    ("src/b.cc:4: 8", {"src/b.cc": "// A reason.\nconstexpr int kA = 7;\n\nconstexpr int kB = 8;\n"}),
    ("src/b.cc:2: 3", {"src/b.cc": "int f(int a) {  // f\n  return a > 3;\n}\n"}),
    ("src/b.cc:2: 3", {"src/b.cc": "auto f = [](int a) {\n  return a > 3;\n};\n"}),
    ("src/b.cc:1: 32", {"src/b.cc": "char text[32];\n"}),
    ("src/b.cc:1: 0x123", {"src/b.cc": "int f() { return a & 0x123; }\n"}),
    ("src/b.cc:1: 0.5", {"src/b.cc": "int f() { return g(a, 0.5); }\n"}),
    ("include/b.h:2: 3", {"include/b.h": "struct S {\n  int status = 3;\n};\n"}),
    ("src/b.cc:2: 4", {"src/b.cc": "int a_seconds = 3;  // a reason\nint b = 4;\n"}),
    ("src/b.cc:1: 4", {"src/b.cc": "bool b = a_records > 4;\n"}),
]

if __name__ == "__main__":
    if "--help" in sys.argv or "-h" in sys.argv:
        print(__doc__)
        sys.exit(0)
    PREFIXES = tuple(sys.argv[2:]) or ("include/", "src/")
    for PREFIX in sys.argv[2:]:
        if not any(NAME.startswith(PREFIX) for NAME in files(pathlib.Path(sys.argv[1]), {".h", ".cc"})):
            sys.exit(f"no source begins with {PREFIX}")
    del sys.argv[2:]
    main(lambda root: check(root, PREFIXES), GOOD, BAD)
