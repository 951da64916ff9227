#!/usr/bin/env python3
"""Drain3 on one log: drain3_peer.py LOG MOST_LINES. Whole lines, masked as Drain3's own example configures it.

Prints JSON: version, lines, seconds (of mining alone: neither start nor reading the file count), templates. Exit 77: no
Drain3.
"""
import importlib.metadata
import itertools
import json
import sys
import time

try:
    from drain3 import TemplateMiner
    from drain3.masking import MaskingInstruction
    from drain3.template_miner_config import TemplateMinerConfig
except ImportError:
    print("Drain3 is not installed (pip install drain3)", file=sys.stderr)
    sys.exit(77)

MASKS = [(r"((?<=[^A-Za-z0-9])|^)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?=[^A-Za-z0-9])|$)", "IP"),
         (r"((?<=[^A-Za-z0-9])|^)(0x[a-f0-9A-F]+)((?=[^A-Za-z0-9])|$)", "HEX"),
         (r"((?<=[^A-Za-z0-9])|^)([\-\+]?\d+)((?=[^A-Za-z0-9])|$)", "NUM")]


def main():
    with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
        lines = [line.rstrip("\n") for line in itertools.islice(log, int(sys.argv[2]))]
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for pattern, name in MASKS]
    miner = TemplateMiner(config=config)
    start = time.monotonic()
    for line in lines:
        miner.add_log_message(line)
    seconds = time.monotonic() - start
    print(json.dumps({"version": importlib.metadata.version("drain3"), "lines": len(lines), "seconds": seconds,
                      "templates": len(miner.drain.clusters)}))


if __name__ == "__main__":
    main()
