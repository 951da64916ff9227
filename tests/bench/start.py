#!/usr/bin/env python3
"""Measures how long the program needs to start, beside `true`: --help, version, and loading a model.

start.py [--repeat N] [--templates N ...]

A model is loaded by a scan of one line; what that takes beyond `version` is the loading. One model is of a generated
log, the others of made-up logs of --templates templates.
"""
import pathlib
import statistics
import subprocess
import tempfile
import time

import common
from common import run, say
from scaling import write_log


def milliseconds(command, repeat):
    times = []
    for _ in range(repeat):
        start = time.monotonic()
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        times.append(1e3 * (time.monotonic() - start))
    return times


def measure(given, scratch):
    one = scratch / "one.log"
    logs = {"generated log": common.generate(given, scratch / "generated.log", 200_000)}
    for count in given.templates:
        logs[f"{count:,} templates"] = write_log(scratch / f"{count}.log", max(10 * count, 20_000), count)
    commands = {"true": ["true"], "--help": [given.logdetect, "--help"], "version": [given.logdetect, "version"]}
    sizes = {}
    one.write_text("2024-01-15T00:00:00.000Z INFO host-1 app[1001]: hello\n", encoding="utf-8")
    for name, log in logs.items():
        model = scratch / f"model {name}"
        run([given.logdetect, "train", "--output", model, log])
        sizes[name] = sum(part.stat().st_size for part in model.iterdir())
        commands[f"scan of one line, {name}"] = [given.logdetect, "scan", "--threads", "1", "--model", model, one]
    rows = {}
    for name, command in commands.items():
        rows[name] = {"milliseconds": milliseconds(command, given.repeat), "peak_mib": run(command)["peak_mib"]}
        say(f"{name}: {statistics.median(rows[name]['milliseconds']):.1f} ms")
    return {"rows": rows, "model_bytes": sizes}


def report(result):
    out = [f"# Start, {result['date']}", "", common.setting(result) + ".", "",
           f"{result['repeat']} runs each; starting a process from Python included (see `true`).", "",
           "| command | median ms | least ms | peak MiB | model bytes |", "|---|---|---|---|---|"]
    for name, row in result["rows"].items():
        size = result["model_bytes"].get(name.partition(", ")[2])
        out.append(f"| {name} | {statistics.median(row['milliseconds']):.1f} | {min(row['milliseconds']):.1f} | "
                   f"{row['peak_mib']:.1f} | {'' if size is None else f'{size:,}'} |")
    return "\n".join(out) + "\n"


def main():
    args = common.arguments(__doc__)
    args.add_argument("--repeat", type=int, default=30)
    args.add_argument("--templates", type=int, nargs="+", default=[1000, 10_000])
    given = args.parse_args()
    result = common.begin(given) | {"repeat": given.repeat}
    with tempfile.TemporaryDirectory() as folder:
        result |= measure(given, pathlib.Path(folder))
    common.end(given, "start", result, report)


if __name__ == "__main__":
    main()
