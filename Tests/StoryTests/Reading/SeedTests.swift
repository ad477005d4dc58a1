// The three seeds read as a person reads them.

import Story
import Testing

@Suite struct SeedTests {
    @Test(arguments: Golden.seeds)
    func readsAsItsGoldenFileSays(name: String) throws {
        let rendered = Golden.render(Reading(of: Golden.seed(name)))
        if Golden.isUpdating { Golden.write(rendered, to: Golden.path(name)) }
        let golden = try #require(Golden.bytes(Golden.path(name)))
        #expect(rendered == String(decoding: golden, as: UTF8.self))
    }

    @Test func headlineStandsOnTheDateLine() {
        let reading = Reading(of: Golden.seed("000_7844e40871c5aec3"))
        #expect(
            reading.headline
                == "China Congratulates Cambodia on Successful National Election and Strengthened Bilateral Relations")
        #expect(reading.contentCreated == "2023-07-24")
        #expect(reading.dateline == "Beijing, July 24th –")
        #expect(reading.located == ["Beijing"])
        #expect(reading.infosource == nil)
        #expect(reading.pictures.isEmpty)
        #expect(reading.body.count == 6)
        #expect(reading.body.first?.hasPrefix("Chinese Foreign Ministry Spokesperson") == true)
        #expect(reading.bylines.isEmpty)
    }

    @Test func dateThatIsNotStatedIsAbsentButBounded() {
        let reading = Reading(of: Golden.seed("003_333a7b3f00cc0f31"))
        #expect(
            reading.headline
                == "Chinese leaders send congratulatory messages to Cambodia's Hun Sen on election victory")
        #expect(reading.contentCreated == nil)
        #expect(reading.notBefore == "2018-07-29")
        #expect(reading.dateline == nil)
        #expect(reading.pictures.count == 1)
        #expect(reading.pictures.first?.caption?.hasPrefix("Cambodian Prime Minister") == true)
        #expect(reading.pictures.first?.caption?.hasSuffix("July 29, 2018.") == true)
        #expect(reading.pictures.first?.credit == "Photo/Xinhua")
        #expect(reading.body.count == 7)
    }

    @Test func picturesGluedToBothEndsAreTakenOff() {
        let reading = Reading(of: Golden.seed("004_67d303dc5acc7f3a"))
        #expect(reading.headline == nil)
        #expect(reading.fields.contains { $0.kind == .displaytitle })
        #expect(reading.displayTitle.hasPrefix("Xi Jinping, general secretary"))
        #expect(reading.contentCreated == "2024-12-03")
        #expect(reading.dateline == "BEIJING, Dec. 3 (Xinhua) —")
        #expect(reading.located == ["Beijing"])
        #expect(reading.infosource == "Xinhua")
        #expect(reading.pictures.map(\.credit) == ["Xinhua/Xie Huanchi", "Xinhua/Yao Dawei"])
        #expect(reading.pictures.first?.caption?.contains("Guesthouse") == true)
        #expect(reading.pictures.last?.caption?.contains("Guest House") == true)
        #expect(reading.body.count == 1)
        #expect(reading.body.first?.hasPrefix("Xi Jinping, general secretary of") == true)
        #expect(reading.body.first?.hasSuffix("international and regional affairs.") == true)
    }

    @Test(arguments: Golden.seeds, ["UTF-16LE", "CP1252", "CRLF", "BLANKS"])
    func readsTheSameInOtherClothes(name: String, form: String) {
        let seed = Golden.seed(name)
        let text = String(decoding: seed, as: UTF8.self)
        let other: [UInt8]
        switch form {
        case "CRLF":
            other = Array(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
        case "BLANKS":
            other = Array(
                text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "  \n\n").utf8)
        default: other = EncodingTests.encode(text, as: form)
        }
        let (expected, reading) = (Reading(of: seed), Reading(of: other))
        #expect(reading.headline == expected.headline)
        #expect(reading.displayTitle == expected.displayTitle)
        #expect(reading.contentCreated == expected.contentCreated)
        #expect(reading.notBefore == expected.notBefore)
        #expect(reading.dateline == expected.dateline)
        #expect(reading.located == expected.located)
        #expect(reading.infosource == expected.infosource)
        #expect(reading.pictures == expected.pictures)
        #expect(reading.body == expected.body)
    }
}
