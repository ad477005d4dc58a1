#define _GNU_SOURCE
#include "inotify_shim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define RESULT(call)                   \
    do {                               \
        __typeof__(call) r_ = (call);  \
        return r_ < 0 ? -errno : r_;   \
    } while (0)

int ct_open(int dir, const char *path, int flags, uint32_t mode) { RESULT(openat(dir, path, flags, mode)); }

int ct_open_beneath(int dir, const char *path, int flags, uint32_t mode) {
    struct open_how how = {
        .flags = (uint64_t)flags,
        .mode = flags & O_CREAT ? mode : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    RESULT((int)syscall(SYS_openat2, dir, path, &how, sizeof how));
}

int ct_close(int fd) { RESULT(close(fd)); }

int64_t ct_read(int fd, void *buffer, size_t count, int64_t offset) {
    RESULT((int64_t)(offset < 0 ? read(fd, buffer, count) : pread(fd, buffer, count, offset)));
}

int64_t ct_write(int fd, const void *buffer, size_t count, int64_t offset) {
    RESULT((int64_t)(offset < 0 ? write(fd, buffer, count) : pwrite(fd, buffer, count, offset)));
}
int ct_truncate(int fd, int64_t length) { RESULT(ftruncate(fd, length)); }
int ct_reserve(int fd, int64_t length) { RESULT(fallocate(fd, 0, 0, length)); }
int ct_fsync(int fd) { RESULT(fsync(fd)); }

static int64_t nanoseconds(struct statx_timestamp t) { return t.tv_sec * 1000000000LL + t.tv_nsec; }

static int status(int dir, const char *path, int flags, struct ct_status *out) {
    struct statx s;
    if (statx(dir, path, flags | AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS | STATX_BTIME, &s) < 0) return -errno;
    *out = (struct ct_status){
        .device = (uint64_t)s.stx_dev_major << 32 | s.stx_dev_minor,
        .inode = s.stx_ino,
        .size = s.stx_size,
        .links = s.stx_nlink,
        .modified = nanoseconds(s.stx_mtime),
        .changed = nanoseconds(s.stx_ctime),
        .born = s.stx_mask & STATX_BTIME ? nanoseconds(s.stx_btime) : 0,
        .mode = s.stx_mode,
        .uid = s.stx_uid,
        .gid = s.stx_gid,
        .has_birth_time = (s.stx_mask & STATX_BTIME) != 0,
    };
    return 0;
}

int ct_statx(int dir, const char *path, int follow, struct ct_status *out) {
    return status(dir, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, out);
}

int ct_fstatx(int fd, struct ct_status *out) { return status(fd, "", AT_EMPTY_PATH, out); }

int64_t ct_get_acl(int fd, void *value, size_t size) { RESULT(fgetxattr(fd, "system.posix_acl_access", value, size)); }

int ct_set_acl(int fd, const void *value, size_t size) { RESULT(fsetxattr(fd, "system.posix_acl_access", value, size, 0)); }

int ct_rename(int olddir, const char *old, int newdir, const char *new_, uint32_t flags) {
    RESULT(renameat2(olddir, old, newdir, new_, flags));
}

int ct_link(int olddir, const char *old, int newdir, const char *new_) {
    RESULT(linkat(olddir, old, newdir, new_, 0));
}

int ct_unlink(int dir, const char *path, int flags) { RESULT(unlinkat(dir, path, flags)); }
int ct_mkdir(int dir, const char *path, uint32_t mode) { RESULT(mkdirat(dir, path, mode)); }
int ct_chmod(int fd, uint32_t mode) { RESULT(fchmod(fd, mode)); }

// The kernel's struct linux_dirent64 (getdents64(2)); glibc's readdir allocates and hides the offset.
struct kernel_dirent {
    uint64_t inode;
    int64_t next;
    unsigned short length;
    unsigned char type;
    char name[];
};

int64_t ct_getdents(int fd, void *buffer, size_t count) {
    RESULT((int64_t)syscall(SYS_getdents64, fd, buffer, count));
}

size_t ct_entry_at(const void *buffer, size_t offset, struct ct_entry *out) {
    const struct kernel_dirent *d = (const void *)((const char *)buffer + offset);
    out->name = d->name;
    out->name_length = (uint32_t)strlen(d->name);
    out->type = d->type;
    return offset + d->length;
}

int ct_rewind(int fd) { RESULT((int)lseek(fd, 0, SEEK_SET)); }

int64_t ct_filesystem(int fd) {
    struct statfs s;
    if (fstatfs(fd, &s) < 0) return -errno;
    return (int64_t)(uint32_t)s.f_type;
}

int ct_lease(int fd, int take) { RESULT(fcntl(fd, F_SETLEASE, take ? F_RDLCK : F_UNLCK)); }
int ct_lease_held(int fd) {
    int kind = fcntl(fd, F_GETLEASE);
    return kind < 0 ? -errno : kind == F_RDLCK;
}
int ct_lock(int fd, int take) { RESULT(flock(fd, take ? LOCK_EX | LOCK_NB : LOCK_UN)); }

int ct_inotify_open(void) { RESULT(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)); }
int ct_inotify_add(int fd, const char *path, uint32_t mask) { RESULT(inotify_add_watch(fd, path, mask)); }
int ct_inotify_remove(int fd, int watch) { RESULT(inotify_rm_watch(fd, watch)); }
int ct_eventfd(void) { RESULT(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

int ct_poll(int first, int second, int timeout_ms) {
    struct pollfd p[2] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    if (poll(p, 2, timeout_ms) < 0) return -errno;
    return (p[0].revents != 0) | (p[1].revents != 0) << 1;
}

int ct_raise_descriptor_limit(void) {
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) < 0) return -errno;
    r.rlim_cur = r.rlim_max < 65536 ? r.rlim_max : 65536;
    if (setrlimit(RLIMIT_NOFILE, &r) < 0) return -errno;
    return (int)r.rlim_cur;
}

