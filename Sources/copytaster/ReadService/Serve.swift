// `copytaster serve`: the read service.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Supervision

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the read service: answer the commands of those who may not open the store themselves.",
        discussion: """
            systemd starts it for the first visitor (copytaster-read.socket), with the socket. Without systemd it \
            listens on read.socket, for root and the user's group. Each visitor has a process of its own.
            """)

    @Option(name: .long, help: ArgumentHelp("Visitors at once.", valueName: "n"))
    var sessions = ReadServer.Limits().all
    @Option(name: .long, help: ArgumentHelp("Visitors at once of one user.", valueName: "n"))
    var sessionsEach = ReadServer.Limits().each
    @Option(name: .long, help: ArgumentHelp("Seconds without visitors after which it ends.", valueName: "n"))
    var idle = ReadServer.Limits().idle
    @Flag(name: .long, help: .hidden)
    var session = false
    @OptionGroup var shared: SharedOptions

    func run() throws {
        Files.Process.ignoreSignals()
        let settings = try shared.settings()
        if session {
            let socket = LocalSocket(inherited: STDIN_FILENO, path: "the visitor")
            return ReadSession(settings: settings, socket: socket).run()
        }
        _ = bootstrapLogging(level: settings.logLevel)
        let inherited = try Serve.inherited()
        let socket = try inherited ?? Serve.listen(settings.readSocket)
        let places = [("--config", shared.config), ("--state", shared.state), ("--spool", shared.spool)]
        let arguments = places.flatMap { name, value in value.map { [name, SharedOptions.absolute($0)] } ?? [] }
        let server = ReadServer(
            socket, arguments: ["serve", "--session"] + arguments,
            limits: ReadServer.Limits(all: max(1, sessions), each: max(1, sessionsEach), idle: max(1, idle)))
        try server.run(endsWhenIdle: inherited != nil)
    }

    /// The socket that systemd listens on (sd_listen_fds(3)).
    private static func inherited() throws -> LocalSocket? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["LISTEN_PID"] == "\(getpid())", let count = environment["LISTEN_FDS"] else { return nil }
        guard count == "1" else {
            throw CommandError("systemd passed \(count) sockets", hint: "one is expected", code: EX_USAGE)
        }
        return LocalSocket(inherited: 3, path: "the socket that systemd passed")
    }

    private static func listen(_ path: String) throws -> LocalSocket {
        let folder = try Directory(making: (path as NSString).deletingLastPathComponent, mode: 0o755)
        return try LocalSocket(
            listening: folder, name: FileName(ofPath: path) ?? "read", mode: 0o660)
    }
}
