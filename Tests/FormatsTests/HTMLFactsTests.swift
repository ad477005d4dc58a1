import Formats
import Story
import Testing

/// What a page states of its story: headline, date, authors ...
struct HTMLFactsTests {
    static func read(head: String = "", body: String = "", title: String = "Pier to be rebuilt") throws -> Reading {
        try HTMLArticleTests.read(
            "<html><head><title>\(title)</title>\(head)</head><body>\(body)<div>\(HTMLArticleTests.article)</div></body></html>"
        )
    }

    static func data(_ json: String) -> String { "<script type=\"application/ld+json\">\(json)</script>" }

    @Test func jsonLD() throws {
        let reading = try Self.read(
            head: Self.data(
                """
                {"@context":"https://schema.org","@graph":[
                  {"@type":"WebSite","name":"The Harbour Post"},
                  {"@type":["NewsArticle","CreativeWork"],"headline":"Pier &amp; ferries come back","inLanguage":"en-GB",
                   "datePublished":"2024-05-03T15:47:42+02:00","dateModified":"2024-05-04T08:00:00Z",
                   "author":[{"@type":"Person","name":"Jane Doe"},{"@id":"#john"}],"articleSection":["Town"],
                   "publisher":{"@type":"Organization","name":"The Harbour Post"}},
                  {"@type":"Person","@id":"#john","name":"John Roe"}]}
                """))
        #expect(reading.headline == "Pier & ferries come back")
        #expect(reading.contentCreated == "2024-05-03T15:47:42+02:00")
        #expect(reading.bylines == ["Jane Doe", "John Roe"])
        #expect(reading.infosource == "The Harbour Post")
        #expect(reading.language == "en")
        func value(_ kind: Field.Kind) -> String? { reading.fields.first { $0.kind == kind }?.value }
        #expect(value(.versioncreated) == "2024-05-04T08:00:00Z")
        #expect(value(.subject) == "Town")
        #expect(reading.fields.first { $0.kind == .headline }?.rule == "html/headline json-ld /headline")
    }

    @Test(arguments: [
        "{\"@type\":\"NewsArticle\",\"headline\":\"Pier\",}", "{\"@type\":\"NewsArticle\",", "[[[[", "", "null", "{}",
        String(repeating: "[", count: 5_000), "{\"@type\":{\"a\":1},\"author\":{\"name\":{\"name\":{}}}}",
    ])
    func brokenJSONDoesNoHarm(_ json: String) throws {
        #expect(try Self.read(head: Self.data(json), body: "<h1>Pier</h1>").body.count == 3)
    }

    /// Readers see the heading; a headline for search engines counts only where the page shows it.
    @Test func theHeadlineIsWhatReadersSee() throws {
        let data = Self.data("{\"@type\":\"NewsArticle\",\"headline\":\"Ten facts about the pier\"}")
        #expect(
            try Self.read(head: data, body: "<h1>The pier is to be rebuilt in spring</h1>").headline
                == "The pier is to be rebuilt in spring")
        #expect(
            try Self.read(
                head: data, body: "<h1>The pier is to be rebuilt in spring</h1><h2>Ten facts about the pier</h2>"
            ).headline
                == "Ten facts about the pier")
        #expect(try Self.read(head: data).headline == "Ten facts about the pier")
        #expect(
            try Self.read(body: "", title: "The pier is to be rebuilt - The Post").headline
                == "The pier is to be rebuilt")
        #expect(
            try Self.read(head: "<meta property=og:title content='The pier comes back'>", title: "Post").headline
                == "The pier comes back")
    }

    @Test(arguments: [
        ("2024-05-03", "2024-05-03"), ("2024-05-03T15:47:42.389Z", "2024-05-03T15:47:42Z"),
        ("2024-05-03 15:47:42 +0200", "2024-05-03T15:47:42+02:00"), ("2024-05-03T15:47", "2024-05-03T15:47:00"),
        ("20240503", "2024-05-03"), ("1714744062", "2024-05-03T13:47:42Z"), ("1714744062000", "2024-05-03T13:47:42Z"),
        ("Fri, 03 May 2024 15:47:42 GMT", "2024-05-03T15:47:42Z"),
        ("Fri May 3 15:47:42 CEST 2024", "2024-05-03T15:47:42"),
        ("May 3, 2024", "2024-05-03"), ("3.5.2024 15:47", "2024-05-03T15:47:00"), ("05/23/2024", "2024-05-23"),
    ])
    func dates(_ stated: String, _ read: String) throws {
        let head = "<meta property=\"article:published_time\" content=\"\(stated)\">"
        #expect(try Self.read(head: head).contentCreated == read)
    }

    @Test(arguments: ["2024-02-30", "2024-13-01", "yesterday", "0000-00-00", "99999999999999999999", "2024", "-1"])
    func whatIsNoDateIsNone(_ stated: String) throws {
        let head = "<meta property=\"article:published_time\" content=\"\(stated)\">"
        #expect(try Self.read(head: head).contentCreated == nil)
    }

    /// Where the markup has none, the line under the headline does, and then the address.
    @Test func datesAndAuthorsThatAreOnlySeen() throws {
        let seen = try Self.read(
            body:
                "<h1>Pier to be rebuilt</h1><div>By <b>Jane Doe</b> and <b>John Roe</b></div><div>3 May 2024, 17:47</div>"
        )
        #expect(seen.contentCreated == "2024-05-03")
        #expect(seen.bylines == ["Jane Doe", "John Roe"])
        #expect(try Self.read(body: "<time datetime=2024-05-03>Friday</time>").contentCreated == "2024-05-03")
        #expect(
            try Self.read(head: "<link rel=canonical href=https://post.example/2024/05/03/pier>").contentCreated
                == "2024-05-03")
        #expect(try Self.read().contentCreated == nil)
        #expect(try Self.read().bylines.isEmpty)
    }

    @Test(arguments: [
        ("Jane Doe", ["Jane Doe"]), ("By Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("Jane Doe, John Roe, dpa", ["Jane Doe", "John Roe", "dpa"]),
        ("Von Jana Doe und Hans Roh", ["Jana Doe", "Hans Roh"]),
        ("https://post.example/jane", []), ("jane@post.example", []), ("Jane Doe, post.example", ["Jane Doe"]),
    ])
    func authors(_ stated: String, _ names: [String]) throws {
        #expect(try Self.read(head: "<meta name=author content=\"\(stated)\">").bylines == names)
    }

    @Test func microdata() throws {
        let reading = try Self.read(
            body: "<div itemscope itemtype=http://schema.org/NewsArticle><h2 itemprop=headline>The pier comes back</h2>"
                + "<meta itemprop=datePublished content=2024-05-03></div>", title: "")
        #expect(reading.headline == "The pier comes back")
        #expect(reading.contentCreated == "2024-05-03")
    }

    /// The dateline and the agency of copy that a page shows are read as those of plain copy.
    @Test func theDatelineIsReadFromTheText() throws {
        let page =
            "<h1>Pier</h1><div><p>BEIJING, Dec. 3 (Xinhua) -- \(HTMLArticleTests.first)</p>\(HTMLArticleTests.article)</div>"
        let reading = try HTMLArticleTests.read(page)
        #expect(reading.located == ["BEIJING"] || reading.located == ["Beijing"])
        #expect(reading.infosource == "Xinhua")
    }
}
