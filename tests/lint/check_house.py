#!/usr/bin/env python3
"""House rules a formatter cannot see: no machine paths, no tabs, no blanks at line ends, files of at most 700 lines,
functions of at most 120, #pragma once first in every public header (after comments), a newline at the end."""
import re

from lint_common import files, main

MAX_FILE_LINES = 700
MAX_FUNCTION_LINES = 120
CODE = {".cc", ".h", ".py"}
# Written in pieces, so that this file passes its own check.
MACHINE_PATH = re.compile(r"(?<![\w.\-])/" + r"(?:work/|root\b)")
NOT_A_FUNCTION = re.compile(r"^(?:.*\s)?(?:namespace|class|struct|union|enum)\b(?!.*\)\s*(?:const|noexcept|override)?\s*$)")
STRIP = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)


def blanked(text):
    """Comments, strings and preprocessor lines become blanks; line breaks stay where they are."""
    text = STRIP.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.M)


def functions(text):
    """(first line, number of lines) of every function body that stands in a namespace or a class."""
    scopes = []          # one (is a scope that may hold functions, first line or None) for each open brace
    head_from, line = 0, 1
    text = blanked(text)
    for i, c in enumerate(text):
        if c == "\n":
            line += 1
        elif c == "{":
            head = " ".join(text[head_from:i].split())
            holds = all(scope for scope, _ in scopes)
            scope = bool(NOT_A_FUNCTION.match(head)) or head.startswith("extern")
            scopes.append((scope, line if holds and not scope and "(" in head else None))
            head_from = i + 1
        elif c == "}":
            if scopes:
                _, first = scopes.pop()
                if first is not None:
                    yield first, line - first + 1
            head_from = i + 1
        elif c == ";":
            head_from = i + 1


def first_code(text):
    for line in text.splitlines():
        if line.strip() and not line.startswith("//"):
            return line.strip()
    return ""


def check(root):
    for name in files(root):
        raw = (root / name).read_bytes()
        if b"\0" in raw:
            continue
        text = raw.decode("utf-8", "replace")
        suffix = name[name.rfind("."):] if "." in name.rsplit("/", 1)[-1] else ""
        lines = text.split("\n")
        if text and lines[-1]:
            yield f"{name}: no newline at the end"
        for number, line in enumerate(lines, 1):
            found = MACHINE_PATH.search(line)
            if found:
                yield f"{name}:{number}: machine path {found.group()}"
            if "\t" in line and suffix != ".tsv":
                yield f"{name}:{number}: tab"
            if line.endswith((" ", "\r")):
                yield f"{name}:{number}: blank at the end of the line"
        if suffix in CODE and len(lines) - 1 > MAX_FILE_LINES:
            yield f"{name}: {len(lines) - 1} lines, at most {MAX_FILE_LINES}"
        if suffix in (".cc", ".h"):
            for first, length in functions(text):
                if length > MAX_FUNCTION_LINES:
                    yield f"{name}:{first}: a function of {length} lines, at most {MAX_FUNCTION_LINES}"
        if name.startswith("include/") and first_code(text) != "#pragma once":
            yield f"{name}: does not begin with #pragma once"


LONG_BODY = "  x();  // '{'\n" * 125
GOOD = {
    "include/logdetect/a.h": "// A header.\n#pragma once\nnamespace n {\nstruct S {\n  int f() const {\n    return 1;\n  }\n};\n}\n",
    "src/a.cc": "namespace n {\n" + "void f() {\n  if (x) {\n    y('{');\n  }\n}\n" * 30 + "}  // namespace n\n",
    "src/table.cc": "const int kTable[] = {\n" + "    1,\n" * 200 + "};\n",
    "docs/long.md": "text\n" * 900,
    "data/odd.log": "a\tb \n",
    "docs/table.tsv": "a\tb\n",
}
BAD = [
    ("machine path", {"docs/a.md": "see /" + "work/main\n"}),
    ("machine path", {"src/b.cc": "// /" + "root/.cache is no place\n"}),
    (":2: tab", {"src/b.cc": "int a;\n\tint b;\n"}),
    (":1: blank at the end", {"scripts/run": "a \nb\n"}),
    ("no newline", {"scripts/run": "a"}),
    ("701 lines", {"src/b.cc": "int a;\n" * 701}),
    ("src/b.cc:2: a function of 127 lines", {"src/b.cc": "namespace {\nvoid f(int a) {\n" + LONG_BODY + "}\n}\n"}),
    ("a function of 127 lines", {"src/b.h": "class C {\n  void f() const {\n" + LONG_BODY + "  }\n};\n"}),
    ("a function of 129 lines", {"src/b.cc": "struct S g() {\n  if (a) {\n" + LONG_BODY + "  }\n}\n"}),
    ("does not begin with #pragma once", {"include/logdetect/b.h": "#include <string>\n#pragma once\n"}),
]

if __name__ == "__main__":
    main(check, GOOD, BAD)
