"""Readers beside the pipeline: an honest sender, while others list, search and copy the store as fast as they can.

Each file's time from its delivery until it is gone from the spool is compared with that of a quiet store. The bar is 50 ms
at the 99th percentile; since other work may run on the machine, only ten times as much counts as broken.
"""
import os, random, shutil, subprocess, threading, time
from desk import Broken, Desk
from hostile import Sender, percentile

BAR, GATE = 50, 500  # milliseconds
STORIES = 3000


class Reader(threading.Thread):
    """Runs one command after another, in a process each."""

    def __init__(self, desk, command):
        super().__init__(daemon=True)
        self.desk, self.command, self.ends, self.runs = desk, command, False, 0

    def run(self):
        while not self.ends:
            copy = f"{self.desk.root}/copy"
            command = self.command(f"{copy}-{self.runs}")
            done = subprocess.run([self.desk.binary, *command, *self.desk.places], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE)
            if done.returncode:
                raise SystemExit(f"{command}: {done.stderr.decode()}")
            shutil.rmtree(f"{copy}-{self.runs}", ignore_errors=True)
            self.runs += 1


COMMANDS = [lambda copy: ["list", "--json"], lambda copy: ["search", "honest"], lambda copy: ["backup", copy]]


def scene(desk, commands, seconds):
    readers = [Reader(desk, command) for command in commands]
    sender = Sender(desk, 0.02)
    for thread in [*readers, sender]:
        thread.start()
    time.sleep(seconds)
    for thread in [sender, *readers]:
        thread.ends = True
        thread.join()
    return {
        "files": len(sender.delays), "p50 ms": round(percentile(sender.delays, 0.5) * 1000, 1),
        "p99 ms": round(percentile(sender.delays, 0.99) * 1000, 1), "longest ms": round(max(sender.delays) * 1000, 1),
        "commands": sum(reader.runs for reader in readers),
    }


def torture(binary, seconds, report):
    desk, broken, scenes = Desk(binary, settings=["workers: 2"]), [], {}
    dice = random.Random(1)
    try:
        desk.start().ready()
        for number in range(STORIES):
            desk.deliver(f"old/{number}.txt", f"Honest story {number}\n\n{dice.randbytes(1200).hex()}\n".encode())
        desk.drain(within=120)
        for done, (name, commands) in enumerate((("nobody reads", []), ("list, search and backup", COMMANDS))):
            os.makedirs(f"{desk.inbox}/honest", exist_ok=True)
            scenes[name] = scene(desk, commands, seconds)
            report.progress("readers", done + 1, 2, len(broken))
        desk.drain()
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
        high = scenes["list, search and backup"]["p99 ms"]
        if high > GATE:
            raise Broken(f"readers held up a file: 99th percentile {high} ms (the bar is {BAR})")
    except Broken as error:
        desk.keep()
        broken.append(f"readers: {error}")
        report.say(f"BROKEN {broken[-1]}")
    finally:
        desk.remove()
    return {"scenes": scenes, "broken": broken}
