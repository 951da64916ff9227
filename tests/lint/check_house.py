#!/usr/bin/env python3
"""House rules a formatter cannot see: no machine paths, no tabs, no blanks at line ends, files of at most 600 lines,
functions of at most 80, headers of at most 12 includes, parameter lists of at most 6, rooms of at most 14 % of the
lines, #pragma once first in every public header (after comments), a newline at the end."""
import collections
import re

from lint_common import files, main

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 80
MAX_HEADER_INCLUDES = 12
MAX_PARAMETERS = 6
MAX_ROOM_PERCENT = 14
SMALL_TREE_LINES = 1000  # below, shares of rooms mean nothing
# Of the door to LibTorch, and where it is defined: plain C has neither references nor spans.
C_INTERFACE = {"src/models/torch/abi.h", "src/models/torch/entry.h", "src/models/torch/module.cc"}
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
    """(first line, number of lines) of every function body that stands in a namespace or a class. `text` is blanked."""
    scopes = []          # one (is a scope that may hold functions, first line or None) for each open brace
    head_from, line = 0, 1
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


def parameter_count(head):
    """Of the function that a statement at the level of a namespace or a class declares; 0 if it declares none."""
    head = re.sub(r"^\s*template\s*<[^;{]*?>\s*(?=[\w\[])", "", head)
    found = re.search(r"[\w>~]\s*\(|operator\s*\(\)\s*\(", head)
    if not found or "=" in re.sub(r"operator\s*\S+", "", head[:found.start()]):
        return 0
    depth, commas, used = 0, 0, False
    for c in head[found.end():]:
        if c == ")" and depth == 0:
            break
        depth += (c in "(<[{") - (c in ")>]}")
        commas += c == "," and depth == 0
        used = used or not c.isspace()
    return commas + 1 if used else 0


def declarations(text):
    """(line, text up to its body or semicolon) of every statement in a namespace or a class. `text` is blanked."""
    holds = [True]  # for each open brace, below the file itself: whether functions may stand inside
    begin = 0
    for i, c in enumerate(text):
        if c not in "{};":
            continue
        head = text[begin:i]
        if c == "}" and len(holds) > 1:
            holds.pop()
        elif holds[-1] and c in "{;":
            first = begin + len(head) - len(head.lstrip())
            yield text.count("\n", 0, first) + 1, " ".join(head.split())
        if c == "{":
            flat = " ".join(head.split())
            holds.append(holds[-1] and (bool(NOT_A_FUNCTION.match(flat)) or flat.startswith("extern")))
        begin = i + 1


def room_shares(lines_of):
    """Findings on {room: lines}."""
    total = sum(lines_of.values())
    for room, lines in sorted(lines_of.items()):
        if total >= SMALL_TREE_LINES and 100 * lines > MAX_ROOM_PERCENT * total:
            yield f"{room}: {100 * lines / total:.1f} % of the lines of all rooms, at most {MAX_ROOM_PERCENT} %"


def check_code(name, text):
    code = blanked(text)
    for first, length in functions(code):
        if length > MAX_FUNCTION_LINES:
            yield f"{name}:{first}: a function of {length} lines, at most {MAX_FUNCTION_LINES}"
    for line, head in declarations(code):
        count = parameter_count(head)
        if count > MAX_PARAMETERS and name not in C_INTERFACE:
            yield f"{name}:{line}: {count} parameters, at most {MAX_PARAMETERS}"
    includes = len(re.findall(r"^\s*#\s*include\b", text, flags=re.M))
    if name.endswith(".h") and includes > MAX_HEADER_INCLUDES:
        yield f"{name}: {includes} includes, at most {MAX_HEADER_INCLUDES}"


def first_code(text):
    for line in text.splitlines():
        if line.strip() and not line.startswith("//"):
            return line.strip()
    return ""


def check(root):
    rooms = collections.Counter()
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
            yield from check_code(name, text)
            parts = name.removeprefix("include/logdetect/").removeprefix("src/").split("/")
            if name.startswith(("include/", "src/")) and len(parts) > 1:
                rooms[parts[0]] += len(lines) - 1
        if name.startswith("include/") and first_code(text) != "#pragma once":
            yield f"{name}: does not begin with #pragma once"
    yield from room_shares(rooms)


LONG_BODY = "  x();  // '{'\n" * 79
GOOD = {
    "include/logdetect/a.h": "// A header.\n#pragma once\nnamespace n {\nstruct S {\n  int f() const {\n    return 1;\n  }\n};\n}\n",
    "src/a.cc": "namespace n {\n" + "void f() {\n  if (x) {\n    y('{');\n  }\n}\n" * 30 + "}  // namespace n\n",
    "src/table.cc": "const int kTable[] = {\n" + "    1,\n" * 200 + "};\n",
    "src/longest.cc": "int a;\n" * 517 + "void f() {\n" + "  x();\n" * 78 + "}\n",
    "include/logdetect/b/most.h": "#pragma once\n" + "#include <map>\n" * 12,
    "src/b/six.cc": "namespace n {\nint f(int a, std::map<int, int> b, int (*c)(int, int), int d = g(1, 2), int e, int h) {\n"
                    "  call(1, 2, 3, 4, 5, 6, 7);\n}\nbool S::operator()(int a, int b) const;\n"
                    "const auto kList = make(1, 2, 3, 4, 5, 6, 7);\nenum class E { a, b, c, d, e, f, g };\n"
                    "template <int A, int B, int C, int D, int E, int F, int G>\nvoid t();\n}\n",
    "src/models/torch/abi.h": "int f(int a, int b, int c, int d, int e, int g, int h);\n",
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
    ("601 lines", {"src/b.cc": "int a;\n" * 601}),
    ("601 lines", {"scripts/b.py": "a = 1\n" * 601}),
    ("src/b.cc:2: a function of 81 lines", {"src/b.cc": "namespace {\nvoid f(int a) {\n" + LONG_BODY + "}\n}\n"}),
    ("a function of 81 lines", {"src/b.h": "class C {\n  void f() const {\n" + LONG_BODY + "  }\n};\n"}),
    ("a function of 83 lines", {"src/b.cc": "struct S g() {\n  if (a) {\n" + LONG_BODY + "  }\n}\n"}),
    ("src/b/wide.h: 13 includes", {"src/b/wide.h": "#pragma once\n" + "#include <map>\n" * 13}),
    ("src/b/c.cc:2: 7 parameters", {"src/b/c.cc": "namespace n {\nint f(int a, int b, int c, int d, int e, int g,\n"
                                                  "      int h) {\n}\n}\n"}),
    ("src/b/c.h:2: 7 parameters", {"src/b/c.h": "class C {\n public:\n  C(int a, int b, int c, int d, int e, int g, int h) : a_(a) {}\n};\n"}),
    ("src/b/c.h:2: 7 parameters", {"src/b/c.h": "struct C {\n  void operator()(int a, int b, int c, int d, int e, int g, int h) const;\n};\n"}),
    ("src/b/c.h:1: 7 parameters", {"src/b/c.h": "template <typename T>\nT f(T a, int b, int c, int d, int e, int g, int h);\n"}),
    ("wide: 48.", {f"src/{room}/b.cc": "int a;\n" * 100 * count for room, count in
                   [("wide", 5), ("a", 1), ("b", 1), ("c", 1), ("d", 1), ("e", 1)]}),
    ("does not begin with #pragma once", {"include/logdetect/b.h": "#include <string>\n#pragma once\n"}),
]

if __name__ == "__main__":
    main(check, GOOD, BAD)
