// A stored reading is restored exactly, or refused.

import Story
import Testing

@Suite struct EncodedTests {
    @Test(arguments: Golden.seeds)
    func restoresExactly(name: String) throws {
        let raw = Golden.seed(name)
        let reading = Reading(of: raw)
        #expect(try Reading(encoded: reading.encoded(), raw: raw) == reading)
    }

    @Test func restoresEveryKindOfValue() throws {
        let raw = Array("héadline\n\nSome \"text\" that has more bytes than there are kinds.".utf8)
        var reading = Reading(of: raw)
        reading.parser = 7
        reading.notes = ["A \"note\" with \\ and \n and \u{1} and 北京.", ""]
        reading.fields = Field.Kind.allCases.enumerated().map { index, kind in
            Field(
                kind, index..<index + 1, rule: "rule/\(index)", value: index % 2 == 0 ? nil : "\"\\\t",
                picture: index % 3)
        }
        #expect(try Reading(encoded: reading.encoded(), raw: raw) == reading)
    }

    @Test func paragraphsTakeTwoNumbersEach() throws {
        let raw = Array("One.\n\nTwo two.\n\nThree.".utf8)
        let (short, long) = (
            #"[["paragraph",0,4,"p"],["language",0,4,"l","en"],[2,8],[2,6],["paragraph",2,3,"p"]]"#,
            #"[["paragraph",0,4,"p"],["language",0,4,"l","en"],["paragraph",6,14,"p"],["paragraph",16,22,"p"],"#
                + #"["paragraph",2,3,"p"]]"#
        )
        func encoded(_ fields: String) -> [UInt8] {
            Array(#"{"parser":1,"encoding":"UTF-8","notes":[],"fields":\#(fields)}"#.utf8)
        }
        let reading = try Reading(encoded: encoded(long), raw: raw)
        #expect(reading.fields.map(\.range) == [0..<4, 0..<4, 6..<14, 16..<22, 2..<3])
        #expect(reading.encoded() == encoded(short))
        #expect(try Reading(encoded: encoded(short), raw: raw) == reading)
        for bad in ["[[2,8]]", #"[["paragraph",0,4,"p"],[2,90]]"#, #"[["paragraph",0,4,"p"],[2]]"#] {
            #expect(throws: ReadingError.self) { try Reading(encoded: encoded(bad), raw: raw) }
        }
    }

    @Test func refusesWhatIsDamaged() {
        let raw = Golden.seed("000_7844e40871c5aec3")
        let whole = Reading(of: raw).encoded()
        for length in 0..<whole.count {
            #expect(throws: ReadingError.self) { try Reading(encoded: Array(whole[..<length]), raw: raw) }
        }
        #expect(throws: ReadingError.self) { try Reading(encoded: whole, raw: []) }
        #expect(throws: ReadingError.self) { try Reading(encoded: whole + [0x20], raw: raw) }
    }
}
