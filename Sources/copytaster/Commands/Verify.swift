// `copytaster verify`: the proof that nothing was lost, from the disk alone.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Inbox
internal import Resemblance
internal import Store

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that nothing was lost or changed.",
        discussion: """
            Checks SQLite's integrity, the hash chain over the ledger, every document's bytes, every reading, relation and \
            fingerprint, and prints the accounts. Exit code 0 if all is sound, 65 if not.
            """)

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A chain head noted earlier, from the journal: rows cut off since then show.", valueName: "hash"))
    var head: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Signed heads, a line each, as `anchor` made them: all must be in the chain.", valueName: "file"),
        completion: .file())
    var anchors: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --anchors: who may sign, in the form of ssh-keygen(1), ALLOWED SIGNERS.", valueName: "file"),
        completion: .file())
    var allowedSigners: String?
    @Flag(name: .long, help: "Make the search index anew from the store.")
    var rebuild = false
    @Flag(
        name: .long,
        help: "Compare the search index with the stories, word by word; takes as long as making it anew.")
    var search = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    /// A slip in it must not look like a damaged store.
    func validate() throws {
        if (anchors == nil) != (allowedSigners == nil) {
            throw ValidationError("--anchors and --allowed-signers go together.")
        }
        guard let head, head.utf8.count != 64 || !head.allSatisfy(\.isHexDigit) else { return }
        throw ValidationError(
            "--head takes the 64 hexadecimal digits that the journal has after “its chain ends in”; “\(head)” is not that."
        )
    }

    func run() throws {
        let settings = try shared.settings()
        let signed = try anchors.map { try AnchorsProof(path: $0, signers: allowedSigners ?? "") }
        let reader = try StoreReader(directory: settings.state)
        if rebuild { try rebuildIndex(settings, reader) }
        var bar = ProgressBar("verifying")
        var result = try reader.verify(expectedHead: head?.lowercased()) { bar.show(Int($0), of: Int($1)) }
        bar.end()
        if let signed {
            bar = ProgressBar("looking at signed heads")
            result.checks.append(try signed.check(reader) { bar.show($0, of: $1) })
            bar.end()
        }
        let isStoreSound = result.isSound
        if search || FileManager.default.fileExists(atPath: settings.state + "/" + SearchIndex.fileName) {
            bar = ProgressBar("comparing the search index")
            result.checks.append(reader.verifyIndex(complete: search) { bar.show(Int($0), of: Int($1)) })
            bar.end()
        }
        let spool = SpoolProof(settings, reader)
        if let check = spool.check { result.checks.append(check) }
        let account = Account(result, spool)
        if output.json { Output.line(account.jsonLine) } else { account.print(result, isStoreSound) }
        Output.flush()
        if !account.sound { throw ExitCode(EX_DATAERR) }
    }

    private func rebuildIndex(_ settings: Settings, _ reader: StoreReader) throws {
        let lock = try ProcessLock(directory: settings.state)
        defer { withExtendedLifetime(lock) {} }
        SearchIndex.remove(directory: settings.state)
        let store = try StoreWriter(directory: settings.state)
        let index = try SearchIndex(directory: settings.state, store: store.lastCheckpoint().epoch)
        var bar = ProgressBar("indexing")
        var done = 0
        while case let moved = try index.advance(), moved > 0 {
            done += moved
            bar.show(done, of: Int(store.lastID))
        }
        bar.end()
        store.close()
        if !output.json { Output.line("the search index was made anew from \(Terminal.grouped(done)) rows") }
    }
}

