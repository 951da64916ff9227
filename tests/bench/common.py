"""What the benchmarks share: running and timing a command, describing the machine, keeping results."""
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
    """-> seconds, user + system seconds, peak resident MiB. Output is thrown away."""
    # grep stops at the first hit when it writes to /dev/null.
    sink = subprocess.PIPE if command[0] in ("wc", "grep") else subprocess.DEVNULL
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as notes:
        # Python's own wait4 would not do: a child begins with the peak of the process it was forked from.
        timed = ["/usr/bin/time", "--quiet", "-o", notes.name, "-f", "%U %S %M", *command]
        start = time.monotonic()
        done = subprocess.run(timed, stdin=stdin or subprocess.DEVNULL, stdout=sink,
                              stderr=subprocess.PIPE, check=False)
        seconds = time.monotonic() - start
        if done.returncode not in FINE:
            said = done.stderr.decode(errors="replace")
            sys.exit(f"{shlex.join(map(str, command))}: status {done.returncode}\n{said}")
        user, system, kib = notes.read().split()
    return {"seconds": seconds, "cpu_seconds": float(user) + float(system), "peak_mib": int(kib) / 1024}


def run_on_pipe(source, command):
    """Like run(), with the output of `source` as standard input."""
    with subprocess.Popen(list(map(str, source)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as feed:
        result = run(command, stdin=feed.stdout)
        feed.stdout.close()
    return result


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


def setting(result):
    """One line: where and when."""
    on = result["machine"]
    return (f"{on['cpu']}, {on['cores']} cores, {on['memory']}; load {on['load_at_start']:.1f} at the start, "
            f"{on['load_at_end']:.1f} at the end; {result['version']}")


def arguments(doc):
    args = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--logdetect", default=str(ROOT / "build/release/logdetect"))
    args.add_argument("--loggen", default=str(ROOT / "build/bench/tests/tools/loggen"))
    args.add_argument("--results", type=pathlib.Path, help="writes DIR/<date>/<name>.json and .md")
    return args


def begin(given):
    version = subprocess.run([given.logdetect, "version"], capture_output=True, text=True, check=True).stdout
    return {"date": dt.date.today().isoformat(), "version": version.splitlines()[0], "machine": machine()}


def end(given, name, result, report):
    """Prints the report and keeps it with the raw numbers."""
    result["machine"]["load_at_end"] = os.getloadavg()[0]
    text = report(result)
    print(text)
    if given.results:
        place = given.results / result["date"]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        (place / f"{name}.md").write_text(text, encoding="utf-8")


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def plural(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


def count_lines(path):
    with open(path, "rb") as f:
        return sum(block.count(b"\n") for block in iter(lambda: f.read(1 << 20), b""))


def generate(given, target, lines, *more):
    command = [given.loggen, "--days", "2", "--lines", lines, "--output", target, *more]
    subprocess.run(list(map(str, command)), check=True, stderr=subprocess.DEVNULL)
    return target
