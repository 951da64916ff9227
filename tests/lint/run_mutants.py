#!/usr/bin/env python3
"""Makes small random mutants of a room and tells which of them the room's unit tests do not notice.

usage: scripts/mutants ROOM [N] [--seed S]

N mutants (20) of src/ROOM and include/logdetect/ROOM are compiled into one test program, which takes the environment
variable LOGDETECT_MUTANT as the number of the mutant to be. Kinds: a comparison, an operator of arithmetic, a constant,
two arguments of a call in the other order. A mutant is killed if ROOM_test fails, crashes or takes ten times as long as
it does without (at least 10 s). Prints one line a mutant, and renews the room's row in docs/mutants.tsv.

The mutants depend on the sources and the seed alone. A survivor is a missing test, or a change that makes no difference;
which of the two, a person decides. src/models/torch is left out, because the tests open it as a module.
Run by hand, never by .ci/run; the first room builds for some minutes."""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import mutant_places

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "build/mutants"
TREE = WORK / "tree"
BUILD = WORK / "out"
TABLE = ROOT / "docs/mutants.tsv"
COLUMNS = "room\tcommit_date\tseed\tmutants\tkilled\trate\tsurvivors\n"
SLOWER = 10                     # a mutant that takes this many times as long hangs
SHORTEST_LIMIT_SECONDS = 10
SPARE = 2                       # candidates compiled for each mutant wanted, as some do not compile
MEMORY_BYTES = 4 << 30          # a mutant that allocates without end must not take the machine with it
LEFT_OUT = ("src/models/torch/",)
CHOOSER = """#pragma once
#include <cstdlib>
inline int logdetect_chosen_mutant() {
  static const int chosen = [] {
    const char* const text = std::getenv("LOGDETECT_MUTANT");
    return text == nullptr ? -1 : std::atoi(text);
  }();
  return chosen;
}
// Constant expressions keep what the source says.
constexpr bool logdetect_mutant(int number) {
  return !__builtin_is_constant_evaluated() && logdetect_chosen_mutant() == number;
}
"""


@dataclasses.dataclass
class Mutant:
    number: int
    file: str
    place: mutant_places.Place
    killed_by: str = ""         # failed, crashed or too slow; empty for a survivor

    def key(self):
        return f"{self.file}:{self.place.line}:{self.place.kind}"


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def write_if_changed(path, text):
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def copy_tree():
    """The working tree as it is, ignored files left out; what did not change keeps its time, so that it is not rebuilt."""
    names = set(git("ls-files", "-co", "--exclude-standard").splitlines())
    for path in [path for path in TREE.rglob("*") if path.is_file()]:
        if path.relative_to(TREE).as_posix() not in names:
            path.unlink()
    for name in names:
        if (ROOT / name).is_file():
            write_if_changed(TREE / name, (ROOT / name).read_bytes())
            shutil.copymode(ROOT / name, TREE / name)


def sources_of(room):
    found = [path for folder in (TREE / "src" / room, TREE / "include/logdetect" / room)
             for path in folder.rglob("*") if path.suffix in {".cc", ".h"}]
    names = sorted(path.relative_to(TREE).as_posix() for path in found)
    return {name: (TREE / name).read_text(encoding="utf-8") for name in names if not name.startswith(LEFT_OUT)}


def candidates(sources, seed):
    """Every place of the room in random order, the kinds in turn, so that frequent kinds do not crowd out rare ones."""
    by_kind = {kind: [] for kind in mutant_places.KINDS}
    for name, text in sources.items():
        for place in mutant_places.places(text):
            by_kind[place.kind].append((name, place))
    rng = random.Random(seed)
    for kind in mutant_places.KINDS:
        rng.shuffle(by_kind[kind])
    while any(by_kind.values()):
        for kind in mutant_places.KINDS:
            if by_kind[kind]:
                yield by_kind[kind].pop()


def build(room):
    """-> the compiler's errors as [(file, line)]; empty if the test program is built."""
    environment = {**os.environ, "CCACHE_BASEDIR": str(WORK), "CCACHE_NOHASHDIR": "1"}
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "-S", TREE, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DLOGDETECT_NEURAL=OFF",
                        f"-DCMAKE_CXX_FLAGS=-w -include {WORK}/chooser.h", "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g0"],
                       check=True, stdout=subprocess.DEVNULL, env=environment)
    done = subprocess.run(["cmake", "--build", BUILD, "--target", f"{room}_test", "-j", str(os.cpu_count()), "--", "-k", "0"],
                          capture_output=True, text=True, env=environment)
    if done.returncode == 0:
        return []
    errors = re.findall(rf"(?m)^(?:In file included from |\s+from )?(?:\.\./|{re.escape(str(WORK))}/)*tree/(\S+?):(\d+)[:,]",
                        done.stdout)
    if not errors:
        sys.exit(f"mutants: the build failed, and not by a mutant:\n{done.stdout[-3000:]}")
    return [(name, int(line)) for name, line in errors]


