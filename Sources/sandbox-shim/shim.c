#define _GNU_SOURCE
#include "sandbox_shim.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <locale.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// A unit of systemd's may keep capset(2) to itself. Then the ambient set is cleared, and running the program once more does
// the rest: without privileges of its own a program starts with what is ambient (capabilities(7)).
static int drop_capabilities(char *const *arguments) {
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    if (syscall(SYS_capset, &header, data) == 0) return 0;
    int refused = -errno;
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    if ((data[0].permitted | data[1].permitted) == 0) return 0;
    if (getenv("COPYTASTER_READER_AGAIN") != NULL) return refused;
    setenv("COPYTASTER_READER_AGAIN", "1", 1);
    execv("/proc/self/exe", arguments);
    return -errno;
}

static int limit(int resource, uint64_t value) {
    struct rlimit now;
    if (getrlimit(resource, &now) < 0) return -errno;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < value) value = now.rlim_max;
    struct rlimit next = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &next) < 0 ? -errno : 0;
}

static int set_limits(const struct ct_sandbox *l) {
    int r = 0;
    if (l->memory > 0) r = limit(RLIMIT_AS, l->memory);
    if (r == 0) r = limit(RLIMIT_CPU, l->processor);
    if (r == 0) r = limit(RLIMIT_FSIZE, l->output);
    if (r == 0) r = limit(RLIMIT_NOFILE, l->files);
    if (r == 0) r = limit(RLIMIT_CORE, 0);
    if (r == 0) r = limit(RLIMIT_NPROC, 0);
    return r;
}

// All rights of the first Landlock: none of them is granted anywhere, or only reading of what is installed.
#define ALL_RIGHTS ((UINT64_C(1) << 13) - 1)

static int allow_reading(int ruleset, const char *path) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT ? 0 : -errno;
    struct landlock_path_beneath_attr attribute = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE,
        .parent_fd = fd};
    int r = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attribute, 0) < 0 ? -errno : 0;
    close(fd);
    return r;
}

// Kernels before 5.13, and those that were built without it, have no Landlock: the system call filter stands alone then.
static int close_files(int runs_program, int *landlock) {
    struct landlock_ruleset_attr attribute = {.handled_access_fs = ALL_RIGHTS};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attribute, sizeof attribute, 0);
    *landlock = 0;
    if (ruleset < 0) return errno == ENOSYS || errno == EOPNOTSUPP || errno == EPERM ? 0 : -errno;
    int r = 0;
    if (runs_program) {
        static const char *const installed[] = {"/usr", "/lib", "/lib64", "/bin"};
        for (size_t i = 0; r == 0 && i < sizeof installed / sizeof *installed; i++) r = allow_reading(ruleset, installed[i]);
    }
    if (r == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0) r = -errno;
    close(ruleset);
    if (r == 0) *landlock = 1;
    return r;
}

static const int for_reading[] = {
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(close),
    SCMP_SYS(fstat), SCMP_SYS(statx), SCMP_SYS(lseek), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(recvfrom),
    SCMP_SYS(sendto), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect),
    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(restart_syscall), SCMP_SYS(exit),
    SCMP_SYS(exit_group)};

// What the dynamic loader and a program of the system need besides.
static const int for_programs[] = {
    SCMP_SYS(execve), SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
    SCMP_SYS(getdents64), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(arch_prctl),
    SCMP_SYS(set_tid_address), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(prlimit64), SCMP_SYS(getrlimit),
    SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(uname), SCMP_SYS(sysinfo),
    SCMP_SYS(getrusage), SCMP_SYS(times), SCMP_SYS(ioctl), SCMP_SYS(fadvise64), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
    SCMP_SYS(getppid), SCMP_SYS(gettimeofday), SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep)};

static int allow(scmp_filter_ctx filter, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
        // A call that this machine's architecture does not have needs no rule.
        if (r < 0 && r != -EDOM) return r;
    }
    return 0;
}

// What the C library would open a file for later on: the time zone, the table of encodings, the locale of names.
static void open_in_advance(void) {
    setenv("TZ", "UTC0", 1);
    tzset();
    setlocale(LC_CTYPE, "C.UTF-8");
    iconv_t converter = iconv_open("UTF-8", "ISO-8859-1");
    if (converter != (iconv_t)-1) iconv_close(converter);
}

static int refuse(scmp_filter_ctx filter, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), calls[i], 0);
        if (r < 0 && r != -EDOM) return r;
    }
    return 0;
}

// A library may look for a file of its own (an encoding, a message in another language) and goes on without it.
static const int refused_to_readers[] = {
    SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(access),
    SCMP_SYS(readlink)};

// A program may ask for these and does well without them.
static const int refused_to_programs[] = {
    SCMP_SYS(socket), SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(unlink), SCMP_SYS(mkdir)};

static int close_calls(int runs_program) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) return -ENOMEM;
    int r = allow(filter, for_reading, sizeof for_reading / sizeof *for_reading);
    if (r == 0 && runs_program) {
        r = allow(filter, for_programs, sizeof for_programs / sizeof *for_programs);
        if (r == 0) r = refuse(filter, refused_to_programs, sizeof refused_to_programs / sizeof *refused_to_programs);
    } else if (r == 0) {
        r = refuse(filter, refused_to_readers, sizeof refused_to_readers / sizeof *refused_to_readers);
    }
    if (r == 0) r = seccomp_load(filter);
    seccomp_release(filter);
    return r;
}

int ct_sandbox_enter(
    const struct ct_sandbox *limits, char *const *arguments, const char **failed, int *landlock) {
    int r;
    if (!limits->runs_program) open_in_advance();
    *failed = "capset";
    if ((r = drop_capabilities(arguments)) < 0) return r;
    *failed = "no_new_privs";
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -errno;
    *failed = "dumpable";
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return -errno;
    *failed = "landlock";
    if ((r = close_files(limits->runs_program, landlock)) < 0) return r;
    *failed = "rlimits";
    if ((r = set_limits(limits)) < 0) return r;
    *failed = "seccomp";
    if ((r = close_calls(limits->runs_program)) < 0) return r;
    *failed = NULL;
    return 0;
}

int ct_sandbox_exec(const char *program, const char *const *arguments) {
    char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    execve(program, (char *const *)arguments, environment);
    return -errno;
}
