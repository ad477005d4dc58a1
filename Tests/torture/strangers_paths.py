"""Names, links and directories: no trick with them moves, removes or opens anything but the sender's own file, and none
keeps a name or a place from others.

The store must neither move nor vanish, what lies outside stays untouched (run's watch and its tripwire), what is moved
to rejected/ or archive/ is what was delivered, and work/ holds flat names that the service made.
"""
import os, signal, stat, subprocess, time
from desk import Broken
from hostile import AS_STRANGER, HERE, SERVICE, STRANGER

MODEST = "workers: 2"


def intruder(desk, attack, seconds, *arguments):
    """Lets a stranger in."""
    return desk.let_in(
        [*AS_STRANGER, "/usr/bin/python3", HERE + "/intruder.py", attack, desk.inbox, str(seconds), *map(str, arguments)],
        stderr=subprocess.PIPE)


def deeds_of(process):
    """What it did: the last line that it printed."""
    said, trouble = process.communicate()
    if process.returncode:
        raise Broken(f"the intruder failed: {trouble[-300:]}")
    return int(said.split()[-1])


def flat(desk):
    """What lies in work/ is files, under names that the service gave."""
    for entry in os.scandir(desk.work):
        if entry.is_dir(follow_symlinks=False) or not (entry.name.isdigit() or entry.name.startswith(".")):
            raise Broken(f"work/ holds {entry.name!r}, a name that the sender chose")


def untouched(desk):
    """Nothing of others was brought into the spool."""
    for top, _, names in os.walk(desk.spool):
        for name in names:
            path = os.path.join(top, name)
            try:
                if not stat.S_ISREG(os.lstat(path).st_mode):
                    continue
                with open(path, "rb") as file:
                    head = file.read(16)
            except FileNotFoundError:
                continue  # Taken meanwhile.
            if head.startswith((b"SQLite format 3", b"SECRET of others")):
                raise Broken(f"{path} is a file of others")


def exchange(mode, name="copytaster.sqlite", outside=False):
    def deeds(desk, secret, seconds):
        """A directory for a FIFO, a link for a directory, until the daemon follows."""
        process = intruder(desk, "exchange", seconds, secret if outside else desk.state, mode, name)
        while process.poll() is None:
            if mode == "requeue":
                desk.command("requeue", "--all")
            yield
        desk.deeds = deeds_of(process)
        yield
        with desk.store() as store:
            ((fifos,),) = store.execute("select count(*) from ledger where cast(name as text) = 'swap'").fetchall()
            ((through,),) = store.execute("select count(*) from ledger where cast(name as text) like 'swap/x%'").fetchall()
        if fifos < 1 or through < 3:
            raise Broken(f"the attack did not take place: {fifos} FIFOs were taken, {through} files came through")
        desk.deeds += fifos + through
        untouched(desk)
        flat(desk)
    return deeds


def held_name(desk, outside, seconds):
    """Whoever holds on to a/b cannot keep the name a from another sender."""
    process = intruder(desk, "hold_name", seconds)
    end = time.monotonic() + seconds / 2
    while time.monotonic() < end:
        yield
    if os.path.lexists(desk.inbox + "/a"):
        raise Broken("the attack did not take place: its directory still has the name")
    desk.deliver("a", b"A file of another sender\n", remember=False)
    began = time.monotonic()
    while not desk.has_row(b"a"):
        if time.monotonic() - began > 2:
            process.kill()
            raise Broken(f"a file named 'a' is not taken while somebody holds a/b; work/ holds {sorted(os.listdir(desk.work))[:5]}")
        yield
    while process.poll() is None:
        yield
    desk.deeds = deeds_of(process)


def mirrors(desk, outside, seconds):
    """A thousand directories with a file each leave nothing behind in work/."""
    process, most = intruder(desk, "trees", seconds, 1000, 4), 0
    while process.poll() is None or desk.rows() < 100:
        most = max(most, len(os.listdir(desk.work)))
        yield
    desk.deeds = deeds_of(process)
    flat(desk)
    if most > 2048 + 8:
        raise Broken(f"{most} names lay in work/ at once")


def stations_moved(desk, outside, seconds):
    """Nothing of the service's own directories may be moved or entered by a member, whatever she tries."""
    tries = f"""
import os
for name in ("work", "rejected", "archive", "inbox"):
    for act in (lambda: os.rename("../" + name, name), lambda: os.rename("../" + name, "../" + name + "2"),
                lambda: os.open("../" + name + "/x", os.O_CREAT | os.O_WRONLY), lambda: os.chmod("../" + name, 0o777),
                lambda: os.symlink("/tmp", "../" + name + "/s")):
        try:
            act()
            if name != "inbox":
                print(name)
        except OSError:
            pass
"""
    done = subprocess.run([*AS_STRANGER, "/usr/bin/python3", "-c", tries], cwd=desk.inbox, capture_output=True, text=True)
    desk.deeds = 1
    if done.stdout:
        raise Broken(f"a member changed {done.stdout.split()}")
    yield


SCENES = {
    "exchange, store": (exchange("plain"), {"least": 1000}),
    "exchange, store on another mount": (exchange("plain"), {"least": 1000, "apart": True}),
    "exchange, outside": (exchange("plain", "secret.txt", outside=True), {"least": 1000}),
    "exchange, archive": (
        exchange("plain"), {"least": 1000, "settings": [MODEST, "inbox: {archive: true, maxsize: 1000000, rescan: 2}"]}),
    "exchange, rejected": (exchange("reject"), {"least": 1000}),
    "exchange, put back": (exchange("late"), {"least": 1000}),
    "exchange, requeue": (exchange("requeue", "secret.txt", outside=True), {"least": 1000}),
    "a name that is held": (held_name, {"least": 1}),
    "mirror directories": (mirrors, {"least": 1000}),
    "stations": (stations_moved, {"least": 1}),
}
