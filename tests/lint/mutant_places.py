#!/usr/bin/env python3
"""Where a C++ file can be changed a little so that it still compiles, and how the change is written.

A mutant is one change of one place: a comparison, an operator of arithmetic, a constant, or two arguments of a call in
the other order. All mutants of a file are written into it at once, each as (logdetect_mutant(7) ? (changed) : (as it
was)), so that one build holds them all and the environment chooses.

The places are found in the tokens. That is enough because the sources are laid out by clang-format: an operator with
blanks on both sides is binary, and a < without one is the bracket of a template. What cannot change at run time is left
out by choice (constexpr, enumerators, bounds of arrays, template arguments, case labels, static_assert), and so is what
no test should see (reserve, checks of invariants, texts of errors). What slips through does not compile and is dropped
by the runner, run_mutants.py."""
import dataclasses
import re
import sys

from cxx_tokens import tokens

COMPARISONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("*",), "<<": (">>",), ">>": ("<<",),
              "&": ("|",), "|": ("&",), "+=": ("-=",), "-=": ("+=",), "*=": ("/=",), "/=": ("*=",)}
KINDS = ("comparison", "arithmetic", "constant", "arguments")
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="}
ENDS = {";", ",", "?", ":", "&&", "||", "return", "case", "throw", "else", "do", "{", "}"} | ASSIGNMENTS
OPENERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
# Statements in which a change matters to nobody, or cannot be made at run time.
SPARED = {"static_assert", "LD_CHECK", "fprintf", "reserve", "shrink_to_fit", "make_error", "constinit", "consteval", "alignas",
          "noexcept", "decltype", "sizeof", "requires", "concept", "using", "typedef", "operator", "enum"}
NO_CALLS = {"if", "for", "while", "switch", "return", "catch", "sizeof", "static_assert", "decltype", "alignas",
            "noexcept", "min", "max", "swap", "isfinite"}


@dataclasses.dataclass(frozen=True)
class Place:
    kind: str
    line: int
    start: int          # offsets of the text that is replaced
    end: int
    changed: str        # what stands there in the mutant


class Source:
    """The code tokens of one file with their brackets matched."""

    def __init__(self, text):
        self.text = text
        self.tokens = [token for token in tokens(text) if token.kind != "comment"]
        self.match = {}
        self.around = []        # for each token, the index of the bracket that encloses it, or -1
        self._match()

    def blank_before(self, i):
        start = self.tokens[i].start
        return start == 0 or self.text[start - 1].isspace()

    def blank_after(self, i):
        end = self.tokens[i].end
        return end == len(self.text) or self.text[end].isspace()

    def is_binary(self, i):
        return self.blank_before(i) and self.blank_after(i)

    def _match(self):
        stack = []
        for i, token in enumerate(self.tokens):
            text = token.text
            self.around.append(stack[-1] if stack else -1)
            if token.kind != "op":
                continue
            if text in "([{" or (text == "<" and self._opens_template(i)):
                stack.append(i)
            elif text in {")", "]", "}"}:
                while stack and OPENERS[self.tokens[stack[-1]].text] != text:
                    stack.pop()
                self._close(stack, i)
            elif text in {">", ">>"} and not self.blank_before(i):
                for _ in text:
                    if stack and self.tokens[stack[-1]].text == "<":
                        self._close(stack, i)

    def _close(self, stack, i):
        if stack:
            opener = stack.pop()
            self.match[opener] = i
            self.match[i] = opener

    def _opens_template(self, i):
        before = self.tokens[i - 1] if i else None
        return before is not None and before.text != "operator" and (
            before.text == "template" or (before.kind == "name" and not self.blank_before(i)))

    def region(self, i):
        """(first, last) token of the widest expression around token i without a lower operator; None if there is none."""
        ends = ENDS - {"?", ":"} if self.tokens[i].text in ASSIGNMENTS else ENDS    # a += b ? c : d is all of it
        first = i
        while first > 0:
            before = first - 1
            text = self.tokens[before].text
            if before in self.match and self.match[before] < before:
                if text == "}" and not self._is_value(self.match[before]):
                    break
                first = self.match[before]
            elif before in self.match or (text in ENDS and before != i) or self.tokens[before].kind == "directive":
                break
            else:
                first = before
        last = i
        while last + 1 < len(self.tokens):
            after = last + 1
            text = self.tokens[after].text
            if after in self.match and self.match[after] > after:
                if text == "{" and not self._is_value(after):
                    break
                last = self.match[after]
            elif after in self.match or text in ends or self.tokens[after].kind == "directive":
                break
            else:
                last = after
        return (first, last) if first < i < last else None

    def _is_value(self, opener):
        """Whether the brace begins the values of an object, T{1, 2}, rather than a body."""
        before = self.tokens[opener - 1] if opener else None
        return before is not None and not self.blank_before(opener) and (before.kind == "name" or before.text == ">")

    def statement(self, i):
        """Texts of the statement that holds token i, up to the body it opens, if any."""
        first = last = i
        while first > 0:
            before = self.tokens[first - 1].text
            if before == "}" and first - 1 in self.match and self._is_value(self.match[first - 1]):
                first = self.match[first - 1]       # T{1} ends no statement
            elif before in {";", "{", "}"}:
                break
            else:
                first -= 1
        while last + 1 < len(self.tokens) and self.tokens[last].text not in {";", "{", "}"}:
            last += 1
        return [token.text for token in self.tokens[first:last + 1]]

    def is_spared(self, i):
        statement = set(self.statement(i))
        if SPARED & statement or "constexpr" in statement:
            return True
        around = self.around[i]
        while around >= 0:
            if self.tokens[around].text == "<":
                return True
            if self.tokens[around].text == "{":
                head = self.statement(around - 1)
                if {"enum", "consteval", "static_assert"} & set(head):
                    return True
                # The body of a constexpr function also runs; the value of a constexpr variable never does.
                if "constexpr" in head and ("=" in head or "(" not in head):
                    return True
            around = self.around[around]
        return self._is_array_bound(i)

    def _is_array_bound(self, i):
        around = self.around[i]
        if around < 2 or self.tokens[around].text != "[":
            return False
        name, kind = self.tokens[around - 1], self.tokens[around - 2]
        return name.kind == "name" and kind.text not in {"return", "case"} and (
            kind.kind == "name" or (kind.text in {">", "*", "&"} and not self.is_binary(around - 2)))

    def slice(self, first, last):
        return self.text[self.tokens[first].start:self.tokens[last].end]


