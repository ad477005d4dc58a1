"""Power cuts on a real file system: ext4 on a loop device, shut down at a random moment without flushing its journal.

What was synced stays, everything else is gone, as when the plug is pulled (EXT4_IOC_SHUTDOWN with
EXT4_GOING_FLAGS_NOLOGFLUSH, linux/fs/ext4/ext4.h). The file system is mounted again, the daemon starts as after a
boot (a mount namespace shows it another boot id), and then:

- each row that was ever seen is still there: its commit had returned;
- each file whose sender had synced it and its directory has exactly one row in the end;
- nothing else has a row, and the store's proofs agree.
"""
import errno, fcntl, os, random, shutil, signal, sqlite3, struct, subprocess, tempfile, threading, time, uuid
from desk import Broken, Desk, digest

EXT4_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2
BOOT_ID = "/proc/sys/kernel/random/boot_id"


def quietly(*command):
    return subprocess.run(command, capture_output=True, text=True)


class Disk:
    """An ext4 of its own, that can lose its power."""

    def __init__(self, size="400M"):
        self.place = tempfile.mkdtemp(prefix="torture-disk-")
        self.image, self.top = self.place + "/image", self.place + "/mnt"
        os.mkdir(self.top)
        subprocess.run(["truncate", "-s", size, self.image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1", self.image], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.top], check=True)

    def cut(self):
        top = os.open(self.top, os.O_RDONLY)
        fcntl.ioctl(top, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(top)

    def unmount(self):
        for _ in range(100):
            if quietly("umount", self.top).returncode == 0:
                return
            time.sleep(0.05)
        raise Broken("the file system stays busy")

    def remove(self):
        quietly("umount", "-l", self.top)
        shutil.rmtree(self.place, ignore_errors=True)


class Sender(threading.Thread):
    """Delivers durably, file after file, until the disk is gone; remembers what it can swear to."""

    def __init__(self, desk, cycle, dice):
        super().__init__(daemon=True)
        self.desk, self.cycle, self.dice = desk, cycle, dice
        self.sworn, self.sent = {}, {}

    def run(self):
        inbox = None
        try:
            inbox = os.open(self.desk.inbox, os.O_RDONLY)
            for batch in range(10_000):
                fresh = {}
                for i in range(self.dice.randint(1, 20)):
                    name = f"{self.cycle}-{batch}-{i}.txt".encode()
                    fresh[name] = self.sent[name] = self.text(name)
                    self.send(name, fresh[name])
                os.fsync(inbox)
                self.sworn.update(fresh)
        except OSError as error:
            if error.errno not in (errno.EIO, errno.EROFS):
                raise
        finally:
            if inbox is not None:
                os.close(inbox)

    def text(self, name):
        if self.sent and self.dice.random() < 0.1:
            return self.dice.choice(list(self.sent.values()))
        words = " ".join(f"w{self.dice.randrange(9000)}" for _ in range(self.dice.randint(20, 300)))
        return b"Report " + name + b"\n\n" + words.encode() + b"\n"

    def send(self, name, content):
        hidden = self.desk.root + "/outgoing-" + name.decode()
        with open(hidden, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(os.fsencode(hidden), os.fsencode(self.desk.inbox) + b"/" + name)


class Watcher(threading.Thread):
    """Reads the ledger as it grows: SQLite shows a row only after its commit was synced."""

    def __init__(self, desk, from_id):
        super().__init__(daemon=True)
        self.desk, self.last, self.seen, self.ends = desk, from_id, {}, False

    def run(self):
        try:
            with self.desk.store() as store:
                while not self.ends:
                    for id, name, chain in store.execute("select id, name, chain from ledger where id > ?", (self.last,)):
                        self.seen[id], self.last = (bytes(name), bytes(chain)), id
                    time.sleep(0.002)
        except sqlite3.Error:
            pass


def boot(desk):
    """Starts the daemon as if the machine had booted since."""
    desk.boots = getattr(desk, "boots", 0) + 1
    identity = f"{tempfile.gettempdir()}/torture-boot-{os.getpid()}"
    with open(identity, "w") as file:
        file.write(f"{uuid.UUID(int=desk.boots)}\n")
    desk.start(before=["unshare", "-m", "sh", "-c", f'mount --bind {identity} {BOOT_ID} && exec "$0" "$@"'])
    desk.traced = False  # exec keeps the process id.
    return desk.ready()


def torture(binary, cuts, report):
    dice, broken = random.Random(seed := random.randrange(10**6)), []
    totals = {"cuts": 0, "delivered": 0, "rows": 0, "rows seen before a cut": 0, "undone renames and unlinks": 0, "seed": seed}
    disk = Disk()
    desk = Desk(binary, disk.top + "/desk", settings=["workers: 2"])
    sworn, all_sent, seen = {}, {}, {}
    try:
        for cycle in range(cuts):
            boot(desk)
            sender, watcher = Sender(desk, cycle, dice), Watcher(desk, len(seen))
            sender.start()
            watcher.start()
            time.sleep(dice.uniform(0.05, 0.9))
            disk.cut()
            watcher.ends = True
            sender.join()
            watcher.join()
            end_after_cut(desk, totals)
            disk.unmount()
            disk.mount()
            sworn.update(sender.sworn)
            all_sent.update(sender.sent)
            seen.update(watcher.seen)
            totals["rows seen before a cut"] += len(watcher.seen)
            left = {os.path.basename(path) for path in desk.waiting()}
            boot(desk)
            desk.until(lambda: not desk.waiting(), within=60)
            if desk.stop() != 0:
                raise Broken(f"after cut {cycle + 1} the daemon ended with {desk.process.returncode}: {desk.said()}")
            totals["cuts"] += 1
            rows = compare(desk, sworn, all_sent, seen)
            totals["undone renames and unlinks"] += len(left & {name for name, _ in watcher.seen.values()})
            totals["delivered"], totals["rows"] = len(sworn), rows
            report.progress("power cuts", cycle + 1, cuts, 0)
    except Broken as error:
        broken.append(f"cut {totals['cuts'] + 1}, seed {seed}: {error}")
        report.say(f"BROKEN {broken[-1]}\n    the disk is kept: {disk.image}")
        desk.kill() if desk.runs else None
        disk.unmount()
        return {**totals, "broken": broken}
    desk.remove()
    disk.remove()
    return {**totals, "broken": broken}


def end_after_cut(desk, totals):
    """A daemon whose disk is gone has to end by itself, and not well."""
    try:
        code = desk.process.wait(10)
        totals[f"ended {code}"] = totals.get(f"ended {code}", 0) + 1
    except subprocess.TimeoutExpired:
        desk.kill()
        totals["did not end by itself"] = totals.get("did not end by itself", 0) + 1


def compare(desk, sworn, all_sent, seen):
    with desk.store() as store:
        rows = store.execute("select id, name, sha256, chain from ledger order by id").fetchall()
    # The cut may have taken the line of the claims journal with a file's name: then its bytes tell which it is.
    by_digest = {digest(content): name for name, content in all_sent.items()}
    names = [by_digest.get(bytes(sha), bytes(name)) if bytes(name).startswith(b"recovered/") else bytes(name)
             for _, name, sha, _ in rows]
    if len(set(names)) != len(names):
        twice = {name for name in names if names.count(name) > 1}
        raise Broken(f"twice in the ledger: {list(twice)[:5]}")
    if lost := set(sworn) - set(names):
        raise Broken(f"lost: {list(lost)[:5]}")
    found = {id: (bytes(name), bytes(chain)) for id, name, _, chain in rows}
    for id, row in seen.items():
        if found.get(id) != row:
            raise Broken(f"row {id} was committed as {row[0]}, and is {found.get(id)}")
    for (_, _, sha, _), name in zip(rows, names):
        if digest(all_sent[name]) != bytes(sha):
            raise Broken(f"{name} has other bytes")
    if (proof := desk.command("verify")).returncode != 0:
        raise Broken(f"verify: {proof.stdout[-600:]} {proof.stderr[-300:]}")
    return len(rows)
