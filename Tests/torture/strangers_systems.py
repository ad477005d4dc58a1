"""Kinds of files, permissions and file systems that are rare: what is laid in the inbox by root, or with odd
permissions, waits or is rejected and holds up nobody; the spool does its work on file systems without leases, birth
times or notifications.
"""
import os, shutil, stat, subprocess, time
from desk import Broken
from hostile import AS_STRANGER, HERE, SERVICE, Where
from strangers_paths import flat

QUICK = ["workers: 2", "inbox: {rescan: 1, settle: 1}"]


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rejected(desk):
    with desk.store() as store:
        return store.execute("select count(*) from ledger where verdict = 'rejected'").fetchone()[0]


def devices(desk, outside, seconds):
    """Block and character devices of every kind: each is rejected, none is opened."""
    kinds = {"disk": (stat.S_IFBLK, (7, 0)), "console": (stat.S_IFCHR, (5, 1)), "kmsg": (stat.S_IFCHR, (1, 11)),
             "random": (stat.S_IFCHR, (1, 8)), "mem": (stat.S_IFCHR, (1, 1)), "no such device": (stat.S_IFCHR, (250, 250))}
    for name, (kind, number) in kinds.items():
        for i in range(5):
            os.mknod(f"{desk.inbox}/{name} {i}", kind | 0o666, os.makedev(*number))
            desk.deeds += 1
    end = time.monotonic() + 10
    while time.monotonic() < end and rejected(desk) < desk.deeds:
        yield
    if rejected(desk) != desk.deeds:
        raise Broken(f"{rejected(desk)} of {desk.deeds} devices were rejected: {desk.said(3)}")


def immovable(desk, outside, seconds):
    """What even root cannot rename (chattr +i and +a, a directory that cannot be changed) waits, is told of, and costs
    next to nothing; once it can be moved it is taken."""
    names = [f"still{i}.txt" for i in range(20)] + [f"shut/{i}.txt" for i in range(20)]
    locks = [("+i", name) for name in names[:10]] + [("+a", name) for name in names[10:20]] + [("+i", "shut")]
    with desk.halted():
        os.mkdir(desk.inbox + "/shut")
        for name in names:
            with open(f"{desk.inbox}/{name}", "w") as file:
                file.write(f"Immovable {name}\n")
        for how, name in locks:
            subprocess.run(["chattr", how, f"{desk.inbox}/{name}"], check=True)
    try:
        began, used = time.monotonic(), processor_seconds(desk.pid)
        while time.monotonic() < began + max(3, seconds):
            yield
        used = (processor_seconds(desk.pid) - used) / (time.monotonic() - began)
        taken = [name for name in names if desk.has_row(name.encode())]
        desk.deeds = len(names) - len(taken)
    finally:
        for how, name in locks:
            subprocess.run(["chattr", how.replace("+", "-"), f"{desk.inbox}/{name}"])
    if taken:
        raise Broken(f"{taken[:3]} have rows and cannot be moved")
    if used > 0.3:
        raise Broken(f"{len(names)} files that cannot be moved cost {used:.0%} of a processor")
    end = time.monotonic() + 40
    while not all(desk.has_row(name.encode()) for name in names):
        if time.monotonic() > end:
            raise Broken(f"they can be moved again, but are not taken: {desk.said(3)}")
        yield


def permissions(desk, outside, seconds):
    """ACLs that shut the service out of a file, out of a directory, or give it alone leave."""
    code = f"""
import os, subprocess
os.umask(0)
def acl(path, *entries):
    subprocess.run(["setfacl", *[part for e in entries for part in ("-m", e)], path], check=True)
for i in range(10):
    for kind, entry in (("denied", "u:{SERVICE}:---"), ("alone", "u:{SERVICE}:r--"), ("mask", "m::---")):
        with open(f".{{kind}}{{i}}", "w") as file:
            file.write(f"Permissions {{kind}} {{i}}\\n")
        acl(f".{{kind}}{{i}}", entry)
        if kind == "alone":
            acl(f".{{kind}}{{i}}", "u::---", "g::---", "o::---", "m::r--")
        os.rename(f".{{kind}}{{i}}", f"{{kind}}{{i}}")
    os.mkdir(f".d{{i}}")
    with open(f".d{{i}}/f", "w") as file:
        file.write(f"In a directory {{i}}\\n")
    acl(f".d{{i}}", "u:{SERVICE}:" + ("---", "r--", "-wx", "r-x")[i % 4])
    os.rename(f".d{{i}}", f"d{{i}}")
"""
    done = subprocess.run([*AS_STRANGER, "/usr/bin/python3", "-c", code], cwd=desk.inbox, capture_output=True, text=True)
    if done.returncode:
        raise Broken(f"the stranger failed: {done.stderr[-300:]}")
    desk.deeds = 40
    end = time.monotonic() + 20
    while time.monotonic() < end and not all(desk.has_row(b"alone%d" % i) for i in range(10)):
        yield
    if not desk.has_row(b"alone9"):
        raise Broken(f"a file that only the service may read is not taken: {desk.said(3)}")
    used, began = processor_seconds(desk.pid), time.monotonic()
    while time.monotonic() < began + 4:
        yield
    used = (processor_seconds(desk.pid) - used) / (time.monotonic() - began)
    if any(desk.has_row(name) for name in (b"denied0", b"mask0", b"d0/f")):
        raise Broken("what it may not read has a row")
    if used > 0.3:
        raise Broken(f"thirty files that it may not read cost {used:.0%} of a processor")


