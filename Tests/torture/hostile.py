"""A hostile inbox: strangers do what they like in it while the daemon runs as its own user.

The daemon must neither die, nor block, nor grow, nor open, move or delete anything outside its spool; its store stays
where it is; what honest senders deliver meanwhile has to arrive, whole, and without much delay. `run` is the frame for
all such scenes, those of strangers.py, too; what is done to the daemon is a generator that counts its deeds.
"""
import ctypes, os, random, shutil, signal, sqlite3, struct, subprocess, tempfile, threading, time
from desk import Broken, Desk, digest

SERVICE, STRANGER, HONEST = 64001, 64002, 64003
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
    """An honest one: a file every so often, whatever became of the last one; measures the time from each delivery to
    its row in the ledger."""

    def __init__(self, desk, every, prefix="honest/", owner=None):
        super().__init__(daemon=True)
        self.desk, self.every, self.prefix, self.owner = desk, every, prefix, owner
        self.ends, self.number, self.sent, self.seen = False, 0, {}, {}
        self.leaves = False  # Without waiting for the rows of what it sent.

    def run(self):
        reader = threading.Thread(target=self.read, daemon=True)
        reader.start()
        dice, due = random.Random(1), time.monotonic()
        while not self.ends:
            name = f"{self.prefix}{self.number}.txt"
            self.number += 1
            content = f"Honest report {self.number}\n\n{dice.randbytes(600).hex()}\n".encode()
            self.sent[name.encode()] = time.monotonic()
            self.desk.deliver(name, content, owner=self.owner)
            due += self.every
            time.sleep(max(0, due - time.monotonic()))
        reader.join()

    def read(self):
        """Follows the ledger, until all that was sent is there, or a minute after the last one."""
        last, end = 0, None
        with self.desk.store() as store:
            while not self.leaves and (end is None or len(self.seen) < len(self.sent) and time.monotonic() < end):
                if self.ends and end is None:
                    end = time.monotonic() + 60
                try:
                    rows = store.execute("select id, name from ledger where id > ? order by id", (last,)).fetchall()
                except sqlite3.Error:
                    rows = []
                now = time.monotonic()
                for last, name in rows:
                    if bytes(name) in self.sent:
                        self.seen.setdefault(bytes(name), now)
                time.sleep(0.004)

    @property
    def delays(self):
        """Of each file; what has no row yet has waited until now."""
        now = time.monotonic()
        return [self.seen.get(name, now) - sent for name, sent in list(self.sent.items())]


class HostileDesk(Desk):
    """Owned by the service's user, its inbox open to a group, as the package installs it."""

    def __init__(self, binary, settings, apart=False):
        root = tempfile.mkdtemp(prefix="torture-")
        os.chmod(root, 0o755)
        program = root + "/copytaster"
        shutil.copy(binary, program)
        super().__init__(program, root, settings=settings, state=root + "/var/state")
        self.apart = apart
        if apart:  # As in the unit, where the store and the spool are mounts of their own.
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"mode=0700,uid={SERVICE}", "tmpfs", self.state], check=True)
        else:  # The program makes it, with the mode that it gives.
            os.rmdir(self.state)
            os.chown(root + "/var", SERVICE, SERVICE)
        os.mkdir(self.inbox + "/honest")
        for path in (self.spool, self.inbox, self.inbox + "/honest"):
            os.chown(path, SERVICE, SERVICE)
            os.chmod(path, 0o750)
        os.chmod(self.inbox, 0o3770)
        os.chmod(self.spool, 0o751)
        subprocess.run(["setfacl", "-d", "-m", f"u:{SERVICE}:rwx,g::rwx", self.inbox], check=True)
        self.lay_outside()

    def lay_outside(self):
        """What no stranger can reach, but the daemon could: whoever trips the wire is it."""
        self.outside, self.deeds, self.guests = self.root + "/outside", 0, []
        os.mkdir(self.outside)
        with open(self.outside + "/secret.txt", "w") as file:
            file.write("SECRET of others\n")
        for path in (self.outside, self.outside + "/secret.txt"):
            os.chown(path, SERVICE, SERVICE)
            os.chmod(path, 0o700)

    def open(self, before=AS_SERVICE):
        """Starts it as its own user."""
        self.start(before=before)
        self.traced = False  # setpriv(1) becomes the daemon.
        return self.ready()

    def let_in(self, command, **options):
        """Somebody who does something to it, at most as long as the scene lasts."""
        guest = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True, **options)
        self.guests.append(guest)
        return guest

    def see_out(self):
        for guest in self.guests:
            if guest.poll() is None:
                os.killpg(guest.pid, signal.SIGKILL)  # With its children.
            guest.wait()

    def remove(self):
        self.see_out()
        if self.runs:
            self.kill()
        if self.apart and not self.kept:
            subprocess.run(["umount", "-l", self.state])
        super().remove()


