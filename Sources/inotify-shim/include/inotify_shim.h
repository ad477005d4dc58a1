// The Linux system calls that Swift's Glibc overlay lacks or cannot express.
//
// Every function returns what the call returns, or the negated errno: the error travels in the
// return value, so no Swift code ever has to read the global errno at the right moment.
// Nothing here decides anything; decisions are in the module Files, the only importer.
#ifndef COPYTASTER_INOTIFY_SHIM_H
#define COPYTASTER_INOTIFY_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/inotify.h>

/// What statx(2) says of a file, flattened. Times are nanoseconds since 1970.
struct ct_status {
    uint64_t device, inode, size, links;
    int64_t modified, changed, born;
    uint32_t mode, uid, gid;
    uint32_t has_birth_time;
};

/// One entry of a directory; `name` points into the buffer that was read.
struct ct_entry {
    const char *name;
    uint32_t name_length;
    uint32_t type;  // DT_*
};

int ct_open(int dir, const char *path, int flags, uint32_t mode);
/// openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS.
int ct_open_beneath(int dir, const char *path, int flags, uint32_t mode);
int ct_close(int fd);
int64_t ct_read(int fd, void *buffer, size_t count, int64_t offset);  // offset < 0: read(2)
int64_t ct_write(int fd, const void *buffer, size_t count, int64_t offset);  // offset < 0: write(2)
int ct_truncate(int fd, int64_t length);
int ct_reserve(int fd, int64_t length);  // fallocate
int ct_fsync(int fd);
int ct_statx(int dir, const char *path, int follow, struct ct_status *out);
int ct_fstatx(int fd, struct ct_status *out);
// A file's access list as acl(5) keeps it, in the kernel's form (linux/posix_acl_xattr.h).
int64_t ct_get_acl(int fd, void *value, size_t size);
int ct_set_acl(int fd, const void *value, size_t size);
int ct_rename(int olddir, const char *old, int newdir, const char *new_, uint32_t flags);
int ct_link(int olddir, const char *old, int newdir, const char *new_);
int ct_unlink(int dir, const char *path, int flags);
int ct_mkdir(int dir, const char *path, uint32_t mode);
int ct_chmod(int fd, uint32_t mode);
int64_t ct_getdents(int fd, void *buffer, size_t count);
/// The entry at `offset` of a buffer that ct_getdents filled; returns the offset of the next one.
size_t ct_entry_at(const void *buffer, size_t offset, struct ct_entry *out);
int ct_rewind(int fd);
int64_t ct_filesystem(int fd);  // statfs f_type
int ct_lease(int fd, int take);  // 1: F_RDLCK, 0: F_UNLCK
int ct_lease_held(int fd);       // 1 if a read lease is held and nobody is breaking it
int ct_lock(int fd, int take);   // flock: 1: LOCK_EX | LOCK_NB, 0: LOCK_UN

int ct_inotify_open(void);
int ct_inotify_add(int fd, const char *path, uint32_t mask);
int ct_inotify_remove(int fd, int watch);
int ct_eventfd(void);
/// poll(2) for reading on up to two descriptors; bit 0 and bit 1 say which are ready.
int ct_poll(int first, int second, int timeout_ms);

int ct_raise_descriptor_limit(void);  // soft RLIMIT_NOFILE to the hard one; returns it
int ct_ignore_signals(void);          // SIGIO (lease breaks) and SIGPIPE
int ct_unblock_signals(void);         // those that whoever started this process had blocked
void ct_process_deadline(int seconds);  // SIGALRM ends the process then; 0: never
void ct_process_budget(int seconds);   // SIGPROF ends it after so much processor time; 0: never
int ct_yield_to_others(void);         // nice 15 for the calling thread alone
void ct_keep_freed_memory(void);       // mallopt: fewer calls to grow and trim the heap
void ct_return_freed_memory(void);     // malloc_trim
void ct_name_thread(const char *name);  // the calling thread; fifteen bytes
int64_t ct_boottime_ns(void);

int ct_socket_listen(int dir, const char *name, uint32_t mode);
int ct_socket_accept(int fd);
// posix_spawn_file_actions_addclosefrom_np(3): no file from `lowest` on is open in the child. `actions` is a posix_spawn_file_actions_t.
int ct_spawn_closes_from(void *actions, int lowest);

int ct_socket_pair(int out[2]);
int ct_socket_connect(int dir, const char *name);
int64_t ct_socket_peer(int fd);  // uid of the other side
int64_t ct_socket_peer_process(int fd);  // and its process
int ct_socket_limit(int fd, int seconds);  // for each send and receive (EAGAIN after it); 0: none
/// Descriptors that one message may carry (the kernel's SCM_MAX_FD is 253).
#define CT_MOST_PASSED 128
/// sendmsg(2) with open descriptors (SCM_RIGHTS); they go with the first byte. Returns the bytes sent.
int64_t ct_socket_send(int fd, const void *bytes, size_t count, const int *passed, size_t passed_count);
/// recvmsg(2); `passed` has room for CT_MOST_PASSED. -EMFILE if not all that were passed could be taken.
int64_t ct_socket_receive(int fd, void *bytes, size_t count, int *passed, size_t *passed_count);

#endif
