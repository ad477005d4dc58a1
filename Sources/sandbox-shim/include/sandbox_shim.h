// How a process locks itself in before it reads what strangers sent. C, because the calls are variadic or have no wrapper.

#ifndef SANDBOX_SHIM_H
#define SANDBOX_SHIM_H

#include <stdint.h>

struct ct_sandbox {
    uint64_t memory;     // RLIMIT_AS, bytes
    uint64_t processor;  // RLIMIT_CPU, seconds
    uint64_t output;     // RLIMIT_FSIZE, bytes: nothing is written to a file
    uint64_t files;      // RLIMIT_NOFILE
    // For a program that is started in here: it may read what is installed, and nothing else. 0: no file at all.
    int runs_program;
};

/// Drops every capability, forbids new privileges, sets the limits, closes the file system (Landlock, where the kernel
/// has it) and the system calls (seccomp: a forbidden one ends the process; opening a file is refused). On failure a negative errno, and the step in
/// `failed`. `landlock` says whether Landlock is in force. Where capabilities cannot be dropped directly, the program is run
/// once more with `arguments`, those that it was started with.
int ct_sandbox_enter(
    const struct ct_sandbox *limits, char *const *arguments, const char **failed, int *landlock);

/// execv(3) of a program with no environment but a locale; returns a negative errno if it cannot be run.
int ct_sandbox_exec(const char *program, const char *const *arguments);

#endif