/// The accounting identity: both sides, and what was proved of the right one.
struct Account: Encodable {
    var version = Record.version
    var sound: Bool
    var head: String
    /// Which life of the store the row numbers belong to.
    var epoch: String
    /// What the senders must have delivered, if nothing was lost; nil if the spool cannot be read.
    var delivered: Int?
    /// Files in the inbox; nil if it cannot be read.
    var waiting: Int?
    /// Files in work/ that have no row; nil if it cannot be read.
    var claimed: Int?
    /// Claims that were made, by the spool's own journal.
    var claims: Int64?
    var rows: Int
    /// Rows that a recovery told of as lost.
    var lost: Int
    var verdicts: [String: Int]
    /// Parts of deliveries, and how many have each verdict.
    var parts: Int
    var partverdicts: [String: Int]
    var checks: [CheckRecord]

    struct CheckRecord: Encodable {
        var name: String
        var sound: Bool
        var finding: String
        var faults: [String]
    }

    init(_ result: Verification, _ spool: SpoolProof) {
        let sum = result.counts.values.reduce(0, +)
        sound =
            result.isSound && sum == result.rows && result.partCounts.values.reduce(0, +) == result.parts
        parts = result.parts
        partverdicts = Dictionary(uniqueKeysWithValues: result.partCounts.map { ($0.key.rawValue, $0.value) })
        head = result.head
        epoch = result.epoch
        waiting = spool.waiting
        claimed = spool.claimed
        claims = spool.claims?.claims
        rows = result.rows
        lost = result.lost
        if let waiting, let claimed { delivered = waiting + claimed + rows + lost }
        verdicts = Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0.rawValue, result.counts[$0] ?? 0) })
        checks = result.checks.map {
            CheckRecord(name: $0.name, sound: $0.isSound, finding: $0.finding, faults: $0.faults)
        }
    }

    func print(_ result: Verification, _ isStoreSound: Bool) {
        for check in checks {
            let mark = check.sound ? Terminal.paint("sound", .green) : Terminal.paint("WRONG", .red)
            Output.line("\(mark)  \(Terminal.padded(check.name, 11)) \(check.finding)")
            for fault in check.faults { Output.line("         \(Terminal.line(fault))") }
        }
        func sum(_ terms: [(Int, String)]) -> String {
            terms.map { "\(Terminal.grouped($0.0)) \($0.1)" }.joined(separator: " + ")
        }
        Output.line("")
        let known = [(rows, "rows in the ledger")] + (lost > 0 ? [(lost, "rows lost before a recovery")] : [])
        if let delivered, let waiting, let claimed {
            Output.line(
                "delivered \(Terminal.grouped(delivered)) = "
                    + sum([(waiting, "waiting in the inbox"), (claimed, "claimed in work")] + known))
        } else {
            Output.line("delivered at least " + sum(known) + ": the spool cannot be read by this user")
        }
        Output.line(
            "ledger    \(Terminal.grouped(rows)) = "
                + sum(Verdict.allCases.map { (result.counts[$0] ?? 0, $0.rawValue) }))
        if parts > 0 {
            Output.line(
                "parts     \(Terminal.grouped(parts)) = "
                    + sum(Verdict.allCases.filter { $0 != .parts }.map { (result.partCounts[$0] ?? 0, $0.rawValue) }))
        }
        Output.line("chain     \(head)")
        Output.line("epoch     \(epoch)")
        Output.line("")
        Output.line(
            sound
                ? Terminal.paint("Nothing was lost or changed.", .green)
                    + " (Compare the first line with what the senders delivered.)"
                : !(result.checks.first { $0.name == SpoolProof.name }?.isSound ?? true) && isStoreSound
                    ? Terminal.paint("The spool's claims and the ledger do not agree.", .red)
                        + " Every row is as it was written; the lines above name what is missing or too much: ask who"
                        + " can write into the spool or put another store in place, and deliver again what is missing."
                    : isStoreSound
                        ? Terminal.paint("The search index is damaged, nothing else.", .red)
                            + " Stop the service and make it anew: copytaster verify --rebuild"
                        : Terminal.paint("The store is damaged.", .red)
                            + " Stop the service, keep a copy of the store's directory, and restore the last backup, or"
                            + " let `copytaster recover` bring every readable story into a new store.")
    }
}
