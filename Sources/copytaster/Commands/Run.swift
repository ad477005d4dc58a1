// `copytaster run`: the daemon, in the foreground, as systemd wants it.

internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Supervision
internal import UnixSignals

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service: watch the inbox and commit what arrives.",
        discussion: """
            Logs to the journal under systemd, and readably to standard error otherwise. SIGTERM finishes what is \
            claimed and stops; SIGHUP reads the configuration again.
            """)

    @OptionGroup var shared: SharedOptions

    func run() async throws {
        let settings = try shared.settings()
        let threshold = bootstrapLogging(level: settings.logLevel)
        let daemon = Daemon(settings: settings, threshold: threshold, reload: shared.settings)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        // Beside each other: a start may wait long, for a store that another process holds, and a stop must end it.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Daemon.blocking { try daemon.start() } }
            group.addTask { await Self.obey(signals, daemon) }
            // A start that fails ends the waiting for signals, too.
            while try await group.next() != nil {}
        }
    }

    private static func obey(_ signals: UnixSignalsSequence, _ daemon: Daemon) async {
        var isStopping = false
        for await signal in signals {
            switch signal {
            case .sighup: daemon.reloadSoon()
            default:
                // The second one means now: the state table makes that safe.
                if isStopping { Foundation._exit(128 + signal.rawValue) }
                isStopping = true
                DispatchQueue.global().async { Foundation.exit(daemon.stop() ? 0 : EX_IOERR) }
            }
        }
    }
}
