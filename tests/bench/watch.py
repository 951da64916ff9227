#!/usr/bin/env python3
"""Measures how soon `watch` prints a finding after its line was written, and what it costs while nothing comes.

watch.py [--rate LINES_A_SECOND] [--seconds N] [--markers N] [--idle N]

A writer appends generated lines at an even pace, a burst each 5 ms; once in a while a marker line among them, with
words of its own, which cannot but be a finding. The time from before its write to when the JSON Lines row with it was
read counts; both ends by one monotonic clock. The writer shares the machine with the program. A marker that is never
printed fails the run. Then, with nothing written, the CPU time of the process over --idle seconds.
"""
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import common
from common import run, say

TICK = 0.005
MARKER = re.compile(rb"marker-([0-9]+)-end")


def marker_line(number, time_text, chance):
    words = " ".join("".join(chance.choices("bcdfghklmnprstvw", k=7)) for _ in range(6))
    return f"{time_text} ERROR app-2 orders[12001]: {words} marker-{number}-end\n"


def write_paced(given, path, lines, written):
    """-> lines really written a second. A writer that fell behind does not hurry."""
    chance = random.Random(3)
    burst = max(1, round(given.rate * TICK))
    every = max(1, round(given.rate * given.seconds / given.markers))
    count, total = 0, round(given.rate * given.seconds)
    began = due = time.monotonic()
    with open(path, "ab", buffering=0) as out:
        while count < total:
            block = lines[count:count + burst]
            if count % every < burst:
                number = len(written)
                # At the end of a burst its record is complete only when the next burst comes.
                block.insert(chance.randint(1, len(block)), marker_line(number, block[0].split(" ", 1)[0], chance))
                written[number] = time.monotonic()
            out.write("".join(block).encode())
            count += burst
            due = max(due + TICK, time.monotonic() - TICK)
            time.sleep(max(0.0, due - time.monotonic()))
    return count / (time.monotonic() - began)


def read_findings(stream, printed):
    for row in iter(stream.readline, b""):
        now = time.monotonic()
        if b'"type":"finding"' in row:
            for found in MARKER.finditer(row):
                printed.setdefault(int(found.group(1)), now)


def cpu_seconds(pid):
    """Of all threads, to the nanosecond."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure(given, scratch):
    lines_wanted = round(given.rate * given.seconds) + 1000
    history = common.generate(given, scratch / "history.log", 200_000, "--incidents", "")
    source = common.generate(given, scratch / "source.log", round(lines_wanted * 1.2), "--seed", "7", "--start",
                             "2024-01-15T00:00:00Z", "--incidents", "")
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    model, log = scratch / "model", scratch / "live.log"
    run([given.logdetect, "train", "--output", model, history])
    log.write_text("".join(lines[:100]), encoding="utf-8")
    written, printed = {}, {}
    command = list(map(str, [given.logdetect, "watch", "--model", model, "--format", "jsonl", "--start", "end", log]))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as watch:
        reader = threading.Thread(target=read_findings, args=(watch.stdout, printed))
        reader.start()
        time.sleep(1)
        busy = cpu_seconds(watch.pid)
        rate = write_paced(given, log, lines[100:], written)
        deadline = time.monotonic() + 30
        while len(printed) < len(written) and time.monotonic() < deadline:
            time.sleep(0.05)
        busy = cpu_seconds(watch.pid) - busy
        time.sleep(2)
        idle = cpu_seconds(watch.pid)
        time.sleep(given.idle)
        idle = cpu_seconds(watch.pid) - idle
        watch.send_signal(signal.SIGINT)
        reader.join()
    if len(printed) < len(written):
        sys.exit(f"{len(written) - len(printed)} of {len(written)} markers were never printed")
    delays = [printed[number] - at for number, at in written.items()]
    say(f"{len(delays)} markers, {rate:,.0f} lines/s")
    return {"lines_per_second": rate, "seconds": given.seconds, "busy_share": busy / given.seconds,
            "idle_share": idle / given.idle, "idle_seconds": given.idle, "delays": delays}


def report(result):
    shares = {"median": 0.5, "p90": 0.9, "p99": 0.99, "most": 1.0}
    out = [f"# Watch, {result['date']}", "", common.setting(result) + ".", "",
           f"{result['lines_per_second']:,.0f} lines/s for {result['seconds']} s, {len(result['delays'])} markers. CPU "
           f"of the program: {result['busy_share']:.1%} of a core then, {result['idle_share']:.3%} over "
           f"{result['idle_seconds']} s with nothing to read.", "",
           "| line written to finding printed | ms |", "|---|---|"]
    out += [f"| {name} | {1e3 * quantile(result['delays'], share):.1f} |" for name, share in shares.items()]
    return "\n".join(out) + "\n"


def main():
    args = common.arguments(__doc__)
    args.add_argument("--rate", type=int, default=20_000)
    args.add_argument("--seconds", type=int, default=30)
    args.add_argument("--markers", type=int, default=600)
    args.add_argument("--idle", type=int, default=20)
    given = args.parse_args()
    result = common.begin(given)
    with tempfile.TemporaryDirectory() as folder:
        result |= measure(given, pathlib.Path(folder))
    common.end(given, "watch", result, report)


if __name__ == "__main__":
    main()
