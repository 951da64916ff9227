#!/usr/bin/env python3
"""check_sample.py LOGGEN DATA [--write]: runs the commands of DATA/README.md and compares what they write with the
committed bytes; --write puts the new bytes in place instead."""
import pathlib
import shlex
import subprocess
import sys
import tempfile

MOST_BYTES = 2_000_000


def commands(readme):
    """The lines that begin with `loggen` inside indented blocks, continuation lines joined."""
    text = readme.read_text(encoding="utf-8").replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("    loggen ")]


def main():
    loggen, data = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    wanted = {path.relative_to(data).as_posix() for path in (data / "sample").rglob("*") if path.is_file()}
    failures = []
    found = commands(data / "README.md")
    if not found:
        sys.exit("data/README.md holds no loggen command")
    with tempfile.TemporaryDirectory() as folder:
        made_at = pathlib.Path(folder)
        (made_at / "sample").mkdir()
        for arguments in found:
            subprocess.run([loggen, *arguments], cwd=made_at, check=True)
        made = {path.relative_to(made_at).as_posix() for path in made_at.rglob("*") if path.is_file()}
        if "--write" in sys.argv:
            (data / "sample").mkdir(exist_ok=True)
            for name in made:
                (data / name).write_bytes((made_at / name).read_bytes())
            wanted = made
        for name in sorted(made ^ wanted):
            failures.append(f"{name}: {'not committed' if name in made else 'written by no command of data/README.md'}")
        for name in sorted(made & wanted):
            if (data / name).read_bytes() != (made_at / name).read_bytes():
                failures.append(f"{name}: differs from what loggen writes")
    size = sum((data / name).stat().st_size for name in wanted)
    if size > MOST_BYTES:
        failures.append(f"the sample has {size} bytes, at most {MOST_BYTES}")
    print("\n".join(failures) or f"{len(wanted)} files, {size} bytes, as committed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
