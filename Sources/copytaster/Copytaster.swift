// The program: one subcommand a file. This one has the entry, the options that all share, and how errors
// reach a person: what happened, what to do, and an exit code of sysexits(3).

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Query
internal import Store
internal import Synchronization

@main
struct Copytaster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copytaster",
        abstract: "Reads incoming news copy, tells new stories from repeats, and keeps the good ones.",
        discussion: """
            The service (`copytaster run`) watches an inbox directory and commits every file that is dropped there to \
            a journaled store, exactly once; the other commands read that store while it runs.
            """,
        version: version,
        subcommands: [
            Run.self, Ingest.self, Status.self, List.self, Show.self, Search.self, Ledger.self, Relations.self,
            Compare.self, Diff.self, Requeue.self, Redact.self, Reparse.self, Verify.self, Recover.self, Backup.self,
            Restore.self, Anchor.self,
            Reload.self, CheckConfig.self, Formats.self, Read.self, Serve.self, Examine.self, Ship.self,
        ])

    static let version = "0.1.0"

    static func main() async {
        Files.Process.unblockSignals()
        let arguments = Array(CommandLine.arguments.dropFirst())
        if var command = try? parseAsRoot(arguments) as? any AsyncParsableCommand {
            do { try await command.run() } catch { Foundation.exit(end(error)) }
            return Output.flush()
        }
        let code = perform(arguments)
        Pager.finish()
        Foundation.exit(code)
    }

    /// Carries out a command and says what went wrong.
    ///
    /// - Parameter allow: throws if it must not be carried out.
    /// - Returns: the exit code.
    static func perform(
        _ arguments: [String], allow: (any ParsableCommand) throws(CommandError) -> Void = { _ in }
    ) -> Int32 {
        do {
            if let mistyped = mistyped(arguments) { throw mistyped }
            var command = try parseAsRoot(TypedQuery.withMinusSigns(arguments))
            try allow(command)
            // A visitor's terminal is at the other end.
            if SharedOptions.fixed == nil, (command as? any PagedCommand)?.usesPager == true { Pager.enable() }
            if let served = command as? any ServedCommand, !served.isLocal,
                case .service(let path) = try served.shared.access()
            {
                return try ReadClient(path: path).run(arguments)
            }
            try command.run()
            Output.flush()
            return 0
        } catch { return end(error) }
    }

    /// The error for a command that does not exist; nil where the first argument is one, or an option.
    private static func mistyped(_ arguments: [String]) -> CommandError? {
        let names = configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
        if configuration.subcommands.contains(where: { $0._commandName == first }) { return nil }
        let near = names.map { ($0, EditDistance.between(first, $0)) }.min { $0.1 < $1.1 }
        var hint = "all of them: copytaster --help"
        if let near, near.1 <= 2 { hint = "did you mean \(near.0)?" }
        return CommandError("there is no command \(PrintableName(Array(first.utf8)).text)", hint: hint, code: EX_USAGE)
    }

    /// Tells of an error, if it is one (help is none); the exit code.
    static func end(_ error: any Error) -> Int32 {
        Output.flush()
        if let failure = CommandError(error) {
            failure.print()
            return failure.code
        }
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if !text.isEmpty {
            if code.isSuccess { Output.line(text) } else { Terminal.tell(text + "\n") }
        }
        Output.flush()
        return code.rawValue
    }
}

/// How a command ends when it fails.
struct CommandError: Error {
    var message: String
    var hint: String?
    /// A code of sysexits(3).
    var code: Int32
    /// What else is wrong, where all of it is told at once.
    var more: [CommandError] = []

    init(_ message: String, hint: String? = nil, code: Int32) {
        self.message = message
        self.hint = hint
        self.code = code
    }

