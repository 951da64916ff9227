#!/usr/bin/env python3
"""Measures how the cost of a line and the memory depend on how many lines, templates, threads and sessions there are.

scaling [--only PART ...] [--lines N ...] [--templates N ...] [--sessions N ...] [--offered N] [--threads N ...]

Parts:
  parse      `parse` of made-up logs in which every template is as likely as any other, the hardest case for every
             cache: a series over --lines with 100 templates, and one over --templates with a million lines (or the most
             of --lines).
  memory     peak memory of `scan` and `train` of generated logs from standard input, over --lines.
  sessions   peak memory and speed of `scan` with that many sessions opened and never ended.
  templates  `parse` and `scan` of --offered lines, each a template of its own, beside a tenth of them, and beside as
             many lines of 100 templates.

Speed is by the wall clock, the program's start included; parse and templates: the fastest of --repeat runs.
"""
import pathlib
import random
import tempfile

import common
from common import run, run_on_pipe, say

FEW_TEMPLATES = 100
PARTS = ("parse", "memory", "sessions", "templates")
SESSION_KEY = r"\[(\d+)\]$"


def make_templates(count, chance):
    """Templates that share too few words to be taken for one: each 6 to 10 of 2,000 words and 1 to 3 numbers."""
    letters = "abcdefghiklmnoprstuvwz"
    words = ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(2000)]
    for _ in range(count):
        parts = chance.choices(words, k=chance.randint(6, 10))
        for at in sorted(chance.sample(range(1, len(parts)), k=chance.randint(1, 3)), reverse=True):
            parts.insert(at, "%d")
        yield " ".join(parts)


def header(i, level="INFO"):
    second = i // 200
    clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{i % 200 * 5:03}"
    return f"2024-01-{15 + second // 86400 % 14:02}T{clock}Z {level} host-{i % 5} app[{1000 + i % 7}]:"


def write_log(path, lines, templates, seed=1):
    """templates == lines: each template once, in order."""
    chance = random.Random(seed)
    made = make_templates(templates, random.Random(seed + 1))
    if templates < lines:
        made = list(made)
    levels = ["INFO"] * 8 + ["WARN", "ERROR"]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(lines):
            template = chance.choice(made) if templates < lines else next(made)
            values = tuple(int(10 ** (5 * chance.random())) for _ in range(template.count("%d")))
            out.write(f"{header(i, chance.choice(levels))} {template % values}\n")
    return path


def write_sessions(path, sessions, steps, seed=1):
    """Each session takes `steps` of five steps; every session has begun before any goes on."""
    texts = ("job queued", "input of %d files fetched", "check of part %d passed", "%d rows stored", "job done")
    chance = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        for step in range(steps):
            for session in range(sessions):
                text = texts[step]
                value = (chance.randrange(1000),) if "%d" in text else ()
                out.write(f"{header(step * sessions + session)} {text % value} [{100_000 + session}]\n")
    return path


def rate_row(lines, runs, **more):
    row = {**more, "lines": lines, "lines_per_second": lines / min(r["seconds"] for r in runs),
           "peak_mib": max(r["peak_mib"] for r in runs), "runs": runs}
    say(", ".join(f"{key} {row[key]}" for key in more) + f": {lines:,} lines, {row['lines_per_second']:,.0f}/s, "
        f"{row['peak_mib']:.0f} MiB")
    return row


def parse_series(given, scratch):
    sizes = [(lines, FEW_TEMPLATES) for lines in given.lines]
    sizes += [(min(max(given.lines), 1_000_000), templates) for templates in given.templates]
    for lines, templates in sizes:
        log = write_log(scratch / "scaling.log", lines, templates)
        for threads in given.threads:
            command = [given.logdetect, "parse", "--threads", str(threads), "--format", "csv", log]
            yield rate_row(lines, [run(command) for _ in range(given.repeat)], templates=templates, threads=threads)
        log.unlink()


