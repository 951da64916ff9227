#!/usr/bin/env python3
"""What the real binary finds of the labelled incidents of tests/tools/loggen.

usage: generator.py BINARY LOGGEN [--lines 1000000] [--days 7] [--seeds 11 12 13] [--shown KIND ...] [--keep DIR]

For every seed: learns a clean history of as many lines and days by another seed of the same shop, then judges the days
after, which hold one incident of every kind and a deployment. An incident is found if one of the result begins within
60 s of its begin; it is named if the first reason of one of its findings is of a kind that fits. Incidents that touch
none of the labelled spans are false. Of a kind that is only `--shown` nothing is demanded. The deployment must be one incident of severity low. Only Python's standard library
is used.
"""
import argparse
import csv
import datetime as dt
import json
import pathlib
import subprocess
import sys
import tempfile

KINDS = {"new_error": {"new_template"},
         "burst": {"burst"},
         "silence": {"silence"},
         "broken_sequence": {"sequence", "missing_step", "stalled", "repeated"},
         "odd_parameter": {"parameter"},
         "unusual_hour": {"unusual_time"}}
SLACK_SECONDS = 60
MOST_FALSE_A_DAY = 1.0
START = dt.datetime(2024, 1, 8, tzinfo=dt.timezone.utc)  # a Monday


def instant(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")


def read_result(path):
    findings, incidents = {}, []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["type"] == "finding":
                findings.setdefault(record["incident"], []).append(record)
            elif record["type"] == "incident":
                incidents.append((instant(record["first"]), instant(record["last"]), record))
    return findings, incidents


def deployment_span(log, labels):
    """Event times of the first and the last line of the deployment."""
    with open(labels, newline="") as rows:
        wanted = {int(row["line"]) for row in csv.DictReader(rows) if row["category"] == "deployment"}
    times = []
    with open(log, errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if number in wanted:
                times.append(instant(line.split(" ", 1)[0]))
    return min(times), max(times)


def judge(begin, end, kinds, findings, incidents):
    def slack(incident):
        # A silence begins when the next line was due: that is within the usual gap of the last one, but no nearer.
        bouts = [f["bout"] for f in findings.get(incident[2]["id"], []) if f["bout"]]
        return max([SLACK_SECONDS, *(b["usual"][0] for b in bouts if b["kind"] == "silence")])

    near = [i for i in incidents if abs(i[0] - begin) <= slack(i)]
    spread = [i for i in incidents if i[0] <= end + SLACK_SECONDS and i[1] >= begin - SLACK_SECONDS]
    reasons = {f["reasons"][0]["kind"] for i in near for f in findings.get(i[2]["id"], [])}
    return near, spread, reasons & kinds, reasons


class Checks:
    def __init__(self):
        self.failures = []

    def demand(self, what, holds):
        if not holds:
            self.failures.append(what)
            print(f"  MISSED: {what}")


def one_seed(given, seed, work, checks):
    history, log, labels, faults, result = (work / f"{seed}.{name}" for name in
                                            ("history.log", "log", "labels.csv", "faults.csv", "jsonl"))
    start = START + dt.timedelta(days=given.days)
    common = ("--days", given.days, "--lines", given.lines)
    run(given.loggen, *common, "--seed", seed + 1000, "--start", START.strftime("%Y-%m-%dT%H:%M:%SZ"), "--output", history)
    run(given.loggen, *common, "--seed", seed, "--start", start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "--incidents", ",".join([*KINDS, "deployment"]), "--output", log, "--labels", labels, "--faults", faults)
    model = work / f"{seed}.model"
    run(given.binary, "train", "--input", history, "--output", model)
    run(given.binary, "scan", "--model", model, "--input", log, "--format", "jsonl", "--output", result)
    findings, incidents = read_result(result)
    explained = []
    with open(faults, newline="") as rows:
        for row in csv.DictReader(rows):
            kind = row["name"].split(":")[0]
            begin, end = instant(row["begin"]), instant(row["end"])
            near, spread, named, reasons = judge(begin, end, KINDS[kind], findings, incidents)
            explained.append((begin, end))
            onset = min((abs(i[0] - begin) for i in near), default=None)
            severity = max((i[2]["severity"] for i in near), key=["low", "medium", "high", "critical"].index, default="-")
            print(f"  {kind:16} {'found' if near else 'MISSED':6} "
                  f"{'' if onset is None else f'{onset:5.1f} s off, '}{severity}, "
                  f"{'named ' + '/'.join(sorted(named)) if named else 'not named: ' + ', '.join(sorted(reasons))}"
                  f"{f', in {len(spread)} incidents' if len(spread) > 1 else ''}")
            if kind in given.shown:
                continue
            checks.demand(f"seed {seed}: {kind} is found within {SLACK_SECONDS} s", bool(near))
            checks.demand(f"seed {seed}: {kind} is named by its factor", bool(named))
    begin, end = deployment_span(log, labels)
    _, spread, _, _ = judge(begin, end, set(), findings, incidents)
    explained.append((begin, end))
    severities = [i[2]["severity"] for i in spread]
    print(f"  {'deployment':16} {len(spread)} incident(s), {', '.join(severities)}")
    checks.demand(f"seed {seed}: the deployment is one low incident", severities == ["low"])
    false = [i for i in incidents if all(i[0] > e + SLACK_SECONDS or i[1] < b - SLACK_SECONDS for b, e in explained)]
    print(f"  {'false':16} {len(false)} in {given.days} days: " + "; ".join(i[2]["title"] for i in false))
    checks.demand(f"seed {seed}: {len(false)} false incidents in {given.days} days",
                  len(false) <= MOST_FALSE_A_DAY * given.days)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("binary")
    args.add_argument("loggen")
    args.add_argument("--lines", type=int, default=1_000_000)
    args.add_argument("--days", type=int, default=7)
    args.add_argument("--seeds", type=int, nargs="*", default=[11, 12, 13])
    args.add_argument("--shown", nargs="*", default=[], choices=KINDS)
    args.add_argument("--keep", help="work here and leave the files")
    given = args.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(given.keep or temporary)
        work.mkdir(parents=True, exist_ok=True)
        for seed in given.seeds:
            print(f"seed {seed}, {given.lines:,} lines in {given.days} days")
            one_seed(given, seed, work, checks)
    if checks.failures:
        sys.exit(f"{len(checks.failures)} demands not met")


if __name__ == "__main__":
    main()
