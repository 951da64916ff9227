#!/usr/bin/env python3
"""Prints line and branch coverage by room from gcovr's JSON summary. usage: coverage_by_room.py SUMMARY.json"""
import collections
import json
import sys


def room_of(name):
    """src/mining/x.cc and include/logdetect/mining/x.h are of the room mining."""
    parts = name.split("/")
    return parts[2] if parts[0] == "include" else parts[1] if len(parts) > 2 else "main"


def share(part, whole):
    return f"{100 * part / whole:6.1f} %" if whole else "       –"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        summary = json.load(file)
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    for file in summary["files"]:
        for name in (room_of(file["filename"]), "all"):
            for i, key in enumerate(("line_covered", "line_total", "branch_covered", "branch_total")):
                rooms[name][i] += file[key]
    print(f"{'room':12}{'lines':>8}{'covered':>10}{'branches':>12}{'covered':>10}")
    for name in sorted(rooms, key=lambda name: (name == "all", name)):
        lines_covered, lines, branches_covered, branches = rooms[name]
        print(f"{name:12}{lines:8}{share(lines_covered, lines):>10}{branches:12}{share(branches_covered, branches):>10}")


if __name__ == "__main__":
    main()
