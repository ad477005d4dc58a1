"""Every system call of the pipeline fails once: by strace(1) on the real program.

A series is one call with one outcome (killed there, or an error, once or from then on) on one scene; in it the fault
comes at the first call, the second, the third ... until a run ends without reaching it. strace counts for each thread,
so there is one worker, and an error at call N comes to every thread that gets that far. After each fault the daemon is
started again without any, has to drain the spool, and everything is checked.
"""
import os, random, signal, time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from desk import MODEST, Broken, Desk

KILL = "KILL"
CALLS = {
    "openat": ["EIO", "EACCES", "EMFILE", "ENOMEM"],
    "openat2": ["EIO", "EACCES", "EMFILE"],
    "close": ["EIO"],
    "newfstatat": ["EIO", "ENOMEM"],
    "statx": ["EIO", "ENOMEM"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "write": ["ENOSPC", "EIO"],
    "pwrite64": ["ENOSPC", "EIO", "EDQUOT"],
    "renameat2": ["EIO", "ENOSPC", "EACCES", "EROFS"],
    "unlinkat": ["EIO", "EACCES", "EROFS"],
    "mkdirat": ["EIO", "ENOSPC", "EACCES"],
    "fsync": ["EIO", "ENOSPC"],
    "fdatasync": ["EIO", "ENOSPC"],
    "ftruncate": ["EIO", "ENOSPC"],
    "mmap": ["ENOMEM"],
    "inotify_init1": ["EMFILE"],
    "inotify_add_watch": ["ENOSPC", "ENOMEM", "EACCES"],
    "inotify_rm_watch": ["EINVAL"],
    "getdents64": ["EIO"],
    "fcntl": ["EAGAIN", "ENOLCK"],
    "flock": ["EINTR", "ENOLCK"],
    "poll": ["EINTR"],
    "fchmod": ["EPERM"],
}
# A program that gets no memory may die; so may libdispatch when it cannot look at its own threads. That is what the
# restart is for.
MAY_DIE = {"mmap"}
RUNTIME = '"/proc/'

TEXTS = [
    b"Harbour workers accept pay offer\n\nROTTERDAM, March 3 (Reuters) - Dock workers at the port voted on Tuesday for"
    b" a pay offer of four per cent, ending a strike that had kept ninety vessels waiting outside.\n",
    b"Museum opens hall of clocks\n\nVIENNA, May 9 (AP) - A hall with three hundred clocks opened in the city's technical"
    b" museum on Friday; the oldest was made for an abbey in 1544 and still strikes the hours.\n",
    b"Vineyards count frost damage\n\nBORDEAUX, April 21 (AFP) - Growers said that a night of frost had destroyed a third"
    b" of this year's buds, and asked the ministry to open its fund for lost harvests.\n",
]


def fresh(binary):
    """An empty store: everything is made, files are found by the scan and by events."""
    desk = Desk(binary, settings=MODEST + ["inbox: {maxsize: 5000}"])
    desk.deliver("a.txt", TEXTS[0])
    desk.deliver("same.txt", TEXTS[0])
    desk.deliver("wire/b.txt", TEXTS[1])
    desk.deliver("large.txt", TEXTS[2] * 40, refused=True)
    return desk


def crashed(binary):
    """A store whose daemon was killed after its commit, before a file was finished; sources go to the archive."""
    desk = Desk(binary, settings=MODEST + ["inbox: {maxsize: 5000, archive: true}"])
    desk.start().ready()
    os.rmdir(desk.spool + "/archive")
    open(desk.spool + "/archive", "w").close()  # So nothing can be finished.
    desk.deliver("a.txt", TEXTS[0])
    desk.deliver("wire/b.txt", TEXTS[1])
    desk.deliver("large.txt", TEXTS[2] * 40, refused=True)
    desk.until(lambda: desk.rows() == 3)
    desk.kill()
    os.remove(desk.spool + "/archive")
    return desk


SCENES = {"fresh": fresh, "crashed": crashed}


@dataclass(frozen=True)
class Fault:
    """What happens at one call: its number in its thread, and whether it lasts from then on."""

    call: str
    what: str
    number: int
    lasting: bool = False

    @property
    def options(self):
        effect = "signal=KILL" if self.what == KILL else f"error={self.what}"
        return ["-e", f"inject={self.call}:{effect}:when={self.number}{'+' if self.lasting else ''}"]

    def __str__(self):
        return f"{self.call} number {self.number}{'+' if self.lasting else ''} {self.what}"


@dataclass
class Outcome:
    reached: bool
    end: str = ""  # how the first run took it: killed, went on, waited, ended N, trapped N


def strike(binary, scene, faults):
    """These faults in one run, one restart, one check. Raises Broken."""
    desk = SCENES[scene](binary)
    trace = desk.root + "/trace"
    try:
        calls = ",".join({fault.call for fault in faults})
        options = [option for fault in faults for option in fault.options]
        desk.start(before=["strace", "-f", "-qq", "-o", trace, "-e", f"trace={calls}", *options])
        for _ in range(40):
            if not desk.runs or desk.rows():
                break
            time.sleep(0.01)
        desk.deliver("late.txt", TEXTS[2])
        desk.deliver("wire/late.txt", TEXTS[1])
        desk.settle()
        end = first_end(desk)
        with open(trace, errors="replace") as file:
            injected = [line for line in file if "(INJECTED)" in line]
        if end.startswith("trapped") and not any(f.call in MAY_DIE for f in faults) and not any(RUNTIME in i for i in injected):
            raise Broken(f"{end}: {desk.said(2)}")
        desk.start().ready()
        desk.drain()
        if desk.stop() != 0:
            raise Broken(f"the restarted daemon ended with {desk.process.returncode}: {desk.said(2)}")
        desk.check()
        return Outcome(bool(injected) or end == "killed", end)
    except Broken as broken:
        desk.keep()
        raise Broken(f"{scene}, {' and '.join(map(str, faults))}: {broken}\n    kept in {desk.root}") from None
    finally:
        desk.remove()


def first_end(desk):
    """Ends the run with the fault, and says how it took it."""
    done = not desk.waiting() and desk.rows() >= len(desk.delivered)
    if desk.runs:
        desk.signal(signal.SIGTERM)
        try:
            desk.process.wait(3)
        except Exception:
            desk.kill()
            return "held on"
        return "went on" if done else "waited"
    code = desk.process.returncode
    if code in (-signal.SIGKILL, 128 + signal.SIGKILL):
        return "killed"
    if code < 0 or code > 128:
        return f"trapped {abs(code) & 127}"
    return f"ended {code}"


class Series:
    """One call, one outcome, one scene: number 1, 2, 3 ... until a run does not reach it."""

    def __init__(self, scene, call, what, lasting):
        self.scene, self.call, self.what, self.lasting = scene, call, what, lasting
        self.number, self.is_over = 0, False

    def next(self):
        self.number += 1
        return Fault(self.call, self.what, self.number, self.lasting)

    def some(self, dice):
        return Fault(self.call, self.what, dice.randint(1, max(1, self.number - 1)), self.lasting)


def all_series():
    for call, errors in CALLS.items():
        for scene in SCENES:
            yield Series(scene, call, KILL, False)
            for error in errors:
                yield Series(scene, call, error, False)
                if error != "EINTR":  # From then on, for ever, is not what a signal does.
                    yield Series(scene, call, error, True)


def attempt(binary, series, faults):
    try:
        return series, faults, strike(binary, series.scene, faults)
    except Broken as broken:
        return series, faults, broken


def torture(binary, limit, jobs, report):
    """Strikes breadth first: all first calls, all second calls ..., so a limit still tries every series. When each
    series is at its end, goes on with two faults in one run, by chance."""
    everything = list(all_series())
    live, counts, broken = list(everything), {}, []
    struck = 0
    dice = random.Random(seed := random.randrange(10**6))

    def pairs():
        for _ in range(64):
            first = dice.choice(everything)
            second = dice.choice([other for other in everything if other.scene == first.scene and other.call != first.call])
            yield first, [first.some(dice), second.some(dice)]

    with ThreadPoolExecutor(jobs) as pool:
        while struck < limit:
            turns = [(series, [series.next()]) for series in live] if live else list(pairs())
            for future in as_completed([pool.submit(attempt, binary, *turn) for turn in turns[: limit - struck]]):
                series, faults, outcome = future.result()
                if isinstance(outcome, Broken):
                    broken.append(str(outcome))
                    report.say(f"BROKEN {outcome}")
                    end = "BROKEN"
                elif not outcome.reached:
                    series.is_over = True
                    continue
                else:
                    end = outcome.end
                struck += 1
                name = faults[0].call if len(faults) == 1 else "two at once"
                counts.setdefault(name, Counter())[end] += 1
                report.progress("faults", struck, limit, len(broken))
            live = [series for series in live if not series.is_over]
    return {"struck": struck, "every call reached": not live, "seed": seed,
            "calls": {call: dict(c) for call, c in counts.items()}, "broken": broken}
