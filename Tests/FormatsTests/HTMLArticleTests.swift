import Formats
import Story
import Testing
import Text

/// A page's paragraphs and captions, and what of the page is left out.
struct HTMLArticleTests {
    static func read(_ page: String) throws -> Reading { try #require(WebPage.reading(of: Array(page.utf8))) }

    /// A body of three paragraphs that no one would take for anything else.
    static let first =
        "The harbour council voted on Monday to rebuild the old pier, after two years of debate in the town."
    static let second =
        "Work begins in spring, the mayor said, and should be done before the ferries come back in summer."
    static let third = "Fishermen had asked for it since the storm of last winter, which took half of the planks away."

    static func page(_ body: String, head: String = "") -> String {
        "<!DOCTYPE html><html lang=\"en-GB\"><head><title>Pier to be rebuilt | The Harbour Post</title>\(head)</head>"
            + "<body class=\"has-sidebar no-comments\"><h1>Pier to be rebuilt</h1>\(body)</body></html>"
    }

    static let article = "<p>\(first)</p><p>\(second)</p><p>\(third)</p>"

    @Test func theParagraphsOfAPageAreItsBody() throws {
        let reading = try Self.read(Self.page("<div id=\"x\">\(Self.article)</div>"))
        #expect(reading.body == [Self.first, Self.second, Self.third])
        #expect(reading.headline == "Pier to be rebuilt")
        #expect(reading.language == "en")
    }

    static let furniture = [
        "<nav><ul><li><a href=/a>News and weather of the whole region, every day.</a></li></ul></nav>",
        "<aside><p>Read what else the harbour council decided on Monday, in our long report from the town hall.</p></aside>",
        "<div class=\"related-articles\"><p>A ferry ran aground off the cape on Sunday, and nobody was hurt in the end.</p></div>",
        "<div class=\"newsletterBox\"><p>Subscribe to our newsletter, and get the news of the harbour every morning.</p></div>",
        "<section id=\"comments\"><p>I have lived here for forty years, and the old pier was never as good as they say.</p></section>",
        "<footer><p>The Harbour Post is a newspaper of the coast. It has been printed in the town for a hundred years.</p></footer>",
        "<div style=\"display: none\"><p>This was never meant to be seen by anybody who reads the page as it is shown.</p></div>",
        "<div class=\"share-tools\"><p>Tell your friends about it, by mail or by any of the networks that you belong to.</p></div>",
        "<p><a href=/1>The pier through the years, in pictures from our archive.</a></p>",
        "<p>Read also: the story of the ferry that ran aground.</p>",
        "<p>All rights reserved. No part of this page may be printed.</p>",
        "<p class=\"byline\">By Jane Doe</p>", "<script>var text = '<p>The script says so.</p>'</script>",
        "<form><label>Your address, please</label><button>Send the form to us</button></form>",
        "<!-- <p>A comment of the one who wrote the page, which nobody is meant to read at all.</p> -->",
    ]

    @Test(arguments: furniture)
    func whatIsNotTheStoryIsLeftOut(_ furniture: String) throws {
        for page in [
            furniture + Self.article, Self.article + furniture, "<p>\(Self.first)</p>\(furniture)<p>\(Self.second)</p>",
        ] {
            let body = try Self.read(Self.page("<div>\(page)</div>")).body
            #expect(body.allSatisfy { [Self.first, Self.second, Self.third].contains($0) }, "\(body)")
            #expect(body.count >= 2)
        }
    }

    /// A word in a class counts only for an element that holds a small part of the page's copy.
    @Test(arguments: [
        "sidebar-layout", "post tag-newsletter category-share comments-open", "related", "no-comments", "footer",
    ])
    func aClassDoesNotHideTheWholeStory(_ name: String) throws {
        #expect(try Self.read(Self.page("<div class=\"\(name)\">\(Self.article)</div>")).body.count == 3)
    }

    /// Paragraphs that each have a wrapper of their own, with the same class.
    @Test func wrappersOfOneClassAreWeighedTogether() throws {
        let body = [Self.first, Self.second, Self.third].map { "<div class=\"share-text\"><p>\($0)</p></div>" }
        #expect(try Self.read(Self.page(body.joined())).body.count == 3)
    }

    @Test func headingsStayOnlyAboveText() throws {
        let body = "<p>\(Self.first)</p><h2>The plan</h2><p>\(Self.second)</p><h2>More from us</h2>"
        #expect(try Self.read(Self.page(body)).body == [Self.first, "The plan", Self.second])
    }

    @Test func picturesHaveCaptionsAndCredits() throws {
        let body =
            "<p>\(Self.first)</p><figure><img src=a.jpg><figcaption>The pier at dawn <span class=credit>Jane Doe/ABC</span>"
            + "</figcaption></figure><p>\(Self.second)</p><img src=b.jpg alt=\"The mayor opens the meeting in the town hall\">"
            + "<div>The mayor opens the meeting in the town hall.</div><p>\(Self.third)</p>"
        let reading = try Self.read(Self.page(body))
        #expect(reading.body == [Self.first, Self.second, Self.third])
        #expect(
            reading.pictures == [
                Picture(caption: "The pier at dawn", credit: "Jane Doe/ABC"),
                Picture(caption: "The mayor opens the meeting in the town hall.", credit: nil),
            ])
    }

