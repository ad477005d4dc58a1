// What agencies set above a story is told from the headline.

import Story
import Testing

@Suite struct LayoutTests {
    private static let body = """
            LONDON, April 9 - Cocoa prices rose on Thursday after traders said
        that the main crop would be smaller than they had thought before.

            Deliveries fell for the third week in a row, the exchange said in a
        statement that was published in the evening.
        """

    @Test(
        arguments: [
            ("BC-COCOA-REVIEW", "BC-COCOA-REVIEW", nil, nil),
            ("AM-Iran, 1st Ld-Writethru,0750", "AM-Iran", "writethru 1", nil),
            ("^BC-Cocoa-Prices, URGENT", "BC-Cocoa-Prices", "urgent", nil),
            ("COCOA-REVIEW/UPDATE", "COCOA-REVIEW/UPDATE", nil, nil),
            ("u f BC-STORY 04-09 0321", "BC-STORY", nil, "u"), ("ABC123 4 POL 50", nil, nil, "4"),
        ] as [(String, String?, String?, String?)])
    func slugsAreNoHeadlines(line: String, slug: String?, kind: String?, urgency: String?) {
        for gap in ["\n", "\n\n", "\r\n"] {
            let text = line + gap + "Cocoa prices rise as crop falls short" + "\n\n" + Self.body
            let reading = Reading(of: Array(text.utf8))
            #expect(reading.headline == "Cocoa prices rise as crop falls short")
            #expect(reading.slugline == slug && reading.updateKind == kind && reading.urgency == urgency)
            #expect(reading.located == ["London"])
        }
    }

    @Test(arguments: [
        "Update: Iran talks resume in Geneva", "U.S.-China trade talks", "X-rays for all", "By-elections, again",
    ])
    func headlinesAreNoSlugs(line: String) {
        let reading = Reading(of: Array((line + "\n\n" + Self.body).utf8))
        #expect(reading.headline == line && reading.slugline == nil)
    }

    @Test func aBylineRightUnderAHeadlineIsOne() {
        let text = "COCOA PRICES RISE SHARPLY AS THE MAIN CROP FALLS SHORT\nBy Jane Smith, Reuters\n\n" + Self.body
        let reading = Reading(of: Array(text.utf8))
        #expect(reading.headline == "COCOA PRICES RISE SHARPLY AS THE MAIN CROP FALLS SHORT")
        #expect(reading.bylines == ["Jane Smith"])
    }
}
