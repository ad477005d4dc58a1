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
internal import Text

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
    /// Deliveries of which not every part is as it was.
    public var partless: [Int64] = []
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
    public var isComplete: Bool { lost.isEmpty && textless.isEmpty && remade.isEmpty && partless.isEmpty }
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
    /// Numbers without a row in the ledger so far: of parts, or lost.
    private var unclaimed: [Int64] = []
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
                try store.pool.write { db in
                    for id in next...end { try bringOver(id, db) }
                    if end == last { for id in unclaimed { try bringOverWithoutRow(id, db) } }
                }
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
        guard let found = ledgerRow(id, db) else {
            // Perhaps a part: the row of its delivery comes after it.
            unclaimed.append(id)
            return
        }
        let strays = unclaimed.filter { !found.row.partIDs.contains($0) }
        unclaimed = []
        for stray in strays { try bringOverWithoutRow(stray, db) }
        // Those before it may prove it now, or not any more.
        let (row, chain) = strays.isEmpty ? found : ledgerRow(id, db) ?? found
        try insert(row, chain, db)
        if row.verdict == .parts { try bringOverParts(of: row, db) }
        if row.hasDocument { try bringOverContent(of: row, db) }
    }

    /// A number without a row in the ledger.
    private func bringOverWithoutRow(_ id: Int64, _ db: Database) throws {
        if losses.isLost(id) { return }
        if try !remake(id, db) { lose(id) }
    }

    private func bringOverContent(of row: LedgerRow, _ db: Database) throws {
        let id = row.id
        if let bytes = document(id, db, { SHA256Digest(of: $0) == row.sha256 }) {
            return try insertContent(of: row, bytes, db)
        }
        if !redacted.contains(id), !losses.textless.contains(id) {
            report.textless.append(id)
            result.textless.append((id, row.name))
        }
        try insertRelations(of: id, db)
        try insertSketch(of: row, reading: nil, db)
    }

    /// The parts of a delivery: those whose row proves itself, and of the others what can be made anew of the story.
    private func bringOverParts(of delivery: LedgerRow, _ db: Database) throws {
        var rows: [PartRow] = []
        for id in delivery.partIDs {
            let found = proven(.part, id...id) { try PartRow($0) }.first { $0.delivery == delivery.id }
            guard let part = found ?? remadePart(id, of: delivery, db) else { continue }
            try part.insert(into: db)
            rows.append(part)
            if part.hasDocument { try bringOverContent(of: LedgerRow(part, of: delivery), db) }
        }
        if PartsSeal(rows) != delivery.parts, !losses.isPartless(delivery.id) {
            report.partless = (report.partless ?? []) + [delivery.id]
            result.partless.append(delivery.id)
        }
        // The container, if it was kept.
        if let bytes = document(delivery.id, db, { SHA256Digest(of: $0) == delivery.sha256 }) {
            try insertContent(of: delivery, bytes, db)
        } else if !proven(.sketch, delivery.id...delivery.id, { try StoredSketch($0) }).isEmpty {
            try insertSketch(of: delivery, reading: nil, db)
        }
    }

    private func remadePart(_ id: Int64, of delivery: LedgerRow, _ db: Database) -> PartRow? {
        guard let story = remadeStory(id, db) else { return nil }
        result.remade.append(id)
        return PartRow(
            id: id, delivery: delivery.id, number: id - delivery.partIDs.lowerBound + 1,
            name: Array("recovered/\(id)".utf8), format: "unknown", mediaType: "", start: nil,
            size: Int64(story.text.bytes.count), sha256: SHA256Digest(of: story.text.bytes),
            verdict: story.verdict, of: story.of)
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
        guard head.lastID == row.partIDs.lowerBound - 1 else { return nil }
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
        if head.lastID != row.partIDs.lowerBound - 1 || row.chain(after: head.chain) != chain {
            report.unchained[row.id] = LossReport.solitary(row)
        }
        try EntryInserter(db, made: 0).insert(StoreEntry(row: row, content: nil), chain: chain)
        head = ChainHead(lastID: row.id, chain: chain)
        result.rows += 1
    }

    /// A document's bytes, as they are kept and as they were delivered.
    private typealias Bytes = (coding: Int64, compressed: [UInt8], bytes: [UInt8])

    /// The bytes of a document that `proof` accepts.
    private func document(_ id: Int64, _ db: Database, _ proof: ([UInt8]) -> Bool) -> Bytes? {
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

    /// A story whose row is lost, if its fingerprint proves the document: eight bytes of the digest are kept there.
    private func remadeStory(_ id: Int64, _ db: Database) -> (text: Bytes, verdict: Verdict, of: Int64?)? {
        guard let sketch = proven(.sketch, id...id, { try StoredSketch($0) }).first,
            let text = document(id, db, { SHA256Digest(of: $0).prefix == UInt64(bitPattern: sketch.sha) })
        else { return nil }
        let deciding = relations(of: id).lazy.compactMap { relation in
            Verdict(rawValue: relation.kind).map { ($0, relation.of) }
        }.first
        return (text, deciding?.0 ?? .new, deciding?.1)
    }

    /// Such a story with a row of its own.
    private func remake(_ id: Int64, _ db: Database) throws -> Bool {
        guard let (text, verdict, of) = remadeStory(id, db) else { return false }
        let made = readings(of: id).first?.made ?? 0
        let row = LedgerRow(
            id: id, received: made, name: Array("recovered/\(id)".utf8), size: Int64(text.bytes.count),
            sha256: SHA256Digest(of: text.bytes), verdict: verdict, of: of, reason: nil,
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
        of row: LedgerRow, _ text: Bytes, _ db: Database
    ) throws {
        if row.isStory { result.stories += 1 }
        try StoredContent(id: row.id, coding: text.coding, bytes: text.compressed).insert(into: db)
        func reading(_ stored: StoredReading) -> Reading? {
            do {
                let taken = try stored.text.map { try ExtractedText.decoded($0, id: row.id, db) }
                return try Reading(encoded: stored.fields, raw: taken ?? text.bytes)
            } catch { return nil }
        }
        var kept = readings(of: row.id).filter { reading($0) != nil }
        if kept.isEmpty {
            kept = [readAnew(text.bytes, isText: row.verdict != .parts && row.part?.format ?? "text" == "text")]
            report.reread.append(row.id)
            result.reread.append(row.id)
        }
        for (revision, reading) in kept.enumerated() {
            let id = row.id * Schema.revisions + Int64(revision)
            try StoredReading(
                id: id, parser: reading.parser, made: reading.made, fields: reading.fields, text: reading.text
            ).insert(into: db)
        }
        try insertRelations(of: row.id, db)
        try insertSketch(of: row, reading: kept.first.flatMap(reading), db)
    }

    /// A reading in the place of one that is lost. What is not plain text is read by processes that are not here.
    private func readAnew(_ bytes: [UInt8], isText: Bool) -> StoredReading {
        let note = "Its reading was lost; `copytaster reparse` reads it again."
        let reading = isText ? Reading(of: bytes) : Reading(text: [], encoding: .utf8, notes: [note])
        return StoredReading(
            id: 0, parser: isText ? Int64(Reading.parserVersion) : 0, made: Process.wallMicroseconds,
            fields: reading.encoded(), text: isText ? nil : [0, 0])
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
