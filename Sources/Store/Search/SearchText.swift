// How text becomes search terms. FTS5's unicode61 tokenizer splits at spaces, so that Chinese, Japanese,
// Thai, Lao, Burmese and Khmer, which write none between words, would be found only by whole clauses.
// Runs of such letters are therefore indexed, and asked for, as overlapping pairs.

enum SearchText {
    /// The tokenizer that both sides rely on; marks belong to words (Khmer and Thai vowels are marks).
    static let tokenizer = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"

    /// Whether a scalar belongs to a script without spaces between words.
    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF,  // Thai, Lao
            0x1000...0x109F,  // Burmese
            0x1780...0x17FF,  // Khmer
            0x3005...0x3007, 0x3041...0x30FF, 0x31F0...0x31FF,  // Japanese
            0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:  // Han
            true
        default: false
        }
    }

    /// A look at the bytes: only these lead bytes of UTF-8 begin a letter of an unspaced script.
    private static func mayHoldUnspaced(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for i in bytes.indices {
                let byte = unsafe bytes[i]
                if byte >= 0xE0, byte <= 0xE1 || (0xE3...0xE9).contains(byte) || byte == 0xEF || byte == 0xF0 {
                    return true
                }
            }
            return false
        }
    }

    /// Text for the index: unspaced runs `abc` become `ab bc c`, so that every pair, and every single
    /// letter as a beginning, can be asked for.
    static func indexed(_ text: String) -> String {
        guard mayHoldUnspaced(text) else { return text }
        var out = ""
        out.reserveCapacity(text.utf8.count * 2)
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if isUnspaced(scalar) {
                if let previous {
                    out.unicodeScalars.append(previous)
                    out.unicodeScalars.append(scalar)
                }
                out.unicodeScalars.append(" ")
                previous = scalar
                continue
            }
            if let last = previous {
                out.unicodeScalars.append(last)
                out.unicodeScalars.append(" ")
                previous = nil
            }
            out.unicodeScalars.append(scalar)
        }
        if let previous { out.unicodeScalars.append(previous) }
        return out
    }

    /// An FTS5 query for what a person typed: every word must occur; `"several words"` must follow each
    /// other; `word*` is a beginning. Nothing that is typed can be a syntax error.
    ///
    /// - Returns: nil if there is nothing to look for.
    static func query(_ typed: String) -> String? {
        var phrases: [String] = []
        for (index, part) in typed.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                phrases += phrase(String(part), isPrefix: false)
            } else {
                for word in part.split(whereSeparator: \.isWhitespace) {
                    phrases += phrase(String(word.filter { $0 != "*" }), isPrefix: word.hasSuffix("*"))
                }
            }
        }
        return phrases.isEmpty ? nil : phrases.joined(separator: " AND ")
    }

    private static func phrase(_ text: String, isPrefix: Bool) -> [String] {
        guard text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil })
        else { return [] }
        var terms: [String] = []
        var run: [Unicode.Scalar] = []
        var word = ""
        var endsInSingle = false
        func close() {
            if run.count == 1 { terms.append(String(run[0])) }
            for i in run.indices.dropLast() { terms.append(String(run[i]) + String(run[i + 1])) }
            endsInSingle = run.count == 1
            run = []
        }
        for scalar in text.unicodeScalars {
            if isUnspaced(scalar) {
                if !word.isEmpty { terms.append(word) }
                word = ""
                run.append(scalar)
            } else {
                if !run.isEmpty { close() }
                word.unicodeScalars.append(scalar)
            }
        }
        if !word.isEmpty {
            terms.append(word)
            endsInSingle = false
        }
        if !run.isEmpty { close() }
        return ["\"\(terms.joined(separator: " "))\"" + (isPrefix || endsInSingle ? " *" : "")]
    }
}
