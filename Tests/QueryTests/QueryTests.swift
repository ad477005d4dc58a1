// The language of searches: what each text asks for, and what is told of a text that asks for nothing.

import Foundation
import TestSupport
import Testing

@testable import Query

/// A query, as short as it can be written.
private func shape(_ query: SearchQuery) -> String {
    switch query {
    case .phrase(let phrase):
        let words = phrase.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "_")
        return (phrase.field.map { "\($0.rawValue):" } ?? "") + words + (phrase.isPrefix ? "*" : "")
    case .language(let code): return "language:\(code)"
    case .verdict(let verdict): return "verdict:\(verdict)"
    case .date(let span): return "date:\(span.cover.joined(separator: "+"))"
    case .received(let span):
        return
            "received:\(span.from.map { "\($0 / 1_000_000)" } ?? "")..\(span.until.map { "\($0 / 1_000_000)" } ?? "")"
    case .all(let parts): return "(" + parts.map(shape).joined(separator: " & ") + ")"
    case .any(let parts): return "(" + parts.map(shape).joined(separator: " | ") + ")"
    case .not(let part): return "!" + shape(part)
    }
}

/// Why a text is no query; nil if it is one.
private func failure(_ text: String) -> QueryError? {
    do throws(QueryError) {
        _ = try SearchQuery(text, at: noon)
        return nil
    } catch { return error }
}

/// 2026-11-24 12:00 in UTC.
private let noon = QueryMoment(
    now: Date(timeIntervalSince1970: 1_795_521_600), zone: TimeZone(secondsFromGMT: 0) ?? .current)

struct QueryTests {
    @Test(
        arguments: [
            ("cocoa", "cocoa"), ("Cocoa  PRICES", "(cocoa & prices)"), ("\"hun sen\"", "hun_sen"),
            ("“hun sen”", "hun_sen"), ("congrat*", "congrat*"), ("\"hun se\"*", "hun_se*"), ("a OR b", "(a | b)"),
            ("a b OR c", "((a & b) | c)"), ("a (b OR c)", "(a & (b | c))"), ("a AND b", "(a & b)"),
            ("a AND NOT b", "(a & !b)"), ("a NOT b", "(a & !b)"), ("a -b", "(a & !b)"), ("-b", "!b"),
            ("a \u{2212}b", "(a & !b)"), ("- -b", "!b"), ("a -(b OR c)", "(a & !(b | c))"),
            ("a -\"b c\"", "(a & !b_c)"),
            ("a OR -b", "(a | !b)"), ("NOT NOT a", "a"), ("(a b) c", "(a & b & c)"),
            ("a or b and not c", "(a & or & b & and & not & c)"),
            ("headline:cocoa", "headline:cocoa"), ("HEADLINE:cocoa", "headline:cocoa"),
            ("headline:\"hun sen\" rice", "(headline:hun_sen & rice)"),
            ("headline:(a OR b) c", "((headline:a | headline:b) & c)"), ("-headline:x", "!headline:x"),
            (
                "byline:smith place:paris agency:ap caption:flood body:water",
                "(byline:smith & place:paris & agency:ap & caption:flood & body:water)"
            ),
            ("language:EN", "language:en"), ("language:(en OR ja)", "(language:en | language:ja)"),
            ("verdict:near-duplicate", "verdict:near-duplicate"), ("headline:OR", "headline:or"),
            ("date:2024", "date:2024"), ("date:2024-07..2024-08", "date:202407+202408"),
            ("date:2024-07-15", "date:20240715"),
            ("date:today", "date:20261124"), ("date:yesterday..today", "date:20261123+20261124"),
            ("received:2026-11-20", "received:1795132800..1795219200"),
            ("received:2h", "received:1795514400.."), ("received:..2h", "received:..1795514400"),
            ("received:yesterday", "received:1795392000..1795478400"),
            ("received:2026-11", "received:1793491200..1796083200"),
            ("received:2026-11-20T14:00", "received:1795183200..1795183260"),
            ("received:\"2026-11-20 14:00..2026-11-20 15:00\"", "received:1795183200..1795186800"),
            ("don't", "don_t"), ("well-known", "well_known"), ("rice & beans", "(rice & beans)"), ("a - b", "(a & b)"),
            ("U.S.", "u_s"), ("https://example.org/x", "https_example_org_x"), ("12:30", "12_30"),
            ("Re: rice", "(re & rice)"),
            ("北京", "北京"), ("国家主席", "国家_家主_主席"), ("京", "京*"), ("北京*", "北京"), ("\"北京 hun\"", "北京_京_hun"),
            ("f(x)", "(f & x)"), ("(a)", "a"), ("((a OR b))", "(a | b)"), ("\"\" a", "a"), ("a AND (&) b", "(a & b)"),
        ])
    func readsWhatIsTyped(text: String, expected: String) throws {
        #expect(shape(try SearchQuery(text, at: noon)) == expected)
    }

