"""What the lints share: walking the tree, printing findings, testing themselves on a small bad tree."""
import pathlib
import sys
import tempfile

SKIPPED_STATUS = 77

# Not ours to style: build output, generated logs, inputs that are meant to be odd.
OUTSIDE = {".git", ".cache", ".ci-cache", "build", "__pycache__"}
DATA = ("data/", "tests/fuzz/corpus/", "tests/data/", "tests/bench/results/", "tests/e2e/golden/", "LICENSE")


def files(root, suffixes=None):
    """Paths relative to root, in order; suffixes None means every text file that is not data."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if OUTSIDE & set(name.split("/")) or not path.is_file() or path.is_symlink():
            continue
        if suffixes is not None and path.suffix not in suffixes:
            continue
        if not name.startswith(DATA):
            yield name


def write_tree(root, tree):
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def self_test(check, good, bad):
    """check(root) -> findings. The good tree must give none; each tree of `bad`, laid over it, a finding that holds the
    text it is listed with."""
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write_tree(root, good)
        for finding in check(root):
            failures.append(f"the good tree was refused: {finding}")
    for expected, tree in bad:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            write_tree(root, {**good, **tree})
            findings = list(check(root))
            if not any(expected in finding for finding in findings):
                failures.append(f"no finding holds {expected!r} for {sorted(tree)}: {findings}")
    return failures


def main(check, good, bad):
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} ROOT | --self-test")
    if sys.argv[1] == "--self-test":
        findings = self_test(check, good, bad)
    else:
        root = pathlib.Path(sys.argv[1])
        if not any(files(root)):
            sys.exit(f"{root}: there is nothing to check")
        findings = list(check(root))
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings")
    sys.exit(1 if findings else 0)
