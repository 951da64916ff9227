#!/usr/bin/env python3
"""clang-tidy over the sources of src/, in parallel, with verdicts kept by content.

run_tidy.py --build DIR [--jobs N] [FILE ...]    DIR holds compile_commands.json (cmake --preset tidy)

A clean verdict is kept in DIR/verdicts under the hash of all that went into it: the tool's version, .clang-tidy, the
compile command and the text of the source and of every header of the project that it includes.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

TIDY = "clang-tidy-14"
ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, text=True, errors="replace", capture_output=True, check=False)


def arguments(entry):
    """The compile command without launcher, output file and -c."""
    words = shlex.split(entry["command"]) if "command" in entry else list(entry["arguments"])
    if pathlib.Path(words[0]).name == "ccache":
        words = words[1:]
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word == "-o":
            skip = True
        elif word != "-c":
            kept.append(word)
    return kept


def key_of(entry, common):
    """Hash of all that the verdict depends on, or None if the source does not even preprocess."""
    command = arguments(entry)
    listed = run([*command, "-MM"], entry["directory"])
    if listed.returncode:
        return None
    digest = hashlib.sha256(common)
    digest.update("\0".join(command).encode())
    for name in sorted(set(listed.stdout.replace("\\\n", " ").split(":", 1)[1].split())):
        path = pathlib.Path(entry["directory"]) / name
        digest.update(f"\0{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def judge(entry, common, verdicts, build):
    """-> (text of the complaints, seconds, whether it was kept from an earlier run)"""
    start = time.monotonic()
    key = key_of(entry, common)
    if key and (verdicts / key).exists():
        return "", time.monotonic() - start, True
    done = run([TIDY, "-p", str(build), "--quiet", entry["file"]], ROOT)
    text = "" if done.returncode == 0 else done.stdout + done.stderr
    if not text and key:
        (verdicts / key).write_text(entry["file"] + "\n", encoding="utf-8")
    return text, time.monotonic() - start, False


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--build", type=pathlib.Path, required=True)
    args.add_argument("--jobs", type=int, default=os.cpu_count())
    args.add_argument("files", nargs="*", help="only these (default: all of src/)")
    given = args.parse_args()
    build = given.build.resolve()
    verdicts = build / "verdicts"
    verdicts.mkdir(parents=True, exist_ok=True)
    version = run([TIDY, "--version"], ROOT).stdout
    common = version.encode() + (ROOT / ".clang-tidy").read_bytes()
    only = {str(pathlib.Path(name).resolve()) for name in given.files}
    entries = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = str((pathlib.Path(entry["directory"]) / entry["file"]).resolve())
        if path in only or (not only and path.startswith(str(ROOT / "src") + os.sep)):
            entries[path] = entry
    if not entries:
        sys.exit("run_tidy.py: no source of src/ in compile_commands.json")
    failed, kept, start = [], 0, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        waiting = {pool.submit(judge, entry, common, verdicts, build): path for path, entry in sorted(entries.items())}
        for done, future in enumerate(concurrent.futures.as_completed(waiting), 1):
            name = os.path.relpath(waiting[future], ROOT)
            text, seconds, old = future.result()
            kept += old
            if text:
                failed.append(name)
            if text or not old:
                print(f"[{done}/{len(entries)}] {name}: {'FAILED' if text else 'clean'} ({seconds:.1f} s)", flush=True)
            if text:
                print(text, flush=True)
    print(f"clang-tidy: {len(entries)} files, {kept} unchanged since a clean run, {len(failed)} failed, "
          f"{time.monotonic() - start:.0f} s")
    for name in sorted(failed):
        print(f"  {name}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