    /// The person's view of any error of this program; nil for the argument parser's own.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as BackupError: self.init(error.message, hint: error.hint, code: error.kind.exitCode)
        case let error as SettingsError: self.init(error.description, hint: error.hint, code: EX_CONFIG)
        case let error as SettingsFaults:
            let all = error.faults.map { CommandError($0.description, hint: $0.hint, code: EX_CONFIG) }
            guard let first = all.first else { return nil }
            self = first
            more = Array(all.dropFirst())
        case let error as StoreError: self.init(error.message, hint: error.hint, code: error.kind.exitCode)
        case let error as LockError:
            if case .held = error {
                self.init(error.description, hint: error.hint, code: EX_TEMPFAIL)
            } else {
                self.init(error.description, hint: error.hint, code: EX_CANTCREAT)
            }
        case let error as SpoolError:
            switch error {
            case .held(let error): self.init(error)
            case .unusable(let error): self.init(error)
            case .foreign: self.init(error.description, hint: error.hint, code: EX_CONFIG)
            }
        case let error as FileError:
            self.init(error.description, hint: error.hint, code: error.isForbidden ? EX_NOPERM : EX_IOERR)
        case let error as PipelineError:
            switch error {
            case .held(let error): self.init(error)
            case .spool(let error): self.init(error)
            case .store(let error): self.init(error)
            case .file(let error): self.init(error)
            }
        default: return nil
        }
    }

    func print() {
        Terminal.tell("copytaster: \(Terminal.safe(message))\n")
        if let hint, !hint.isEmpty { Terminal.tell("  \(Terminal.safe(hint))\n") }
        for error in more { error.print() }
    }

    /// All of it in one line.
    var line: String { ([self] + more).map { $0.message + ($0.hint.map { " (\($0))" } ?? "") }.joined(separator: "; ") }
}

extension BackupError.Kind {
    var exitCode: Int32 {
        switch self {
        case .unreachable: EX_UNAVAILABLE
        case .damaged: EX_DATAERR
        case .missing: EX_NOINPUT
        case .busy: EX_TEMPFAIL
        }
    }
}

extension StoreError.Kind {
    var exitCode: Int32 {
        switch self {
        case .missing, .notFound: EX_NOINPUT
        case .noRoom, .fatal: EX_IOERR
        case .tooNew, .damaged, .derived: EX_DATAERR
        case .busy: EX_TEMPFAIL
        case .unreadable: EX_NOPERM
        }
    }
}

/// The options that every command has.
struct SharedOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The configuration file.", valueName: "file"), completion: .file())
    var config: String?

    @Option(name: .long, help: ArgumentHelp("The directory of the store.", valueName: "dir"), completion: .directory)
    var state: String?

    @Option(
        name: .long, help: ArgumentHelp("The spool directory, which holds the inbox.", valueName: "dir"),
        completion: .directory)
    var spool: String?

    /// What a session of the read service reads, whatever its visitor says; nil in every other process.
    static var fixed: Settings? {
        get { fixedSettings.withLock { $0 } }
        set { fixedSettings.withLock { $0 = newValue } }
    }
    private static let fixedSettings = Mutex<Settings?>(nil)

    /// The settings of a command about a store: where nothing is named the system's service goes first, whoever asks.
    func settings() throws -> Settings {
        if let fixed = Self.fixed { return fixed }
        var loader = SettingsLoader.current
        if !isNamed(loader), SettingsLoader.hasSystemService { loader.isRoot = true }
        return try load(loader)
    }

    /// Those of a service that this user runs.
    func ownSettings() throws -> Settings { try load(.current) }

    /// Whether a person said which store is meant.
    private func isNamed(_ loader: SettingsLoader) -> Bool {
        state != nil || config != nil || loader.environment["COPYTASTER_STATE"] != nil
    }

    /// Whether other commands of this user look at another store than a service that she runs has.
    var othersLookElsewhere: Bool {
        let loader = SettingsLoader.current
        return !isNamed(loader) && !loader.isSystem && SettingsLoader.hasSystemService
    }

    private func load(_ loader: SettingsLoader) throws -> Settings {
        var overrides: [String: String] = [:]
        if let state { overrides["state"] = SharedOptions.absolute(state) }
        if let spool { overrides["spool"] = SharedOptions.absolute(spool) }
        return try loader.load(path: config, overrides: overrides)
    }

    func reader() throws -> StoreReader { try StoreReader(directory: settings().state) }

    /// Whether this process can answer itself.
    func access() throws -> ReadAccess { Self.fixed == nil ? ReadAccess(try settings()) : .direct }

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

/// The option of every command that reads.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print JSON Lines, one object a line.")
    var json = false
}