# File systems


def on_tmpfs(top):
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", top], check=True)


def on_overlay(top):
    below = top + ".below"
    os.mkdir(below)
    on_tmpfs(below)
    for name in ("lower", "upper", "work"):
        os.mkdir(f"{below}/{name}")
    subprocess.run(["mount", "-t", "overlay", "-o", f"lowerdir={below}/lower,upperdir={below}/upper,workdir={below}/work",
                    "overlay", top], check=True)


def on_small_inodes(top):
    """ext4 with inodes of 128 bytes keeps no birth times."""
    image = top + ".image"
    subprocess.run(["truncate", "-s", "60M", image], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-I", "128", image], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["mount", "-o", "loop", image, top], check=True)


def on_fuse(top):
    """bindfs(1): neither leases nor notifications of what is written below."""
    below = top + ".below"
    os.mkdir(below)
    os.chmod(below, 0o755)
    subprocess.run(["bindfs", "--no-allow-other", "-o", "allow_other", below, top], check=True)


def system(mount, needs=None):
    def scene(binary, seconds):
        """Vandals at work, a kill in the middle, honest files of the top and of directories: each has one row."""
        if needs and not shutil.which(needs):
            return f"skipped: no {needs} on this machine"
        desk = Where.desk(binary, QUICK)
        try:
            shutil.rmtree(desk.spool)
            os.mkdir(desk.spool)
            mount(desk.spool)
            os.makedirs(desk.inbox)
            wires = [f"{desk.inbox}/{name}" for name in ("wire", "wire/0", "wire/1", "wire/2")]
            for wire in wires:
                os.mkdir(wire)
            for path, mode in ((desk.spool, 0o755), (desk.inbox, 0o3777), *((wire, 0o755) for wire in wires)):
                os.chown(path, SERVICE, SERVICE)
                os.chmod(path, mode)
            desk.open()
            vandal = desk.let_in([*AS_STRANGER, "/usr/bin/python3", HERE + "/vandal.py", desk.inbox, desk.outside,
                                  str(seconds / 2), "1"])
            number = 0
            for round in range(2):
                end = time.monotonic() + seconds / 4
                while time.monotonic() < end:
                    desk.deliver(f"wire/{number % 3}/honest{number}.txt" if number % 2 else f"honest{number}.txt",
                                 f"Honest {number} {os.urandom(40).hex()}\n".encode())
                    number += 1
                    time.sleep(0.02)
                    if not desk.runs:
                        raise Broken(f"ended with {desk.ended}: {desk.said()}")
                if round == 0:
                    desk.kill()
                    desk.open()
            try:
                deeds = int(vandal.communicate(timeout=seconds + 10)[0] or 0)
            except subprocess.TimeoutExpired:
                vandal.kill()
                deeds = 1
            if not deeds:
                raise Broken("the attack did not take place")
            wanted = {name for name, _, _ in desk.delivered}
            end = time.monotonic() + 40
            while len(found := names_of(desk) & wanted) < len(wanted):
                if not desk.runs:
                    raise Broken(f"ended with {desk.ended}: {desk.said()}")
                if time.monotonic() > end:
                    raise Broken(f"{len(wanted) - len(found)} of {len(wanted)} honest files have no row: {desk.said(3)}")
                time.sleep(0.05)
            with desk.store() as store:
                ((twice,),) = store.execute("select count(*) - count(distinct name) from ledger where name like '%honest%'")
            if twice:
                raise Broken(f"{twice} honest files have two rows")
            flat(desk)
            if desk.stop() != 0:
                raise Broken(f"ended with {desk.ended}: {desk.said()}")
            if desk.command("verify").returncode:
                raise Broken("verify does not pass")
            return f"{len(wanted)} honest files, {deeds} deeds of a vandal"
        except Broken:
            desk.keep()
            raise
        finally:
            if desk.runs:
                desk.kill()
            subprocess.run(["umount", "-l", desk.spool])
            subprocess.run(["umount", "-l", desk.spool + ".below"], stderr=subprocess.DEVNULL)
            desk.remove()
    return scene


def names_of(desk):
    with desk.store() as store:
        return {bytes(name) for (name,) in store.execute("select name from ledger")}


SCENES = {
    "devices": (devices, {"least": 30}),
    "immovable files": (immovable, {"least": 40, "longest": 1, "settings": QUICK}),
    "permissions": (permissions, {"least": 40, "longest": 1, "settings": QUICK}),
    "a spool on tmpfs": (system(on_tmpfs), None),
    "a spool on overlay": (system(on_overlay), None),
    "a spool without birth times": (system(on_small_inodes), None),
    "a spool on FUSE": (system(on_fuse, "bindfs"), None),
}
