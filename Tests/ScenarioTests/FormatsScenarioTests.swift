import Foundation
import TestSupport
import Testing

/// `copytaster read` and `copytaster formats`, as a person runs them.
struct FormatsScenarioTests {
    static let samples = Checkout.root.appendingPathComponent("Tests/FormatsTests/Samples")

    @Test func everySampleIsShownAsTheSchemaSays() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.samples.path).sorted()
        let files = names.map { Self.samples.appendingPathComponent($0).path }
        let schema = try Schema("part")
        for option in [[], ["--evidence"]] {
            let result = try Program().run(["read", "--json"] + option + files, withPlaces: false)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines.count > names.count)
            for line in result.lines { #expect(schema.faults(line) == []) }
        }
        #expect(!schema.faults("{\"version\":1}").isEmpty, "the schema can fail")
    }

    @Test func aPersonSeesPartsAndFields() throws {
        let file = Self.samples.appendingPathComponent("newsml-g2.xml").path
        let text = try Program().run(["read", file], withPlaces: false).text
        #expect(text.contains("headline        Mayor opens the new bridge"))
        #expect(text.contains("embargoed       2024-05-07T12:00:00+02:00"))
        let evidence = try Program().run(["read", "--evidence", file], withPlaces: false).text
        #expect(evidence.contains("[newsml-g2/guid /newsMessage/itemSet/newsItem[1]/@guid]"))
    }

    @Test func formatsAreListed() throws {
        let result = try Program().run(["formats", "--json"], withPlaces: false)
        let schema = try Schema("format")
        for line in result.lines { #expect(schema.faults(line) == []) }
        #expect(result.records.allSatisfy { $0["read"] as? Bool == true })
        #expect(result.lines.count > 25)
    }
}
