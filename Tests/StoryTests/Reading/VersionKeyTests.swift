import Testing

@testable import Story

struct VersionKeyTests {
    private func key(_ headline: String) -> UInt64? {
        Reading(of: Array("\(headline)\n\nLONDON, March 2 (Reuters) - The text of the story.\n".utf8)).versionKey
    }

    @Test(arguments: ["UPDATE 2-", "CORRECTED - ", "KILL: ", "3rd LD-Writethru: "])
    func versionsShareTheKeyOfTheirStory(prefix: String) {
        let plain = key("Fire in London market destroys stalls")
        #expect(plain != nil)
        #expect(key(prefix + "Fire in London market destroys stalls") == plain)
        #expect(key(prefix + "Flood in London market destroys stalls") != plain)
    }

    @Test func punctuationAndCaseDoNotMatterAndShortHeadlinesAreNoEvidence() {
        #expect(key("Fire in London: market destroyed!") == key("FIRE IN LONDON MARKET DESTROYED"))
        #expect(key("Market report") == nil)
        #expect(key("ab c de") != key("a bc de"))
    }

    @Test func onlyAVersionSaysSo() {
        #expect(
            Reading(of: Array("UPDATE 1-Fire in London destroys stalls\n\nLONDON, March 2 (Reuters) - A text.".utf8))
                .isVersion)
        #expect(
            !Reading(of: Array("Fire in London destroys stalls\n\nLONDON, March 2 (Reuters) - A text.".utf8)).isVersion)
    }
}
