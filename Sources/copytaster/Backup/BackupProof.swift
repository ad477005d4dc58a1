// `copytaster backup --verify`: what a restore would give, tried before it is needed.

internal import ArgumentParser
internal import Backup
internal import Files
internal import Foundation
internal import Logging
internal import Store
internal import Supervision

struct BackupProof {
    private let settings: Settings
    private let place: BackupPlace
    private let maxAge: Double?
    private let scratch: String
    private let logger: Logger

    init(_ settings: Settings, _ place: BackupPlace, maxAge: Double?, scratch: String?) {
        (self.settings, self.place, self.maxAge) = (settings, place, maxAge)
        // A name that nobody knows before: the scratch directory may be made among those of others.
        self.scratch =
            (scratch.map(SharedOptions.absolute) ?? NSTemporaryDirectory()) + "/copytaster-\(UUID().uuidString)"
        bootstrapLogging(level: settings.logLevel)
        logger = Logger(label: "copytaster")
    }

    /// A copy that came back as a store.
    private struct Copy {
        var what: String
        var head: StoreReader.Head
        var at: Date
    }

    /// Proves the newest file, and what was shipped: whichever are there.
    func run() throws {
        Files.Process.ignoreSignals()
        do {
            let file = place.newestFile
            if let file { try prove { try restore(file) } }
            let target = try file == nil || place.isDirectory ? place.target() : nil
            if let target, try file == nil || !target.list().isEmpty { try prove { try restore(target) } }
        } catch {
            let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
            let hint = failure.hint.map { " (\($0))" } ?? ""
            logger.record(
                .backupUnproved, "the backup at \(place.description) is not proved: \(failure.message)\(hint)")
            throw ExitCode(failure.code)
        }
    }

    private func prove(_ restore: () throws -> Copy) throws {
        let directory = try Directory(making: scratch, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        let copy = try restore()
        let proof = try StoreReader(directory: scratch).verify()
        if let check = proof.checks.first(where: { !$0.isSound }) {
            throw CommandError(
                "\(copy.what) is not sound: \(check.name): \(check.faults[0])",
                hint: "it cannot be relied on: make another copy at once", code: EX_DATAERR)
        }
        let extent = try compare(copy)
        logger.record(.backupProved, "\(copy.what) was restored and is sound: \(extent)")
    }

    private func restore(_ file: String) throws -> Copy {
        do {
            try FileManager.default.copyItem(atPath: file, toPath: scratch + "/" + StoreWriter.fileName)
        } catch {
            throw CommandError(
                "\(file) cannot be copied: \(error.localizedDescription)",
                hint: "is there room for it in \(scratch)? --scratch names another place", code: EX_IOERR)
        }
        // As the service opens it.
        try StoreWriter(directory: scratch).close()
        return Copy(what: file, head: try StoreReader(directory: scratch).head(), at: BackupPlace.age(file))
    }

    private func restore(_ target: any BackupTarget) throws -> Copy {
        let restoration = try Restoration(target)
        var bar = ProgressBar("restoring")
        let result = try restoration.run(into: scratch) { bar.show($0, of: $1) }
        bar.end()
        return Copy(
            what: "the backup at \(place.description)", head: result.head,
            at: Date(timeIntervalSince1970: Double(result.at) / 1_000_000))
    }

    /// Holds it against the archive, if that can be asked; how far it goes.
    private func compare(_ copy: Copy) throws -> String {
        let extent = "\(Terminal.grouped(copy.head.row)) rows, as of \(copy.at.formatted(.iso8601))"
        let archive: StoreReader.Head
        do { archive = try ArchiveSource.head(settings) } catch {
            return extent + "; it was not compared with the archive, which cannot be asked"
        }
        if copy.head.row > 0 {
            let chain = try ArchiveSource.chain(of: copy.head.row, settings)
            guard chain == copy.head.chain else {
                throw CommandError(
                    "row \(copy.head.row) of \(copy.what) is not the archive's: "
                        + (chain == nil ? "that ends with row \(archive.row)" : "their chains differ"),
                    hint:
                        "it is a copy of another store, or the archive was rewritten, or restored from an older copy; "
                        + "keep this copy, and find out with `copytaster verify`",
                    code: EX_DATAERR)
            }
        }
        let lacking = archive.row - copy.head.row
        if let maxAge, lacking > 0, -copy.at.timeIntervalSinceNow > maxAge * 86_400 {
            throw CommandError(
                "the newest copy is of \(copy.at.formatted(.iso8601)) and lacks \(Terminal.grouped(lacking)) rows",
                hint: "look why no newer one was made: systemctl status copytaster-backup", code: EX_DATAERR)
        }
        return extent
            + (lacking > 0 ? "; the archive has \(Terminal.grouped(lacking)) more by now" : ", all of the archive")
    }
}
