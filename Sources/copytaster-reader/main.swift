// copytaster-reader: reads the formats that libraries in C parse, for the service and for `copytaster read`.
//
// It is started with a socket as standard input and locks itself in before it looks at a byte. A line asks for a file, which
// comes with it (unix(7), SCM_RIGHTS); the parts go back as a stream (Parts/PartStream.swift), until the other side
// closes the socket. Whoever asked limits the time and trusts nothing that comes back.
//
//     copytaster-reader               serve on standard input
//     copytaster-reader --pdftotext   become pdftotext, locked in: a PDF on standard input, its text on standard output
//     copytaster-reader --formats     the formats that this build reads, a line each
//     copytaster-reader --time COUNT FILE...   how long reading takes, for Benchmarks/formats
//     copytaster-reader --try CALL    try what is forbidden, for the tests: open, write, socket, fork, memory, processor

internal import Files
internal import Formats
internal import Glibc
internal import Parts

func complain(_ message: String) {
    let line = Array("copytaster-reader: \(message)\n".utf8)
    _ = unsafe write(2, line, line.count)
}

/// sysexits(3): the operating system refused something; it was called wrongly.
let (refused, misused): (Int32, Int32) = (71, 64)

switch CommandLine.arguments.dropFirst().first {
case nil:
    do {
        Files.Process.ignoreSignals()
        try Sandbox.enter()
        try Service(socket: LocalSocket(inherited: 0, path: "standard input")).run()
    } catch {
        complain("\(error)")
        exit(refused)
    }
case "--pdftotext":
    do {
        try Sandbox.enter(runsProgram: true)
        let code = Sandbox.become("/usr/bin/pdftotext", ["-q", "-enc", "UTF-8", "-", "-"])
        // 127 as shells have it: the program is not there.
        exit(code == ENOENT ? 127 : 126)
    } catch {
        complain("\(error)")
        exit(refused)
    }
case "--formats": for format in FormatRegistry.formats { print(format.rawValue) }
case "--try" where CommandLine.arguments.count == 3:
    do {
        let status = unsafe open("/proc/self/status", O_RDONLY)
        try Sandbox.enter()
        exit(Forbidden.attempt(CommandLine.arguments[2], status: status))
    } catch {
        complain("\(error)")
        exit(refused)
    }
case "--time":
    do { try Timing.run(Array(CommandLine.arguments.dropFirst(2))) } catch {
        complain("\(error)")
        exit(refused)
    }
default:
    complain("it is started by copytaster; see copytaster-reader(8)")
    exit(misused)
}
