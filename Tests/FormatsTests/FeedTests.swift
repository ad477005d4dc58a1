import Formats
import Parts
import Story
import Testing

/// RSS, RDF, Atom, WordPress, JSON Feed.
struct FeedTests {
    @Test func rss() throws {
        let bytes = try Samples.bytes("rss.xml")
        let parts = Samples.parts(bytes).parts
        #expect(parts.map(\.name) == ["#xyz-1", "#https://xyz.example/2"])
        AgencyTests.expect(
            parts.at(0),
            [
                .headline: ["Mayor & council open the bridge"], .guid: ["xyz-1"], .link: ["https://xyz.example/bridge"],
                .contentcreated: ["2024-05-07T10:15:00+02:00"], .byline: ["Jane Doe"], .keyword: ["bridge"],
                .description: ["A bridge."], .language: ["en"], .infosource: ["XYZ"],
                .paragraph: ["The mayor opened a bridge in Pärnu.", "Nobody objected."],
                .rendition: ["https://xyz.example/a.mp3 audio/mpeg", "https://xyz.example/b.jpg image/jpeg"],
                .caption: ["The bridge at dawn."],
            ])
        AgencyTests.expect(parts.at(1), [.byline: ["John Roe"], .paragraph: ["Only this much."]])
        #expect(String(decoding: parts.at(1).bytes(in: bytes), as: UTF8.self).hasPrefix("<item><title>A second one"))
    }

    /// The same item in the next delivery of a feed has the same bytes, so that nothing is stored twice.
    @Test func anItemKeepsItsBytes() {
        func feed(_ items: [String]) -> [Part] {
            Samples.text(
                "<rss version=\"2.0\"><channel><title>\(items.count)</title>\(items.joined(separator: "\n"))</channel></rss>"
            )
        }
        let old = "<item><guid>1</guid><title>One</title></item>"
        let one = feed([old])
        let two = feed(["<item><guid>2</guid><title>Two</title></item>", old])
        #expect(one.map { $0.name } == ["#1"])
        #expect(two.map { $0.name } == ["#2", "#1"])
        #expect(one.at(0).bytes.count == two.at(1).bytes.count)
    }

    @Test func atom() throws {
        let parts = try Samples.parts(of: "atom.xml")
        #expect(parts.map(\.name) == ["#tag:xyz.example,2024:1", "#tag:xyz.example,2024:2"])
        AgencyTests.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge"], .link: ["https://xyz.example/bridge"],
                .contentcreated: ["2024-05-07T10:15:00Z"], .versioncreated: ["2024-05-07T11:15:00Z"],
                .byline: ["Jane Doe"], .keyword: ["bridge"], .description: ["A bridge."], .language: ["en"],
                .paragraph: ["The mayor opened a bridge.", "Nobody objected."],
                .rendition: ["https://xyz.example/b.jpg image/jpeg"],
            ])
        AgencyTests.expect(parts.at(1), [.byline: ["The desk"], .paragraph: ["One.", "Two."]])
    }

    @Test func rdf() throws {
        let parts = try Samples.parts(of: "rdf.xml")
        #expect(parts.map(\.format) == [.rdf])
        AgencyTests.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge"], .contentcreated: ["2024-05-07T10:15:00Z"],
                .byline: ["Jane Doe"], .paragraph: ["The mayor opened a bridge."],
            ])
    }

    @Test func wordPress() throws {
        let parts = try Samples.parts(of: "wordpress.xml")
        #expect(parts.count == 1)
        AgencyTests.expect(
            parts.at(0),
            [
                .pubstatus: ["withheld"], .altid: ["42"], .contentcreated: ["2024-05-07T10:15:00"],
                .description: ["A bridge."], .paragraph: ["The mayor opened a bridge."],
            ])
    }

    @Test func jsonFeed() throws {
        let parts = try Samples.parts(of: "jsonfeed.json")
        #expect(parts.map(\.name) == ["#https://xyz.example/1", "#2"])
        AgencyTests.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge"], .byline: ["Jane Doe"], .keyword: ["bridge"],
                .contentcreated: ["2024-05-07T10:15:00Z"], .versioncreated: ["2024-05-07T11:15:00Z"],
                .paragraph: ["The mayor opened a bridge.", "Nobody objected."],
            ])
    }

    @Test(arguments: [
        ("Thu, 05 May 2016 04:11:45 +0000", "2016-05-05T04:11:45+00:00"),
        ("Tue, 3 Mar 15 11:27 EST", "2015-03-03T11:27:00-05:00"),
        ("Thursday, 05-May-16 04:11:45 GMT", "2016-05-05T04:11:45Z"), ("20240507T101500Z", "2024-05-07T10:15:00Z"),
        ("2024-05-07 10:15:00", "2024-05-07T10:15:00"), ("2024-05-07T10:15:00.150Z", "2024-05-07T10:15:00.15Z"),
        ("20240507", "2024-05-07"), ("2024-05", "2024-05"),
    ])
    func timesAreISO(stated: String, iso: String) {
        let parts = Samples.text(
            "<rss><channel><item><title>x</title><pubDate>\(stated)</pubDate></item></channel></rss>")
        #expect(parts.first?[.contentcreated] == [iso])
    }
}