    /// Where the place is, the text between two bars.
    @Test(
        arguments: [
            ("|\"|open quote", "quotation mark is not closed"), ("a |(|b", "bracket is not closed"),
            ("a |)| b", "never opened"), ("a |OR|", "both sides"), ("|OR| a", "both sides"),
            ("a |OR| OR b", "both sides"),
            ("a |AND|", "both sides"), ("|AND| a", "both sides"), ("a |NOT|", "NOT wants"), ("a |-|) b", "NOT wants"),
            ("|headlin:|x", "no field headlin"), ("a |headline:| b", "nothing stands behind"),
            ("|date:|", "nothing stands behind"),
            ("pre|*|fix", "only at the end"), ("a |*|", "only at the end"), ("a|*|*", "only at the end"),
            ("date:|2024-13|", "no month 13"), ("date:|2023-02-29|", "no day 29"),
            ("date:|2024-08..2024-07|", "ends before"),
            ("date:|soon|", "soon is no date"), ("date:|-|-12-03", "minus stands before"),
            ("received:|later|", "later is no time"),
            ("received:|2026-11-21..2026-11-20|", "ends before"), ("verdict:|old|", "no such verdict"),
            ("verdict:|identical|", "no text of their own"), ("language:|English|", "no language code"),
            ("headline:|&|", "no letter"), ("date:|2024*|", "takes no *"),
            ("a |()| b", "nothing stands in the brackets"),
            ("||", "nothing to look for"), ("|& …|", "nothing to look for"),
            ("headline:(a |agency:|b)", "belong to headline"),
            ("ü |(|b", "bracket is not closed"), ("headline:|-|x", "minus stands before"),
        ])
    func saysWhereAndWhy(text: String, why: String) throws {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.utf8.count }
        let typed = text.replacingOccurrences(of: "|", with: "")
        let error = try #require(
            failure(typed), "\(typed) is read as \((try? SearchQuery(typed, at: noon)).map(shape) ?? "")")
        #expect(error.description.contains(why), "\(error.description)")
        #expect(error.place == parts[0]..<parts[0] + parts[1], "\(typed)")
        #expect(!error.hint.isEmpty)
    }

    @Test func aSlipInAFieldsNameIsGuessed() throws {
        #expect(failure("hedline:x")?.hint.contains("did you mean headline:?") == true)
    }

    @Test func nothingIsTooMuch() throws {
        for text in [
            String(repeating: "(", count: 4000), String(repeating: "a ", count: 2040),
            String(repeating: "x", count: 5000),
            String(repeating: "-", count: 4000) + "a", String(repeating: "\"a\" OR ", count: 500) + "b",
        ] {
            if let error = failure(text) { #expect(error.place.upperBound <= text.utf8.count) }
        }
        #expect(failure(String(repeating: "a ", count: 300)) != nil)
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(failure(nested(11)) != nil)
        #expect(failure(nested(10)) == nil)
    }

    /// Any text is a query, or an error with a place in it.
    @Test func anyTextIsReadOrRefusedWithItsPlace() {
        var numbers = SplitMix64(seed: 7)
        var queries = 0
        for _ in 0..<20_000 {
            let text = RandomQuery.text(&numbers)
            guard let error = failure(text) else {
                queries += 1
                continue
            }
            #expect(error.place.lowerBound >= 0 && error.place.upperBound <= text.utf8.count, "\(text)")
        }
        #expect(queries > 2000)
    }
}

