// Names of authors out of what pages put there: several names in one string, posts, addresses, links.

internal import Text

enum Authors {
    /// The names in `stated`, each once.
    static func list(_ stated: [(text: String, rule: String)]) -> [Fact] {
        var names: [Fact] = []
        var seen: Set<UInt64> = []
        for (text, rule) in stated {
            let all = split(text)
            for name in all where names.count < 32 {
                // The site behind the names of people.
                if all.count > 1, isHost(name) { continue }
                if seen.insert(Facts.key(name)).inserted { names.append(Fact(value: name, evidence: rule)) }
            }
        }
        return names
    }

    /// The names in one string.
    static func split(_ text: String) -> [String] {
        var names: [String] = []
        guard !isAddress(text) else { return [] }
        for part in parts(withoutOpening(text)) {
            let name = part.trimmingBlanks()
            guard isName(name) else { continue }
            names.append(name)
        }
        return names
    }

    /// Without the word that bylines open with.
    private static func withoutOpening(_ text: String) -> String {
        for word in openings where text.utf8.count > word.utf8.count {
            let head = text.prefix(word.count)
            if head.lowercased() == word { return text.dropFirst(word.count).trimmingBlanks() }
        }
        return text
    }

    private static let openings = [
        "by: ", "by ", "von: ", "von ", "par ", "por ", "di ", "av ", "af ", "door ", "text: ", "from ", "written by ",
        "autor: ",
        "author: ", "autor ", "autorin ", "autorin/autor ", "reporter: ", "redaktion: ", "oleh ", "автор: ",
    ]

    /// Splits at commas, semicolons, strokes and the word for *and*.
    private static func parts(_ text: String) -> [String] {
        var parts = [""]
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            if connectives.contains(word.lowercased()), !parts[parts.count - 1].isEmpty {
                parts.append("")
                continue
            }
            var rest = word
            while let stop = rest.firstIndex(where: { separators.contains($0) }) {
                parts[parts.count - 1] += (parts[parts.count - 1].isEmpty ? "" : " ") + rest[..<stop]
                parts.append("")
                rest = rest[rest.index(after: stop)...]
            }
            if !rest.isEmpty { parts[parts.count - 1] += (parts[parts.count - 1].isEmpty ? "" : " ") + rest }
        }
        return parts
    }

    private static let separators: Set<Character> = [",", ";", "|", "/", "、", "・", "，", "·", "&", "•"]
    private static let connectives: Set<String> = [
        "and", "und", "et", "y", "og", "och", "en", "i", "ja", "e", "ve", "и", "та", "és", "with", "mit",
    ]

    private static func isHost(_ text: String) -> Bool {
        !text.contains(" ") && text.dropFirst().dropLast(2).contains(".") && text.allSatisfy(\.isASCII)
    }

    private static func isAddress(_ text: String) -> Bool { text.contains("://") || text.contains("www.") }

    /// Whether a text is only what stands before or between names.
    static func isConnective(_ text: String) -> Bool {
        let word = text.lowercased()
        return connectives.contains(word) || openings.contains { $0.trimmingBlanks() == word }
    }

    /// The names in a line of the page, which must hold nothing else; nil where it does.
    static func strictly(_ text: String) -> [String]? {
        guard text.utf8.count <= 160 else { return nil }
        let rest = withoutOpening(text)
        let names = parts(rest).map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
        guard !names.isEmpty else { return nil }
        // Behind the first name, a post or a place may stand.
        let good = names.prefix { isStrictName($0) }
        return good.isEmpty ? nil : Array(good)
    }

    /// Whether a line opens as a byline does.
    static func hasOpening(_ text: String) -> Bool { withoutOpening(text) != text }

    /// Whether a text is a name of a person beyond doubt: two to four words with capitals, or some letters of a script without.
    static func isStrictName(_ text: String) -> Bool {
        let words = text.split(separator: " ")
        guard text.utf8.count <= 60, !text.contains(where: { $0.isNumber || ":!?()[]“”\"©".contains($0) }) else {
            return false
        }
        guard let first = text.unicodeScalars.first else { return false }
        if !first.properties.isCased { return 2...8 ~= text.count && words.count <= 3 && first.properties.isAlphabetic }
        guard 2...5 ~= words.count, first.properties.isUppercase else { return false }
        return words.allSatisfy { word in
            word.unicodeScalars.first.map { $0.properties.isUppercase } == true || particles.contains(word.lowercased())
        }
    }

    private static let particles: Set<String> = [
        "de", "da", "do", "dos", "das", "del", "della", "di", "du", "la", "le", "van", "der", "den", "ten", "ter",
        "von", "zu", "zur",
        "al", "el", "bin", "ibn", "ben", "af", "av", "y", "e", "st", "'t",
    ]

    /// Whether a part can be a name: no address, no link, not a sentence.
    private static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.count <= 80, text.contains(where: \.isLetter) else { return false }
        if bytes.contains(Byte.at) || text.contains("://") || text.hasPrefix("www.") || text.contains("{") {
            return false
        }
        if text.split(separator: " ").count > 6 { return false }
        return true
    }
}
