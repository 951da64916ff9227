#!/usr/bin/env python3
"""Measures the release program on one log beside `wc -l` and `grep -c`, all in the same run.

throughput.py [--log FILE] [--train FILE] [--model DIR] [--repeat N] [--threads 1 2] [--memory-lines N]
              [--logdetect PROGRAM] [--loggen PROGRAM] [--results DIR]

Without --log a log is generated. The model is trained on --train, or on the log's first tenth. Each command runs
--repeat times in turn with the others; the fastest counts. Then --memory-lines generated lines are piped into `scan -`
and its peak memory is set against that for a tenth of them. Prints a table; with --results also writes
DIR/<date>/<log's name>.json and .md, with the machine, the commands and every raw number.
"""
import argparse
import datetime as dt
import json
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# logdetect says 1 when it finds something and was asked to; anything else but 0 is a failure.
FINE = (0, 1)


def run(command, stdin=None):
    """-> seconds, user + system seconds, peak resident MiB. Output goes to /dev/null."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as notes:
        # Python's own wait4 would not do: a child begins with the peak of the process it was forked from.
        timed = ["/usr/bin/time", "--quiet", "-o", notes.name, "-f", "%U %S %M", *command]
        start = time.monotonic()
        done = subprocess.run(timed, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, check=False)
        seconds = time.monotonic() - start
        if done.returncode not in FINE:
            sys.exit(f"{shlex.join(map(str, command))}: status {done.returncode}\n{done.stderr.decode(errors='replace')}")
        user, system, kib = notes.read().split()
    return {"seconds": seconds, "cpu_seconds": float(user) + float(system), "peak_mib": int(kib) / 1024}


def machine():
    model, memory = platform.processor(), ""
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    for line in pathlib.Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 1024 / 1024:.1f} GiB"
    return {"cpu": model, "cores": os.cpu_count(), "memory": memory, "kernel": platform.release(),
            "load_at_start": os.getloadavg()[0]}


def count_lines(path):
    with open(path, "rb") as f:
        return sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 20), b""))


def first_lines(path, count, target):
    with open(path, "rb") as source, open(target, "wb") as out:
        for _, line in zip(range(count), source):
            out.write(line)


def measure(commands, repeat):
    """Runs all commands in turn, `repeat` times over, so that a busy moment hits them alike."""
    runs = {name: [] for name in commands}
    for turn in range(repeat):
        for name, command in commands.items():
            runs[name].append(run(command))
            print(f"  {turn + 1}/{repeat} {name}: {runs[name][-1]['seconds']:.3f} s", file=sys.stderr)
    return runs


def memory_run(given, model, lines):
    """Peak memory of a scan of `lines` generated lines from standard input."""
    generate = [given.loggen, "--days", "2", "--lines", str(lines), "--seed", "9", "--output", "-"]
    scan = [given.logdetect, "scan", "--model", str(model), "--threads", "1", "--format", "jsonl", "-"]
    with subprocess.Popen(generate, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as source:
        result = run(scan, stdin=source.stdout)
        source.stdout.close()
    return {"lines": lines, "command": f"{shlex.join(generate)} | {shlex.join(scan)}", **result}


def report(result):
    lines, size = result["lines"], result["bytes"]
    best = {name: min(runs, key=lambda r: r["seconds"]) for name, runs in result["runs"].items()}
    wc = best["wc -l"]["seconds"]
    out = [f"# Throughput, {result['date']}", "",
           f"{result['machine']['cpu']}, {result['machine']['cores']} cores, {result['machine']['memory']}; "
           f"load at the start {result['machine']['load_at_start']:.1f}; {result['version']}", "",
           f"`{result['log']}`: {lines:,} lines, {size:,} bytes ({size / max(1, lines):.0f} a line), warm cache. "
           f"The fastest of {result['repeat']} runs.", "",
           "| command | seconds | lines/s | MB/s | times `wc -l` | peak MiB |", "|---|---|---|---|---|---|"]
    for name, run_ in best.items():
        seconds = run_["seconds"]
        out.append(f"| {name} | {seconds:.3f} | {lines / seconds:,.0f} | {size / seconds / 1e6:,.0f} | "
                   f"{seconds / wc:.1f} | {run_['peak_mib']:.1f} |")
    if result["memory"]:
        out += ["", "Memory of `scan` from standard input, one thread:", "", "| lines | seconds | lines/s | peak MiB |",
                "|---|---|---|---|"]
        for row in result["memory"]:
            out.append(f"| {row['lines']:,} | {row['seconds']:.1f} | {row['lines'] / row['seconds']:,.0f} | "
                       f"{row['peak_mib']:.1f} |")
    out += ["", "Commands:", ""] + [f"    {command}" for command in result["commands"].values()]
    out += [f"    {row['command']}" for row in result["memory"]]
    return "\n".join(out) + "\n"


def arguments():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--log", type=pathlib.Path)
    args.add_argument("--train", type=pathlib.Path)
    args.add_argument("--model", type=pathlib.Path)
    args.add_argument("--repeat", type=int, default=3)
    args.add_argument("--threads", type=int, nargs="+", default=[1])
    args.add_argument("--memory-lines", type=int, default=20_000_000, help="0: no memory check")
    args.add_argument("--logdetect", default=str(ROOT / "build/release/logdetect"))
    args.add_argument("--loggen", default=str(ROOT / "build/bench/tests/tools/loggen"))
    args.add_argument("--results", type=pathlib.Path)
    return args.parse_args()


def main():
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        log = given.log
        if log is None:
            log = scratch / "generated.log"
            subprocess.run([given.loggen, "--days", "2", "--lines", "2000000", "--output", log], check=True,
                           stderr=subprocess.DEVNULL)
        lines = count_lines(log)
        model = given.model
        if model is None:
            model = scratch / "model"
            train = given.train
            if train is None:
                train = scratch / "train.log"
                first_lines(log, max(1000, lines // 10), train)
            run([given.logdetect, "train", "--input", train, "--output", model])
        commands = {"wc -l": ["wc", "-l", log], "grep -c ERROR": ["grep", "-c", "ERROR", log]}
        for threads in given.threads:
            common = ["--threads", str(threads)]
            name = f"{threads} thread{'s' if threads > 1 else ''}"
            commands[f"logdetect parse, {name}"] = [given.logdetect, "parse", *common, "--format", "csv", log]
            commands[f"logdetect scan, {name}"] = [given.logdetect, "scan", "--model", model, *common, "--format",
                                                   "jsonl", log]
        version = subprocess.run([given.logdetect, "version"], capture_output=True, text=True, check=True).stdout
        result = {
            "date": dt.date.today().isoformat(), "machine": machine(), "version": version.splitlines()[0],
            "log": log.name, "lines": lines, "bytes": log.stat().st_size, "repeat": given.repeat,
            "runs": measure(commands, given.repeat), "memory": [],
        }
        if given.memory_lines:
            for count in (given.memory_lines // 10, given.memory_lines):
                result["memory"].append(memory_run(given, model, count))
                print(f"  memory, {count:,} lines: {result['memory'][-1]['peak_mib']:.1f} MiB", file=sys.stderr)
        # Only names go into the record, so that it says nothing about where the machine keeps its files.
        names = {str(ROOT) + "/": "", str(scratch) + "/": "", str(log): log.name, str(model): model.name}
        shown = {name: shlex.join(map(str, command)) for name, command in commands.items()}
        for row in [shown, *result["memory"]]:
            for key, value in row.items():
                for long, short in names.items():
                    row[key] = value = value.replace(long, short) if isinstance(value, str) else value
        result["commands"] = shown
    text = report(result)
    print(text)
    if given.results:
        place = given.results / result["date"]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{log.stem}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (place / f"{log.stem}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