/// Texts of what queries are made of, in any order.
enum RandomQuery {
    private static let pieces = [
        "a", "rice", "北京", "京", "ü", "OR", "AND", "NOT", "-", "(", ")", "\"", "“", "*", "headline:", "date:",
        "date:2024",
        "date:2024-07..", "language:en", "verdict:new", "received:2h", "received:..today", "place:", "nosuch:x", " ",
        " ", " ",
        "\u{0}", "'", ":", "..", "\u{301}", "\u{640}", "NEAR(", "^", "+", "{", "}", "_all", "facts:x", "\\", "%", ";--",
        "𠮷",
    ]

    static func text(_ numbers: inout SplitMix64) -> String {
        (0..<Int.random(in: 1...12, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
    }
}

struct SpanTests {
    /// A date lies in a span exactly if one of its places is in the cover.
    @Test func coversAreExact() throws {
        var numbers = SplitMix64(seed: 11)
        func day() -> Day {
            let year = Int.random(in: 1980...2045, using: &numbers)
            let month = Int.random(in: 1...12, using: &numbers)
            return Day(year, month, Int.random(in: 1...Day.days(of: month, year), using: &numbers))
        }
        func text(_ day: Day) -> String {
            let parts = [day.month, day.day].map { $0 < 10 ? "0\($0)" : "\($0)" }
            return "\(day.year)-\(parts[0])-\(parts[1])"
        }
        for _ in 0..<2000 {
            let ends = [day(), day()].sorted()
            let span = try DateSpan("\(text(ends[0]))..\(text(ends[1]))", noon)
            let cover = Set(span.cover)
            #expect(cover.count == span.cover.count && cover.count < 110)
            for _ in 0..<20 {
                let other = day()
                let isIn = ends[0] <= other && other <= ends[1]
                #expect(DateSpan.places(of: text(other)).contains(where: cover.contains) == isIn)
            }
        }
    }

    @Test func openEndsReachFar() throws {
        #expect(try DateSpan("..1999", noon).cover == ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"])
        #expect(try DateSpan("2024-12-30..", noon).cover.prefix(4) == ["20241230", "20241231", "2025", "2026"])
    }

    @Test func aDateIsAsPreciseAsItIs() throws {
        let cover = Set(try DateSpan("2024-07-01..2024-07-30", noon).cover)
        #expect(!DateSpan.places(of: "2024-07").contains(where: cover.contains), "it may be the 31st")
        #expect(DateSpan.places(of: "2024-07") == ["20", "202", "2024", "202407"])
        for none in ["--12-03", "", "2024-7", "24-07-15", "2024-07-15-1", "x024"] {
            #expect(DateSpan.places(of: none).isEmpty, "\(none)")
        }
    }
}

struct EditDistanceTests {
    @Test(
        arguments: [
            ("cocoa", "cocoa", 0), ("cocao", "cocoa", 1), ("coca", "cocoa", 1), ("cocoaa", "cocoa", 1),
            ("cacoa", "cocoa", 1),
            ("", "abc", 3), ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func countsSlips(a: String, b: String, expected: Int) {
        #expect(EditDistance.between(a, b) == expected)
        #expect(EditDistance.between(b, a) == expected)
        #expect(
            EditDistance.between(Array(a.unicodeScalars), Array(b.unicodeScalars), atMost: 1) == expected
                || expected > 1)
    }
}
