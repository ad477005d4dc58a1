#!/usr/bin/env python3
"""Follows the ledger and hands each new story on, from where it left off, however it was ended. Reads `ledger --follow --json`.

Usage: follow_ledger.py CURSOR_FILE [--once] [ANY OPTION OF copytaster ledger]

--once ends when all that is there was handled. Each row is handled at least once: the cursor is written after the row, and the
newest row may come again when the machine fails between the two, so let `handle` bear that (a key on the row's id, say).
"""
import json
import os
import signal
import subprocess
import sys

PROGRAM = os.environ.get("COPYTASTER", "copytaster")


def handle(row):
    """Your part: here a line for each file that brought something new."""
    if row["verdict"] in ("new", "expansion"):
        print(row["id"], row["verdict"], row["name"], sep="\t", flush=True)


def read_cursor(path):
    try:
        with open(path) as file:
            return file.read().strip() or "0"
    except FileNotFoundError:
        return "0"


def write_cursor(path, cursor):
    """The old cursor or the new one, never half of one, even if the power fails: a new file, synced, takes the old one's name."""
    with open(path + ".new", "w") as file:
        file.write(cursor + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
    directory = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def main():
    arguments = sys.argv[1:]
    if not arguments or arguments[0].startswith("-"):
        sys.exit(__doc__)
    path = arguments.pop(0)
    follow = ["--follow"]
    if "--once" in arguments:
        arguments.remove("--once")
        follow = []
    command = [PROGRAM, "ledger", "--json", *follow, "--since", read_cursor(path), *arguments]
    # SIGTERM ends this like Ctrl-C: the row in hand is finished by the exception's way out, or comes again.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ledger:
        try:
            for line in ledger.stdout:
                row = json.loads(line)
                handle(row)
                # `cursor` is the store's epoch and the row's number: a store that was restored refuses it and says where to go on.
                write_cursor(path, str(row.get("cursor", row["id"])))
        except KeyboardInterrupt:
            ledger.terminate()
            return 0
    return ledger.returncode


if __name__ == "__main__":
    sys.exit(main())
