// Brings every readable story of a damaged store into a new one. The damaged files are only read, page by page, without
// SQLite: each row that can be found proves itself by its chain, its document's SHA-256 or its checksum, whatever became of
// the pages around it. Numbers, verdicts and times stay as they were; what is lost is told, and noted in the new store.
//
// Takes about 130 bytes of memory for each story.

internal import Files
internal import Foundation
internal import GRDB
internal import Resemblance
public import Store
internal import Story

/// What a recovery brought over, and what it could not.
public struct RecoveryResult: Sendable {
    /// Ledger rows in the new store.
    public var rows = 0
    /// Stories that have their text.
    public var stories = 0
    /// Ledger rows that are lost: first and last of each run.
    public var lost: [ClosedRange<Int64>] = []
    /// Stories whose text is lost; their ledger row stays.
    public var textless: [(id: Int64, name: [UInt8])] = []
    /// Stories whose ledger row is lost: their name and time are not the original ones.
    public var remade: [Int64] = []
    /// Rows of which the chain does not prove any more that they are as they were.
    public var unproven: [Int64] = []
    /// Stories whose fields were read anew from the text.
    public var reread: [Int64] = []
    /// Sectors that the disk refused to give.
    public var refusedReads = 0

    public init() {}

    /// Whether everything that was in the store is in the new one.
    public var isComplete: Bool { lost.isEmpty && textless.isEmpty && remade.isEmpty }
}

/// One recovery. Used once, in one thread.
public final class StoreRecovery {
    private let path: String
    private let images: PageImages
    private let scanner: CellScanner
    private var found: [RecoverableTable: [FoundRow]] = [:]
    private var result = RecoveryResult()
    private var report = LossReport.Losses.empty
    private var audits: [StoredAuditEntry] = []
    private var redacted: Set<Int64> = []
    /// What an earlier recovery told of.
    private var losses = LossReport()
    /// The newest row that went into the new store.
    private var head = ChainHead(lastID: 0, chain: LedgerRow.chainStart)

    /// - Parameter directory: the damaged store's; nothing in it is changed.
    public init(directory: String) throws(StoreError) {
        path = directory + "/" + StoreWriter.fileName
        images = try PageImages(ofStore: path)
        scanner = CellScanner(images: images)
    }

    /// Carries it out.
    ///
    /// - Parameters:
    ///   - directory: where the new store is made; it must hold none.
    ///   - progress: told how many of how many numbers are done.
    public func run(into directory: String, progress: (Int64, Int64) -> Void) throws(StoreError) -> RecoveryResult {
        guard !FileManager.default.fileExists(atPath: directory + "/" + StoreWriter.fileName) else {
            throw StoreError(.unreadable, "there is a store in \(directory)", hint: "name a new directory")
        }
        find()
        readAuditLog()
        let last = lastID
        let store = try StoreWriter(directory: directory)
        defer { store.close() }
        do {
            try store.pool.write { try insertDictionaries($0) }
            var next: Int64 = 1
            while next <= last {
                let end = min(last, next + 511)
                try store.pool.write { db in for id in next...end { try bringOver(id, db) } }
                next = end + 1
                progress(end, last)
            }
            try store.pool.write { try finish($0, last: last) }
            try store.emptyLog()
        } catch { throw StoreError(error, doing: "writing the new store \(directory)") }
        result.unproven = report.unchained.keys.sorted()
        result.refusedReads = images.refused
        return result
    }

    // MARK: Finding

    private func find() {
        images.forEach { place, counts in
            let page = images.image(place)
            for offset in scanner.offsets(page, number: place.page) {
                guard let head = scanner.head(page, offset) else { continue }
                for table in RecoverableTable.possible(head.types) {
                    found[table, default: []].append(
                        FoundRow(id: head.id, place: place, offset: UInt32(offset), counts: counts))
                }
            }
        }
        // Of several with one number the one that counts comes first.
        for table in found.keys { found[table]?.sort { ($0.id, $0.counts ? 0 : 1) < ($1.id, $1.counts ? 0 : 1) } }
    }

