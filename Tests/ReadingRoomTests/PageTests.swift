import Foundation
import FoundationXML
import Testing

@testable import ReadingRoom

struct PageTests {
    @Test func aStoryOfMarkupIsShownAsText() throws {
        let html = StoryPage.page(try Sample.story()).html.text
        #expect(html.contains("<h1><bdi>COCOA &lt;RISES&gt;</bdi></h1>"))
        #expect(html.contains(#"<p dir="auto">One &amp; two.</p>"#))
        #expect(!html.contains("COCOA <RISES>"))
    }

    @Test func whatMayNotBeUsedSaysSo() throws {
        var story = try Sample.story()
        #expect(!StoryPage.page(story).html.text.contains("class=\"notice\""))
        story.pubstatus = "canceled"
        #expect(StoryPage.page(story).html.text.contains("has withdrawn this story"))
        #expect(WirePage.rows([.init(story: story, versions: 1)]).text.contains("killed"))
        story.pubstatus = "usable"
        story.embargoed = "2026-12-01T00:00:00Z"
        #expect(StoryPage.page(story).html.text.contains("Not to be published before: 2026-12-01T00:00:00Z"))
        #expect(WirePage.rows([.init(story: story, versions: 1)]).text.contains("embargo"))
    }

    @Test func fieldsAreMarkedInTheOriginal() throws {
        var story = try Sample.story()
        story.text = "Ü <a> head\nbody"
        story.evidence = [
            .init(field: "headline", start: 0, end: 11, rule: "first", value: nil),
            .init(field: "language", start: 3, end: 6, rule: "within", value: "en"),
            .init(field: "paragraph", start: 12, end: 16, rule: "p", value: nil),
            .init(field: "broken", start: 14, end: 99, rule: "beyond the end", value: nil),
        ]
        #expect(
            OriginalPage.marked(story).text
                == #"<mark id="f0" class="headline" title="headline: first">Ü &lt;a&gt; head</mark>"# + "\n"
                + #"<mark id="f2" class="paragraph" title="paragraph: p">body</mark>"#)
    }

    @Test func wordsThatDifferAreMarked() {
        let difference = Difference(
            first: 1, second: 2, fields: [], body: [.init(both: "a <"), .init(first: "old"), .init(second: "new")])
        #expect(DiffPage.page(difference).html.text.contains("a &lt;<del>old</del><ins>new</ins>"))
    }

    @Test func figuresAreBounded() throws {
        var figures = Figures()
        var story = try Sample.story()
        for number in 0..<1000 {
            story.name = "source\(number)/x"
            story.received = "2026-11-\(10 + number / 24 % 20)T\(10 + number % 10):00:00Z"
            figures.count(story)
        }
        #expect(figures.hours.count <= 48)
        #expect(figures.sources.count == Figures.mostSources + 1)
        #expect(figures.sources.values.map(\.deliveries).reduce(0, +) == 1000)
    }
}

struct APITests {
    @Test func aStoryIsNinjs() throws {
        let bytes = try JSON.bytes(Ninjs(try Sample.story(), base: "http://localhost:8470"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["uri"] as? String == "http://localhost:8470/api/v1/stories/7")
        #expect(object["version"] as? String == "2")
        #expect((object["places"] as? [[String: String]])?.map { $0["name"] } == ["London", "Paris"])
        #expect((object["bodies"] as? [[String: Any]])?.first?["value"] as? String == "One & two.\n\nThree.")
        #expect(object["contentCreated"] == nil)
    }

    @Test func aDateWithoutATimeIsNotMadeOneOfNinjs() throws {
        var story = try Sample.story()
        story.contentcreated = "2026-11-24"
        #expect(
            try !String(decoding: JSON.bytes(Ninjs(story, base: "http://x")), as: UTF8.self).contains("contentCreated"))
        story.contentcreated = "2026-11-24T10:00:00Z"
        #expect(
            try String(decoding: JSON.bytes(Ninjs(story, base: "http://x")), as: UTF8.self).contains("contentCreated"))
    }

    @Test func aFeedIsWellFormed() throws {
        let feed = Atom.feed(
            [try Sample.story()], title: "a & b", address: "/feed.atom?q=a%26b", base: "http://localhost")
        let parser = FeedParser(feed)
        #expect(parser.isWellFormed)
        #expect(parser.titles == ["a & b", "COCOA <RISES>"])
    }
}

private final class FeedParser: NSObject, XMLParserDelegate {
    var titles: [String] = []
    var isWellFormed = false
    private var text: String?

    init(_ bytes: [UInt8]) {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "title" { text = "" }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) { text?.append(characters) }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "title", let text { titles.append(text) }
        if name == "title" { text = nil }
    }
}
