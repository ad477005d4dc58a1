// `copytaster restore`: a store, made of what a backup holds.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Store

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a store of a backup.",
        discussion: """
            Of what `backup --follow` shipped to a target, or of a file that `backup FILE` made. The new store is proved, \
            has the rows of the backup with the same hashes, and begins a new epoch. Then stop the service and put the \
            new directory in the place of the old one (docs/operations.md, \u{201C}Off the machine\u{201D}).
            """)

    @Argument(
        help: ArgumentHelp("The target or the file, instead of backup.target.", valueName: "target"),
        completion: .file())
    var target: String?
    @Option(
        name: .long, help: ArgumentHelp("The directory to make the new store in.", valueName: "dir"),
        completion: .directory)
    var to: String
    @Option(
        name: .long,
        help: ArgumentHelp("The epoch whose rows are wanted, where a target has several.", valueName: "epoch"))
    var epoch: String?
    @OptionGroup var shared: SharedOptions

    func run() throws {
        let place = try BackupPlace(named: target, shared.settings())
        let directory = SharedOptions.absolute(to)
        let lock = try ProcessLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let head: StoreReader.Head
        var at = ""
        if epoch == nil, let file = place.newestFile {
            head = try restore(file, directory)
        } else {
            let restoration = try Restoration(place.target(), epoch: epoch)
            var bar = ProgressBar("restoring")
            let result = try restoration.run(into: directory) { bar.show($0, of: $1) }
            bar.end()
            (head, at) = (result.head, ", as of \(Terminal.time(result.at))")
        }
        var bar = ProgressBar("verifying")
        let proof = try StoreReader(directory: directory).verify { bar.show(Int($0), of: Int($1)) }
        bar.end()
        Output.line("\(directory) holds \(Terminal.grouped(head.row)) rows\(at)")
        Output.line("chain     \(head.chain)")
        Output.line("epoch     \(head.epoch)")
        guard proof.isSound else {
            Output.line("The restored store is NOT sound: `copytaster verify --state \(directory)` says why.")
            Output.flush()
            throw ExitCode(EX_DATAERR)
        }
        Output.line("The restored store is sound.")
    }

    private func restore(_ file: String, _ directory: String) throws -> StoreReader.Head {
        let store = directory + "/" + StoreWriter.fileName
        guard !FileManager.default.fileExists(atPath: store) else {
            throw CommandError("there is a store in \(directory)", hint: "name a new directory", code: EX_CANTCREAT)
        }
        do { try FileManager.default.copyItem(atPath: file, toPath: store) } catch {
            throw CommandError(
                "\(file) cannot be copied: \(error.localizedDescription)", hint: "is there room in \(directory)?",
                code: EX_IOERR)
        }
        // Opened as the service does it: rows without a head file begin a new epoch.
        try StoreWriter(directory: directory).close()
        return try StoreReader(directory: directory).head()
    }
}
