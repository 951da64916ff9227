#!/usr/bin/env python3
"""Renews the tables and the plot of docs/performance.md from the newest folder of results.

report.py [--results FOLDER] [--docs DIR]

FOLDER holds what throughput, scaling, watch and start wrote on one day; what is missing is said to be. Everything
between the marks in performance.md is replaced, and performance.svg written.
"""
import argparse
import json
import pathlib
import statistics

import plot
from common import ROOT, plural, setting
from throughput import EVERY, TRAIN, table
from watch import quantile

BEGIN, END = "<!-- measured: begin (tests/bench/report.py writes this) -->", "<!-- measured: end -->"
PARTS = ("throughput", "scaling", "watch", "start")
MISSING = "–"
FLAT = 1.2  # times the memory for a tenth of the lines

# What is asked of the lines per second of a row of throughput.
RATES = (("parse, 1 thread", 3e6), ("scan, 1 thread", 0.8e6), ("scan, 2 threads", 1.5e6),
         *((f"scan, neural, {kind}{threads}", asked)
           for stride, budgets in (("", (0.35e6, 0.6e6)), ("stride 1, ", (55e3, 100e3)))
           for kind in (stride, f"{stride}{EVERY}, ")
           for threads, asked in zip(("1 thread", "2 threads"), budgets)))
TRAINING = ((f"{TRAIN}, 2 threads", 3), (f"{TRAIN}, neural, 2 threads", 60))


def rate(value):
    return f"{value / 1e6:.2f} M" if value >= 1e6 else f"{value / 1e3:.0f} k"


def rows_by_name(entry):
    return {name: {"rate": rate_, "megabytes": mb, "seconds": seconds, "peak_mib": peak}
            for name, rate_, mb, seconds, _, peak in table(entry)}


def markdown(head, rows):
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *("| " + " | ".join(row) + " |" for row in rows)]


def verdict(got, asked):
    """Of the worst input; got / asked > 1 is good."""
    share = min(got) / asked if got else None
    return MISSING if share is None else "met" if share >= 1 else f"missed: {share:.0%}"


def budget_rates(inputs):
    rows = []
    for name, asked in RATES:
        got = [entry["rows"].get(name) for entry in inputs]
        rows.append([f"{name}, lines/s", f"≥ {rate(asked)}", *(rate(g["rate"]) if g else MISSING for g in got),
                     verdict([g["rate"] for g in got if g], asked)])
        if name == "parse, 1 thread":
            rows.append([f"{name}, MB/s", "≥ 400", *(f"{g['megabytes']:.0f}" if g else MISSING for g in got),
                         verdict([g["megabytes"] for g in got if g], 400)])
            both = [entry["rows"].get("parse, 2 threads") for entry in inputs]
            ratios = [b["rate"] / g["rate"] if g and b else None for g, b in zip(got, both)]
            rows.append(["parse, 2 threads over 1", "≥ 1.6 x", *(f"{r:.2f} x" if r else MISSING for r in ratios),
                         verdict([r for r in ratios if r], 1.6)])
    for name, asked in TRAINING:
        got = [entry["rows"].get(name) for entry in inputs]
        lines = [entry["sizes"]["training"][0] for entry in inputs]
        big = [1 / g["seconds"] * n / 1e6 for g, n in zip(got, lines) if g and n >= 0.9e6]
        rows.append([f"{name}, a million lines", f"≤ {asked} s",
                     *(f"{g['seconds']:.1f} s ({rate(n)} lines)" if g else MISSING for g, n in zip(got, lines)),
                     verdict(big, 1 / asked)])
    return markdown(["", "budget", *(entry["name"] for entry in inputs), "worst"], rows)


def budget_rest(found):
    rows = []

    def row(what, asked_text, got_text, good):
        rows.append([what, asked_text, got_text, "met" if good >= 1 else f"missed: {good:.0%}"])

    if "watch" in found:
        p99, idle = 1e3 * quantile(found["watch"]["delays"], 0.99), found["watch"]["idle_share"]
        row(f"watch at {found['watch']['lines_per_second'] / 1e3:.0f} k lines/s: line written to finding printed, p99",
            "≤ 50 ms", f"{p99:.1f} ms", 50 / p99)
        row("watch with nothing to read", "< 1 % of a core", f"{idle:.2%}", 0.01 / max(idle, 1e-9))
    if "start" in found:
        times = found["start"]["rows"]
        middle = {name: statistics.median(t["milliseconds"]) for name, t in times.items()}
        for name in ("--help", "version"):
            row(f"`{name}`, median of {found['start']['repeat']}", "≤ 5 ms", f"{middle[name]:.1f} ms", 5 / middle[name])
        row("`--help`, memory", "≤ 10 MiB", f"{times['--help']['peak_mib']:.1f} MiB", 10 / times["--help"]["peak_mib"])
        for name, size in found["start"]["model_bytes"].items():
            load = max(0.1, middle[f"scan of one line, {name}"] - middle["version"])
            row(f"model load, {name} ({size / 1e6:.1f} MB)", "≤ 50 ms", f"{load:.1f} ms", 50 / load)
    parts = found.get("scaling", {}).get("parts", {})
    for verb in ("scan", "train"):
        series = [r for r in parts.get("memory", []) if r["verb"] == verb]
        if len(series) > 1:
            last, before = series[-1]["peak_mib"], series[-2]["peak_mib"]
            row(f"memory of `{verb}` over {series[0]['lines']:,} to {series[-1]['lines']:,} lines",
                "≤ 256 MiB, flat at the end", " · ".join(f"{r['peak_mib']:.0f}" for r in series) + " MiB",
                min(256, FLAT * before) / last)
    for few, tenth, many in zip(*[iter(parts.get("templates", []))] * 3):
        ratio = many["lines_per_second"] / few["lines_per_second"]
        row(f"{many['offered']:,} templates offered to `{many['verb']}`: lines/s beside {few['offered']}",
            "≥ 1/3", f"{rate(many['lines_per_second'])} of {rate(few['lines_per_second'])} "
            f"({rate(tenth['lines_per_second'])} with {tenth['offered']:,}); {many['peak_mib']:.0f} MiB", ratio * 3)
    return markdown(["", "budget", "measured", ""], rows)


