import Foundation
import Resemblance
import Story
import TestSupport
import Testing

@testable import Query
@testable import Store

extension StoreReader {
    /// What a text finds.
    func found(_ text: String, limit: Int = 100, by sort: SearchSort = .newest, page: Int = 0) throws -> [Int64] {
        try search(SearchRequest(SearchQuery(text), sort: sort, limit: limit, offset: page * limit)).ids
    }
}

struct SearchTests {
    let scratch = Scratch()

    private func indexed(_ texts: [String]) throws -> (StoreWriter, SearchIndex, StoreReader) {
        try indexed(texts.enumerated().map { Make.entry(Int64($0.offset + 1), $0.element) })
    }

    private func indexed(_ entries: [StoreEntry]) throws -> (StoreWriter, SearchIndex, StoreReader) {
        let store = try StoreWriter(directory: scratch.path)
        try store.append(entries)
        let index = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
        while try index.advance() > 0 {}
        return (store, index, try StoreReader(directory: scratch.path))
    }

    @Test(
        arguments: [
            ("hun sen", [2, 1]), ("HUN", [2, 1]), ("\"election victory\"", [1]), ("\"victory election\"", []),
            ("congrat*", [2, 1]), ("北京", [3]), ("洪森", [3]), ("习近平", [3]), ("習近平", [3]), ("京", [3]), ("北森", []),
            ("hun 北京", []), ("ភ្នំពេញ", [4]), ("พนมเปญ", [5]), ("zürich", [6]), ("zurich", [6]),
            ("hun OR zurich", [6, 2, 1]), ("hun -election", [2]), ("hun AND NOT election", [2]),
            ("-hun", [6, 5, 4, 3]),
            ("-(hun OR zurich) -北京", [5, 4]), ("(hun election) OR bericht", [6, 1]),
            ("hun OR -hun", [6, 5, 4, 3, 2, 1]),
            ("国家主席习近平在北京会见洪森", [3]), ("en", []), ("_all", []), ("all*", []), ("d20*", []), ("لبنان", []),
        ] as [(String, [Int64])])
    func findsStories(query: String, ids: [Int64]) throws {
        let (_, _, reader) = try indexed([
            "Chinese leaders congratulate Hun Sen on election victory", "Hun Sen received congratulations",
            "国家主席习近平在北京会见洪森。", "ព័ត៌មានពីភ្នំពេញ ថ្ងៃនេះ", "ข่าวจากพนมเปญวันนี้", "Bericht aus Zürich",
        ])
        #expect(try reader.found(query) == ids)
    }

    /// Facts, each alone and in company; row N was received in second N of 2023-11-14 22:13:20 UTC.
    @Test func findsStoriesByTheirFacts() throws {
        let story = { (headline: String, dateline: String) in
            "\(headline)\nBy John Smith\n\n\(dateline) - The ministers met on Tuesday to talk about rice and the price of it in "
                + "the markets of the country, officials said."
        }
        let relation = Relation(
            .nearDuplicate, of: 1, resemblance: 0.9, containment: 0.9, containmentOf: 0.9, rule: "much the same")
        let (_, _, reader) = try indexed([
            Make.entry(1, story("Ministers meet", "PHNOM PENH, July 3, 2024 (Reuters)")),
            Make.entry(
                2, story("Rice talks", "PARIS, Aug. 31, 2024 (AFP)"), .nearDuplicate, of: 1, relations: [relation]),
            Make.entry(
                3,
                "Die Minister trafen sich am Dienstag, um über den Preis von Reis zu sprechen, und das ist nicht neu."),
            Make.entry(4, "Kill this", .identical, of: 1),
        ])
        for (query, ids) in [
            ("headline:rice", [2]), ("headline:ministers", [1]), ("place:paris", [2]), ("place:\"phnom penh\"", [1]),
            ("agency:reuters", [1]), ("byline:smith", [2, 1]), ("date:2024", [2, 1]), ("date:2024-07", [1]),
            ("date:2024-08..2024-08-31", [2]), ("date:..2024-07-03", [1]), ("date:2025..", []),
            ("language:en", [2, 1]),
            ("language:de", [3]), ("-language:en", [3]), ("verdict:near-duplicate", [2]), ("verdict:new", [3, 1]),
            ("rice OR language:de", [3, 2, 1]), ("rice date:2024-07", [1]), ("rice -date:2024-07", [2]),
            ("received:2023-11-14", [3, 2, 1]), ("received:..2023-11-13", []),
            ("rice received:2023-11-14 -agency:afp", [1]),
            ("-received:2023", []), ("agency:afp OR received:..2020", [2]), ("received:2023 OR agency:afp", [3, 2, 1]),
            ("-(received:2023 rice)", [3]), ("(received:2023 OR rice) (language:de OR paris)", [3, 2]),
        ] as [(String, [Int64])] {
            #expect(try reader.found(query) == ids, "\(query)")
            #expect(try Set(reader.found(query, by: .best)) == Set(ids), "\(query), best")
            #expect(try reader.found(query, by: .oldest) == ids.reversed(), "\(query), oldest")
            let counted = try reader.search(SearchRequest(SearchQuery(query), limit: 1, countsUpTo: 100))
            #expect(counted.total == ids.count, "\(query)")
        }
        #expect(try reader.found("rice OR reis", by: .date) == [2, 1, 3], "without a date last")
        #expect(try reader.found("-xyzzy", limit: 2, page: 1) == [1])
        // The others have no text of their own.
        let withoutText: Set<Verdict> = [.identical, .parts, .rejected]
        #expect(Verdict.allCases.filter { !withoutText.contains($0) }.map(\.rawValue) == SearchQuery.verdicts)
    }

