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
        let settings = try shared.ownSettings()
        let threshold = bootstrapLogging(level: settings.logLevel)
        if shared.othersLookElsewhere {
            Logger(label: "copytaster").notice(
                "other commands look at the system's service first; this one's store they find with --state \(settings.state)"
            )
        }
        let daemon = Daemon(settings: settings, threshold: threshold, reload: shared.ownSettings)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        // Heard beside the start: that may wait long, for a store that another process holds, and a stop must end it.
        let listening = Task { await Self.obey(signals, daemon) }
        try await Daemon.blocking { try daemon.start() }
        await listening.value
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
