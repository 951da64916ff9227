#!/usr/bin/env python3
"""Measures how the cost of a line depends on the number of lines, of templates and of threads.

scaling.py [--lines N ...] [--templates N ...] [--threads N ...] [--repeat N] [--logdetect PROGRAM] [--results DIR]

Writes made-up logs in which every template is as likely as any other, which is the hardest case for every cache, and
runs `logdetect parse` on each. The series over lines keeps 100 templates, the series over templates a million lines (or
the most of --lines). The user time of the fastest of --repeat runs counts, with one thread, else the wall clock. Prints
a table; with --results also writes DIR/<date>/scaling.json and .md with every raw number.
"""
import argparse
import datetime as dt
import json
import pathlib
import random
import sys
import tempfile

from throughput import ROOT, machine, run

FEW_TEMPLATES = 100


def make_templates(count, chance):
    """Templates that share too few words to be taken for one: each 6 to 10 of 2,000 words and 1 to 3 numbers."""
    letters = "abcdefghiklmnoprstuvwz"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(2000)]
    templates = []
    for _ in range(count):
        parts = chance.choices(words, k=chance.randint(6, 10))
        for at in sorted(chance.sample(range(1, len(parts)), k=chance.randint(1, 3)), reverse=True):
            parts.insert(at, "%d")
        templates.append(" ".join(parts))
    return templates


def write_log(path, lines, templates, seed=1):
    chance = random.Random(seed)
    made = make_templates(templates, chance)
    levels = ["INFO"] * 8 + ["WARN", "ERROR"]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(lines):
            template = chance.choice(made)
            values = tuple(int(10 ** (5 * chance.random())) for _ in range(template.count("%d")))
            second = i // 200
            clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{i % 200 * 5:03}"
            out.write(f"2024-01-{15 + second // 86400 % 14:02}T{clock}Z {chance.choice(levels)} host-{i % 5} "
                      f"app[{1000 + i % 7}]: {template % values}\n")


def measure(given, scratch, lines, templates):
    log = scratch / "scaling.log"
    write_log(log, lines, templates)
    rows = []
    for threads in given.threads:
        command = [given.logdetect, "parse", "--threads", str(threads), "--format", "csv", log]
        runs = [run(command) for _ in range(given.repeat)]
        seconds = min(r["cpu_seconds" if threads == 1 else "seconds"] for r in runs)
        rows.append({"lines": lines, "templates": templates, "threads": threads, "bytes": log.stat().st_size,
                     "lines_per_second": lines / max(seconds, 1e-3), "peak_mib": max(r["peak_mib"] for r in runs),
                     "runs": runs})
        print(f"  {lines:,} lines, {templates:,} templates, {threads} threads: {rows[-1]['lines_per_second']:,.0f}/s",
              file=sys.stderr)
    return rows


def report(result):
    out = [f"# Scaling, {result['date']}", "",
           f"{result['machine']['cpu']}, {result['machine']['cores']} cores, {result['machine']['memory']}; load at the "
           f"start {result['machine']['load_at_start']:.1f}. `parse --format csv`; the fastest of {result['repeat']} "
           "runs; every template equally likely.", "",
           "| lines | templates | threads | lines/s | ns a line | peak MiB |", "|---|---|---|---|---|---|"]
    for row in result["rows"]:
        rate = row["lines_per_second"]
        out.append(f"| {row['lines']:,} | {row['templates']:,} | {row['threads']} | {rate:,.0f} | {1e9 / rate:,.0f} | "
                   f"{row['peak_mib']:.0f} |")
    return "\n".join(out) + "\n"


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    args.add_argument("--templates", type=int, nargs="+", default=[10, 100, 1000, 10_000, 100_000])
    args.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    args.add_argument("--repeat", type=int, default=3)
    args.add_argument("--logdetect", default=str(ROOT / "build/release/logdetect"))
    args.add_argument("--results", type=pathlib.Path)
    given = args.parse_args()
    result = {"date": dt.date.today().isoformat(), "machine": machine(), "repeat": given.repeat, "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        for lines in given.lines:
            result["rows"] += measure(given, pathlib.Path(folder), lines, FEW_TEMPLATES)
        for templates in given.templates:
            result["rows"] += measure(given, pathlib.Path(folder), max(given.lines), templates)
    text = report(result)
    print(text)
    if given.results:
        place = given.results / result["date"]
        place.mkdir(parents=True, exist_ok=True)
        (place / "scaling.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (place / "scaling.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
