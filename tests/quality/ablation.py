#!/usr/bin/env python3
"""What each rule of the parser is worth: builds the program without one rule at a time and scores it.

usage: ablation.py WORK [--data DIR] [--only RULE ...]
       ablation.py --check      only says whether every piece is still in the source

A rule is switched off by replacing a piece of the source in a copy of the tree under WORK, so the program itself carries
no switches. A piece that is no longer in the source is an error: the table below must follow the code. Prints a row of
means for each rule: GA / FGA / PA / FTA of loghub2k, then of parser_full. WORK is re-used, so a second run is fast.
Only Python's standard library is used, and what the build needs.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import quality  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
MASKER, SCANNER = "src/mining/token_scanner.cc", "src/mining/value_scanner.cc"
MINER, EVIDENCE = "src/mining/template_miner_learn.cc", "src/mining/slot_evidence.cc"
GROUPS = "src/mining/group_forms.cc"

# name: file, what stands there, what stands there without the rule
RULES = {
    "targets of HTTP requests are one value": (
        SCANNER, "if (first == '/') {", "if (first == 0) {"),
    "name.cc:12 is a file and a line": (
        SCANNER, "return marked && is_letter(host[0]) && !is_source_file(host) && !(dotted && mixed);",
        "return (marked || dotted) && is_letter(host[0]);"),
    "126MB, 80x25 are numbers": (
        SCANNER, "if ((classes & kLetterChar) != 0 && is_number_with_unit(chunk)) {", "if (chunk.empty()) {"),
    "a unit is literal until it varies": (
        MASKER, "MaskKind::kUnit);", "MaskKind::kNone);"),
    "a mark (#5, @0x1f, ]-name) is not part of its value": (
        MASKER, "if (end - at > 1 && is_mark(at, end, classes)) {", "if (end < at) {"),
    "key= with nothing behind it has an empty value": (
        MASKER, "if (text_[at] == '=' && has_empty_value(at)) {", "if (text_[at] == 0) {"),
    "scopes (a1::b) are cut": (
        MASKER, "if ((classes & kDigitChar) != 0 && is_word(text_[i - 1])) {", "if (classes == 0) {"),
    "punctuation alone is never a value": (
        MASKER, "if (word.size() >= 2 && !is_alnum(word[0]) && std::none_of(word.begin(), word.end(), is_word)) {",
        "if (word.empty()) {"),
    "words with digits are literal until a second one": (
        MASKER, "const bool lazy = (has_digit && !is_caps_name(word)) || follows_equals();",
        "const bool lazy = follows_equals();"),
    "a word behind '=' is literal until a second one": (
        MASKER, "const bool lazy = (has_digit && !is_caps_name(word)) || follows_equals();",
        "const bool lazy = has_digit && !is_caps_name(word);"),
    "booleans are values": (MASKER, "if (is_truth_word(word)) {", "if (word.empty()) {"),
    "() equals (x)": (
        MASKER, "if (c == ')' && !out_.tokens.empty()", "if (c == 0 && !out_.tokens.empty()"),
    "lists and repeated groups collapse": (
        "src/mining/template_key.cc", "if (blocks >= (two", "if (blocks >= 1'000'000 + (two"),
    "a group is one value where others have one": (
        "src/mining/group_forms.cc", "for (std::size_t i = 0; i < n && out.size() < kMostGroups; ++i) {",
        "for (std::size_t i = n; i < n; ++i) {"),
    "merging on evidence of distinct values": (
        MINER, "if (need == 0 || present.size() < need", "if (need < 1'000'000 || present.size() < need"),
    "ALL-CAPS words are constants": (EVIDENCE, "if (2 * caps >= members.size()) {", "if (members.empty()) {"),
    "introducers (user, host, file ...) need two": (
        EVIDENCE, "} else if (is_introducer(around.word_before)) {", "} else if (members.empty()) {"),
    "places in quotes and brackets need three": (
        EVIDENCE, "} else if (around.enclosed) {", "} else if (members.empty()) {"),
    "places where a value was seen need two": (
        EVIDENCE, "} else if (value_seen && around.literals >= 2) {", "} else if (members.empty()) {"),
    "words in front of '=' need ten": (EVIDENCE, "} else if (around.key) {", "} else if (members.empty()) {"),
    "quoted text is one value, brackets in it or not": (
        GROUPS, "const bool quoted = close == '\"';", "const bool quoted = false;"),
}


def run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


def copy_tree(target):
    """The files under version control, those unchanged left alone so that the build is incremental."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        source, copy = ROOT / name, target / name
        if not source.is_file():
            continue
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            shutil.copymode(source, copy)


def build(tree):
    run(["cmake", "--preset", "release"], tree)
    run(["cmake", "--build", "--preset", "release", "--target", "logdetect"], tree)
    return tree / "build" / "release" / "logdetect"


def means(binary, shared, sets):
    row = []
    with tempfile.TemporaryDirectory() as work:
        bench = quality.Bench(str(binary), shared, pathlib.Path(work))
        for name in sets:
            folder = bench.prepare(name)
            logs = sorted(folder.glob("*.log"))
            sums = dict.fromkeys(("GA", "FGA", "PA", "FTA"), 0.0)
            for log in logs:
                parsed = bench.work / f"{log.stem}.csv"
                bench.run("parse", log, "--output", parsed)
                figures = bench.score("parser", parsed, log.with_suffix(".truth.csv"))
                for key in sums:
                    sums[key] += figures[key] / len(logs)
            row.append(sums)
    return row


def show(name, row, base=None):
    cells = []
    for i, sums in enumerate(row):
        cells.append(" / ".join(f"{v:.3f}" if base is None else f"{v - base[i][k]:+.3f}" for k, v in sums.items()))
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def check():
    """Exit code 0 if every rule can still be switched off, else 1 and which cannot."""
    lost = [f"{path} no longer holds what the rule \"{name}\" replaces: {old}"
            for name, (path, old, _) in RULES.items() if (ROOT / path).read_text().count(old) != 1]
    print("\n".join(lost) or f"{len(RULES)} rules")
    return 1 if lost else 0


def main():
    if sys.argv[1:] == ["--check"]:
        return check()
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("work", type=pathlib.Path)
    args.add_argument("--data")
    args.add_argument("--only", nargs="*", default=list(RULES), choices=list(RULES))
    given = args.parse_args()
    shared = quality.find_shared(given.data)
    if shared is None:
        sys.exit("no labelled logs; name their folder in LOGDETECT_DATA")
    tree = given.work.resolve() / "tree"
    sets = ("loghub2k", "parser_full")
    print("| without | " + " | ".join(sets) + " |\n|---|---|---|")
    copy_tree(tree)
    base = means(build(tree), shared, sets)
    show("nothing (all rules)", base)
    for name in given.only:
        path, old, new = RULES[name]
        text = (ROOT / path).read_text()
        if old not in text:
            sys.exit(f"{path} no longer holds what the rule \"{name}\" replaces: {old}")
        (tree / path).write_text(text.replace(old, new))
        show(name, means(build(tree), shared, sets), base)
        (tree / path).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
