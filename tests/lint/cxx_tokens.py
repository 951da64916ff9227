"""C++ text as tokens: what the tools need that look at sources without a compiler."""
import bisect
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Token:
    kind: str      # comment, directive, string, char, number, name or op
    text: str
    start: int     # offset of the first character
    line: int      # line of the first character, from 1

    @property
    def end(self):
        return self.start + len(self.text)

    @property
    def last_line(self):
        return self.line + self.text.count("\n")


# A directive ends with its line, unless a backslash continues it; a comment behind it belongs to it.
PATTERN = re.compile(r"""
    (?P<space>\s+)
  | (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<directive>(?m:^)[ \t]*\#(?:[^\n]*\\\n)*[^\n]*)
  | (?P<string>(?:u8|[uUL])?R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*")
  | (?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?[0-9](?:'?[0-9a-zA-Z_.]|(?<=[eEpP])[+-])*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<op><=>|<<=|>>=|->\*|\.\.\.|::|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|->|[-+*/%&|^]=|.)
""", re.X | re.S)


def tokens(text):
    """Every token of the text, comments and directives among them."""
    starts = [0] + [found.end() for found in re.finditer("\n", text)]
    for found in _matches(text):
        kind = found.lastgroup if found.lastgroup != "mark" else "string"
        if kind != "space":
            yield Token(kind, found.group(), found.start(), bisect.bisect_right(starts, found.start()))


def _matches(text):
    at = 0
    while at < len(text):
        found = PATTERN.match(text, at)
        # The blanks in front of a directive must stay with it: `#` counts at the beginning of a line only.
        if found.lastgroup == "space" and "\n" in found.group():
            end = text.rfind("\n", at, found.end()) + 1
            if re.match(r"[ \t]*#", text[end:]):
                at = end
                directive = PATTERN.match(text, at)
                yield directive
                at = directive.end()
                continue
        yield found
        at = found.end()
