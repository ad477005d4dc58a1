import Story
import Text
import TestSupport
import Testing

@testable import Resemblance

@Suite struct ComparisonTests {
    @Test func aTextContainsItself() {
        for paragraphs in [harbour, orchard, ["Short."], inventedParagraphs(30, seed: 1)] {
            let passage = Passage(story("One", paragraphs))
            let same = compare(passage, passage, Thresholds(), in: nil)
            #expect(same.resemblance == 1 && same.containment == 1 && same.containmentOf == 1)
        }
    }

    @Test func comparingIsSymmetric() {
        let texts = [
            story("One", harbour), story("Two", Array(harbour[0...2])), story("Three", harbour + orchard),
            story("Four", Array(harbour[2...]) + orchard), story("Five", orchard),
            story("Six", harbour.map { $0.replacing("three weeks", with: "five months").replacing("4", with: "9") }),
        ]
        for a in texts {
            for b in texts {
                let (one, other) = (compare(a, b), compare(b, a))
                #expect(one.resemblance == other.resemblance)
                #expect(one.containment == other.containmentOf)
                let mirrored: Relation.Kind? =
                    one.kind == .excerpt ? .expansion : one.kind == .expansion ? .excerpt : one.kind
                #expect(other.kind == mirrored)
            }
        }
    }

    @Test func trimsAndExtensions() {
        let long = story("Mole closed", harbour)
        #expect(compare(story("Cracks", harbour[1], harbour[2]), long).kind == .excerpt)
        #expect(compare(long, story("Cracks", harbour[1], harbour[2])).kind == .expansion)
        let roundup = inventedParagraphs(4, seed: 1) + orchard + harbour + inventedParagraphs(9, seed: 2)
        #expect(compare(story("Mole closed", orchard + harbour), story("Round-up", roundup)).kind == .excerpt)
        #expect(compare(long, story("Apples", orchard)).kind == nil)
    }

    @Test func scatteredEditsAreANearDuplicate() {
        let edited = harbour.map {
            $0.replacing("vessels", with: "ships").replacing("asked", with: "advised").replacing(
                "cracks", with: "rifts")
        }
        let comparison = compare(story("Mole shut", edited), story("Mole closed", harbour))
        #expect(comparison.kind == .nearDuplicate)
        #expect(comparison.resemblance < 0.9)
    }

    @Test func aCorrectedNumberAmongManyIsANearDuplicate() {
        let results = (1...12).map { "In district \($0) the turnout was \($0 * 7 + 11) percent of those entitled." }
        var corrected = results
        corrected[4] = "In district 5 the turnout was 64 percent of those entitled."
        let comparison = compare(story("Turnout", corrected), story("Turnout", results))
        #expect(comparison.kind == .nearDuplicate)
        #expect(comparison.rule.contains("64"))
    }

    /// Ritual copy: the same sentences about another day, another sum, another guest.
    @Test func ritualCopyIsOnlyRelated() {
        func auction(_ day: String, _ sum: String, _ rate: String) -> ComparableText {
            story(
                "Bank adds money",
                "The central bank entered the market on \(day) to lend \(sum) million crowns to dealers against "
                    + "government paper, a spokesman for the bank said. Dealers said overnight money was traded at "
                    + "\(rate) percent when the bank began its temporary and indirect supply of funds.")
        }
        let comparison = compare(auction("March 3", "1500", "6.25"), auction("March 20", "2100", "6.5"))
        #expect(comparison.kind == .related)
        #expect(comparison.rule.contains("\u{201C}1500\u{201D} for \u{201C}2100\u{201D}"))
        #expect(comparison.facts?.otherNumbers == 3)

        func welcome(_ guest: String, _ country: String) -> ComparableText {
            story(
                "Premier welcomes guest",
                "The premier welcomed \(guest) of \(country) with full honours in the square before the great hall. "
                    + "The bands of both guards played the two anthems, and the two sides then walked past the guard "
                    + "of honour while schoolchildren waved the flags of both countries.")
        }
        let visits = compare(welcome("President Marta Olsen", "Norland"), welcome("King Edmund Vale", "the Isles"))
        #expect(visits.kind == .related)
    }

    @Test func chineseRitualCopyIsOnlyRelated() {
        func welcome(_ day: String, _ guest: String) -> ComparableText {
            story(
                "",
                "\(day)下午，国务院总理在人民大会堂东门外广场举行仪式，欢迎\(guest)对我国进行正式访问。总理同来访贵宾登上检阅台，"
                    + "军乐团奏两国国歌，天安门广场鸣放礼炮十九响。贵宾在总理陪同下检阅中国人民解放军仪仗队，并观看分列式。")
        }
        #expect(compare(welcome("9日", "首相桑切斯"), welcome("3日", "首相桑切斯")).kind == .related)
        // No number, no capital: only the guest differs.
        #expect(compare(welcome("", "西班牙首相桑切斯"), welcome("", "尼泊尔总理奥利")).kind == .related)
        #expect(compare(welcome("9日", "首相桑切斯"), welcome("9日", "首相桑切斯")).kind == .sameText)
    }

