#!/usr/bin/env python3
"""The parser part of quality.py alone: templates of the real binary against labelled logs, with floors.

usage: parser.py BINARY [--data DIR]
"""
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
sys.exit(subprocess.run([sys.executable, here / "quality.py", *sys.argv[1:], "--only", "loghub2k", "parser_full"])
         .returncode)
