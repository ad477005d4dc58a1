import Resemblance
import Story
import Testing

/// A reading made by hand: the headline, then the paragraphs, each on its own line.
func reading(_ headline: String, _ paragraphs: String...) -> Reading {
    var text = Array(headline.utf8)
    var fields = [Field(.headline, 0..<text.count, rule: "test")]
    for paragraph in paragraphs {
        text += Array("\n\n".utf8)
        fields.append(Field(.paragraph, text.count..<text.count + paragraph.utf8.count, rule: "test"))
        text += Array(paragraph.utf8)
    }
    return Reading(text: text, encoding: .utf8, fields: fields)
}

func story(_ headline: String, _ paragraphs: String...) -> ComparableText {
    var text = Array(headline.utf8)
    var fields = [Field(.headline, 0..<text.count, rule: "test")]
    for paragraph in paragraphs {
        text += Array("\n\n".utf8)
        fields.append(Field(.paragraph, text.count..<text.count + paragraph.utf8.count, rule: "test"))
        text += Array(paragraph.utf8)
    }
    return ComparableText(of: Reading(text: text, encoding: .utf8, fields: fields))
}

let harbour = [
    "The harbour authority said on Friday that the old northern mole would be closed to all vessels for at least three weeks.",
    "Divers had found cracks in the foundations below the lighthouse, the director of works told reporters at the town hall.",
    "Fishing boats are asked to use the eastern basin, where a temporary fuel station is being set up by volunteers.",
    "The ferry to the islands will leave from the coal pier, and travellers should allow an additional half hour.",
]
let orchard = [
    "Growers in the valley expect the smallest apple harvest in a generation after frost struck the blossom twice in April.",
    "The cooperative has asked the regional government for bridging loans and for permission to press imported fruit.",
]

@Suite struct JudgeTests {
    @Test func sameWordsInOtherDressAreSameText() throws {
        let judge = Judge()
        let first = story("Mole closed", harbour[0], harbour[1])
        let second = story("MOLE  CLOSED", harbour[0].uppercased(), "\u{201C}" + harbour[1] + "\u{201D}")
        judge.insert(first, id: 7)
        let judgement = judge.judge(second) { _ in nil }
        #expect(judgement.verdict == .sameText)
        #expect(judgement.of == 7)
    }

    @Test func trimmedStoryIsAnExcerptAndTheOtherWayAnExpansion() {
        let long = story("Mole closed", harbour[0], harbour[1], harbour[2], harbour[3])
        let short = story("Cracks in mole", harbour[0], harbour[1])
        for (first, second, verdict) in [(long, short, Verdict.excerpt), (short, long, .expansion)] {
            let judge = Judge()
            judge.insert(story("Apples", orchard[0], orchard[1]), id: 1)
            judge.insert(first, id: 2)
            let judgement = judge.judge(second) { _ in nil }
            #expect(judgement.verdict == verdict)
            #expect(judgement.of == 2)
            #expect(judgement.relations.count == 1)
        }
    }

    @Test func newStoryIsNew() {
        let judge = Judge()
        judge.insert(story("Mole closed", harbour[0], harbour[1]), id: 1)
        let judgement = judge.judge(story("Apples", orchard[0], orchard[1])) { _ in nil }
        #expect(judgement == Judgement(verdict: .new))
    }

    @Test func loadedStoriesAreFetched() {
        let long = story("Mole closed", harbour[0], harbour[1], harbour[2], harbour[3])
        let judge = Judge()
        judge.load(id: 5, fingerprint: long.fingerprint)
        var fetched: [Int64] = []
        let judgement = judge.judge(story("Mole", harbour[1], harbour[2])) { id in
            fetched.append(id)
            return long
        }
        #expect(judgement.verdict == .excerpt)
        #expect(fetched == [5])
    }

    @Test func redactedStoryIsPassedOver() {
        let long = story("Mole closed", harbour[0], harbour[1], harbour[2], harbour[3])
        let judge = Judge()
        judge.load(id: 5, fingerprint: long.fingerprint)
        #expect(judge.judge(long) { _ in nil }.verdict == .new)
        judge.remove(id: 5)
        #expect(judge.judge(long) { _ in long }.verdict == .new)
    }
}

@Suite struct FingerprintTests {
    @Test func encodedRoundTrip() throws {
        let fingerprint = story("Mole closed", harbour[0], harbour[1], harbour[2]).fingerprint
        #expect(try Fingerprint(encoded: fingerprint.encoded()) == fingerprint)
    }

    @Test func damagedBytesAreRefused() {
        let bytes = story("Mole closed", harbour[0], harbour[1], harbour[2]).fingerprint.encoded()
        #expect(throws: FingerprintError.malformed) { try Fingerprint(encoded: Array(bytes.dropLast())) }
        #expect(throws: FingerprintError.malformed) { try Fingerprint(encoded: []) }
        #expect(throws: FingerprintError.otherVersion(99)) { try Fingerprint(encoded: [99] + bytes.dropFirst()) }
    }
}