int ct_ignore_signals(void) {
    signal(SIGIO, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return 0;
}

int ct_unblock_signals(void) {
    sigset_t none;
    sigemptyset(&none);
    return -pthread_sigmask(SIG_SETMASK, &none, NULL);
}

void ct_process_deadline(int seconds) { alarm((unsigned)seconds); }

void ct_process_budget(int seconds) {
    struct itimerval t = {.it_value.tv_sec = seconds};
    setitimer(ITIMER_PROF, &t, NULL);
}

int ct_yield_to_others(void) { RESULT(setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 15)); }

void ct_keep_freed_memory(void) {
    mallopt(M_TOP_PAD, 512 << 10);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

void ct_return_freed_memory(void) { malloc_trim(0); }

void ct_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int64_t ct_boottime_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// sun_path holds 108 bytes, a state directory may be deeper: go through the directory's descriptor.
static socklen_t address(int dir, const char *name, struct sockaddr_un *a) {
    memset(a, 0, sizeof *a);
    a->sun_family = AF_UNIX;
    snprintf(a->sun_path, sizeof a->sun_path, "/proc/self/fd/%d/%s", dir, name);
    return sizeof *a;
}

int ct_socket_listen(int dir, const char *name, uint32_t mode) {
    // Under another name until it listens: whoever finds the socket can connect to it.
    char hidden[64];
    if ((size_t)snprintf(hidden, sizeof hidden, ".%s.new", name) >= sizeof hidden) return -ENAMETOOLONG;
    struct sockaddr_un a;
    socklen_t length = address(dir, hidden, &a);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    unlinkat(dir, hidden, 0);
    mode_t old = umask(0777 & ~mode);
    int r = bind(fd, (struct sockaddr *)&a, length) < 0 ? -errno : fd;
    umask(old);
    if (r >= 0 && (listen(fd, 128) < 0 || renameat(dir, hidden, dir, name) < 0)) {
        r = -errno;
        unlinkat(dir, hidden, 0);
    }
    if (r < 0) close(fd);
    return r;
}

int ct_spawn_closes_from(void *actions, int lowest) { return -posix_spawn_file_actions_addclosefrom_np(actions, lowest); }

int ct_socket_pair(int out[2]) { RESULT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out)); }

int ct_socket_accept(int fd) { RESULT(accept4(fd, NULL, NULL, SOCK_CLOEXEC)); }

int ct_socket_connect(int dir, const char *name) {
    struct sockaddr_un a;
    socklen_t length = address(dir, name, &a);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    if (connect(fd, (struct sockaddr *)&a, length) < 0) {
        int e = -errno;
        close(fd);
        return e;
    }
    return fd;
}

int64_t ct_socket_peer(int fd) {
    struct ucred c;
    socklen_t n = sizeof c;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) < 0) return -errno;
    return (int64_t)c.uid;
}

int64_t ct_socket_peer_process(int fd) {
    struct ucred c;
    socklen_t n = sizeof c;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) < 0) return -errno;
    return (int64_t)c.pid;
}

int ct_socket_limit(int fd, int seconds) {
    struct timeval t = {.tv_sec = seconds};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) < 0) return -errno;
    RESULT(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t));
}

int64_t ct_socket_send(int fd, const void *bytes, size_t count, const int *passed, size_t passed_count) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(CT_MOST_PASSED * sizeof(int))] = {0};
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (passed_count > CT_MOST_PASSED) return -EINVAL;
    if (passed_count > 0) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(passed_count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(passed_count * sizeof(int));
        memcpy(CMSG_DATA(header), passed, passed_count * sizeof(int));
    }
    RESULT((int64_t)sendmsg(fd, &message, MSG_NOSIGNAL));
}

int64_t ct_socket_receive(int fd, void *bytes, size_t count, int *passed, size_t *passed_count) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(CT_MOST_PASSED * sizeof(int))];
    struct iovec vector = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    *passed_count = 0;
    ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    if (n < 0) return -errno;
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h != NULL; h = CMSG_NXTHDR(&message, h)) {
        if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS) continue;
        *passed_count = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(passed, CMSG_DATA(h), *passed_count * sizeof(int));
    }
    if ((message.msg_flags & MSG_CTRUNC) == 0) return n;
    for (size_t i = 0; i < *passed_count; i++) close(passed[i]);
    *passed_count = 0;
    return -EMFILE;
}
