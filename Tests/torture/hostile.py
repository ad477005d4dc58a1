"""A hostile inbox: strangers do what they like in it while the daemon runs as its own user.

The daemon must neither die, nor block, nor grow, nor open, move or delete anything outside its spool; what honest
senders deliver meanwhile has to arrive, whole, and without much delay.
"""
import ctypes, os, random, re, shutil, signal, socket, struct, subprocess, tempfile, threading, time
from desk import Broken, Desk, digest

SERVICE, STRANGER = 64001, 64002
HERE = os.path.dirname(os.path.realpath(__file__))
AS_SERVICE = [
    "setpriv", f"--reuid={SERVICE}", f"--regid={SERVICE}", "--clear-groups", "--inh-caps=-all,+lease",
    "--ambient-caps=+lease", "--bounding-set=-all,+lease", "--no-new-privs",
]
AS_STRANGER = ["setpriv", f"--reuid={STRANGER}", f"--regid={STRANGER}", f"--groups={SERVICE}"]
SETTINGS = ["workers: 2", "inbox: {maxsize: 1000000, rescan: 2}"]
LARGEST = 200 << 20  # bytes resident


class Tripwire(threading.Thread):
    """Sees every opening, change, move and removal of what lies outside (inotify(7))."""

    EVENTS = 0x1 | 0x2 | 0x4 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800

    def __init__(self, *paths):
        super().__init__(daemon=True)
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.number = self.libc.inotify_init1(0)
        for path in paths:
            if self.libc.inotify_add_watch(self.number, os.fsencode(path), self.EVENTS) < 0:
                raise OSError(ctypes.get_errno(), path)
        self.seen = []
        self.start()

    def run(self):
        while True:
            buffer = os.read(self.number, 65536)
            while buffer:
                _, mask, _, length = struct.unpack_from("iIII", buffer)
                self.seen.append((hex(mask), buffer[16:16 + length].rstrip(b"\0")))
                buffer = buffer[16 + length:]


class Sender(threading.Thread):
    """An honest one: a file every so often; measures how long each stays in the spool."""

    def __init__(self, desk, every):
        super().__init__(daemon=True)
        self.desk, self.every, self.ends, self.delays, self.number = desk, every, False, [], 0

    def run(self):
        dice = random.Random(1)
        while not self.ends:
            name = f"honest/{self.number}.txt"
            self.number += 1
            self.desk.deliver(name, f"Honest report {self.number}\n\n{dice.randbytes(600).hex()}\n".encode())
            began = time.monotonic()
            places = [f"{self.desk.inbox}/{name}", f"{self.desk.work}/{name}"]
            while any(os.path.lexists(place) for place in places) and time.monotonic() - began < 60:
                time.sleep(0.001)
            self.delays.append(time.monotonic() - began)
            time.sleep(max(0, self.every - self.delays[-1]))


def hostile_desk(binary):
    """Owned by the service's user, its inbox open to a group, as the package installs it."""
    root = tempfile.mkdtemp(prefix="torture-")
    os.chmod(root, 0o755)
    program = root + "/copytaster"
    shutil.copy(binary, program)
    desk = Desk(program, root, settings=SETTINGS)
    os.makedirs(desk.inbox + "/honest")
    for path in (desk.state, desk.spool, desk.inbox, desk.inbox + "/honest"):
        os.chown(path, SERVICE, SERVICE)
        os.chmod(path, 0o750)
    os.chmod(desk.inbox, 0o3770)
    os.chmod(desk.spool, 0o751)
    subprocess.run(["setfacl", "-d", "-m", f"u:{SERVICE}:rwx,g::rwx", desk.inbox], check=True)
    outside = root + "/outside"
    os.mkdir(outside)
    with open(outside + "/secret.txt", "w") as file:
        file.write("SECRET of others\n")
    for path in (outside, outside + "/secret.txt"):  # The daemon could; strangers cannot. So whoever trips the wire is it.
        os.chown(path, SERVICE, SERVICE)
        os.chmod(path, 0o700)
    desk.deeds = 0
    return desk, outside


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def check_log(desk):
    """One record a line, and nothing in it that a terminal would obey."""
    with open(desk.root + "/log", "rb") as file:
        log = file.read()
    if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", log):
        raise Broken("control characters in the log")
    for line in log.splitlines():
        if b"critical: forged" in line and line.startswith(b"2026-01-01"):
            raise Broken("a file's name forged a record")


def honest_rows(desk):
    with desk.store() as store:
        return store.execute("select name, sha256 from ledger where substr(name, 1, 7) = x'686f6e6573742f'").fetchall()


