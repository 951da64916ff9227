#!/usr/bin/env python3
"""Checks every #include of include/ and src/ against src/LAYERS.

A room sees itself and the rooms it lists, each of which stands above it in the file; private headers (src/<room>/) are
seen by their own room only, and never by a public header. Third-party headers come in by the door a room lists, never
in a public header; the standard library and the operating system are open to all. A folder of a room that has a line of
its own, room/folder, looks at what that line lists and has its doors alone; it shares the room's private headers. What a
line lists and no file of the room includes is taken out of the line: an open door that nobody uses invites somebody in.
"""
import re

from lint_common import files, main

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# The C++ and C standard libraries have no dot or are on this list; the rest is the operating system and the compiler.
SYSTEM = re.compile(
    r"^(?:[a-z_0-9]+|(?:sys|linux|netinet|arpa)/[a-z_0-9]+\.h|(?:dirent|dlfcn|errno|fcntl|glob|immintrin|limits|poll|"
    r"pthread|pwd|signal|stdint|string|termios|time|unistd|cpuid)\.h)$")
# Templates that cost every file that sees them dearly: allowed in sources only, even for a room that has the door.
SOURCES_ONLY = ("Eigen/",)


def read_layers(root):
    """-> ({room: (rooms it sees, third-party prefixes)}, findings)"""
    rooms, findings = {}, []
    for number, line in enumerate((root / "src/LAYERS").read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("|")]
        if len(columns) != 3:
            findings.append(f"src/LAYERS:{number}: want three columns: room | rooms | third party")
            continue
        room, sees, doors = columns[0], columns[1].split(), columns[2].split()
        for name in sees:
            if name not in rooms:
                findings.append(f"src/LAYERS:{number}: {room} names {name}, which is not above it")
        if room in rooms:
            findings.append(f"src/LAYERS:{number}: {room} is listed twice")
        rooms[room] = (set(sees), tuple(doors))
    return rooms, findings


def opens(door, included):
    return included == door or (door.endswith("/") and included.startswith(door))


def refusal(name, room, included, quoted, rooms):
    """Why this file may not include that header; None if it may."""
    sees, doors = rooms[room]
    public = name.startswith("include/")
    if quoted:
        parts = included.split("/")
        if parts[0] == "logdetect" and len(parts) > 2:
            owner = parts[1]
            if owner not in rooms:
                return f"{owner} is no room of src/LAYERS"
            return None if owner == room.split("/")[0] or owner in sees else f"{room} may not look at {owner}"
        if public:
            return "a public header may not include a private one"
        if parts[0] != room.split("/")[0] or len(parts) < 2:
            return f"private headers are included as \"{room}/...\", and only those of {room}"
        return None
    if SYSTEM.match(included):
        return None
    if not any(opens(door, included) for door in doors):
        return f"{room} has no door to third-party <{included}>"
    if public:
        return f"third-party <{included}> may not show in a public header"
    if included.startswith(SOURCES_ONLY) and not name.endswith(".cc"):
        return f"<{included}> may be included by sources only"
    return None


def unused(rooms, included):
    """What lines of src/LAYERS list for nothing; `included` is {room: the headers its files include}."""
    for room, (sees, doors) in rooms.items():
        owners = {parts[1] if parts[0] == "logdetect" and len(parts) > 2 else parts[0]
                  for parts in (header.split("/") for header in included[room])}
        for name in sorted(sees - owners):
            yield f"src/LAYERS: {room} lists {name}, which none of its files includes"
        for door in doors:
            if not any(opens(door, header) for header in included[room]):
                yield f"src/LAYERS: {room} lists the door {door}, which none of its files uses"


def check(root):
    rooms, findings = read_layers(root)
    yield from findings
    seen = {room: set() for room in rooms}
    for name in files(root, {".h", ".cc", ".cpp", ".hpp", ".inc"}):
        parts = name.split("/")
        if parts[0] == "src" and len(parts) > 2:
            folder = "/".join(parts[1:3])
            room = folder if folder in rooms else parts[1]
        elif parts[:2] == ["include", "logdetect"] and len(parts) > 3:
            room = parts[2]
        elif parts[0] in ("src", "include"):
            yield f"{name}: stands in no room"
            continue
        else:
            continue
        if room not in rooms:
            yield f"{name}: {room} is no room of src/LAYERS"
            continue
        text = (root / name).read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                seen[room].add(found.group(2))
                why = refusal(name, room, found.group(2), found.group(1) == '"', rooms)
                if why:
                    yield f"{name}:{number}: {why}"
    yield from unused(rooms, seen)


