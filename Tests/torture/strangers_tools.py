"""The commands on hostile contents, without a service: every one ends by itself, whatever bytes of a store were changed and
whatever it is asked to compare.
"""
import os, random, shutil, subprocess, time
from desk import Broken
from strangers_store import desk_of, plain_desk
from strangers_text import LONG, slow_shapes


def tools(binary, seconds):
    """Every command that reads a store ends by itself, whatever bytes of it were changed: with a reason, not a trap."""
    with desk_of(binary, kind=plain_desk) as desk:
        desk.start().ready()
        for i, code in enumerate(LONG):
            desk.deliver(f"{i}.txt", f"Story {i}\n\n{chr(code)} and the words of story {i} ".encode() * (i % 3 + 1))
        for name, content in slow_shapes(9000).items():
            if "marks" not in name:
                desk.deliver(name, content)
        desk.drain()
        desk.stop()
        state, seed = desk.state, random.randrange(10**6)
        dice, broken, ran = random.Random(seed), [], 0
        end = time.monotonic() + max(seconds, 5)
        while time.monotonic() < end and not broken:
            copy = desk.root + "/copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.rmtree(copy + "-new", ignore_errors=True)
            shutil.copytree(state, copy, ignore=lambda _, names: [n for n in names if n == "control"])
            with open(copy + "/copytaster.sqlite", "r+b") as file:
                size = file.seek(0, 2)
                if dice.random() < 0.2:
                    file.truncate(dice.randrange(size))
                for _ in range(dice.choice([1, 3, 30, 300])):
                    file.seek(dice.randrange(size))
                    file.write(dice.randbytes(dice.choice([1, 1, 2, 8])))
            for command in (["verify"], ["list", "--json"], ["ledger", "--json"], ["show", "3"], ["search", "words"],
                            ["relations"], ["diff", "2", "5"], ["reparse", "--dry-run", "2", "4", "9"],
                            ["redact", "4", "--reason", "a test"], ["recover", "--to", copy + "-new"]):
                try:
                    done = subprocess.run([desk.binary, *command, "--state", copy, "--spool", desk.spool],
                                          capture_output=True, timeout=20)
                    ran += 1
                    if done.returncode < 0 or done.returncode > 100:
                        broken.append(f"{command[0]} ended with {done.returncode} (seed {seed}, run {ran})")
                except subprocess.TimeoutExpired:
                    broken.append(f"{command[0]} does not end (seed {seed}, run {ran})")
        if broken:
            raise Broken("; ".join(broken))
        return f"{ran} commands on damaged stores"


def long_versions(binary, seconds):
    """`diff` and `compare` of long texts that have little in common end within ten seconds."""
    with desk_of(binary, ["workers: 2"], kind=plain_desk) as desk:
        desk.start().ready()
        for i in range(2):
            dice = random.Random(i)
            desk.deliver(f"{i}.txt", " ".join(f"w{dice.randrange(10**5)}" for _ in range(130_000)).encode())
            desk.drain(60)
            with open(f"{desk.root}/{i}.txt", "wb") as file:
                file.write(desk.delivered[i][1])
        for kind in ("fifo", "device"):
            os.mkfifo(desk.root + "/fifo") if kind == "fifo" else os.mknod(desk.root + "/device", 0o20666, os.makedev(1, 5))
        first = desk.root + "/0.txt"
        figures = {}
        for command in (["diff", "1", "2"], ["compare", first, desk.root + "/1.txt"], ["compare", first, desk.root + "/fifo"],
                        ["compare", first, desk.root + "/device"]):
            began = time.monotonic()
            try:
                done = subprocess.run([desk.binary, *command, *desk.places], capture_output=True, timeout=10)
            except subprocess.TimeoutExpired:
                raise Broken(f"{' '.join(command)} takes more than ten seconds") from None
            if done.returncode < 0:
                raise Broken(f"{' '.join(command)} ended with {done.returncode}")
            figures[f"{command[0]} {os.path.basename(command[2])}"] = f"{time.monotonic() - began:.1f} s"
        return figures


SCENES = {
    "tools": (tools, None),
    "long versions": (long_versions, None),
}
