// `copytaster backup --verify`: what a restore would give, tried before it is needed.

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
    private let logger = Logger(label: "copytaster")

    init(_ settings: Settings, _ place: BackupPlace, maxAge: Double?, scratch: String?) {
        (self.settings, self.place, self.maxAge) = (settings, place, maxAge)
        self.scratch =
            (scratch.map(SharedOptions.absolute) ?? NSTemporaryDirectory()) + "/copytaster-\(UUID().uuidString)"
    }

    /// A copy that came back as a store.
    private struct Copy {
        var what: String
        var head: StoreReader.Head
        var at: Date
    }

    func run() throws {
        bootstrapLogging(level: settings.logLevel)
        Files.Process.ignoreSignals()
        do {
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
        } catch {
            let failure = CommandError(error) ?? CommandError("\(error)", code: EX_SOFTWARE)
            let hint = failure.hint.map { " (\($0))" } ?? ""
            logger.record(
                .backupUnproved, "the backup at \(place.description) is not proved: \(failure.message)\(hint)")
            throw failure
        }
    }

    /// Makes a store of the newest copy, as a restore would.
    private func restore() throws -> Copy {
        if let file = place.newestFile {
            try FileManager.default.copyItem(atPath: file, toPath: scratch + "/" + StoreWriter.fileName)
            // As the service opens it.
            try StoreWriter(directory: scratch).close()
            let head = try StoreReader(directory: scratch).head()
            return Copy(what: file, head: head, at: BackupPlace.age(file))
        }
        let restoration = try Restoration(place.target())
        var bar = ProgressBar("restoring")
        let result = try restoration.run(into: scratch) { bar.show($0, of: $1) }
        bar.end()
        return Copy(
            what: "the backup at \(place.description)", head: result.head,
            at: Date(timeIntervalSince1970: Double(result.at) / 1_000_000))
    }

    /// Holds it against the archive, if that is there; how far it goes.
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