def changed_constants(text):
    """Other values for a literal, as text; nothing for spellings that mean something else than a number."""
    found = re.fullmatch(r"([0-9']+)([uUlLzZ]*)", text)
    if found and not re.fullmatch(r"0[0-7]+", found.group(1)):
        number = int(found.group(1).replace("'", ""))
        return [f"{other}{found.group(2)}" for other in (number + 1, number - 1) if other >= 0]
    found = re.fullmatch(r"([0-9.']+(?:[eE][+-]?[0-9]+)?)([fF]?)", text)
    if found:
        number = float(found.group(1).replace("'", ""))
        return [f"{other!r}{found.group(2)}" for other in ((number * 2, number / 2) if number else (1.0,))]
    found = re.fullmatch(r"0[xX]([0-9a-fA-F]+)([uUlL]*)", text)
    return [f"{int(found.group(1), 16) ^ 1:#x}{found.group(2)}"] if found else []


def _operators(source, i):
    token = source.tokens[i]
    for kind, table in (("comparison", COMPARISONS), ("arithmetic", ARITHMETIC)):
        if token.text not in table or not source.is_binary(i):
            continue
        region = source.region(i)
        if region is None or (region[0] and source.tokens[region[0] - 1].text == "case"):
            continue
        start, end = source.tokens[region[0]].start, source.tokens[region[1]].end
        for other in table[token.text]:
            yield Place(kind, token.line, start, end, source.text[start:token.start] + other + source.text[token.end:end])


def _constants(source, i):
    token = source.tokens[i]
    before = source.tokens[i - 1].text if i else ""
    pure = before == "=" and i >= 2 and source.tokens[i - 2].text in {")", "const", "noexcept", "override"}
    if before == "case" or pure:
        return
    for other in changed_constants(token.text):
        yield Place("constant", token.line, token.start, token.end, other)


def _arguments(source, i):
    """Two neighbours among the arguments of the call whose ( is token i, in the other order."""
    if i == 0 or i not in source.match or source.tokens[i - 1].kind != "name" or source.tokens[i - 1].text in NO_CALLS:
        return
    first = i - 1
    while first >= 2 and source.tokens[first - 1].text in {".", "->", "::"}:
        first -= 2
        if first in source.match and source.match[first] < first:
            first = source.match[first] - 1
    before = source.tokens[first - 1] if first else None
    if before is None or (before.kind == "name" and before.text != "return") or (
            before.text in {">", "*", "&", "~", "&&"} and not source.is_binary(first - 1)):
        return
    last = source.match[i]
    commas = [at for at in range(i + 1, last) if source.tokens[at].text == "," and source.around[at] == i]
    bounds = [i, *commas, last]
    parts = [(bounds[n] + 1, bounds[n + 1] - 1) for n in range(len(bounds) - 1)]
    start, end = source.tokens[first].start, source.tokens[last].end
    for one, two in zip(parts, parts[1:]):
        a, b = source.slice(*one), source.slice(*two)
        if a != b:
            at, until = source.tokens[one[0]].start, source.tokens[two[1]].end
            yield Place("arguments", source.tokens[i].line, start, end,
                        source.text[start:at] + f"{b}, {a}" + source.text[until:end])