class Where:
    """Which desk the scenes are played at: unit.py puts the one of the real unit here."""

    desk = HostileDesk


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else 0.0


def rows_of(desk, names):
    with desk.store() as store:
        rows = store.execute("select name, sha256 from ledger").fetchall()
    return sorted((bytes(name), bytes(sha or b"")) for name, sha in rows if bytes(name) in names)


class Watch:
    """Looks at the daemon again and again while it is attacked."""

    def __init__(self, desk):
        self.desk, self.pid, self.most, self.life = desk, desk.pid, 0, desk.life
        self.store = self.identity()

    def identity(self):
        status = os.stat(self.desk.state + "/copytaster.sqlite")
        return status.st_dev, status.st_ino

    def look(self):
        desk = self.desk
        try:
            if self.identity() != self.store:
                raise Broken(f"another file lies in the place of the store: {desk.said()}")
        except FileNotFoundError:
            found = subprocess.run(["find", desk.spool, "-inum", str(self.store[1])], capture_output=True, text=True).stdout
            raise Broken(f"the store is gone from its place; it is {found.strip() or 'nowhere'}: {desk.said()}") from None
        if not desk.runs or desk.life != self.life:
            raise Broken(f"ended with {desk.ended}: {desk.said()}")
        try:
            self.most = max(self.most, resident(self.pid))
        except FileNotFoundError:
            pass  # It ended this moment: the next look says so.
        time.sleep(0.05)


def run(binary, deeds, seconds, settings=SETTINGS, apart=False, largest=LARGEST, longest=60, least=0, every=0.05,
        prefix="honest/", owner=None, before=AS_SERVICE):
    """Starts the daemon and an honest sender, lets `deeds` do their worst, and looks at what is left.

    No honest file may take more than `longest` seconds; fewer than `least` deeds were no attack.
    """
    desk = Where.desk(binary, settings, apart=apart)
    sender = Sender(desk, every, prefix, owner)
    try:
        desk.open(before=before)
        watch = Watch(desk)
        sender.start()
        wire = Tripwire(desk.outside, desk.outside + "/secret.txt")
        for _ in deeds(desk, desk.outside, seconds):
            watch.look()
        during = len(sender.sent)
        quiet = time.monotonic() + min(3, seconds / 2)
        while time.monotonic() < quiet:
            watch.look()
        sender.ends = True
        while sender.is_alive():
            watch.look()
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.ended}: {desk.said()}")
        if sorted((name, digest(content)) for name, content, _ in desk.delivered) != rows_of(desk, sender.sent):
            raise Broken("honest files were lost, doubled or changed")
        if wire.seen:
            raise Broken(f"something outside the spool was touched: {wire.seen[:5]}")
        if watch.most > largest:
            raise Broken(f"it grew to {watch.most >> 20} MB")
        desk.check_log()
        proof = desk.command("verify")
        if proof.returncode != 0:
            raise Broken(f"verify: {proof.stdout[-500:]}")
        if desk.deeds < least:
            raise Broken(f"the attack did not take place: {desk.deeds} deeds")
        delays = sender.delays
        late = sum(delay > longest for delay in delays)
        if late:
            raise Broken(f"an honest file waited for {max(delays):.1f} s; {late} of {len(delays)} for more than {longest} s")
        return {
            "honest files": len(desk.delivered), "delay p50 ms": round(percentile(delays[:during], 0.5) * 1000, 1),
            "p99 ms": round(percentile(delays[:during], 0.99) * 1000, 1), "longest ms": round(max(delays) * 1000, 1),
            "resident MB": watch.most >> 20, "rows": desk.rows(), "deeds": desk.deeds,
        }
    except Broken:
        desk.keep()
        raise
    finally:
        sender.ends = sender.leaves = True
        if sender.ident:
            sender.join()
        desk.remove()


# What strangers do. Each yields now and then, so that the daemon can be looked at.


def alone(desk, outside, seconds):
    """Nothing: what the honest sender is compared with."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def vandals(desk, outside, seconds):
    crowd = [
        desk.let_in([*AS_STRANGER, "/usr/bin/python3", HERE + "/vandal.py", desk.inbox, outside, str(seconds), str(seed)])
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


def torture(binary, seconds, files, report, quick=False):
    results, broken = {}, []
    scenes = {
        "nobody else": alone, "vandals": vandals, "devices and links": as_root, f"{files} empty files": flood(files),
        f"{files // 20} directories": directories(files // 20),
    }
    for name, deeds in scenes.items():
        if quick and deeds not in (vandals, as_root):
            continue
        try:
            results[name] = run(binary, deeds, seconds)
        except Broken as error:
            results[name] = "BROKEN"
            broken.append(f"hostile inbox ({name}): {error}")
            report.say(f"BROKEN {broken[-1]}")
        report.progress("hostile inbox", len(results), len(scenes), len(broken))
    return {"scenes": results, "broken": broken}