def session_table(found):
    rows = [[f"{r['sessions']:,}", rate(r["lines_per_second"]), f"{r['peak_mib']:.0f}"]
            for r in found.get("scaling", {}).get("parts", {}).get("sessions", [])]
    return ["`scan` with many open sessions, on one thread. At most 1,000,000 sessions are kept open.", "",
            *markdown(["open sessions offered", "lines/s", "peak MiB"], rows), ""]


def peer_table(inputs):
    rows = []
    pairs = (("parse, 1 thread", "wc -l"), ("parse, 1 thread", "grep -c ERROR"), ("parse, 1 thread", "Drain3"),
             ("scan, 1 thread", "Drain3"), ("scan, 1 thread", "scikit-learn forest"))
    for ours, theirs in pairs:
        cells = []
        for entry in inputs:
            a, b = entry["rows"].get(ours), entry["rows"].get(theirs)
            cells.append(MISSING if not (a and b) else
                         f"{a['rate'] / b['rate']:.2g} x ({rate(a['rate'])} : {rate(b['rate'])})")
        rows.append([ours, theirs, *cells])
    return markdown(["logdetect", "peer", *(entry["name"] for entry in inputs)], rows)


def block(found, folder):
    inputs = found["throughput"]["inputs"]
    for entry in inputs:
        entry["rows"] = rows_by_name(entry)
    missing = [part for part in PARTS if part not in found]
    out = [f"Measured on {found['throughput']['date']}:", "",
           *(f"- {part}" for part in setting(found["throughput"]).split("; ")), "",
           "The inputs were in the page cache. The raw numbers and the commands are in",
           f"`tests/bench/results/{folder.name}/`."]
    if missing:
        out.append(f"Not measured in this run: {', '.join(missing)}.")
    if found["throughput"]["machine"]["load_at_start"] > 0.7:
        out += ["", "**The machine had other work at the same time**, as the load shows. The figures are therefore a",
                "lower bound. Two threads had to share the time that was left."]
    lines = [f"- `{entry['name']}`: {count:,} lines of {size / count:.0f} bytes"
             for entry in inputs for count, size in [entry["sizes"]["log"]]]
    out += ["", "Inputs:", "", *lines, "", *budget_rates(inputs), "", *budget_rest(found), "",
            "Ratios to the other programs, in the same run:", "", *peer_table(inputs), ""]
    out += session_table(found)
    neural = [e for e in inputs if any("neural" in name for name in e["rows"])]
    if not neural:
        out += ["The rows of the full ensemble were not asked for in this run (`--neural`).", ""]
    out += ["The figure shows the lines per second of each command. It also shows the cost of a line over the size of",
            "the log and over the number of templates.", "",
            "![Lines a second of each command, and nanoseconds a line over lines and templates](performance.svg)"]
    return "\n".join(out)


def draw(found, path):
    entries = found["throughput"]["inputs"]
    names = list(dict.fromkeys(name for entry in entries for name in entry["rows"] if not name.startswith(TRAIN)))
    dots = [(name, [entry["rows"].get(name, {}).get("rate") for entry in entries]) for name in names]
    rows = found.get("scaling", {}).get("parts", {}).get("parse", [])
    series = {"lines": {}, "templates": {}}
    few = rows[0]["templates"] if rows else None
    most = max((r["lines"] for r in rows if r["templates"] != few), default=None)
    for r in rows:
        point = 1e9 / r["lines_per_second"]
        name = plural(r["threads"])
        if r["templates"] == few:
            series["lines"].setdefault(name, {})[r["lines"]] = point
        if r["lines"] == most:
            series["templates"].setdefault(name, {})[r["templates"]] = point
    path.write_text(plot.figure([entry["name"] for entry in entries], dots,
                                [(f"over lines ({few} templates)", series["lines"]),
                                 ("over templates", series["templates"])]), encoding="utf-8")


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--results", type=pathlib.Path)
    args.add_argument("--docs", type=pathlib.Path, default=ROOT / "docs")
    given = args.parse_args()
    folder = given.results or max(p.parent for p in (ROOT / "tests/bench/results").glob("*/throughput.json"))
    found = {}
    for part in PARTS:
        path = folder / f"{part}.json"
        if path.exists():
            found[part] = json.loads(path.read_text(encoding="utf-8"))
    page = given.docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page}: the marks are missing")
    page.write_text(f"{before}{BEGIN}\n\n{block(found, folder)}\n\n{END}{after}", encoding="utf-8")
    draw(found, given.docs / "performance.svg")


if __name__ == "__main__":
    main()