    @Test func figuresAndNumberWordsAreTheSameNumber() {
        let one = story("", harbour.map { $0.replacing("three weeks", with: "3 weeks") })
        #expect(compare(one, story("", harbour)).facts?.otherNumbers == 0)
    }

    @Test func datesFarApartCountAsAFact() {
        // A text with few facts: another date is another event.
        let one = story("Rates unchanged", orchard[1], date: "2024-03-02")
        let other = story("Rates are unchanged", orchard[1], date: "2024-03-19")
        #expect(compare(one, other).kind == .related)
        let next = story("Rates are unchanged", orchard[1], date: "2024-03-03")
        #expect(compare(one, next).kind == .nearDuplicate)
    }

    @Test func sameTextSaysBothDates() {
        let comparison = compare(
            story("Mole closed", harbour, date: "2023-09-30"), story("MOLE CLOSED", harbour, date: "2022-09-29"))
        #expect(comparison.kind == .sameText)
        #expect(comparison.rule.contains("2023-09-30") && comparison.rule.contains("2022-09-29"))
    }

    @Test func aFewSharedWordsProveNothing() {
        let one = story("", "He declined to say when the talks would resume.")
        let other = story("", "He declined to say when the talks would resume next. " + orchard.joined(separator: " "))
        #expect(compare(one, other).kind != nil)
        let short = story("", "He declined to say more.")
        let long = story("", "He declined to say more. " + orchard.joined(separator: " "))
        #expect(compare(short, long).kind == .related)
    }

    @Test func captionsAndDatelinesAreNotCompared() throws {
        let caption = "Workers look at the lighthouse on Thursday afternoon in the rain, in this photo by the agency."
        let text = Array((caption + "\n\n" + harbour.joined(separator: "\n\n")).utf8)
        let body = caption.utf8.count + 2
        let reading = Reading(
            text: text, encoding: .utf8,
            fields: [
                Field(.caption, 0..<caption.utf8.count, rule: "test"), Field(.paragraph, 0..<text.count, rule: "test"),
                Field(.dateline, body..<body + 4, rule: "test"),
            ])
        let with = ComparableText(of: reading)
        #expect(with.body == [caption.utf8.count..<body, body + 4..<text.count])
        #expect(Passage(with).words.count == Passage(story("", harbour)).words.count - 1)
    }

    /// Texts of few different words, where everything repeats and overlaps.
    @Test func anyTwoTextsCompare() {
        var random = SplitMix64(seed: 6)
        for round in 0..<300 {
            let vocabulary = 2 + round % 30
            func text() -> ComparableText {
                let count = Int.random(in: 0...60, using: &random)
                let words = (0..<count).map { _ in "W\(Int.random(in: 0..<vocabulary, using: &random))" }
                return story("", words.joined(separator: " "))
            }
            let (a, b) = (text(), text())
            let (one, other) = (compare(a, b), compare(b, a))
            #expect(one.resemblance == other.resemblance && one.containment == other.containmentOf)
            #expect((0...1).contains(one.containment) && one.resemblance <= min(one.containment, one.containmentOf))
            let alignment = Alignment(Passage(a), Passage(b))
            #expect(alignment.pairs <= min(Passage(a).words.count, Passage(b).words.count))
            for (earlier, later) in zip(alignment.common, alignment.common.dropFirst()) {
                #expect(earlier.upperBound <= later.lowerBound)
            }
        }
    }

    @Test func datesWithoutAYearAreComparedWithinOne() {
        #expect(Facts.areFarApart("--03-09", "2024-04-09"))
        #expect(!Facts.areFarApart("--12-31", "--01-01"))
        #expect(!Facts.areFarApart("2023-03-09", "--03-10"))
        #expect(!Facts.areFarApart("1987", "--03-10"))
    }

    @Test func isoDatesAreDays() {
        #expect(Facts.day("2024-03-01") == Facts.day("2024-02-29T12:00:00Z").map { $0 + 1 })
        #expect(Facts.day("2000-01-01") == Facts.day("1999-12-31").map { $0 + 1 })
        #expect(Facts.day("2024-3") == nil)
        #expect(Facts.day("") == nil)
        #expect(Facts.day("20240301ab") == nil)
    }
}