def write_sources(sources, mutants):
    for name, text in sources.items():
        chosen = [(mutant.number, mutant.place) for mutant in mutants if mutant.file == name]
        write_if_changed(TREE / name, mutant_places.rewrite(text, chosen).encode())


def compiled_mutants(room, sources, count, seed):
    """The first `count` candidates that compile together; their schemata are in the program that is built."""
    waiting = candidates(sources, seed)
    mutants, number = [], 0
    while True:
        for name, place in waiting:
            if not any(mutant.file == name and mutant_places.overlap(mutant.place, place) for mutant in mutants):
                mutants.append(Mutant(number, name, place))
                number += 1
            if len(mutants) >= SPARE * count:
                break
        write_sources(sources, mutants)
        errors = build(room)
        if not errors:
            return mutants[:count]
        bad = {mutant.number for mutant in mutants if touched(sources[mutant.file], mutant, errors)}
        if not bad:
            sys.exit(f"mutants: errors in lines without a mutant: {errors[:5]}")
        mutants = [mutant for mutant in mutants if mutant.number not in bad]
        print(f"{len(bad)} of {number} places do not compile, {len(mutants)} left", flush=True)
        if len(mutants) >= count:
            waiting = iter(())


def touched(text, mutant, errors):
    first = text.count("\n", 0, mutant.place.start) + 1
    last = text.count("\n", 0, mutant.place.end) + 1
    return any(name == mutant.file and first <= line <= last for name, line in errors)


def run_tests(room, number, limit_seconds):
    """-> (how it ended: passed, failed, crashed or too slow; seconds)"""
    environment = {name: value for name, value in os.environ.items() if name != "LOGDETECT_MUTANT"}
    with tempfile.TemporaryDirectory() as folder:
        environment |= {"TMPDIR": folder} | ({"LOGDETECT_MUTANT": str(number)} if number is not None else {})

        start = time.monotonic()
        process = subprocess.Popen([BUILD / "tests" / f"{room}_test", "--gtest_brief=1", "--gtest_fail_fast"], cwd=folder,
                                   env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            status = process.wait(limit_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return "too slow", limit_seconds
    how = "passed" if status == 0 else "failed" if status == 1 else "crashed"
    return how, time.monotonic() - start


def report(sources, mutant):
    text, place = sources[mutant.file], mutant.place
    before = " ".join(text[place.start:place.end].split())
    after = " ".join(place.changed.split())
    ending = mutant.killed_by or "SURVIVED"
    print(f"{ending:9}{mutant.file}:{place.line}: {place.kind}: {before}  ->  {after}", flush=True)


def renew_row(room, seed, mutants):
    survivors = [mutant.key() for mutant in mutants if not mutant.killed_by]
    killed = len(mutants) - len(survivors)
    row = [room, git("log", "-1", "--format=%cs").strip(), str(seed), str(len(mutants)), str(killed),
           f"{killed / len(mutants):.2f}", " ".join(survivors) or "-"]
    rows = TABLE.read_text(encoding="utf-8").splitlines(keepends=True)[1:] if TABLE.exists() else []
    rows = [line for line in rows if line.split("\t")[0] != room] + ["\t".join(row) + "\n"]
    TABLE.write_text(COLUMNS + "".join(sorted(rows)), encoding="utf-8")
    return killed


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("room")
    args.add_argument("count", nargs="?", type=int, default=20, metavar="N")
    args.add_argument("--seed", type=int, default=1)
    given = args.parse_args()
    if not (ROOT / "src" / given.room / "CMakeLists.txt").exists():
        sys.exit(f"mutants: there is no room {given.room} in src/")
    copy_tree()
    write_if_changed(WORK / "chooser.h", CHOOSER.encode())
    sources = sources_of(given.room)
    mutants = compiled_mutants(given.room, sources, given.count, given.seed)
    if not mutants:
        sys.exit(f"mutants: nothing to change in {given.room}")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))      # inherited by the test programs
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    how, seconds = run_tests(given.room, None, None)
    if how != "passed":
        sys.exit(f"mutants: {given.room}_test does not pass without a mutant ({how})")
    limit_seconds = max(SHORTEST_LIMIT_SECONDS, SLOWER * seconds)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ends = pool.map(lambda mutant: run_tests(given.room, mutant.number, limit_seconds)[0], mutants)
        for mutant, end in zip(mutants, ends):
            mutant.killed_by = "" if end == "passed" else end
            report(sources, mutant)
    killed = renew_row(given.room, given.seed, mutants)
    print(f"{given.room}: {killed} of {len(mutants)} killed ({100 * killed / len(mutants):.0f} %), seed {given.seed}")


if __name__ == "__main__":
    main()