def places(text):
    """Every place of a file, in order."""
    source = Source(text)
    for i, token in enumerate(source.tokens):
        found = []
        if token.kind == "op" and token.text == "(":
            found = _arguments(source, i)
        elif token.kind == "op":
            found = _operators(source, i)
        elif token.kind == "number":
            found = _constants(source, i)
        for place in found:
            # A comment within the replaced text would swallow the rest of the line.
            if not source.is_spared(i) and "//" not in place.changed and "#" not in place.changed:
                yield place


def rewrite(text, chosen):
    """The file with the chosen places, [(number, place)], as schemata. They must not overlap. Lines stay where they are."""
    for number, place in sorted(chosen, key=lambda pair: -pair[1].start):
        changed = " ".join(place.changed.split())
        schema = f"(logdetect_mutant({number}) ? ({changed}) : ({text[place.start:place.end]}))"
        text = text[:place.start] + schema + text[place.end:]
    return text


def overlap(one, two):
    return one.start < two.end and two.start < one.end


TEXT = """#include <a.h>
constexpr int kA = 3 + 4;  // never
enum class E { kB = 5 };
template <typename T>
int f(const T& a, std::array<int, 3>& b) {
  static_assert(sizeof(T) < 8);
  int c[4] = {};
  out.reserve(a + 1);
  if (a.size() <= static_cast<int>(b) && g(a, b) != x->h(b * 3, "<+")) {
    return make_error("a" + b);
  }
  switch (a) {
    case 7:
      return a - (b + 2.5);
  }
  virtual void v() = 0;
  for (int i = 0; i < n; ++i) {
    total += std::max(a, b) >> 1;
  }
  more += ok ? a : b;
}
constexpr int kB = int{4} << 20;
"""
FOUND = [
    (9, "comparison", "a.size() < static_cast<int>(b)"),
    (9, "comparison", "a.size() > static_cast<int>(b)"),
    (9, "arguments", "g(b, a)"),
    (9, "comparison", "g(a, b) == x->h(b * 3, \"<+\")"),
    (9, "arguments", "x->h(\"<+\", b * 3)"),
    (9, "arithmetic", "b / 3"),
    (9, "constant", "4"),
    (9, "constant", "2"),
    (14, "arithmetic", "a + (b + 2.5)"),
    (14, "arithmetic", "b - 2.5"),
    (14, "constant", "5.0"),
    (14, "constant", "1.25"),
    (17, "constant", "1"),
    (17, "comparison", "i <= n"),
    (17, "comparison", "i >= n"),
    (18, "arithmetic", "total -= std::max(a, b) >> 1"),
    (18, "arithmetic", "std::max(a, b) << 1"),
    (18, "constant", "2"),
    (18, "constant", "0"),
    (20, "arithmetic", "more -= ok ? a : b"),
]


def self_test():
    found = [(place.line, place.kind, place.changed) for place in places(TEXT)]
    failures = [f"missing: {want}" for want in FOUND if want not in found]
    failures += [f"not wanted: {got}" for got in found if got not in FOUND]
    one = next(place for place in places(TEXT) if place.changed == "i <= n")
    two = next(place for place in places(TEXT) if place.changed == "std::max(a, b) << 1")
    lines = rewrite(TEXT, [(4, one), (5, two)]).splitlines()
    for number, want in ((16, "  for (int i = 0; (logdetect_mutant(4) ? (i <= n) : (i < n)); ++i) {"),
                         (17, "    total += (logdetect_mutant(5) ? (std::max(a, b) << 1) : (std::max(a, b) >> 1));")):
        if lines[number] != want:
            failures.append(f"rewritten as {lines[number]!r}, want {want!r}")
    return failures


if __name__ == "__main__":
    if sys.argv[1:] != ["--self-test"]:
        sys.exit(f"usage: {sys.argv[0]} --self-test     (scripts/mutants runs mutants)")
    FAILURES = self_test()
    print("\n".join([*FAILURES, f"{len(FAILURES)} findings"]))
    sys.exit(1 if FAILURES else 0)
