// `copytaster anchor`: signs the head of the chain, and hands it on to where the owner of the store cannot reach it.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Logging
internal import Store
internal import Supervision

struct Anchor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign the head of the chain, to be kept outside.",
        discussion: """
            Prints the newest hash of the ledger's chain with a signature of ssh-keygen(1), as a line of JSON; under \
            systemd into the journal. A command can be named that takes the line. Kept elsewhere, these lines prove with \
            `verify --anchors` that nobody, not even the owner of the store, has rewritten it since.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("The private key (ssh-keygen -t ed25519), without a passphrase.", valueName: "file"),
        completion: .file())
    var key: String
    @Option(
        name: .long,
        help: ArgumentHelp("A command that takes the line, instead of anchor.command.", valueName: "command"))
    var to: String?
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        let destination = LogDestination.choose()
        bootstrapLogging(level: settings.logLevel, destination: destination)
        Files.Process.ignoreSignals()
        let logger = Logger(label: "copytaster")
        do {
            let head = try SignedHead(ArchiveSource.head(settings), at: Date(), key: SharedOptions.absolute(key))
            if destination == .journal {
                logger.record(.anchored, "the head of row \(head.row), signed: \(head.line)")
            } else {
                Output.line(head.line)
            }
            if let command = to ?? settings.anchorCommand { try Anchor.hand(head, to: command) }
        } catch {
            let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
            if destination == .journal {
                logger.record(.anchorFailed, "\(failure.message)\(failure.hint.map { " (\($0))" } ?? "")")
                throw ExitCode(failure.code)
            }
            throw failure
        }
    }

    private static func hand(_ head: SignedHead, to command: String) throws {
        let outcome = ShellCommand(command).run([], input: Array((head.line + "\n").utf8), patience: 120)
        guard outcome.status == 0 else {
            throw CommandError(
                "`\(command)`, which takes signed heads, \(outcome.words)",
                hint: "run it by hand as the same user, with a line on its standard input", code: EX_UNAVAILABLE)
        }
    }
}
