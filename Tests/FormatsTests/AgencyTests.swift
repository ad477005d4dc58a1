import Formats
import Parts
import Story
import Testing

/// NITF, NewsML, ninjs: every field of the samples, by its name.
struct AgencyTests {
    static func expect(
        _ part: Part, _ fields: [Field.Kind: [String]], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (kind, values) in fields {
            #expect(part[kind] == values, "\(kind.rawValue)", sourceLocation: sourceLocation)
        }
    }

    @Test func nitf() throws {
        let parts = try Samples.parts(of: "nitf.xml")
        #expect(parts.count == 1)
        #expect(parts.at(0).format == .nitf)
        #expect(parts.at(0).name.isEmpty)
        Self.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge in Pärnu"], .guid: ["xyz-2024-0042"], .version: ["2"],
                .versioncreated: ["2024-05-07T10:15:00+02:00"], .embargoed: ["2024-05-07T12:00:00+02:00"],
                .pubstatus: ["usable"], .urgency: ["4"], .slugline: ["BRIDGE-OPENS"], .keyword: ["bridge", "harbour"],
                .subject: ["04015001 road transport"], .copyright: ["2024 XYZ"], .infosource: ["XYZ"],
                .ednote: ["Adds the mayor's words. Harbour desk"], .language: ["en-GB"], .located: ["Pärnu"],
                .byline: ["Jane Doe"], .dateline: ["Pärnu, May 7 (XYZ)"], .description: ["Nobody objected"],
                .paragraph: [
                    "The mayor opened a bridge on Tuesday after years of building.", "No queue",
                    "“It is done,” she said.",
                ],
                .caption: ["The bridge at dawn."], .credit: ["XYZ/John Roe"], .rendition: ["bridge.jpg image/jpeg"],
                .boilerplate: ["XYZ jd/jr"],
            ])
        let rule = parts.at(0).reading?.fields.first { $0.kind == .headline }?.rule
        #expect(rule == "nitf/headline /nitf/body/body.head/hedline/hl1")
    }

    @Test func newsMLG2() throws {
        let bytes = try Samples.bytes("newsml-g2.xml")
        let parts = Samples.parts(bytes).parts
        #expect(
            parts.map(\.name) == [
                "#urn:newsml:xyz.example:20240507:bridge", "#urn:newsml:xyz.example:20240507:picture",
                "#urn:newsml:xyz.example:concept",
            ])
        Self.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge"], .guid: ["urn:newsml:xyz.example:20240507:bridge"],
                .version: ["3"], .versioncreated: ["2024-05-07T10:15:00+02:00"],
                .contentcreated: ["2024-05-07T09:00:00+02:00"], .embargoed: ["2024-05-07T12:00:00+02:00"],
                .pubstatus: ["withheld"], .updatekind: ["correction"], .signal: ["sig:correction"], .urgency: ["3"],
                .located: ["Pärnu"], .byline: ["Jane Doe"], .subject: ["medtop:20000337 transport"],
                .keyword: ["bridge"], .slugline: ["BRIDGE"], .copyright: ["XYZ"], .usageterms: ["Not for resale"],
                .ednote: ["Corrects the river's name"], .infosource: ["XYZ"], .language: ["en"],
                .paragraph: ["The mayor opened a bridge.", "Nobody objected."],
            ])
        Self.expect(
            parts.at(1),
            [
                .caption: ["The bridge at dawn."], .credit: ["XYZ/John Roe"],
                .rendition: ["bridge.jpg image/jpeg rnd:highRes"],
            ])
        guard case .kept = parts.at(2).content else {
            Issue.record("a concept is no story")
            return
        }
        // Each item's bytes are its own, as they stand in the message.
        let first = String(decoding: parts.at(0).bytes(in: bytes), as: UTF8.self)
        #expect(first.hasPrefix("<n:newsItem guid=\"urn:newsml:xyz.example:20240507:bridge\""))
        #expect(first.hasSuffix("</n:newsItem>"))
    }

    @Test func newsML1() throws {
        let part = try #require(try Samples.parts(of: "newsml-1.xml").first)
        Self.expect(
            part,
            [
                .headline: ["Mayor opens the new bridge"], .guid: ["urn:newsml:xyz.example:20240507:bridge:2A"],
                .version: ["2"], .versioncreated: ["2024-05-07T10:15:00Z"], .contentcreated: ["2024-05-07T09:00:00Z"],
                .pubstatus: ["withheld"], .embargoed: ["2024-05-07T12:00:00Z"], .urgency: ["4"], .byline: ["Jane Doe"],
                .dateline: ["PARNU, May 7 (XYZ)"], .slugline: ["BRIDGE"], .keyword: ["bridge"],
                .copyright: ["Copyright XYZ"], .subject: ["04000000"], .infosource: ["XYZ"], .language: ["en"],
                .updatekind: ["update"], .paragraph: ["The mayor opened a bridge.", "Nobody objected."],
                .rendition: ["bridge.jpg image/jpeg Main"],
            ])
    }

    @Test func ninjs1() throws {
        let part = try #require(try Samples.parts(of: "ninjs-1.json").first)
        #expect(part.format == .ninjs)
        Self.expect(
            part,
            [
                .headline: ["Mayor opens the new bridge"], .guid: ["urn:xyz:bridge"], .version: ["2"],
                .versioncreated: ["2024-05-07T10:15:00+02:00"], .embargoed: ["2024-05-07T12:00:00+02:00"],
                .urgency: ["4"], .pubstatus: ["usable"], .byline: ["Jane Doe"], .located: ["Pärnu"],
                .slugline: ["BRIDGE"], .ednote: ["Adds words"], .usageterms: ["Not for resale"], .copyright: ["XYZ"],
                .keyword: ["bridge", "harbour"], .subject: ["20000337 transport"],
                .paragraph: ["The mayor opened a bridge.", "Nobody & nothing objected."],
                .caption: ["The bridge at dawn."], .credit: ["John Roe"],
                .rendition: ["bridge.jpg image/jpeg original"],
            ])
    }

    @Test func ninjs3() throws {
        let part = try #require(try Samples.parts(of: "ninjs-3.json").first)
        Self.expect(
            part,
            [
                .headline: ["Mayor opens the new bridge"], .version: ["3"],
                .contentcreated: ["2024-05-07T09:00:00+02:00"],
                .pubstatus: ["canceled"], .byline: ["Jane Doe"], .altid: ["42"], .infosource: ["XYZ"],
                .usageterms: ["Not for resale"], .subject: ["medtop:20000337 transport"], .description: ["A bridge."],
                .paragraph: ["The mayor opened a bridge.", "Nobody objected."], .caption: ["The bridge at dawn."],
                .rendition: ["bridge.jpg image/jpeg big"],
            ])
    }

    @Test func whatIsNoNewsIsNoStory() {
        #expect(Samples.text("{\"name\": \"x\", \"dependencies\": {}}").first?.rejection?.code == "no-story")
        #expect(Samples.text("<?xml version=\"1.0\"?><nitf>").first?.format == .nitf)
    }

    @Test func anUnknownDialectIsReadByItsNames() {
        let parts = Samples.text(
            "<?xml version=\"1.0\"?><Story><Headline>Bridge opens</Headline><Byline>By Jane Doe</Byline>"
                + "<Body>&lt;p&gt;The mayor opened a bridge.&lt;/p&gt;&lt;p&gt;Nobody objected.&lt;/p&gt;</Body></Story>"
        )
        #expect(parts.first?[.headline] == ["Bridge opens"])
        #expect(parts.first?[.paragraph] == ["The mayor opened a bridge.", "Nobody objected."])
    }
}
