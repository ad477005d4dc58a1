// One name for another throughout is another event; a corrected spelling is not.

import Story
import Testing

@testable import Resemblance

@Suite struct ExchangeTests {
    /// A long story, in which names are few among many words.
    private func visit(_ country: String, _ guest: String) -> ComparableText {
        story(
            "Ministers praise ties with \(country)",
            [
                "The foreign minister arrived in \(country) on the first leg of a journey through four capitals, and said "
                    + "that both sides would open talks on fishing, railways and the exchange of students before winter."
            ] + harbour + orchard + ["At a dinner, \(guest) of \(country) said that the visit had been overdue."])
    }

    @Test func aPlaceExchangedThroughoutIsAnotherEvent() {
        let comparison = compare(visit("Norland", "Marta Olsen"), visit("Estavia", "Marta Olsen"))
        #expect(comparison.kind == .related)
        #expect(comparison.facts?.exchange?.mine == "Norland" && comparison.facts?.exchange?.theirs == "Estavia")
        #expect(
            comparison.rule.hasSuffix(
                "but they are about different events: \u{201C}Norland\u{201D} stands for \u{201C}Estavia\u{201D} throughout, in 3 places, "
                    + "the headline among them. This would be a near-duplicate if both named the same."))
    }

    @Test func aCorrectedSpellingIsACopy() {
        for (wrong, right) in [("Norland", "Norlund"), ("Kiev", "Kyiv"), ("Estavia", "Estavija"), ("US", "American")] {
            #expect(
                compare(visit(wrong, "Marta Olsen"), visit(right, "Marta Olsen")).kind == .nearDuplicate, "\(wrong)")
        }
    }

    @Test func lettersThatChangedPlacesAreACorrection() {
        for (wrong, right) in [("Jnes", "Jens"), ("Sna", "San"), ("Euroipe", "Europie"), ("Norlnad", "Norland")] {
            #expect(Spelling.areVariants(wrong.lowercased(), right.lowercased()), "\(wrong)")
        }
        #expect(!Spelling.areVariants("lima", "oslo"))
    }

    /// One name for another, and that one for a third: each stands in both texts, but never in the same place.
    @Test func namesThatMoveOnAreExchanged() {
        func text(_ first: String, _ second: String) -> ComparableText {
            story(
                "\(first) receives \(second)",
                ["The council of \(first) received a delegation from \(second) on its way to the fair."] + harbour
                    + orchard
                    + ["The guests from \(second) left \(first) after dinner, and will return in the spring."])
        }
        #expect(compare(text("Norland", "Estavia"), text("Estavia", "Tirania")).kind == .related)
    }

    /// In a few sentences each name stands once, and is what they announce.
    @Test(arguments: [
        ("The minister of Norland", "The minister of Estavia"), ("on 3 March", "on 3 April"),
        ("The third round", "The fourth round"),
        ("The first round", "The second round"), ("in 2019", "in 2022"),
    ]) func anAnnouncementOfAnotherIsAnotherEvent(one: String, other: String) {
        func text(_ what: String) -> ComparableText {
            story(
                "Talks to be held",
                "It was announced that \(what) the talks about fishing rights and the harbour dues would be held behind closed "
                    + "doors, and that both delegations would speak to reporters after the second day of the meeting.")
        }
        #expect(compare(text(one), text(other)).kind == .related)
        #expect(compare(text(one), text(one)).kind == .sameText)
    }

    /// Who edits a few sentences changes other words, too.
    @Test func anEditedAnnouncementIsACopy() {
        func text(_ words: [String]) -> ComparableText {
            story(
                "Talks to be held",
                "It was \(words[0]) that the minister of \(words[1]) and the talks about fishing rights and the harbour dues would "
                    + "be held behind \(words[2]) doors, and that both delegations would \(words[3]) to reporters after the "
                    + "second day of the meeting, which is planned for Lima, Oslo, Turku and Bergen in the old town hall beside the market."
            )
        }
        #expect(
            compare(text(["announced", "Norland", "closed", "speak"]), text(["reported", "Estavia", "shut", "talk"]))
                .kind
                == .nearDuplicate)
    }

    @Test func placesWithNumeralsInTheirNamesAreExchanged() {
        func text(_ place: String) -> ComparableText {
            story("交流活动今天举行", ["今天上午在\(place)举行了交流活动。" + chinese + "随后代表们来到\(place)参观。"])
        }
        #expect(compare(text("四川"), text("湖南")).kind == .related)
        #expect(compare(text("北京"), text("上海")).kind == .related)
    }

    /// A note that stands in the midst of a text about something else is no excerpt of it; at the top, or under its headline, it is.
    @Test func anAnnouncementInsideAnotherTextIsNoExpansion() {
        let note = [harbour[1], harbour[2]]
        let rest = inventedParagraphs(12, seed: 3)
        func kind(_ headline: String, _ text: [String]) -> Relation.Kind? {
            compare(story(headline, text), story("Cracks in the northern mole", note)).kind
        }
        #expect(kind("A quiet week in the valley", Array(rest[..<6]) + note + Array(rest[6...])) == .related)
        #expect(kind("A quiet week in the valley", note + rest) == .expansion)
        #expect(kind("New cracks in the northern mole", Array(rest[..<6]) + note + Array(rest[6...])) == .expansion)
    }

    @Test func aNameThatIsWrongOnceIsACopy() {
        #expect(compare(visit("Norland", "Marta Olsen"), visit("Norland", "Edmund Vale")).kind == .nearDuplicate)
    }

    private func inspection(_ round: String, in sentence: (String) -> String) -> ComparableText {
        story(sentence(round), [sentence(round) + " under way, the office said."] + harbour + orchard)
    }

    @Test(arguments: [
        ("fifth", "sixth", "The % round of inspections is"), ("60th", "80th", "The % anniversary of the college is"),
        ("пятый", "шестой", "Начался % этап проверок"), ("fünfte", "sechste", "Die % Runde der Prüfungen hat begonnen"),
    ]) func anOrdinalExchangedThroughoutIsAnotherEvent(one: String, other: String, sentence: String) {
        func text(_ ordinal: String) -> ComparableText {
            inspection(ordinal) { sentence.replacing("%", with: $0) }
        }
        #expect(compare(text(one), text(other)).kind == .related)
        #expect(compare(text(one), text(one)).kind == .sameText)
    }

    /// What happened goes on: a later count, also in the headline, is weighed with the other figures.
    @Test func aLaterCountIsNoOrdinal() {
        func text(_ count: String) -> ComparableText {
            inspection(count) { "At least \($0) people were hurt when the mole gave way" }
        }
        #expect(compare(text("14"), text("17")).facts?.exchange == nil)
    }

    private let chinese =
        "会议强调，要坚持问题导向，推动各项工作取得新的成效。与会人员围绕加强基础设施建设、改善民生、保护生态环境等议题进行了深入讨论，"
        + "一致认为双方应当继续扩大贸易往来，密切人员交流，深化科技教育领域合作，共同维护地区和平稳定，为两国人民带来更多实实在在的利益。"

    @Test(arguments: [
        ("巴基斯坦", "澳大利亚"), ("第五轮", "第六轮"), ("法文版", "日文版"), ("二〇二四年", "二〇二五年"),
    ]) func theSameInScriptsWithoutCapitals(one: String, other: String) {
        func text(_ what: String) -> ComparableText {
            story("\(what)交流活动在京举行", ["\(what)交流活动今天上午在北京举行。" + chinese])
        }
        #expect(compare(text(one), text(other)).kind == .related)
    }

    @Test func editionsThatDifferInALetterAreOne() {
        func text(_ name: String) -> ComparableText {
            story("\(name)出席交流活动", ["\(name)今天上午在北京出席交流活动。" + chinese])
        }
        #expect(compare(text("张炜"), text("张伟")).kind == .nearDuplicate)
    }

    /// An announcement whose occasion differs in a quarter of its words.
    @Test func anAnnouncementOfSomethingElseIsNoCopy() {
        func programme(_ what: String) -> ComparableText {
            story(
                "On air tomorrow",
                "This station will broadcast live tomorrow from nine in the morning \(what). The broadcast will be carried by "
                    + "all channels of this station, and viewers may follow it on their telephones.")
        }
        let comparison = compare(
            programme("the opening session of the assembly in the capital"),
            programme("a concert for those who rebuilt the burnt theatre"))
        #expect(comparison.kind == .related)
    }
}