    @Test func theStandfirstIsPartOfTheText() throws {
        let lead = "The old pier comes back, and the ferries with it."
        for page in [
            Self.page(
                "<p class=\"article__lead-text\">\(lead)</p><div class=tools>Share</div><div>\(Self.article)</div>"),
            Self.page(
                "<p>\(lead)</p><div>\(Self.article)</div>", head: "<meta name=description content=\"\(lead)\">"),
        ] { #expect(try Self.read(page).body.first == lead) }
    }

    /// Where stories follow one another on a page, its headline says which is meant.
    @Test func ofSeveralStoriesTheOneOfTheHeadlineIsRead() throws {
        let long = String(repeating: "Something else happened in another town, and much was said about it. ", count: 20)
        let page =
            "<title>Pier to be rebuilt</title><main><article><h1>Pier to be rebuilt</h1><div>\(Self.article)"
            + "</div></article><article><h1>Another town</h1><p>\(long)</p></article></main>"
        #expect(try Self.read(page).body == [Self.first, Self.second, Self.third])
    }

    /// Pages of the nineties: tables for the layout, no paragraph ever closed, lines broken by hand.
    @Test func oldPagesAreReadToo() throws {
        let page =
            "<HTML><TITLE>Pier</TITLE><BODY><TABLE><TR><TD><A HREF=a>Home</A><BR><A HREF=b>Sports</A><TD>"
            + "<FONT SIZE=5>Pier to be rebuilt</FONT><P>\(Self.first)<P>\(Self.second)<BR><BR>\(Self.third)</TABLE>"
        #expect(try Self.read(page).body.suffix(3) == [Self.first, Self.second, Self.third])
    }

    /// Pages that scripts fill in have their text in JSON-LD alone.
    @Test func theTextOfJSONIsTakenWhereThePageShowsLittle() throws {
        let data =
            "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"headline\":\"Pier\",\"articleBody\":"
            + "\"\(Self.first)\\n\(Self.second) \(Self.second)\\n\(Self.third)\"}</script>"
        let reading = try Self.read("<html><head>\(data)</head><body><div id=app></div></body></html>")
        #expect(reading.body == [Self.first, Self.second + " " + Self.second, Self.third])
        #expect(reading.fields.first { $0.kind == .paragraph }?.rule == "html/paragraph json-ld /articleBody")
    }

    @Test func theEvidenceOfParagraphsIsAPath() throws {
        let reading = try Self.read(Self.page("<div>Menu</div><div id=b><div>\(Self.article)</div></div>"))
        #expect(reading.fields.first { $0.kind == .paragraph }?.rule == "html/paragraph /html/body/div[2]/div")
    }

    @Test func blanksAndWhatIsNotSeenAreTidied() throws {
        let body =
            "<p>The\u{A0}har&shy;bour&nbsp; council\n\tvoted&#8203; on <b>Monday</b> to rebuild the pier of the old town.</p>"
        #expect(
            try Self.read(Self.page(body + Self.article)).body.first
                == "The harbour council voted on Monday to rebuild the pier of the old town.")
    }
}