def memory_series(given, scratch):
    history = common.generate(given, scratch / "history.log", 200_000)
    model = scratch / "model"
    run([given.logdetect, "train", "--output", model, history])
    for verb, more in (("scan", ["--model", model, "--format", "jsonl"]), ("train", ["--output", scratch / "other"])):
        for lines in given.lines:
            source = [given.loggen, "--days", "2", "--lines", lines, "--seed", "9", "--output", "-"]
            command = list(map(str, [given.logdetect, verb, "--threads", "1", *more, "-"]))
            yield rate_row(lines, [run_on_pipe(source, command)], verb=verb)


def session_series(given, scratch):
    model = scratch / "model"
    history = write_sessions(scratch / "history.log", 2000, 5)
    run([given.logdetect, "train", "--session-key", SESSION_KEY, "--output", model, history])
    for sessions in given.sessions:
        log = write_sessions(scratch / "sessions.log", sessions, 1, seed=2)
        command = [given.logdetect, "scan", "--threads", "1", "--model", model, "--format", "jsonl", log]
        yield rate_row(sessions, [run(command)], sessions=sessions)


def template_series(given, scratch):
    model = scratch / "model"
    few = write_log(scratch / "few.log", given.offered, FEW_TEMPLATES)
    tenth = write_log(scratch / "tenth.log", given.offered // 10, given.offered // 10)
    many = write_log(scratch / "many.log", given.offered, given.offered)
    history = write_log(scratch / "history.log", min(given.offered, 100_000), FEW_TEMPLATES)
    run([given.logdetect, "train", "--output", model, history])
    for verb, more in (("parse", ["--format", "csv"]), ("scan", ["--model", model, "--format", "jsonl"])):
        for log, offered in ((few, FEW_TEMPLATES), (tenth, given.offered // 10), (many, given.offered)):
            lines = given.offered // 10 if log == tenth else given.offered
            command = list(map(str, [given.logdetect, verb, "--threads", "1", *more, log]))
            yield rate_row(lines, [run(command) for _ in range(given.repeat)], verb=verb, offered=offered)


TITLES = {"parse": "`parse --format csv`, every template equally likely",
          "memory": "Memory over lines, generated log from standard input, one thread",
          "sessions": "Sessions opened and never ended, `scan`, one thread",
          "templates": "Templates offered, one thread"}
MAKERS = {"parse": parse_series, "memory": memory_series, "sessions": session_series, "templates": template_series}


def report(result):
    out = [f"# Scaling, {result['date']}", "", common.setting(result) + ".", "",
           f"Wall clock, program start included. Parse and templates: the fastest of {result['repeat']} runs."]
    for part, rows in result["parts"].items():
        keys = [key for key in rows[0] if key not in ("lines", "lines_per_second", "peak_mib", "runs")]
        out += ["", f"## {TITLES[part]}", "", "| " + " | ".join(keys) + " | lines | lines/s | ns a line | peak MiB |",
                "|---" * (len(keys) + 4) + "|"]
        for row in rows:
            shown = " | ".join(row[key] if isinstance(row[key], str) else f"{row[key]:,}" for key in keys)
            rate = row["lines_per_second"]
            out.append(f"| {shown} | {row['lines']:,} | {rate:,.0f} | {1e9 / rate:,.0f} | {row['peak_mib']:.0f} |")
    return "\n".join(out) + "\n"


def main():
    args = common.arguments(__doc__)
    args.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    args.add_argument("--lines", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 10_000_000])
    args.add_argument("--templates", type=int, nargs="+", default=[10, 100, 1000, 10_000, 100_000])
    args.add_argument("--sessions", type=int, nargs="+", default=[100_000, 300_000, 1_000_000, 2_000_000])
    args.add_argument("--offered", type=int, default=1_000_000)
    args.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    args.add_argument("--repeat", type=int, default=3)
    given = args.parse_args()
    result = common.begin(given) | {"repeat": given.repeat, "parts": {}}
    for part in given.only:
        with tempfile.TemporaryDirectory() as folder:
            result["parts"][part] = list(MAKERS[part](given, pathlib.Path(folder)))
    common.end(given, "scaling", result, report)


if __name__ == "__main__":
    main()