    private func candidates(_ table: RecoverableTable, _ ids: ClosedRange<Int64>) -> [(
        row: FoundRow, checked: CheckedRow
    )] {
        guard let rows = found[table] else { return [] }
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].id < ids.lowerBound { low = middle + 1 } else { high = middle }
        }
        return rows[low...].prefix { $0.id <= ids.upperBound }.compactMap { found in
            scanner.row(found.place, Int(found.offset)).map {
                (found, CheckedRow(id: $0.id, $0.values, "\(table)"))
            }
        }
    }

    /// The first of each number that proves itself.
    private func proven<T>(_ table: RecoverableTable, _ ids: ClosedRange<Int64>, _ make: (CheckedRow) throws -> T)
        -> [T]
    {
        var made: [T] = []
        var last: Int64 = 0
        for (row, checked) in candidates(table, ids) where row.id != last {
            guard let value = try? make(checked) else { continue }
            made.append(value)
            last = row.id
        }
        return made
    }

    private func readAuditLog() {
        audits = proven(.audit, 1...Int64.max - 1) { try StoredAuditEntry($0) }
        redacted = Set(audits.filter { $0.kind == "redact" }.compactMap(\.story))
        losses = (try? LossReport(audits)) ?? LossReport()
    }

    /// The newest number that anything knows of, within what the files can hold.
    private var lastID: Int64 {
        let most = Int64(images.pages) * Int64(images.pageSize) + Int64(images.others.count) * Int64(images.pageSize)
        let ledger = found[.ledger]?.last { $0.id < most && isLedgerRow($0) }?.id ?? 0
        let sketch = proven(.sketch, 1...most) { try StoredSketch($0).id }.last ?? 0
        return max(ledger, sketch, losses.lastID, ChainHead(ofStore: path)?.lastID ?? 0)
    }

    private func isLedgerRow(_ found: FoundRow) -> Bool {
        guard let row = scanner.row(found.place, Int(found.offset)) else { return false }
        return (try? LedgerRow(CheckedRow(id: row.id, row.values, "ledger"))) != nil
    }

    // MARK: Bringing over

    private func bringOver(_ id: Int64, _ db: Database) throws {
        let row = ledgerRow(id, db)
        guard let row else {
            if !losses.isLost(id), try remake(id, db) { return }
            if !losses.isLost(id) { lose(id) }
            return
        }
        try insert(row.row, row.chain, db)
        guard row.row.isStory else { return }
        if let bytes = document(id, db, { SHA256Digest(of: $0) == row.row.sha256 }) {
            try insertContent(of: row.row, bytes, db)
        } else if !redacted.contains(id), !losses.textless.contains(id) {
            report.textless.append(id)
            result.textless.append((id, row.row.name))
        }
        if result.textless.last?.id == id || redacted.contains(id) || losses.textless.contains(id) {
            try insertRelations(of: id, db)
            try insertSketch(of: row.row, reading: nil, db)
        }
    }

    /// What documents are compressed by, from whichever copy has the bytes that its digest says.
    private func insertDictionaries(_ db: Database) throws {
        for row in proven(.dictionary, 1...Int64.max, { try StoredDictionary($0) }) { try row.insert(into: db) }
    }

    private func lose(_ id: Int64) {
        if let run = result.lost.last, run.upperBound == id - 1 {
            result.lost[result.lost.count - 1] = run.lowerBound...id
        } else {
            result.lost.append(id...id)
        }
    }

    /// The ledger row of a number: the one that the chain proves, else the first that can be read.
    private func ledgerRow(_ id: Int64, _ db: Database) -> (row: LedgerRow, chain: [UInt8])? {
        let readable = candidates(.ledger, id...id).compactMap { found -> (LedgerRow, [UInt8], Bool)? in
            guard let row = try? LedgerRow(found.checked), let chain = try? LedgerRow.storedChain(found.checked) else {
                return nil
            }
            return (row, chain, found.row.counts)
        }
        let proven = readable.lazy.compactMap { self.proven($0.0, $0.1, db) }.first
        // An image that does not count may be of a transaction that was never committed.
        return proven ?? readable.first { $0.2 }.map { ($0.0, $0.1) }
    }

    /// The row, if the chain proves it; with the digest of its document, if it is the row's own that is damaged.
    private func proven(_ row: LedgerRow, _ chain: [UInt8], _ db: Database) -> (row: LedgerRow, chain: [UInt8])? {
        guard head.lastID == row.id - 1 else { return nil }
        if row.chain(after: head.chain) == chain { return (row, chain) }
        var mended = row
        guard row.isStory,
            document(
                row.id, db,
                {
                    mended.sha256 = SHA256Digest(of: $0)
                    return mended.chain(after: self.head.chain) == chain
                }) != nil
        else { return nil }
        return (mended, chain)
    }

    private func insert(_ row: LedgerRow, _ chain: [UInt8], _ db: Database) throws {
        if head.lastID != row.id - 1 || row.chain(after: head.chain) != chain {
            report.unchained[row.id] = LossReport.solitary(row)
        }
        try EntryInserter(db, made: 0).insert(StoreEntry(row: row, content: nil), chain: chain)
        head = ChainHead(lastID: row.id, chain: chain)
        result.rows += 1
    }

    /// The bytes of a document that `proof` accepts.
    private func document(_ id: Int64, _ db: Database, _ proof: ([UInt8]) -> Bool) -> (
        coding: Int64, compressed: [UInt8], bytes: [UInt8]
    )? {
        guard !redacted.contains(id) else { return nil }
        for found in candidates(.document, id...id) {
            guard let coding = try? found.checked.integer(1), let compressed = try? found.checked.blob(2),
                let bytes = try? Compression.decompress(
                    coding: Int(truncatingIfNeeded: coding), compressed, id: id, db),
                proof(bytes)
            else { continue }
            return (coding, compressed, bytes)
        }
        return nil
    }

    /// A story whose ledger row is lost, if its fingerprint proves the document: eight bytes of the digest are kept there.
    private func remake(_ id: Int64, _ db: Database) throws -> Bool {
        guard let sketch = proven(.sketch, id...id, { try StoredSketch($0) }).first,
            let text = document(id, db, { SHA256Digest(of: $0).prefix == UInt64(bitPattern: sketch.sha) })
        else { return false }
        let relations = relations(of: id)
        let verdict = relations.lazy.compactMap { relation in Verdict(rawValue: relation.kind).map { ($0, relation.of) }
        }.first
        let made = readings(of: id).first?.made ?? 0
        let row = LedgerRow(
            id: id, received: made, name: Array("recovered/\(id)".utf8), size: Int64(text.bytes.count),
            sha256: SHA256Digest(of: text.bytes), verdict: verdict?.0 ?? .new, of: verdict?.1, reason: nil,
            identity: FileIdentity(claim: 0, inode: 0, born: nil, modified: 0))
        report.remade.append(id)
        result.remade.append(id)
        try insert(row, row.chain(after: head.chain), db)
        try insertContent(of: row, text, db)
        return true
    }

    private func readings(of id: Int64) -> [StoredReading] {
        proven(.reading, Schema.ids(of: id)) { try StoredReading($0) }
    }

    private func relations(of id: Int64) -> [StoredRelation] {
        proven(.relation, Schema.ids(of: id)) { try StoredRelation($0) }
    }

    private func insertContent(
        of row: LedgerRow, _ text: (coding: Int64, compressed: [UInt8], bytes: [UInt8]), _ db: Database
    ) throws {
        result.stories += 1
        try StoredContent(id: row.id, coding: text.coding, bytes: text.compressed).insert(into: db)
        var kept = readings(of: row.id).filter { (try? Reading(encoded: $0.fields, raw: text.bytes)) != nil }
        if kept.isEmpty {
            let reading = Reading(of: text.bytes)
            let now = Process.wallMicroseconds
            kept = [StoredReading(id: 0, parser: Int64(Reading.parserVersion), made: now, fields: reading.encoded())]
            report.reread.append(row.id)
            result.reread.append(row.id)
        }
        for (revision, reading) in kept.enumerated() {
            let id = row.id * Schema.revisions + Int64(revision)
            try StoredReading(id: id, parser: reading.parser, made: reading.made, fields: reading.fields)
                .insert(into: db)
        }
        try insertRelations(of: row.id, db)
        try insertSketch(of: row, reading: kept.first.flatMap { try? Reading(encoded: $0.fields, raw: text.bytes) }, db)
    }

    private func insertRelations(of story: Int64, _ db: Database) throws {
        for (place, var relation) in relations(of: story).enumerated() {
            relation.id = story * Schema.revisions + Int64(place)
            if redacted.contains(story) || redacted.contains(relation.of) { relation.rule = "redacted" }
            try relation.insert(into: db)
        }
    }

    /// The fingerprint that was kept, else one made of the reading.
    private func insertSketch(of row: LedgerRow, reading: Reading?, _ db: Database) throws {
        let sha = Int64(bitPattern: row.sha256?.prefix ?? 0)
        var sketch = proven(.sketch, row.id...row.id) { try StoredSketch($0) }.first { $0.sha == sha }
        if sketch == nil, let reading {
            sketch = StoredSketch(
                id: row.id, sha: sha, version: reading.versionKey.map { Int64(bitPattern: $0) },
                fingerprint: ComparableText(of: reading).fingerprint.encoded())
        }
        guard let sketch else { return }
        try sketch.insert(into: db)
    }

    // MARK: The end

    /// Audit entries are kept, and one tells of the recovery. Recovery of the spool goes on from where the damaged store was.
    private func finish(_ db: Database, last: Int64) throws {
        for (place, var audit) in audits.enumerated() {
            audit.id = Int64(place + 1)
            try audit.insert(into: db)
        }
        report.from = path
        report.lost = result.lost.map { [$0.lowerBound, $0.upperBound] }
        let detail = try JSONEncoder().encode(report)
        try StoreWriter.note(action: LossReport.kind, story: last, detail: String(decoding: detail, as: UTF8.self), db)
        var checkpoint = try StoredCheckpoint.fetch(db)
        checkpoint.isClean = false
        if let old = proven(.checkpoint, 1...1, { try StoredCheckpoint($0) }).first {
            // Its name is a new one: rows may be missing, so what was counted or remembered of the old one is not about it.
            (checkpoint.finished, checkpoint.isClean) = (old.finished, old.isClean)
        }
        try checkpoint.save(db)
    }
}
