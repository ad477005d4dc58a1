// What stands under a story: who reported, wrote and edited it, the end mark, where to write to.

extension Reader {
    /// Reads a line under the story; false if it is none.
    mutating func readTrailer(_ range: Range<Int>) -> Bool {
        if endMarks.value(of: withoutBrackets(range), in: text) != nil { return true }
        var at = range.lowerBound
        if text[at] == 0x28 || text[at] == 0x5B { at += 1 }
        var isTrailer = false
        var clause = at
        // Clauses stand between semicolons and full stops; each says by its first words what its names did.
        while clause < range.upperBound {
            let end = clauseEnd(clause, range.upperBound)
            guard let (verb, names) = reporters(clause..<end) else { break }
            isTrailer = true
            if verb == Self.reported { for name in names { addByline(name, rule: "byline/trailer") } }
            clause = Dates.skipBlanks(text, end + 1, range.upperBound)
        }
        return isTrailer
    }

    private static let reported: UInt8 = 1

    private var endMarks: WordTable { Self.endMarkTable }

    private static let endMarkTable = WordTable([
        (1, "enditem end ends endit -30- 30 完 全文完 おわり 끝 fin fine ende fim slut конец -end- ends- more")
    ])

    private static let verbs = WordTable([
        (
            reported,
            """
            reporting_by additional_reporting_by writing_by written_by reported_by reportage reportage_de reporte_de
            bericht_von berichtet_von reportagem_de story_by text_by
            """
        ),
        (
            2,
            "editing_by edited_by compiled_by translated_by redigiert_von editado_por édité_par version_française translation_by"
        ),
    ])

    private func withoutBrackets(_ range: Range<Int>) -> Range<Int> {
        var inner = range
        for (open, close): (StaticString, StaticString) in [("(", ")"), ("（", "）"), ("[", "]")] {
            let length = open.utf8CodeUnitCount
            if inner.count > 2 * length, Letters.has(open, text, at: inner.lowerBound),
                Letters.has(close, text, at: inner.upperBound - length)
            {
                inner = inner.lowerBound + length..<inner.upperBound - length
            }
        }
        return inner
    }

    private func clauseEnd(_ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, text[at] != 0x3B, text[at] != 0x29, text[at] != 0x5D {
            if text[at] == 0x2E, at + 1 >= end || text[at + 1] == 0x20 && at > start + 12 { break }
            at += 1
        }
        return at
    }

    /// The word that begins a clause and the names after it.
    private func reporters(_ clause: Range<Int>) -> (UInt8, [Range<Int>])? {
        var at = clause.lowerBound
        var words = 0
        var best: (UInt8, Int)?
        while at < clause.upperBound, words < 4 {
            while at < clause.upperBound, text[at] != 0x20 { at += 1 }
            words += 1
            if let value = Self.verbs.value(of: clause.lowerBound..<at, in: text) { best = (value, at) }
            at += 1
        }
        guard let best, words > 1 || best.1 < clause.upperBound else { return nil }
        let rest = Lines.trimmed(text, best.1..<clause.upperBound)
        guard let names = Names.list(text, rest, isStated: true),
            names.allSatisfy({ Letters.isUpper(text, at: $0.lowerBound) || Scripts.isCJK(text, at: $0.lowerBound) })
        else { return nil }
        return (best.0, names)
    }
}