def run(binary, deeds, seconds):
    """Starts the daemon and an honest sender, lets `deeds` do their worst, and looks at what is left."""
    desk, outside = hostile_desk(binary)
    try:
        desk.start(before=AS_SERVICE)
        desk.traced = False
        desk.ready()
        pid, most = desk.process.pid, 0
        before = len(os.listdir(f"/proc/{pid}/fd"))
        sender = Sender(desk, 0.05)
        sender.start()
        wire = Tripwire(outside, outside + "/secret.txt")
        for _ in deeds(desk, outside, seconds):
            if not desk.runs:
                raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
            most = max(most, resident(pid))
            time.sleep(0.05)
        during = len(sender.delays)
        quiet = time.monotonic() + 3
        while time.monotonic() < quiet:
            most = max(most, resident(pid))
            time.sleep(0.05)
        sender.ends = True
        sender.join()
        if not desk.runs:
            raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
        wanted = sorted((name, digest(content)) for name, content, _ in desk.delivered)
        if wanted != sorted((bytes(name), bytes(sha)) for name, sha in honest_rows(desk)):
            raise Broken("honest files were lost, doubled or changed")
        if wire.seen:
            raise Broken(f"something outside the spool was touched: {wire.seen[:5]}")
        if most > LARGEST:
            raise Broken(f"it grew to {most >> 20} MB")
        check_log(desk)
        proof = desk.command("verify")
        if proof.returncode != 0:
            raise Broken(f"verify: {proof.stdout[-500:]}")
        return {
            "honest files": len(desk.delivered), "delay p50 ms": round(percentile(sender.delays[:during], 0.5) * 1000, 1),
            "p99 ms": round(percentile(sender.delays[:during], 0.99) * 1000, 1),
            "longest ms": round(max(sender.delays) * 1000, 1), "resident MB": most >> 20, "rows": desk.rows(),
            "deeds": desk.deeds,
        }
    except Broken:
        desk.keep()
        raise
    finally:
        desk.remove()


# What strangers do. Each yields now and then, so that the daemon can be looked at.


def alone(desk, outside, seconds):
    """Nothing: what the honest sender is compared with."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def vandals(desk, outside, seconds):
    crowd = [
        subprocess.Popen([*AS_STRANGER, "/usr/bin/python3", HERE + "/vandal.py", desk.inbox, outside, str(seconds), str(seed)],
                         stdout=subprocess.PIPE, text=True)
        for seed in (random.randrange(10**6), random.randrange(10**6))
    ]
    end = time.monotonic() + seconds + 5
    while any(vandal.poll() is None for vandal in crowd):
        if time.monotonic() > end:  # One that waits for ever for what another one made.
            for vandal in crowd:
                vandal.kill()
        yield
    desk.deeds = sum(int(vandal.stdout.read() or 0) for vandal in crowd)


def as_root(desk, outside, seconds):
    """What only root can lay there: devices, links to files of others."""
    for i in range(20):
        os.mknod(f"{desk.inbox}/null{i}", 0o666 | 0o020000, os.makedev(1, 3))
        os.mknod(f"{desk.inbox}/zero{i}", 0o666 | 0o020000, os.makedev(1, 5))
        target = f"{desk.root}/of-others-{i}"
        with open(target, "w") as file:
            file.write("a file of others, linked\n")
        os.link(target, f"{desk.inbox}/linked{i}.txt")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
    for i in range(20):
        with open(f"{desk.root}/of-others-{i}") as file:
            if file.read() != "a file of others, linked\n" or os.stat(file.name).st_nlink > 2:
                raise Broken("a file of others was changed through its link")


def flood(count):
    def deeds(desk, outside, seconds):
        """Empty files, in one directory, as many as fit."""
        os.mkdir(desk.inbox + "/flood")
        os.chown(desk.inbox + "/flood", SERVICE, SERVICE)
        for i in range(count):
            os.close(os.open(f"{desk.inbox}/flood/{i}", os.O_CREAT | os.O_WRONLY, 0o666))
            if i % 500 == 0:
                yield
        while desk.rows() < count and desk.runs:
            yield
    return deeds


def directories(count):
    def deeds(desk, outside, seconds):
        """Directories, each with a directory; a tree that moves in and out."""
        tree = desk.root + "/tree"
        os.makedirs(tree + "/x/y")
        open(tree + "/x/y/f", "w").close()
        for i in range(count):
            os.mkdir(f"{desk.inbox}/d{i}")
            os.mkdir(f"{desk.inbox}/d{i}/e")
            if i % 20 == 0:
                try:
                    os.rename(tree, desk.inbox + "/tree")
                    os.rename(desk.inbox + "/tree", tree)
                except OSError:
                    pass
                yield
    return deeds


def torture(binary, seconds, files, report):
    results, broken = {}, []
    scenes = {
        "nobody else": alone, "vandals": vandals, "devices and links": as_root, f"{files} empty files": flood(files),
        f"{files // 20} directories": directories(files // 20),
    }
    for name, deeds in scenes.items():
        try:
            results[name] = run(binary, deeds, seconds)
        except Broken as error:
            results[name] = "BROKEN"
            broken.append(f"hostile inbox ({name}): {error}")
            report.say(f"BROKEN {broken[-1]}")
        report.progress("hostile inbox", len(results), len(scenes), len(broken))
    return {"scenes": results, "broken": broken}
