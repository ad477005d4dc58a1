"""Shares: one sender's flood, whatever it consists of, delays another one's file by at most a second, and what one uses
up is given back by the service's own work.
"""
import os, subprocess, time
from desk import Broken
from hostile import AS_STRANGER, HONEST, SERVICE, SETTINGS, Where
from strangers_paths import deeds_of, intruder

LARGE = ["workers: 2", "inbox: {maxsize: 67108864, rescan: 2}"]
SHARE = {"longest": 1, "every": 0.1}
FILES = 100_000  # of a flood, when a scene may last for a minute


def flood(directory, count=None, size=0):
    def deeds(desk, outside, seconds):
        """The files of one stranger, and what the others have to wait meanwhile."""
        number = count or int(FILES * min(1, seconds / 60))
        process = intruder(desk, "flood", seconds, directory, number, size)
        while process.poll() is None:
            yield
        desk.deeds = deeds_of(process)
        # While it lasts, but not to its end: a hundred thousand files take a while.
        end = time.monotonic() + seconds
        while time.monotonic() < end and desk.rows() < number:
            yield
        if desk.rows() < min(number, 3):
            raise Broken(f"the attack did not take place: only {desk.rows()} rows")
    return deeds


def many_senders(desk, outside, seconds):
    """Whoever makes a thousand directories to be a thousand senders has no thousand shares."""
    crowd = [intruder(desk, "flood", seconds, f"crowd{i}/d", 1000, 600) for i in range(3)]
    crowd.append(intruder(desk, "spread", seconds, 1000, 20))
    while any(process.poll() is None for process in crowd):
        yield
    desk.deeds = sum(deeds_of(process) for process in crowd)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield


def deep(count):
    def deeds(desk, outside, seconds):
        """Directories without end, few with a file in them."""
        process = intruder(desk, "trees", seconds, count, 3)
        while process.poll() is None:
            yield
        desk.deeds = deeds_of(process)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            yield
    return deeds


# What one sender uses up


def small_spool(binary, options, use_up, least, within=30):
    """A spool of little room, all of it used up by one sender: the service makes room by its work, and says so if not."""
    desk = Where.desk(binary, SETTINGS)
    try:
        for station in os.listdir(desk.spool):
            subprocess.run(["rm", "-rf", f"{desk.spool}/{station}"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", desk.spool], check=True)
        os.chown(desk.spool, SERVICE, SERVICE)
        os.chmod(desk.spool, 0o751)
        os.mkdir(desk.inbox)
        os.chown(desk.inbox, SERVICE, SERVICE)
        os.chmod(desk.inbox, 0o3770)
        subprocess.run(["setfacl", "-d", "-m", f"u:{SERVICE}:rwx,g::rwx", desk.inbox], check=True)
        desk.open()
        with desk.halted():  # All is used up before it can do something.
            deeds = subprocess.run([*AS_STRANGER, "/usr/bin/python3", "-c", USE_UP + use_up], cwd=desk.inbox,
                                   capture_output=True, text=True)
            if deeds.returncode:
                raise Broken(f"the stranger failed: {deeds.stderr[-300:]}")
            count, free = int(deeds.stdout), os.statvfs(desk.spool)
        if count < least or min(free.f_ffree, free.f_bavail) > 4:
            raise Broken(f"the attack did not take place: {count} files, {free.f_ffree} inodes and {free.f_bavail} blocks left")
        end = time.monotonic() + within
        while desk.rows() < count:
            if not desk.runs:
                raise Broken(f"ended with {desk.ended}: {desk.said()}")
            if time.monotonic() > end:
                raise Broken(f"{desk.rows()} of {count} files were taken within {within} s: {desk.said(3)}")
            time.sleep(0.05)
        desk.deliver("after.txt", b"There is room again\n")
        desk.until(lambda: desk.has_row(b"after.txt"))
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.ended}: {desk.said()}")
        return f"{count} files, all taken"
    except Broken:
        desk.keep()
        raise
    finally:
        if desk.runs:
            desk.kill()
        subprocess.run(["umount", "-l", desk.spool])
        desk.remove()


USE_UP = """
import os
os.umask(0)
def until_full(make):
    n = 0
    try:
        while True:
            make(n)
            n += 1
    except OSError:
        return n
def one(path, size):
    with open(path, "wb", buffering=0) as file:
        text = b"%s %d\\n" % (path.encode(), size)
        text = (text * (size // len(text) + 1))[:size]
        if file.write(text) < size:
            file.close()
            os.unlink(path)
            raise OSError
"""


def inodes_at_the_top(binary, seconds):
    """No inode is left: files at the top are claimed and stored."""
    return small_spool(binary, "size=50m,nr_inodes=400", "print(until_full(lambda n: one(f'f{n}', 50)))", 300)


def inodes_below(binary, seconds):
    """No inode is left: files in directories are claimed and stored."""
    return small_spool(binary, "size=50m,nr_inodes=400", """
os.mkdir("d"); os.mkdir("d/e")
print(until_full(lambda n: one(f"d/e/f{n}", 50)))""", 300)


def blocks(binary, seconds):
    """No byte is left: what is recorded of a claim needs none of the spool's room, or that was kept."""
    return small_spool(binary, "size=8m", """
os.mkdir("d")
n = until_full(lambda n: one(f"d/f{n}", 40000))
print(n + until_full(lambda n: one(f"d/g{n}", 4096)))""", 100)


SCENES = {
    "flood in a directory": (flood("flood"), {**SHARE, "least": 1000}),
    "flood at the top": (flood("."), {**SHARE, "least": 1000, "prefix": "honest-", "owner": HONEST}),
    "flood of 60 MB": (flood("large", 4, 60_000_000), {**SHARE, "settings": LARGE, "least": 4, "largest": 2 << 30}),
    "flood of 900 KB": (flood("large", 100, 900_000), {**SHARE, "settings": LARGE, "least": 100, "largest": 1 << 30}),
    "flood of refused files": (flood("refused", 5_000, 5001), {**SHARE, "least": 5_000, "settings": [
        "workers: 2", "inbox: {maxsize: 5000, rescan: 2}"]}),
    "many senders": (many_senders, {**SHARE, "least": 10_000}),
    "many directories": (deep(10_000), {**SHARE, "least": 10_000}),
    "inodes used up at the top": (inodes_at_the_top, None),
    "inodes used up below": (inodes_below, None),
    "bytes used up": (blocks, None),
}
