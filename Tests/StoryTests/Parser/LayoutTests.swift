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

    private static let title = "COCOA PRICES RISE SHARPLY AS THE MAIN CROP FALLS SHORT OF ALL HOPES"

    /// Whatever stands above and around it, the headline is the headline, and who wrote it wrote it.
    @Test(arguments: [
        "\(title)\nBy Jane Smith, Reuters\n\n", "# \(title)\n\n**By Jane Smith**\n\n",
        "## \(title) ##\n\n*By Jane Smith*\n\n",
        "April 9, 1987\n\n\(title)\n\nBy Jane Smith, Reuters\n\n", "2024-12-03 10:15\n\(title)\nBy Jane Smith\n\n",
        "AM-Cocoa-Prices-Higher-After-Crop-Review, 1st Ld-Writethru,0750\n\(title)\nBy Jane Smith, Reuters\n",
        "u f BC-COCOA-PRICES-AND-CROPS-OF-AFRICA 04-09 0321\n\(title)\nBy JANE SMITH\nReuters\n\n",
        "Headline: \(title)\nByline: By Jane Smith, Reuters\nDate: 1987-04-09\n\n",
        "Headline: \(title)\nByline: Jane Smith and Reuters staff of the commodities desk in London\n\n",
        "COCOA PRICES RISE SHARPLY AS THE MAIN\nCROP FALLS SHORT OF ALL HOPES\n\nBy Jane Smith / Reuters\n\n",
        "\u{1}RTR0123 4 FI 0321 COCOA-PRICES\r\n\u{2}\(title)\r\n\r\nBy Jane Smith\r\n\r\n",
        "BC-COCOA\n\nTITLE: \(title)\nAUTHOR: Jane Smith\n\n",
    ]) func theHeadlineIsFoundInEveryLayout(top: String) {
        for gap in ["\n", "\r\n"] {
            let reading = Reading(of: Array((top + Self.body).replacing("\n", with: gap).utf8))
            #expect(reading.headline?.split(whereSeparator: \.isWhitespace).joined(separator: " ") == Self.title)
            #expect(reading.located == ["London"])
            if !top.contains("staff") { #expect(reading.bylines == ["Jane Smith"]) }
        }
    }

    @Test(arguments: ["**LONDON, April 9** - ", "LONDON (AP) _ ", "LONDON, April 9 /PRNewswire/ -- "])
    func datelinesInOtherDress(start: String) {
        let copy =
            start + "Cocoa prices rose on Thursday after traders said that the crop would be smaller than thought."
        let reading = Reading(of: Array("Cocoa prices rise\n\n\(copy)\n\nDeliveries fell for the third week.".utf8))
        #expect(reading.located == ["London"])
    }

    @Test func aDatelineUnderAFullHeadlineOpensTheCopy() {
        let text =
            Self.title + "\nLONDON, April 9 -\nQuarterly dividend eight cents\nPayable on May 30 to those of record"
        let reading = Reading(of: Array(text.utf8))
        #expect(reading.headline == Self.title && reading.located == ["London"])
    }

    @Test func aBylineRightUnderAHeadlineIsOne() {
        let text = "COCOA PRICES RISE SHARPLY AS THE MAIN CROP FALLS SHORT\nBy Jane Smith, Reuters\n\n" + Self.body
        let reading = Reading(of: Array(text.utf8))
        #expect(reading.headline == "COCOA PRICES RISE SHARPLY AS THE MAIN CROP FALLS SHORT")
        #expect(reading.bylines == ["Jane Smith"])
    }
}
