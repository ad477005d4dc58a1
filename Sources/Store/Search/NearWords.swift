// "Did you mean": the word of the index's vocabulary that is nearest to one that nobody wrote.
//
// First every word is tried that one slip makes of it, some hundreds of look-ups; then, for words of five letters and
// more, those that begin alike are gone through for two slips, for a tenth of a second at most.

internal import Foundation
internal import GRDB
internal import Query

enum NearWords {
    /// Makes the table of the vocabulary (https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module): reading
    /// connections may not, later.
    static func prepare(_ db: Database) throws {
        try db.execute(sql: "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, story, row)")
    }

    /// The nearest word; nil if the word itself occurs, or nothing is near.
    static func nearest(to word: String, _ db: Database) throws -> String? {
        let letters = Array(word.unicodeScalars)
        guard (3...32).contains(letters.count), try stories(with: word, db) == 0 else { return nil }
        var best: (word: String, stories: Int)?
        for slip in slips(letters) {
            let count = try stories(with: slip, db)
            if count > best?.stories ?? 0 { best = (slip, count) }
        }
        return try best?.word ?? twoSlips(letters, db)
    }

    /// In how many stories a word occurs, as far as a hundred.
    private static func stories(with word: String, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM (SELECT 1 FROM story WHERE story MATCH ? LIMIT 100)"),
            arguments: ["\"\(word)\""]) ?? 0
    }

    /// The letters that a typist of this word has.
    private static func alphabet(_ letters: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let alphabets: [ClosedRange<UInt32>] = [
            0x61...0x7A, 0x3B1...0x3C9, 0x430...0x45F, 0x5D0...0x5EA, 0x621...0x64A,
        ]
        let range = alphabets.first { $0.contains(letters[0].value) } ?? alphabets[0]
        return range.compactMap { Unicode.Scalar($0) }
    }

    /// What becomes of a word by one slip.
    private static func slips(_ letters: [Unicode.Scalar]) -> Set<String> {
        var slips: Set<String> = []
        func add(_ letters: some Sequence<Unicode.Scalar>) {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: letters)
            slips.insert(String(view))
        }
        let alphabet = alphabet(letters)
        for at in 0...letters.count {
            let (front, back) = (letters[..<at], letters[at...])
            for letter in alphabet { add(front + [letter] + back) }
            guard let first = back.first else { continue }
            add(front + back.dropFirst())
            for letter in alphabet { add(front + [letter] + back.dropFirst()) }
            if back.count > 1 { add(front + [back[at + 1], first] + back.dropFirst(2)) }
        }
        return slips
    }

    private static func twoSlips(_ letters: [Unicode.Scalar], _ db: Database) throws -> String? {
        guard letters.count >= 5 else { return nil }
        var prefix = String.UnicodeScalarView()
        prefix.append(contentsOf: letters.prefix(2))
        let latest = ContinuousClock.now + .milliseconds(100)
        var best: (word: String, stories: Int)?
        let rows = try Row.fetchCursor(
            db, sql: "SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ?",
            arguments: [String(prefix), String(prefix) + "\u{10FFFF}"])
        while let row = try rows.next(), ContinuousClock.now < latest {
            guard let term = String.fromDatabaseValue(row[0]), let count = Int.fromDatabaseValue(row[1]) else {
                continue
            }
            if count > best?.stories ?? 0,
                EditDistance.between(Array(term.unicodeScalars), letters, atMost: 2) <= 2
            {
                best = (term, count)
            }
        }
        return best?.word
    }
}
