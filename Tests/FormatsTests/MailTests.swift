import Formats
import Parts
import Story
import Testing

/// Mail and mailboxes.
struct MailTests {
    @Test func aMessageAndWhatIsAttached() throws {
        let parts = try Samples.parts(of: "mail.eml")
        #expect(parts.map(\.name) == ["", "brücke.txt", "b.png"])
        #expect(parts.map(\.format) == [.mail, .text, .media])
        AgencyTests.expect(
            parts.at(0),
            [
                .headline: ["Mayor opens the new bridge in Pärnu"], .byline: ["Jane Döe"], .guid: ["42@xyz.example"],
                .contentcreated: ["2024-05-07T10:15:00+02:00"],
                .paragraph: ["The mayor opened a bridge in Pärnu, which took years.", "Nobody objected."],
            ])
        #expect(parts.at(1).reading?.text.starts(with: Array("Another story".utf8)) == true)
        #expect(parts.at(2).mediaType == "image/png")
    }

    @Test func aMailbox() throws {
        let bytes = try Samples.bytes("mailbox.mbox")
        let parts = Samples.parts(bytes).parts
        #expect(parts.map(\.name) == ["#<1@xyz.example>", "#<2@xyz.example>"])
        #expect(parts.flatMap { $0[.paragraph] } == ["The first message.", "The second message."])
        #expect(String(decoding: parts.at(1).bytes(in: bytes), as: UTF8.self).hasPrefix("From: John Roe"))
    }

    static func mail(_ headers: String, _ body: String) -> [Part] {
        Samples.text("Message-ID: <1@x.example>\r\n\(headers)\r\n\r\n\(body)")
    }

    @Test(arguments: [
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"), ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("=?utf-8?Q?one_?= =?utf-8?Q?two?=", "one two"), ("=?windows-1252?Q?TravTalk\u{2019}s?=", "TravTalk\u{2019}s"),
        ("=?nonsense", "=?nonsense"), ("plain", "plain"),
    ])
    func encodedWords(subject: String, text: String) {
        #expect(Self.mail("Subject: \(subject)", "x").first?[.headline] == [text])
    }

    /// A form that an editor filled in and mailed.
    @Test func aForm() {
        let parts = Self.mail(
            "Content-Type: text/plain",
            "{\"Headline\": [\"Bridge opens\"], \"Body\": [\"It did.\"], \"Priority\": [\"5\"]}")
        AgencyTests.expect(parts.at(0), [.headline: ["Bridge opens"], .paragraph: ["It did."], .urgency: ["5"]])
    }

    @Test func aMessageThatIsCutOff() {
        let parts = Self.mail(
            "Content-Type: multipart/mixed; boundary=b",
            "--b\r\nContent-Type: text/plain\r\n\r\nThe first part.\r\n--b\r\nContent-Ty")
        #expect(parts.first?[.paragraph] == ["The first part."])
    }

    /// Messages within messages, without end.
    @Test func nestingIsBounded() {
        var message = "Subject: innermost\r\n\r\nx"
        for level in 0..<200 {
            message = "Subject: \(level)\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + message
        }
        let parts = Samples.text(message)
        #expect(parts.count <= 8)
        #expect(parts.last?.rejection?.code == "bomb")
    }
}
