// `copytaster backup`: a copy of the store, made once, or followed for as long as it runs; and the proof of a copy.

internal import ArgumentParser
internal import Backup
internal import Foundation
internal import Store

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the store to a file, or follow it to another disk or machine.",
        discussion: """
            With a file, a consistent copy of copytaster.sqlite is made while the service runs (SQLite's online backup).

            With --follow, all that is in the store and all that comes is shipped to a target within seconds, as segments \
            that are only added to: to a directory, or to whatever `exec:COMMAND` reaches (see BACKUP in \
            copytaster.conf(5)). It runs until it is stopped, and goes on where it was; what is redacted is erased from \
            the target, too. A redaction does not reach files, nor what was shipped in an earlier epoch of the store.

            With --verify, the newest copy at a target (or a file, or the newest of a directory of files) is restored \
            into a scratch directory and proved. Exit code 65 if it is not sound.

            `copytaster restore` makes a store of either.
            """)

    @Argument(
        help: ArgumentHelp(
            "The file to make, which must not exist; with --follow or --verify the target, instead of backup.target.",
            valueName: "target"), completion: .file())
    var target: String?
    @Flag(name: .long, help: "Ship the store to the target, now and for as long as this runs.")
    var follow = false
    @Flag(name: .long, help: "Restore the newest copy into a scratch directory and prove it.")
    var verify = false
    @Option(
        name: .long, help: ArgumentHelp("With --follow, seconds between two looks at the store.", valueName: "seconds"))
    var every = 1.0
    @Option(
        name: .long,
        help: ArgumentHelp("With --verify, a copy that lacks rows must not be older.", valueName: "days"))
    var maxAge: Double?
    @Option(
        name: .long,
        help: ArgumentHelp("With --verify, where the scratch directory is made.", valueName: "dir"),
        completion: .directory)
    var scratch: String?
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if follow && verify { throw ValidationError("Either --follow or --verify.") }
        if !follow && !verify && target == nil { throw ValidationError("Name the file to make, or use --follow.") }
        if !(0.05...3600).contains(every) { throw ValidationError("--every takes seconds, from 0.05 to 3600.") }
    }

    func run() throws {
        if follow {
            let settings = try shared.settings()
            let place = try BackupPlace(named: target, settings)
            return try Following(settings, place, every: every).run()
        }
        if verify {
            let settings = try shared.settings()
            let place = try BackupPlace(named: target, settings)
            return try BackupProof(settings, place, maxAge: maxAge, scratch: scratch).run()
        }
        try copy(to: target ?? "")
    }

    private func copy(to file: String) throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw CommandError("\(file) exists", hint: "name a new file: a backup never overwrites", code: EX_CANTCREAT)
        }
        let reader = try shared.reader()
        var bar = ProgressBar("backing up")
        try reader.backup(to: file) { bar.show($0, of: $1) }
        bar.end()
        Output.line("\(file) holds the store up to row \(try StoreReader(file: file).lastID())")
    }
}
