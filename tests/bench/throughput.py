#!/usr/bin/env python3
"""Measures the release program beside `wc -l`, `grep -c`, Drain3 and scikit-learn's forest, all in the same run.

throughput [--log FILE ...] [--only NAME ...] [--lines N] [--repeat N] [--threads 1 2] [--neural] [--peer-python PYTHON]

Inputs: a generated log of --lines lines; each --log; and the labelled sets spirit and hdfs (train and test part joined)
where they are at hand: LOGDETECT_DATA, or ../shared beside the checkout, see tests/quality/quality.py. --only names the
inputs to take. The model is trained on a set's training part, else on the log's first tenth. All commands run in turn,
--repeat times; the fastest counts, by the wall clock (the CPU seconds beside it tell a busy machine). The peers are
skipped where PYTHON lacks their packages; they see the first 100,000 lines, and only their inner loop is timed.
--neural adds the rows of the full ensemble (--detectors all) where LibTorch is there; these run once, and take long.
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import common
from common import ROOT, count_lines, plural, run, say

sys.path.insert(0, str(ROOT / "tests" / "quality"))
import quality  # noqa: E402

PEER_LINES = 100_000
COLUMNS = 31  # as many as logdetect's own forest sees
SETS = ("spirit", "hdfs")
TRAIN, NEURAL_TRAIN = "train", "train, neural"
EVERY = "all scores"  # asked for, so none may be left out because it could not change a verdict


def join(parts, target):
    with open(target, "wb") as out:
        for part in parts:
            out.write(part.read_bytes())
    return target


def first_lines(path, count, target):
    with open(path, "rb") as source, open(target, "wb") as out:
        for _, line in zip(range(count), source):
            out.write(line)
    return target


def inputs(given, scratch):
    """-> name, log, training log, one after another, so that only one is on the disc."""
    def wanted(name):
        return not given.only or name in given.only

    if wanted("generated"):
        log = common.generate(given, scratch / "generated.log", given.lines)
        yield "generated", log, None
        log.unlink()
    for log in given.log:
        yield log.stem, log, None
    shared = quality.find_shared(None)
    for name in filter(wanted, SETS):
        if shared is None:
            say(f"{name}: skipped, no labelled logs; name their folder in LOGDETECT_DATA")
            continue
        sets = pathlib.Path(scratch) / "sets"
        sets.mkdir(exist_ok=True)
        folder = quality.Bench(given.logdetect, shared, sets).prepare(name)
        log = join([folder / "train.log", folder / "test.log"], scratch / f"{name}.log")
        yield name, log, folder / "train.log"
        log.unlink()


def has_torch(given):
    said = subprocess.run([given.logdetect, "version", "--verbose"], capture_output=True, text=True, check=True).stdout
    return any(line.startswith("libtorch") and "none" not in line for line in said.splitlines())


def peers(given, log, lines):
    found = {}
    for name, script, args in (("Drain3", "drain3_peer.py", [log, PEER_LINES]),
                               ("scikit-learn forest", "forest_peer.py", [min(lines, PEER_LINES), COLUMNS])):
        command = [given.peer_python, ROOT / "tests/bench/peers" / script, *args]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if done.returncode == quality.SKIPPED:
            say(f"{name}: skipped, {done.stderr.strip()}")
        elif done.returncode != 0:
            sys.exit(done.stderr)
        else:
            found[name] = json.loads(done.stdout)
            say(f"{name}: {found[name]['lines'] / found[name]['seconds']:,.0f} lines/s")
    return found


def plan(given, log, training, scratch):
    """-> commands by name (repeated in turn), and those run once. Order matters: training first."""
    model, neural = scratch / "model", scratch / "neural"
    often = {"wc -l": ["wc", "-l", log], "grep -c ERROR": ["grep", "-c", "ERROR", log]}
    once = {}
    for threads in given.threads:
        tool, with_threads = [given.logdetect], ["--threads", threads]
        name = plural(threads)
        often[f"{TRAIN}, {name}"] = [*tool, "train", *with_threads, "--output", model, training]
        often[f"parse, {name}"] = [*tool, "parse", *with_threads, "--format", "csv", log]
        scan = ["scan", *with_threads, "--format", "jsonl"]
        often[f"scan, {name}"] = [*tool, *scan, "--model", model, log]
        if given.neural:
            once[f"{NEURAL_TRAIN}, {name}"] = [*tool, "train", *with_threads, "--detectors", "all", "--output", neural,
                                               training]
            for stride, more in (("", []), (" stride 1,", ["--stride", 1])):
                judge = [*tool, *scan, "--model", neural, *more]
                once[f"scan, neural,{stride} {name}"] = [*judge, log]
                once[f"scan, neural,{stride} {EVERY}, {name}"] = [*judge, "--scores", scratch / "scores.csv", log]
    return tuple({name: list(map(str, command)) for name, command in part.items()} for part in (often, once))


def measure_input(given, name, log, training, scratch):
    lines = count_lines(log)
    if training is None:
        training = first_lines(log, max(1000, lines // 10), scratch / f"{name}-train.log")
    sizes = {"log": [lines, log.stat().st_size], "training": [count_lines(training), training.stat().st_size]}
    often, once = plan(given, log, training, scratch)
    rows = {key: [] for key in often | once}
    for turn in range(given.repeat):
        for key, command in often.items():
            rows[key].append(run(command))
            say(f"{name} {turn + 1}/{given.repeat} {key}: {rows[key][-1]['seconds']:.3f} s")
    for key, command in once.items():
        rows[key].append(run(command))
        say(f"{name} {key}: {rows[key][-1]['seconds']:.3f} s")
    # Only names go into the record, so that it says nothing about where the machine keeps its files.
    names = {str(scratch) + "/": "", str(log): f"{name}.log", str(training): f"{name}-train.log",
             given.logdetect: "logdetect"}
    commands = {}
    for key, command in (often | once).items():
        commands[key] = shlex.join(command)
        for long, short in sorted(names.items(), key=lambda pair: -len(pair[0])):
            commands[key] = commands[key].replace(long, short)
    return {"name": name, "sizes": sizes, "runs": rows, "commands": commands, "peers": peers(given, log, lines)}


def table(entry):
    """-> rows: name, lines/s, MB/s, seconds, CPU seconds, peak MiB."""
    for name, runs in entry["runs"].items():
        lines, size = entry["sizes"]["training" if name.startswith(TRAIN) else "log"]
        seconds = min(r["seconds"] for r in runs)
        yield (name, lines / seconds, size / seconds / 1e6, seconds, min(r["cpu_seconds"] for r in runs),
               max(r["peak_mib"] for r in runs))
    lines, size = entry["sizes"]["log"]
    for name, peer in entry["peers"].items():
        rate = peer["lines"] / peer["seconds"]
        yield name, rate, rate * size / lines / 1e6, peer["seconds"], None, None


def report(result):
    out = [f"# Throughput, {result['date']}", "", common.setting(result) + ".", "",
           f"Warm cache; the fastest of {result['repeat']} runs (rows with neural: of one), wall clock, program start "
           "included; of the peers the inner loop alone."]
    for entry in result["inputs"]:
        rows = list(table(entry))
        rates = {name: rate for name, rate, *_ in rows}
        against = [name for name in ("wc -l", *entry["peers"]) if name in rates]
        lines, size = entry["sizes"]["log"]
        head = ["command", "seconds", "CPU seconds", "lines/s", "MB/s", "peak MiB", *(f"x {name}" for name in against)]
        out += ["", f"## {entry['name']}", "",
                f"{lines:,} lines, {size:,} bytes ({size / lines:.0f} a line); trained on "
                f"{entry['sizes']['training'][0]:,} lines.", "",
                "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        for name, rate, megabytes, seconds, cpu, peak in rows:
            ratios = " | ".join(f"{rate / rates[n]:.3g}" for n in against)
            out.append(f"| {name} | {seconds:.3f} | {'' if cpu is None else f'{cpu:.2f}'} | {rate:,.0f} | "
                       f"{megabytes:,.1f} | {'' if peak is None else f'{peak:.1f}'} | {ratios} |")
        out += ["", *(f"    {command}" for command in entry["commands"].values()),
                *(f"    {name} {peer['version']}" for name, peer in entry["peers"].items() if "version" in peer)]
    return "\n".join(out) + "\n"


def main():
    args = common.arguments(__doc__)
    args.add_argument("--log", type=pathlib.Path, nargs="+", default=[])
    args.add_argument("--only", nargs="+", default=[], help="generated, spirit, hdfs")
    args.add_argument("--lines", type=int, default=10_000_000, help="of the generated log")
    args.add_argument("--repeat", type=int, default=5)
    args.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    args.add_argument("--neural", action="store_true")
    args.add_argument("--peer-python", default=sys.executable)
    given = args.parse_args()
    if given.neural and not has_torch(given):
        say("neural rows: skipped, this program was built without LibTorch")
        given.neural = False
    result = common.begin(given) | {"repeat": given.repeat, "inputs": []}
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        for name, log, training in inputs(given, scratch):
            result["inputs"].append(measure_input(given, name, log, training, scratch))
    common.end(given, "throughput", result, report)


if __name__ == "__main__":
    main()
