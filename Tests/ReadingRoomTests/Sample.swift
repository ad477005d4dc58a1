import Foundation

@testable import ReadingRoom

enum Sample {
    static func story(_ more: String = "") throws -> Record {
        try JSONDecoder().decode(
            Record.self,
            from: Data(
                """
                {"id":7,"cursor":"0123456789abcdef:7","verdict":"near-duplicate","of":3,"family":3,"versions":[3,7],
                "name":"reuters/x.txt","received":"2026-11-24T12:34:00.893Z","headline":"COCOA <RISES>","language":"en",
                "located":"London, Paris","infosource":[{"name":"Reuters"}],"pubstatus":"usable","wordcount":5,"charcount":30,
                "body":["One & two.","Three."],"pictures":[{"caption":"A tree","credit":"Reuters/X"}]\(more)}
                """.utf8))
    }
}
