"""The system call filter of the installed service, so that what is measured is what runs in production: each call is looked up
in it, and what it refuses (a priority, say) is refused here, too.

The filter is made once, from the SystemCallFilter= lines of the unit, as systemd makes it; a child takes it on before it
becomes the daemon.
"""
import ctypes
import errno
import os
import subprocess
import tempfile

UNIT = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../deploy/copytaster.service")
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM  # SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(EPERM)
NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2  # of prctl(2)


def expand(name):
    """The calls of a set, such as @system-service, or the one of that name."""
    if not name.startswith("@"):
        return {name}
    shown = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    members = [line.strip() for line in shown.splitlines()[1:]]
    return set().union(*(expand(member) for member in members if member and not member.startswith("#")))


def allowed(unit=UNIT):
    """What the unit's lines leave, read in order: the first line says what is admitted, ~ takes away, others add."""
    calls = set()
    with open(unit) as file:
        for line in file:
            key, _, value = line.strip().partition("=")
            if key != "SystemCallFilter":
                continue
            named = set().union(*map(expand, value.removeprefix("~").split()))
            calls = calls - named if value.startswith("~") else calls | named
    # systemd admits these in any case: without them nothing could be started.
    return calls | expand("@default") | {"execve"}


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


class Filter:
    def __init__(self):
        seccomp = ctypes.CDLL("libseccomp.so.2")
        seccomp.seccomp_init.restype = ctypes.c_void_p
        context = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
        for name in allowed():
            number = seccomp.seccomp_syscall_resolve_name(name.encode())
            if number != -1 and seccomp.seccomp_rule_add(context, ALLOW, number, 0) < 0 and number >= 0:
                raise OSError(f"{name} cannot be admitted")
        with tempfile.TemporaryFile() as file:
            if seccomp.seccomp_export_bpf(context, file.fileno()) < 0:
                raise OSError("the filter cannot be made")
            file.seek(0)
            self.bytes = ctypes.create_string_buffer(file.read())
        self.program = Program((len(self.bytes) - 1) // 8, ctypes.addressof(self.bytes))
        self.libc = ctypes.CDLL(None, use_errno=True)

    def take_on(self):
        """In a child, before it becomes the daemon."""
        if self.libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or self.libc.prctl(SECCOMP, FILTER, ctypes.byref(self.program), 0, 0):
            raise OSError(ctypes.get_errno(), "the filter was refused")


def unit_filter():
    """The filter, or nothing where it cannot be had; and a word for the report."""
    try:
        return Filter(), "under the unit's system call filter"
    except (OSError, subprocess.CalledProcessError) as error:
        return None, f"without the unit's system call filter ({error})"
