// `copytaster-web`: the reading room as a service of its own.

internal import ArgumentParser
internal import Foundation
internal import Files
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import ReadingRoom
internal import Supervision

@main
struct CopytasterWeb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copytaster-web",
        abstract: "The reading room: look at the archive in a browser.",
        discussion: """
            Reads through Copytaster's read service, as any member of the group copytaster does. It has no accounts: on a port every \
            user of this machine can read; on a socket those who may connect to it, such as a proxy that knows its visitors \
            (copytaster-web(8)).
            """)

    @Option(
        help: ArgumentHelp(
            "Where to listen: a port of this machine, or the path of a Unix socket.", valueName: "port|path"))
    var listen = "8470"
    @Option(help: ArgumentHelp("The socket of the read service.", valueName: "path"))
    var read = "/run/copytaster/read"
    @Option(
        help: ArgumentHelp(
            "A name under which a proxy asks; besides localhost, 127.0.0.1 and [::1]. May be given several times.",
            valueName: "name"))
    var host: [String] = []

    func run() async throws {
        _ = bootstrapLogging(level: .info)
        let logger = Logger(label: "copytaster-web")
        let address: BindAddress
        let shown: String
        if let port = Int(listen) {
            guard (1...65_535).contains(port) else {
                throw ValidationError("--listen: \(port) is no port (1 to 65535)")
            }
            (address, shown) = (.hostname("127.0.0.1", port: port), "http://127.0.0.1:\(port)/")
        } else {
            guard listen.hasPrefix("/") else {
                throw ValidationError(
                    "--listen takes a port of this machine, or the path of a socket; “\(listen)” is neither")
            }
            // What a dead server left; whoever listens there still keeps his connections, and is not asked any more.
            unsafe unlink(listen)
            (address, shown) = (.unixDomainSocket(path: listen), listen)
        }
        let names = Set(["localhost", "127.0.0.1", "[::1]"]).union(host.map { $0.lowercased() })
        let room = Room(Room.Options(readSocket: read, hosts: names), logger: logger)
        room.start()
        _ = Files.Process.raiseDescriptorLimit()
        let notifier = Notifier()
        let app = Application(
            router: room.router(), server: .http1(configuration: Room.connections),
            configuration: ApplicationConfiguration(
                address: address, availableConnectionsDelegate: MaximumAvailableConnections(Room.mostConnections)),
            onServerRunning: { _ in
                logger.notice("the reading room is open at \(shown)")
                notifier.ready(status: "Open at \(shown)")
            }, logger: logger)
        do {
            try await app.runService()
        } catch {
            let hint = "is another program there (ss -lp), and may this user write to that directory?"
            try? FileHandle.standardError.write(
                contentsOf: Data("copytaster-web: cannot listen at \(shown): \(error)\n  \(hint)\n".utf8))
            throw ExitCode(EX_UNAVAILABLE)
        }
    }
}
