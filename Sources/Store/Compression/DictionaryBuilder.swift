// The phrases that many stories share: what a dictionary for compression is made of.
//
// Promise: it holds nothing that fewer than `fewestStories` of the stories have in common, so that no story's own
// text outlives its redaction in a dictionary. As good, on news, as the longer pieces of single stories that
// zstd's own trainer picks (docs/performance.md).
//
// A phrase of n words is only counted where both phrases of n - 1 words in it are shared by enough stories
// (R. Agrawal, R. Srikant, "Fast algorithms for mining association rules", 1994), so that memory stays small.

internal import CZstd

struct DictionaryBuilder {
    /// A phrase is kept if so many stories have it.
    static let fewestStories = 8
    /// The bytes of phrases kept: twice as many gain 1 %.
    static let size = 60_000
    private static let longestPhrase = 12
    /// Fewer bytes of phrases are not worth a dictionary.
    private static let smallest = 4096
    /// What zstd's statistics take besides the phrases.
    private static let room = 4096

    private struct Phrase {
        var stories: Int32 = 0
        var lastStory: Int32 = -1
        /// Where it was seen first.
        var start: Int32
        var count: Int32
        /// Its number among the shared ones of its length.
        var number: Int32 = -1

        mutating func note(_ story: Int32) {
            guard story != lastStory else { return }
            lastStory = story
            stories += 1
        }
    }

    private let bytes: [UInt8]
    /// Where each token starts, with one more for the end; and the story that it belongs to.
    private var starts: [Int32] = []
    private var stories: [Int32] = []
    private var chosen: [(value: Int, start: Int, count: Int)] = []

    /// A dictionary in zstd's format; nil if the documents share too little.
    static func dictionary(of documents: [[UInt8]]) -> [UInt8]? {
        var book = DictionaryBuilder(documents)
        book.count()
        let phrases = book.content()
        guard phrases.count >= smallest else { return nil }
        let samples = documents.flatMap { $0 }
        let sizes = documents.map(\.count)
        var parameters = ZDICT_params_t()
        parameters.compressionLevel = Compression.level
        let made = unsafe [UInt8](unsafeUninitializedCapacity: phrases.count + room) { out, count in
            let n = unsafe ZDICT_finalizeDictionary(
                out.baseAddress, out.count, phrases, phrases.count, samples, sizes, UInt32(sizes.count), parameters)
            count = ZDICT_isError(n) == 0 ? n : 0
        }
        return made.isEmpty ? nil : made
    }

    private init(_ documents: [[UInt8]]) {
        bytes = documents.flatMap { $0 }
        var start = 0
        for (story, document) in documents.enumerated() {
            var at = start
            while at < start + document.count {
                starts.append(Int32(at))
                stories.append(Int32(story))
                at = Self.tokenEnd(bytes, at, start + document.count)
            }
            start += document.count
        }
        starts.append(Int32(start))
    }

    /// A token is a word with the blanks behind it, a letter of a script that is written without spaces, or what
    /// stands between words.
    private static func tokenEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        func isWord(_ byte: UInt8) -> Bool {
            byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A || byte >= 0x61 && byte <= 0x7A
                || byte >= 0x80 && byte < 0xE0
        }
        var at = start + 1
        if isWord(bytes[start]) {
            while at < end, isWord(bytes[at]) { at += 1 }
            while at < end, bytes[at] == 0x20 || bytes[at] == 0x0A { at += 1 }
        } else if bytes[start] >= 0xE0 {
            while at < end, bytes[at] & 0xC0 == 0x80 { at += 1 }
        } else {
            while at < end, bytes[at] < 0x80, !isWord(bytes[at]) { at += 1 }
        }
        return at
    }

    /// Counts phrases of one word, two, three ..., keeping of each length those that enough stories share.
    private mutating func count() {
        // For each token, the number of the shared phrase that begins there; -1 where none does.
        var numbers = [Int32](repeating: -1, count: stories.count)
        var shorter: [Phrase] = []
        for length in 1...Self.longestPhrase {
            var phrases: [UInt64: Phrase] = [:]
            for token in stories.indices {
                guard let key = key(token, length, numbers) else { continue }
                phrases[key, default: phrase(token, length)].note(stories[token])
            }
            var shared: [Phrase] = []
            for (key, phrase) in phrases {
                guard phrase.stories >= Self.fewestStories else {
                    phrases[key] = nil
                    continue
                }
                phrases[key]?.number = Int32(shared.count)
                shared.append(phrase)
            }
            var next = [Int32](repeating: -1, count: stories.count)
            for token in stories.indices {
                guard let key = key(token, length, numbers), let phrase = phrases[key] else { continue }
                next[token] = phrase.number
                guard length > 1 else { continue }
                // What is nearly always followed (or led) by the same word says nothing on its own.
                for part in [Int(numbers[token]), Int(numbers[token + 1])]
                where Int(phrase.stories) * 5 >= Int(shorter[part].stories) * 3 {
                    shorter[part].number = -2
                }
            }
            choose(shorter)
            (numbers, shorter) = (next, shared)
            if shared.isEmpty { break }
        }
        choose(shorter)
    }

    private mutating func choose(_ phrases: [Phrase]) {
        for phrase in phrases where phrase.number != -2 && phrase.count >= 4 {
            // Each use spares all but about three bytes.
            let value = Int(phrase.stories) * (Int(phrase.count) - 3)
            chosen.append((value, Int(phrase.start), Int(phrase.count)))
        }
    }

    /// What tells one phrase from others of its length; nil where none can be shared by enough stories.
    private func key(_ token: Int, _ length: Int, _ numbers: [Int32]) -> UInt64? {
        if length == 1 {
            // Seeded by the process: nobody can make two words collide on purpose.
            var hasher = Hasher()
            for index in Int(starts[token])..<Int(starts[token + 1]) { hasher.combine(bytes[index]) }
            return UInt64(bitPattern: Int64(hasher.finalize()))
        }
        guard token + length <= stories.count, stories[token] == stories[token + length - 1],
            numbers[token] >= 0, numbers[token + 1] >= 0
        else { return nil }
        return UInt64(numbers[token]) << 32 | UInt64(numbers[token + 1])
    }

    private func phrase(_ token: Int, _ length: Int) -> Phrase {
        Phrase(start: starts[token], count: starts[token + length] - starts[token])
    }

    /// The most valuable phrases, the best last: the end is what zstd reaches with the shortest offsets.
    private mutating func content() -> [UInt8] {
        chosen.sort { ($0.value, $0.start) > ($1.value, $1.start) }
        var size = 0
        let kept = chosen.prefix { phrase in
            size += phrase.count
            return size <= Self.size
        }
        return kept.reversed().flatMap { bytes[$0.start..<$0.start + $0.count] }
    }
}
