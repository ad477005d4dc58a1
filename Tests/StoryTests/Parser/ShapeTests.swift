// The shapes that copy comes in: bylines, captions, web furniture, header lines, entities, wrapped lines.

import Story
import Testing

@Suite struct ShapeTests {
    private func read(_ text: String) -> Reading { Reading(of: Array(text.utf8)) }

    static let page = """
        Court ends a long dispute over the river

              A long dispute over the water of the river has ended after nine years, the court of the province said on Monday, to the relief of many.

                  Jane Doe Jane Doe
                Published 3 December 2024, 10:15
                Updated 4 December 2024, 08:00
                  Share
                  Facebook
                  * Copy link

                The river at dusk, seen from the old bridge. Photo: Max Miller/Reuters

            The dispute began in the spring of 2015, when farmers upstream dug new canals, and those downstream went to court over the water.

              Read more: How the river lost its fish

            It took the judges nine years to hear everyone, and the verdict has four hundred pages, most of them maps of the canals.

            What comes next

            Both sides said that they would accept the verdict, although the farmers upstream said that they would dig again one day.

                Advertisement

                Three things to know about rivers
        """

    @Test func webPageKeepsTheStoryAndLeavesTheFurniture() {
        let reading = read(Self.page)
        #expect(reading.headline == "Court ends a long dispute over the river")
        #expect(reading.bylines == ["Jane Doe"])
        #expect(reading.contentCreated == "2024-12-03")
        #expect(
            reading.pictures == [
                Picture(caption: "The river at dusk, seen from the old bridge.", credit: "Photo: Max Miller/Reuters")
            ])
        #expect(reading.pictures.first?.agency == "Reuters")
        #expect(reading.body.count == 5)
        #expect(reading.body.first?.hasPrefix("A long dispute") == true)
        #expect(reading.body.dropFirst(3).first == "What comes next")
        #expect(reading.language == "en")
    }

    @Test func picturesAreNumberedInTheOrderOfTheText() {
        let glued =
            "First, a man waves to a crowd in Beijing. (Xinhua/Xie Huanchi) BEIJING, Dec. 3 (Xinhua) -- He waved on Monday."
        let reading = read("Headline\n\n\(glued)\n\nSecond, a woman waves back to him. (Xinhua/Yao Dawei)\n")
        #expect(reading.pictures.map(\.credit) == ["Xinhua/Xie Huanchi", "Xinhua/Yao Dawei"])
        #expect(reading.fields.filter { $0.kind == .credit }.map(\.picture) == [0, 1])
        #expect(reading.pictures.map(\.agency) == ["Xinhua", "Xinhua"])
    }

    @Test func updatedIsOnlyTheSecondChoice() {
        let both = Self.page.split(separator: "Published 3 December 2024, 10:15").joined(separator: "")
        let reading = read(both)
        #expect(reading.contentCreated == "2024-12-04")
        #expect(reading.fields.contains { $0.kind == .contentcreated && $0.rule == "date/updated-line" })
    }

    @Test(arguments: [
        ("By Jane Doe", ["Jane Doe"]), ("By Jane Doe and John Smith, Reuters", ["Jane Doe", "John Smith"]),
        ("by keith grant, Reuters", ["keith grant"]), ("BY JULIE VORMAN, Reuters", ["Julie Vorman"]),
        ("Von Felix Schröder und Jörg Soldwisch", ["Felix Schröder", "Jörg Soldwisch"]),
        ("Par Marie Dupont", ["Marie Dupont"]), ("Por María R. Sahuquillo", ["María R. Sahuquillo"]),
    ])
    func statedBylines(line: String, names: [String]) {
        let reading = read(
            "A headline of some words\n\n\(line)\n\nLONDON, March 2 - The story starts here and goes on for a while.\n")
        #expect(reading.bylines == names)
        #expect(reading.body == ["The story starts here and goes on for a while."])
    }

    @Test(arguments: [
        "By the time they came it was over.", "Von den Alpen bis zur See regnet es.", "Par exemple, il pleut.",
    ])
    func sentencesAreNoBylines(line: String) {
        let reading = read("A headline of some words\n\n\(line)\n\nThe story starts here and goes on for a while.\n")
        #expect(reading.bylines.isEmpty)
        #expect(reading.body.count == 2)
    }

    @Test func trailerNamesTheReporters() {
        let story = "A headline\n\nPHNOM PENH, Dec 3 (Reuters) - The story goes on for a while and says things.\n\n"
        let reading = read(
            story
                + "It ends here, after a second paragraph of some length.\n\n(Reporting by Jane Doe and John Smith; Editing by Ann Lee)\n"
        )
        #expect(reading.bylines == ["Jane Doe", "John Smith"])
        #expect(reading.body.count == 2)
    }

    @Test(arguments: [
        ("UPDATE 2-Hun Sen wins vote", "update 2", "Hun Sen wins vote"),
        ("CORRECTED - GM SEES RISE", "correction", "GM SEES RISE"),
        ("REFILE-Oil falls", "refile", "Oil falls"), ("RPT-Oil falls", "repeat", "Oil falls"),
        ("3rd LD-Writethru: Hun Sen wins", "writethru 3", "Hun Sen wins"),
        ("1st LD Hun Sen wins", "lead 1", "Hun Sen wins"),
        ("(2nd LD) Hun Sen wins", "lead 2", "Hun Sen wins"), ("URGENT: Quake hits", "urgent", "Quake hits"),
        ("BULLETIN - Quake hits", "bulletin", "Quake hits"), ("Eilmeldung: Beben", "urgent", "Beben"),
        ("更正：洪森", "correction", "洪森"),
    ])
    func updateKinds(headline: String, kind: String, rest: String) {
        let reading = read("\(headline)\n\nThe story starts here and goes on for a while.\n")
        #expect(reading.headline == headline)
        #expect(reading.updateKind == kind)
        #expect(reading.headlineWithoutUpdate == rest)
        #expect(reading.pubStatus == nil)
    }

    @Test(arguments: [
        "Flash floods kill ten", "Update on the vote", "Urgent appeal for aid", "Lead in the water", "Hold the line",
    ])
    func headlinesThatSayNothingOfVersions(headline: String) {
        let reading = read("\(headline)\n\nThe story starts here and goes on for a while.\n")
        #expect(reading.updateKind == nil)
        #expect(reading.headlineWithoutUpdate == headline)
    }

    @Test func killsAndHoldsAreStatus() {
        #expect(read("KILL: Hun Sen wins\n\nThe story is withdrawn.\n").pubStatus == "canceled")
        #expect(read("HOLD - Hun Sen wins\n\nThe story is held.\n").pubStatus == "withheld")
    }

    @Test func headerLines() {
        let reading = read(
            """
            Slug: CAMBODIA-ELECTION
            Urgency: 4
            Source: Xinhua
            Date: 2023-07-24T10:15:00Z
            Embargo: 2023-07-25 06:00
            Title: Cambodia votes
            Author: Jane Doe

            The story starts here and goes on for a while.
            """)
        #expect(reading.slugline == "CAMBODIA-ELECTION")
        #expect(reading.urgency == "4")
        #expect(reading.infosource == "Xinhua")
        #expect(reading.contentCreated == "2023-07-24")
        #expect(reading.embargoed == "2023-07-25 06:00")
        #expect(reading.headline == "Cambodia votes")
        #expect(reading.bylines == ["Jane Doe"])
        #expect(reading.body == ["The story starts here and goes on for a while."])
    }

    @Test func wrappedLinesMakeParagraphs() {
        let reading = read(
            """
            A HEADLINE OF SOME WORDS

                LONDON, March 2 - The first paragraph of the story is set
            in lines of a fixed width, as the wires used to do it, and it
            has three lines.
                The second paragraph is set like the first, but it has no
            more than two lines.
            """)
        #expect(
            reading.body == [
                "The first paragraph of the story is set in lines of a fixed width, as the wires used to do it, and it has three lines.",
                "The second paragraph is set like the first, but it has no more than two lines.",
            ])
    }

    @Test func entitiesAreResolvedInValuesOnly() {
        let reading = read(
            "Smith &amp; Sons&#8217; &quot;deal&quot;\n\nThe deal of Smith &amp; Sons&nbsp;was signed on Monday &mdash; at last.\n"
        )
        #expect(reading.headline == "Smith & Sons’ \"deal\"")
        #expect(reading.body == ["The deal of Smith & Sons was signed on Monday — at last."])
        #expect(String(decoding: reading.text, as: UTF8.self).contains("&amp;"))
    }

    @Test func aSlashedDateIsStatedOnlyWhereItIsClear() {
        func page(_ date: String, _ words: String) -> Reading {
            read(
                Self.page.split(separator: "Published 3 December 2024, 10:15").joined(separator: date)
                    .split(separator: "Updated 4 December 2024, 08:00").joined(separator: words))
        }
        #expect(page("23/12/2024", "Read it").contentCreated == "2024-12-23")
        #expect(page("03/12/2024", "Read it").contentCreated == nil)
        #expect(page("2024-12-03", "Read it").contentCreated == "2024-12-03")
        #expect(page("31/02/2024", "Read it").contentCreated == nil)
    }

    @Test func severalStoriesOnlyWhereTheWireSaysSo() {
        let wire =
            "ZCZC X1\nFirst story\n\nIts text is short.\nNNNN\nZCZC X2\nSecond story\n\nIts text is short too.\nNNNN\n"
        let bytes = Array(wire.utf8)
        let parts = Reading.stories(in: bytes)
        #expect(parts.count == 2)
        #expect(parts.map { Reading(of: Array(bytes[$0])).headline } == ["First story", "Second story"])
        let whole = Reading(of: bytes)
        #expect(whole.headline == "First story")
        #expect(whole.body == ["Its text is short."])
        #expect(whole.notes.count == 1)
        #expect(Reading.stories(in: Array(Self.page.utf8)).count == 1)
    }

    @Test(arguments: [
        ("en", "The prime minister said on Monday that the talks with the neighbours had been held in a good spirit."),
        (
            "de",
            "Der Minister sagte am Montag, dass die Gespräche mit den Nachbarn in guter Stimmung geführt worden seien."
        ),
        ("fr", "Le ministre a dit lundi que les discussions avec les voisins se sont tenues dans une bonne ambiance."),
        (
            "es",
            "El ministro dijo el lunes que las conversaciones con los vecinos se habían celebrado en un buen ambiente."
        ),
        (
            "ru",
            "Министр сказал в понедельник, что переговоры с соседями прошли в хорошей обстановке и будут продолжены."
        ),
        ("zh", "国务院总理周一表示，与邻国的会谈在良好的气氛中举行，双方同意继续对话。"),
        ("ja", "首相は月曜日、隣国との会談が良い雰囲気の中で行われたと述べた。"),
        ("ko", "총리는 월요일 이웃 나라와의 회담이 좋은 분위기에서 열렸다고 말했다."),
        ("km", "នាយករដ្ឋមន្ត្រី បានថ្លែង នៅថ្ងៃចន្ទ ថា កិច្ចពិភាក្សា បានប្រព្រឹត្តទៅ ក្នុងបរិយាកាសល្អ។"),
    ])
    func languages(code: String, sentence: String) {
        #expect(read("1234\n\n\(sentence)\n").language == code)
    }

    @Test func thinEvidenceSaysNothing() {
        #expect(read("1234\n\n5678 -- 90\n").language == nil)
    }

    @Test func counts() {
        let reading = read("Headline\n\nIt’s a two-part story, isn't it?\n")
        #expect(reading.wordCount == 6)
        #expect(reading.characterCount == 32)
        #expect(read("标题\n\n洪森说。\n").wordCount == 3)
    }

    @Test(arguments: [
        ("He came and went, the ministry said on Monday. Enditem", "He came and went, the ministry said on Monday."),
        ("洪森表示，双方将继续深化合作，造福两国人民。（完）", "洪森表示，双方将继续深化合作，造福两国人民。"),
    ])
    func endMarksAreNoCopy(paragraph: String, copy: String) {
        #expect(read("Headline\n\n\(paragraph)\n").body == [copy])
    }

    @Test func legalLinesUnderTheStory() {
        let story = "Headline\n\nBEIJING, Dec. 3 (AFP) -- It happened, the ministry said on Monday.\n\n"
        #expect(read(story + "© 2024 AFP\n").copyright == "© 2024 AFP")
        #expect(read(story + "© 2024 AFP\n").pictures.isEmpty)
        #expect(read(story + "All rights reserved. Not for sale.\n").usageterms == "All rights reserved. Not for sale.")
    }

    @Test func notesOfTheWireAreNoCopy() {
        let reading = read(
            """
            ATTENTION EDITORS: Pictures will follow at noon
            EMBARGOED UNTIL 2024-12-03 18:00 GMT

            UPDATE 1-Hun Sen wins vote

            (Adds details, quotes)

            PHNOM PENH, July 29 (Reuters) - The prime minister won a general election on Sunday.

            ((jane.doe@example.org; +855 23 999 999))

            ___
            """)
        #expect(reading.headline == "UPDATE 1-Hun Sen wins vote")
        #expect(reading.embargoed == "2024-12-03 18:00 GMT")
        #expect(reading.fields.filter { $0.kind == .ednote }.count == 2)
        #expect(reading.body == ["The prime minister won a general election on Sunday."])
        #expect(reading.language == "en")
    }

    @Test func keyedLinesUnderTheHeadline() {
        let reading = read(
            "Headline of a story\n\nSource: Xinhua\nEditor: huaxia\n2024-12-03 20:15:30\n\nBEIJING, Dec. 3 -- It rained.\n"
        )
        #expect(reading.infosource == "Xinhua")
        #expect(reading.contentCreated == "2024-12-03")
        #expect(reading.body == ["It rained."])
    }

    @Test func sourceInTheLeadIn() {
        let reading = read("标题\n\n央视网消息（新闻联播）：国家主席今天在北京会见了客人。\n")
        #expect(reading.infosource == "央视网")
        #expect(reading.body == ["央视网消息（新闻联播）：国家主席今天在北京会见了客人。"])
    }

    @Test func nothingIsInvented() {
        let reading = read(
            "Something happened\n\nIt happened somewhere, people said, but nobody knows when or why it did.\n")
        let kinds = Set(reading.fields.map(\.kind))
        #expect(kinds == [.headline, .paragraph, .language])
    }
}

/// Furniture in copy that was pasted without its indents.
@Suite struct PastedCopyTests {
    @Test func oneWordAloneIsCopy() {
        let reading = Reading(
            of: Array("Markets today\n\nShares rose a little on Monday.\n\nLatest\n\nDow 100 up.\n".utf8))
        #expect(reading.body == ["Shares rose a little on Monday.", "Latest", "Dow 100 up."])
    }

    @Test func aShareBarIsNot() {
        let text =
            "Markets today\n\nShare\nFacebook\nTwitter\n\nShares rose a little on Monday.\n\nAdvertisement\n\nDow 100 up.\n"
        #expect(Reading(of: Array(text.utf8)).body == ["Shares rose a little on Monday.", "Dow 100 up."])
    }
}
