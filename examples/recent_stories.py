#!/usr/bin/env python3
"""Prints the newest stories of the archive that are no repeats: date, place, language, headline. Reads `list --json`.

Usage: recent_stories.py [COUNT] [ANY OPTION OF copytaster list]
"""
import json
import os
import subprocess
import sys

PROGRAM = os.environ.get("COPYTASTER", "copytaster")


def stories(count, options):
    run = subprocess.run([PROGRAM, "list", "--json", "--unique", *options], stdout=subprocess.PIPE)
    if run.returncode != 0:
        # copytaster has said why on standard error.
        sys.exit(run.returncode)
    # One JSON object a line; a key whose value is not known is left out, and new keys may come: take what you know.
    newest = sorted(map(json.loads, run.stdout.splitlines()), key=lambda story: story["id"], reverse=True)
    return newest[:count]


def main():
    arguments = sys.argv[1:]
    count = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else 10
    for story in stories(count, arguments):
        title = story.get("headline") or story.get("displaytitle") or story["name"]
        print(story["id"], story.get("contentcreated", "-"), story.get("located", "-"), story.get("language", "-"), title, sep="\t")


if __name__ == "__main__":
    main()
