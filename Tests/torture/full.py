"""No room: bytes and inodes of the store, of the spool, of the log, and a limit on the size of files.

Each scene takes the room away, sees that the daemon stays, says so once, answers its watchdog and waits; gives the
room back, and sees that it goes on by itself and that nothing is missing.
"""
import os, random, resource, signal, socket, subprocess, tempfile, threading, time
from contextlib import contextmanager
from desk import Broken, Desk

WATCHDOG = 2  # seconds
SETTINGS = ["workers: 1", "log: {level: info}", "inbox: {maxsize: 60000, rescan: 1}"]


class Manager(threading.Thread):
    """Stands for systemd: takes what the daemon notifies."""

    def __init__(self):
        super().__init__(daemon=True)
        self.path = tempfile.mktemp(prefix="torture-notify-")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.messages, self.last_ping, self.longest = [], time.monotonic(), 0.0
        self.start()

    def run(self):
        while (message := self.socket.recv(4096).decode(errors="replace")) != "end":
            if "WATCHDOG=1" in message:
                self.longest = max(self.longest, time.monotonic() - self.last_ping)
                self.last_ping = time.monotonic()
            else:
                self.messages.append(message)

    def end(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", self.path)
        self.join()
        self.socket.close()
        os.unlink(self.path)

    @property
    def environment(self):
        return {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": str(WATCHDOG * 1_000_000)}

    def see_it_stay(self, desk):
        """Through more than two of its watchdog's intervals."""
        time.sleep(2.5 * WATCHDOG)
        if not desk.runs:
            raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
        if max(self.longest, time.monotonic() - self.last_ping) > WATCHDOG:
            raise Broken(f"the watchdog was not answered for {self.longest:.1f} s")


class Small:
    """A tmpfs of a given size."""

    def __init__(self, options):
        self.top = tempfile.mkdtemp(prefix="torture-small-")
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.top], check=True)

    def resize(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.top], check=True)

    def fill(self):
        """Leaves no byte."""
        with open(self.top + "/filler", "wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096):
                    pass
            except OSError:
                pass

    def use_up_inodes(self):
        os.makedirs(self.top + "/.taken", exist_ok=True)
        for i in range(os.statvfs(self.top).f_ffree):
            open(f"{self.top}/.taken/{i}", "w").close()


@contextmanager
def small_place(binary, where, options):
    """A daemon to be started whose store, spool or log lies in a small place."""
    small, manager = Small(options), Manager()
    desk = Desk(binary, settings=SETTINGS, **({where: small.top + "/" + where} if where != "log" else {}))
    try:
        yield desk, small, manager
    except Broken:
        desk.keep()
        raise
    finally:
        desk.remove()
        manager.end()
        subprocess.run(["umount", "-l", small.top])
        os.rmdir(small.top)


def story(number):
    dice = random.Random(number)
    return f"Report {number}\n\n".encode() + " ".join(f"w{dice.randrange(10**6)}" for _ in range(400)).encode()


def deliver(desk, count):
    for _ in range(count):
        desk.deliver(f"{len(desk.delivered)}.txt", story(len(desk.delivered)))


def goes_on(desk, within=60):
    desk.drain(within)
    if desk.stop() != 0:
        raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
    desk.check()


def store_bytes(binary):
    with small_place(binary, "state", "size=3m") as (desk, small, manager):
        desk.start(environment=manager.environment).ready()
        deliver(desk, 1500)
        desk.until(lambda: "critical" in desk.log())
        manager.see_it_stay(desk)
        if desk.log().count("critical") != 1:
            raise Broken(f"says it {desk.log().count('critical')} times")
        if not any("STATUS=" in message and "room" in message for message in manager.messages):
            raise Broken(f"STATUS= does not tell: {manager.messages[-2:]}")
        small.resize("size=400m")
        goes_on(desk)
        return "stayed, told once, went on"


def store_inodes(binary):
    with small_place(binary, "state", "size=50m,nr_inodes=3") as (desk, small, manager):
        small.use_up_inodes()
        deliver(desk, 20)
        desk.start()
        code = desk.process.wait(20)
        if code not in (os.EX_CANTCREAT, os.EX_IOERR) or "No space left" not in desk.log():
            raise Broken(f"ended with {code}: {desk.said()}")
        small.resize("nr_inodes=1000")
        desk.start().ready()
        goes_on(desk)
        return "ended with the reason; started once there was room"


def spool_bytes(binary):
    """The note beside a rejected file cannot be written; the others go on."""
    with small_place(binary, "spool", "size=8m") as (desk, small, manager):
        desk.configure(SETTINGS[:2] + ["inbox: {maxsize: 60000, archive: true}"])  # So no file that goes makes room.
        desk.start(environment=manager.environment).ready()
        desk.signal(signal.SIGSTOP)
        deliver(desk, 20)
        desk.deliver("large.txt", b"x" * 70_000, refused=True)
        small.fill()
        desk.signal(signal.SIGCONT)
        desk.until(lambda: desk.rows() == 21 and len(desk.waiting()) == 1)
        manager.see_it_stay(desk)
        if desk.log().count("No space left") != 1:
            raise Broken(f"says it {desk.log().count('No space left')} times")
        os.remove(small.top + "/filler")
        goes_on(desk)
        return "stayed, told once, went on"


def spool_inodes(binary):
    """No inode is left: a claim needs none, also of a file in a directory, so the service empties the spool and goes on."""
    with small_place(binary, "spool", "size=50m,nr_inodes=400") as (desk, small, manager):
        desk.start(environment=manager.environment).ready()
        desk.signal(signal.SIGSTOP)
        deliver(desk, 20)
        desk.deliver("wire/a.txt", story(1000))
        small.use_up_inodes()
        desk.signal(signal.SIGCONT)
        desk.until(lambda: desk.rows() == 21 and not desk.waiting())
        manager.see_it_stay(desk)
        small.resize("nr_inodes=4000")
        goes_on(desk)
        return "went on without an inode"


def size_limit(binary):
    """RLIMIT_FSIZE: no file may grow beyond a megabyte until the limit is lifted."""
    with small_place(binary, "log", "size=1m") as (desk, _, manager):
        desk.start(before=["prlimit", "--fsize=1000000:unlimited"], environment=manager.environment)
        desk.traced = False  # prlimit(1) becomes the daemon.
        desk.ready()
        deliver(desk, 1500)
        desk.until(lambda: "critical" in desk.log() or not desk.runs)
        manager.see_it_stay(desk)
        resource.prlimit(desk.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        goes_on(desk)
        return "stayed, told once, went on"


def log_bytes(binary):
    """What it says is lost, what it does is not."""
    with small_place(binary, "log", "size=64k") as (desk, small, _):
        os.symlink(small.top + "/log", desk.root + "/log")
        small.fill()
        desk.start()
        deliver(desk, 500)
        goes_on(desk)
        return "went on without a log"


SCENES = {
    "store, bytes": store_bytes, "store, inodes": store_inodes, "spool, bytes": spool_bytes,
    "spool, inodes": spool_inodes, "size limit": size_limit, "log, bytes": log_bytes,
}


def torture(binary, report):
    results, broken = {}, []
    for name, body in SCENES.items():
        try:
            results[name] = body(binary)
        except Broken as error:
            results[name] = "BROKEN"
            broken.append(f"no room ({name}): {error}")
            report.say(f"BROKEN {broken[-1]}")
        report.progress("no room", len(results), len(SCENES), len(broken))
    return {"scenes": results, "broken": broken}
