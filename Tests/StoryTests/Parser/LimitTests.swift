// Reading costs no more than the size of what is read, and never traps, whatever the bytes. The bounds are
// generous: a debug build on a busy machine keeps them, a quadratic step would miss them by far.

import Story
import Testing

@Suite struct LimitTests {
    private func repeated(_ text: String, bytes: Int) -> [UInt8] {
        let unit = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes + unit.count)
        while result.count < bytes { result.append(contentsOf: unit) }
        return result
    }

    private func seconds(_ bytes: [UInt8]) -> Double {
        let clock = ContinuousClock()
        let time = clock.measure { _ = Reading(of: bytes) }
        return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }

    @Test func aLineOfFiftyMegabytes() {
        let bytes = repeated("One long line that never ends and says nothing. ", bytes: 50_000_000)
        #expect(seconds(bytes) < 60)
    }

    @Test func aMillionBlankLines() {
        let bytes = Array("Headline\n".utf8) + repeated(" \n\n", bytes: 3_000_000) + Array("The end of it all.".utf8)
        #expect(seconds(bytes) < 20)
        let reading = Reading(of: bytes)
        #expect(reading.headline == "Headline")
        #expect(reading.body == ["The end of it all."])
    }

    @Test func aMillionShortLinesAreBounded() {
        let bytes = repeated("ab\n", bytes: 3_000_000)
        #expect(seconds(bytes) < 30)
        let reading = Reading(of: bytes)
        #expect(reading.fields.count < 60_000)
        #expect(reading.bodyRanges.last?.upperBound == bytes.count - 1)
    }

    @Test(arguments: [
        "(", "[", "((((", "(Xinhua/", "[Photo/", "A photo. (Xinhua/Xie Huanchi)\n", ": ", "Foto: ", "By A and ",
        "BEIJING, ",
        "PARIS, Dec. 3 (", "1/1/", "12月", "Dec. 3, 2024 ", "北京12月3日电（", "（记者 ", "\u{A0}", "\u{3000}\n", "&amp", "&#",
        "ZCZC\n",
        "NNNN\n", "by by by ", "* ", "。", "é", "\"", ". A", "A. B. C. ", "-", "--- ", "/", "date 2024-12-03\n",
        "UPDATE 1-",
        "Xi speaks in the hall in Beijing on Tuesday with others who came, and it took long (Xinhua/Yao Dawei)\n",
    ])
    func whatRepeatsItselfCostsItsSize(unit: String) throws {
        let small = repeated(unit, bytes: 250_000)
        let large = repeated(unit, bytes: 2_000_000)
        // Eight times the bytes: eight times the time, and some room for a busy machine.
        let first = max(seconds(small), 0.05)
        #expect(seconds(large) < first * 30)
        let reading = Reading(of: small)
        #expect(try Reading(encoded: reading.encoded(), raw: small) == reading)
    }

    @Test func picturesAreBounded() {
        let bytes = repeated("A man speaks in a hall in Beijing. (Xinhua/Xie Huanchi)\n\n", bytes: 600_000)
        #expect(Reading(of: bytes).pictures.count <= 300)
    }
}
