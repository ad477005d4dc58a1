import Parts
import Story
import Testing

/// IPTC 7901 and ANPA 1312.
struct WireTests {
    static func read(_ text: String, _ format: Format) throws -> [(String, Reading)] {
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        #expect(Recognizer.format(of: bytes) == format)
        return Telegraph.parts(of: bytes, format: format).compactMap { part in
            guard case .story(let reading) = part.content else { return nil }
            return (part.name, reading)
        }
    }

    static let iptc = """
        \u{1}abc0042 3 i 93 xyz 1888\r
        \r
        Harbour/bridge/\r
        \u{2}1ST LEAD\r
        Mayor opens the new bridge\r
        By Jane Doe, xyz =\r
        \r
        Harbourtown (dpa) - The mayor opened a bridge on Tues-\r
        day, after years of b\u{FC}ilding.\r
        \r
        Nobody objected.\r
        \r
        \u{3}212101 GMT Nov 18\r
        \u{4}
        """

    @Test func anIPTCStoryIsRead() throws {
        let (name, reading) = try #require(try Self.read(Self.iptc, .iptc7901).first)
        #expect(name.isEmpty)
        #expect(reading.headline == "Mayor opens the new bridge")
        #expect(reading.bylines == ["Jane Doe"])
        #expect(reading.urgency == "3")
        #expect(reading.slugline == "Harbour/bridge/")
        #expect(reading.updateKind == "lead 1")
        #expect(reading.body.count == 2)
        #expect(reading.body.first?.contains("b\u{FC}ilding") == true)
        #expect(reading.located == ["Harbourtown"])
        #expect(reading.fields.first { $0.kind == .versioncreated }?.value == "2018-11-21T21:01:00Z")
        #expect(reading.fields.first { $0.kind == .altid }?.value == "abc0042")
    }

    @Test func severalStoriesAreSeveralParts() throws {
        let parts = try Self.read(Self.iptc + "\n" + Self.iptc.replacing("abc0042", with: "abc0043"), .iptc7901)
        #expect(parts.map(\.0) == ["#abc0042", "#abc0043"])
    }

    static let anpa = """
        \u{16}\u{16}\u{1}V0042\u{1F}-----\r
        r d\u{13}\u{11} BC-XX--HarbourBridge 1stLd-Writethru   08-29 0590\r
        \u{2}^BC-XX--Harbour Bridge, 1st Ld-Writethru,127<\r
        ^Mayor opens the new bridge<\r
        ^Eds: Adds the mayor's words.<\r
        ^By JANE DOE=\r
        \tHARBOURTOWN (XYZ) _ The mayor said ``it is done.''\r
         \r
        \tNobody objected.\r
        \u{3}XY-WF-08-29-16 1626GMT<\r
        \u{4}
        """

    @Test func anANPAStoryIsRead() throws {
        let (_, reading) = try #require(try Self.read(Self.anpa, .anpa).first)
        #expect(reading.headline == "Mayor opens the new bridge")
        #expect(reading.slugline == "BC-XX--Harbour Bridge, 1st Ld-Writethru")
        #expect(reading.ednote == "Eds: Adds the mayor's words.")
        #expect(reading.bylines == ["JANE DOE"])
        #expect(reading.urgency == "4")
        #expect(reading.updateKind == "writethru 1")
        #expect(reading.body.count == 2)
        #expect(reading.body.first?.hasSuffix("\"it is done.\"") == true)
        #expect(reading.fields.first { $0.kind == .versioncreated }?.value == "2016-08-29T16:26:00Z")
    }

    @Test func damageNeverTraps() {
        for text in [Self.iptc, Self.anpa] {
            let bytes = text.unicodeScalars.map { UInt8($0.value) }
            for count in 0...bytes.count { _ = Telegraph.parts(of: Array(bytes[..<count]), format: .anpa) }
            for at in bytes.indices {
                var changed = bytes
                changed[at] = at % 2 == 0 ? 1 : 0x0A
                _ = Telegraph.parts(of: changed, format: .iptc7901)
                _ = Telegraph.parts(of: changed, format: .anpa)
            }
        }
    }
}