    /// Random queries over random stories find what going through the stories finds.
    @Test func findsWhatGoingThroughAllFinds() throws {
        var numbers = SplitMix64(seed: 19)
        let words = ["rice", "cocoa", "Zürich", "北京市", "price", "peace"]
        let texts = (0..<60).map { number in
            "Headline \(number % 3 == 0 ? "rice" : "other")\n\nBody "
                + (0..<5).map { _ in words.randomElement(using: &numbers) ?? "" }.joined(separator: " ") + " ends here."
        }
        let (_, _, reader) = try indexed(texts)
        func one(_ depth: Int) -> String {
            let choice = Int.random(in: 0..<(depth > 2 ? 5 : 9), using: &numbers)
            switch choice {
            case 0...2: return words.randomElement(using: &numbers) ?? ""
            case 3:
                return "\"\(words.randomElement(using: &numbers) ?? "") \(words.randomElement(using: &numbers) ?? "")\""
            case 4: return "headline:rice"
            case 5: return "-\(one(depth + 1))"
            case 6: return "(\(one(depth + 1)) OR \(one(depth + 1)))"
            case 7: return "(\(one(depth + 1)) \(one(depth + 1)))"
            default: return "received:..2030"
            }
        }
        let readings = try (1...60).map { try #require(try reader.document($0)?.reading()) }
        for _ in 0..<400 {
            let text = one(0)
            let query = try SearchQuery(text)
            let expected = (1...60).reversed().filter { Plain.matches(query, readings[$0 - 1]) }.map(Int64.init)
            #expect(try reader.found(text) == expected, "\(text)")
        }
    }

    /// Whatever is typed, SQLite has nothing to say about it.
    @Test func noTextIsAnErrorOfTheEngine() throws {
        let (_, _, reader) = try indexed(["rice and 北京", "cocoa", "Bericht aus Zürich"])
        var numbers = SplitMix64(seed: 23)
        for round in 0..<1500 {
            let text = RandomText.query(&numbers)
            guard let query = try? SearchQuery(text) else { continue }
            let sort = SearchSort.allCases[round % SearchSort.allCases.count]
            do { _ = try reader.search(SearchRequest(query, sort: sort, limit: 3, countsUpTo: 10)) } catch {
                Issue.record("\(text): \(error)")
            }
        }
        let deep = ["(a OR -", "(a OR b -", "(a -", "(-", "(language:en OR -date:2024 -", "headline:(a OR b -"].map {
            String(repeating: $0, count: 10) + "b" + String(repeating: ")", count: 10)
        }
        let wide = (0..<256).map { "w\($0)" }
        for text in deep + [wide.joined(separator: " "), wide.joined(separator: " OR "), "date:1001-02-03..2998-11-29"]
        {
            do { _ = try reader.found(text) } catch { Issue.record("\(text.prefix(80)): \(error)") }
        }
    }

    @Test func aWordThatNobodyWroteHasANearOne() throws {
        let (_, _, reader) = try indexed([
            "The price of cocoa", "cocoa and coffee", "Сегодня в Москве", "Kardashian cocoa", "International election",
        ])
        func near(_ text: String) throws -> [String] { try reader.nearestWords(SearchQuery(text)).map(\.nearest) }
        for typed in ["cocao", "coca", "coccoa", "cokoa", "COCAO"] { #expect(try near(typed) == ["cocoa"], "\(typed)") }
        #expect(try near("internatoinla") == ["international"], "two slips")
        #expect(try near("москве сегодня").isEmpty, "they are there")
        #expect(try near("москвне") == ["москве"])
        #expect(try near("cofee cocao") == ["coffee", "cocoa"])
        #expect(try near("xyzzyx").isEmpty)
        #expect(try near("price -cofee").isEmpty, "what must not be there may be missing")
    }

    @Test func theIndexGoesOnWhereItStoppedAndIsRebuiltWhenGone() throws {
        let (store, index, reader) = try indexed(["one story"])
        try store.append([Make.entry(2, "another story")])
        #expect(try reader.search(SearchRequest(SearchQuery("story"), limit: 10)).behind == 1)
        #expect(try reader.searchBehind() == 1)
        #expect(try index.advance() == 1)
        #expect(try reader.found("story") == [2, 1])
        #expect(try reader.found("story", limit: 1) == [2], "the newest first")
        SearchIndex.remove(directory: scratch.path)
        let again = try SearchIndex(directory: scratch.path, store: store.lastCheckpoint().epoch)
        while try again.advance() > 0 {}
        #expect(try reader.found("story") == [2, 1])
    }

    @Test func aBatchThatMustEndKeepsWhatIsDone() throws {
        let (store, index, reader) = try indexed([String]())
        try store.append((1...5).map { Make.entry($0, "story number \($0)") })
        var asked = 0
        let moved = try index.advance {
            asked += 1
            return asked > 3
        }
        #expect(moved > 0 && moved < 5)
        #expect(try index.progress() == Int64(moved))
        #expect(try index.advance() == 5 - moved)
        #expect(try reader.found("story") == [5, 4, 3, 2, 1])
    }

    @Test func anIndexOfAnotherStoreIsNotUsed() throws {
        _ = try indexed(["one story"])
        let other = try SearchIndex(directory: scratch.path, store: "another")
        #expect(try other.progress() == 0)
    }

    @Test func aRedactedStoryIsNotFound() throws {
        let (store, index, reader) = try indexed(["a secret story", "a public story"])
        try index.remove(1)
        try store.redact(1, reason: "privacy")
        #expect(try reader.found("secret") == [])
        #expect(try reader.found("story") == [2])
        #expect(try reader.found("verdict:new") == [2])
        #expect(try reader.found("received:2023") == [2])
    }

    @Test func theBestMatchComesFirstWhenAsked() throws {
        let (_, _, reader) = try indexed([
            "Rice harvest\n\nrice rice rice prices",
            "A long report on trade\n\nthat names rice once among many other goods and words",
        ])
        #expect(try reader.found("rice") == [2, 1])
        #expect(try reader.found("rice", by: .best) == [1, 2])
    }
}

/// Whether a story matches, by going through its words.
private enum Plain {
    static func matches(_ query: SearchQuery, _ reading: Reading) -> Bool {
        switch query {
        case .all(let parts): parts.allSatisfy { matches($0, reading) }
        case .any(let parts): parts.contains { matches($0, reading) }
        case .not(let part): !matches(part, reading)
        case .received, .language, .verdict, .date: true
        case .phrase(let phrase):
            IndexedStory.text(of: reading).contains { field, text in
                guard phrase.field == nil || phrase.field == field else { return false }
                let folded = FoldedText(text, keepsWords: true)
                return !Snippet.matches(folded, [phrase], in: field).isEmpty
            }
        }
    }
}

private enum RandomText {
    private static let pieces = [
        "a", "rice", "北京", "京", "ü", "OR", "AND", "NOT", "-", "(", ")", "\"", "*", "headline:", "date:2024",
        "date:2024-07..",
        "language:en", "verdict:new", "received:2h", "received:..today", "place:", " ", " ", " ", " ", "\u{0}", "'",
        ":", "..",
        "\u{301}", "NEAR(", "^", "+", "{", "}", "_all", "\\", "%", ";--", "𠮷", "cocoa", "zurich",
    ]

    static func query(_ numbers: inout SplitMix64) -> String {
        (0..<Int.random(in: 1...12, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
    }
}