GOOD = {
    "src/LAYERS": "# room | sees | third party\nbase | | fmt/ hash.h\nmath | base | Eigen/\n"
                  "math/torch | base math | ATen/ torch/\ntop | base |\n",
    "include/logdetect/base/error.h": "#pragma once\n#include <string>\n#include <sys/stat.h>\n",
    "include/logdetect/math/matrix.h": '#pragma once\n#include "logdetect/base/error.h"\n',
    "src/base/error.cc": '#include "logdetect/base/error.h"\n#include <hash.h>\n#include <fmt/core.h>\n',
    "src/math/inner.h": '#pragma once\n#include "logdetect/math/matrix.h"\n',
    "src/math/torch/train.h": '#pragma once\n#include <ATen/ATen.h>\n#include "logdetect/base/error.h"\n'
                              '#include "math/inner.h"\n',
    "src/math/torch/train.cc": '#include "math/torch/train.h"\n#include <torch/version.h>\n',
    "src/top/main.cc": '#include "logdetect/base/error.h"\n',
    "src/math/matrix.cc": '#include "math/inner.h"\n#include <Eigen/Core>\n#include <unistd.h>\n',
}
BAD = [
    ("base names top, which is not above it", {"src/LAYERS": "base | top | fmt/ hash.h\nmath | base | Eigen/\ntop | base |\n"}),
    ("three columns", {"src/LAYERS": "base | | fmt/ hash.h\nmath | base | Eigen/\ntop base\n"}),
    ("base may not look at math", {"src/base/up.cc": '#include "logdetect/math/matrix.h"\n'}),
    ("top may not look at math", {"src/top/aside.cc": '  #  include "logdetect/math/matrix.h"\n'}),
    ("only those of top", {"src/top/private.cc": '#include "math/inner.h"\n'}),
    ("public header may not include a private", {"include/logdetect/math/leak.h": '#include "math/inner.h"\n'}),
    ("no door to third-party <torch/torch.h>", {"src/math/torch.cc": "#include <torch/torch.h>\n"}),
    ("math has no door to third-party <ATen/ATen.h>", {"src/math/tensor.h": "#pragma once\n#include <ATen/ATen.h>\n"}),
    ("math/torch has no door to third-party <Eigen/Core>", {"src/math/torch/eigen.cc": "#include <Eigen/Core>\n"}),
    ("math/torch may not look at top", {"src/math/torch/up.cc": '#include "logdetect/top/a.h"\n'}),
    ("only those of math/torch", {"src/math/torch/aside.cc": '#include "top/a.h"\n'}),
    ("top has no door to third-party <torch/torch.h>", {"src/top/torch/a.cc": "#include <torch/torch.h>\n"}),
    ("math, which is not above it", {"src/LAYERS": "base | | fmt/ hash.h\nmath/torch | base math |\nmath | base | Eigen/\n"}),
    ("no door to third-party <fmt/core.h>", {"src/math/format.cc": "#include <fmt/core.h>\n"}),
    ("may not show in a public header", {"include/logdetect/math/open.h": "#include <Eigen/Core>\n"}),
    ("by sources only", {"src/math/wide.h": "#include <Eigen/Core>\n"}),
    ("cellar is no room", {"src/cellar/a.cc": "#include <string>\n"}),
    ("top lists math, which none of its files includes",
     {"src/LAYERS": GOOD["src/LAYERS"].replace("top | base |", "top | base math |")}),
    ("base lists the door fmt/, which none", {"src/base/error.cc": "#include <hash.h>\n"}),
    ("base lists the door hash.h, which none", {"src/base/error.cc": "#include <fmt/core.h>\n#include <hash.hpp>\n"}),
    ("math/torch lists base, which none", {"src/math/torch/train.h": '#pragma once\n#include "math/inner.h"\n'}),
    ("stands in no room", {"src/lost.cc": "#include <string>\n"}),
]

if __name__ == "__main__":
    main(check, GOOD, BAD)
