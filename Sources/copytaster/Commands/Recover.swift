// `copytaster recover`: every readable story of a damaged store, in a new one.

internal import ArgumentParser
internal import Files
internal import Foundation
internal import Recover
internal import Store

struct Recover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring every readable story of a damaged store into a new one.",
        discussion: """
            For a store that `verify` calls damaged and that has no recent backup. Stop the service first. The damaged \
            store is only read, never changed. Each story that is brought over has the very bytes that were delivered: \
            its SHA-256 proves it. Numbers, verdicts and times stay; what is lost is listed, and noted in the new store, \
            whose `verify` tells of it. Then put the new directory in the place of the old one. Exit code 0 if nothing \
            is lost, 65 if something is.
            """)

    @Option(
        name: .long, help: ArgumentHelp("The directory to make the new store in.", valueName: "dir"),
        completion: .directory)
    var to: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let settings = try shared.settings()
        let target = SharedOptions.absolute(to)
        guard let source = try? Directory(path: settings.state) else {
            throw CommandError(
                "there is no directory \(settings.state)", hint: "name the damaged store's with --state",
                code: EX_NOINPUT)
        }
        if case .process(let holder) = ProcessLock.holder(of: source) {
            throw CommandError(
                "\(settings.state) is in use by process \(holder)", hint: "stop it first: systemctl stop copytaster",
                code: EX_TEMPFAIL)
        }
        let recovery = try StoreRecovery(directory: settings.state)
        let lock = try ProcessLock(directory: target)
        defer { withExtendedLifetime(lock) {} }
        var bar = ProgressBar("recovering")
        let result = try recovery.run(into: target) { bar.show(Int($0), of: Int($1)) }
        bar.end()
        bar = ProgressBar("verifying")
        let proof = try StoreReader(directory: target).verify { bar.show(Int($0), of: Int($1)) }
        bar.end()
        let record = RecoveryRecord(result, store: target, sound: proof.isSound)
        if output.json { Output.line(record.jsonLine) } else { record.print(damaged: settings.state) }
        Output.flush()
        if !result.isComplete || !proof.isSound { throw ExitCode(EX_DATAERR) }
    }
}

/// What `recover` tells.
struct RecoveryRecord: Encodable {
    var version = Record.version
    var store: String
    var sound: Bool
    var rows: Int
    var stories: Int
    var refusedreads: Int
    /// First and last of each run of lost rows.
    var lost: [[Int64]]
    var textless: [Textless]
    var remade: [Int64]
    var unproven: [Int64]
    var reread: [Int64]

    struct Textless: Encodable {
        var id: Int64
        var name: String
        var nameescaped: Bool?
    }

    init(_ result: RecoveryResult, store: String, sound: Bool) {
        self.store = store
        self.sound = sound
        rows = result.rows
        stories = result.stories
        refusedreads = result.refusedReads
        lost = result.lost.map { [$0.lowerBound, $0.upperBound] }
        textless = result.textless.map {
            let printable = PrintableName($0.name)
            return Textless(id: $0.id, name: printable.text, nameescaped: printable.isEscaped ? true : nil)
        }
        (remade, unproven, reread) = (result.remade, result.unproven, result.reread)
    }

    func print(damaged: String) {
        Output.line(
            "\(Terminal.grouped(rows)) rows, \(Terminal.grouped(stories)) stories with their text are in \(store)")
        if refusedreads > 0 { Output.line("the disk refused \(Terminal.grouped(refusedreads)) reads") }
        for run in lost { Output.line("lost      rows \(run[0]) to \(run[1])") }
        for story in textless { Output.line("lost      the text of story \(story.id), \(Terminal.line(story.name))") }
        list("remade", remade, "the text is there; name and time are not the original ones")
        list("reread", reread, "the fields were read anew from the text")
        list("unproven", unproven, "the hash chain does not prove the row: a neighbour is lost, or it was changed")
        if lost.isEmpty, textless.isEmpty, remade.isEmpty { Output.line("nothing is lost") }
        guard sound else {
            return Output.line(
                "The new store is NOT sound: `copytaster verify --state \(store)` says why. Please report this.")
        }
        func word(_ path: String) -> String { PrintableName.shellWord(Array(path.utf8)) }
        Output.line("The new store is sound. Put it in the place of the old one:")
        Output.line("  chown -R --reference=\(word(damaged)) \(word(store))")
        Output.line("  mv \(word(damaged)) \(word(damaged + ".damaged"))")
        Output.line("  mv \(word(store)) \(word(damaged))")
        Output.line("  systemctl start copytaster")
    }

    private func list(_ what: String, _ ids: [Int64], _ meaning: String) {
        guard !ids.isEmpty else { return }
        let shown = ids.prefix(20).map(String.init).joined(separator: ", ") + (ids.count > 20 ? " ..." : "")
        Output.line("\(Terminal.padded(what, 9)) \(shown): \(meaning)")
    }
}
