// Stories for programs: IPTC's ninjs 3.1 (https://iptc.org/standards/ninjs/).

internal import Foundation

/// A story as ninjs 3.1. A value that the story does not state is left out.
struct Ninjs: Encodable {
    struct Headline: Encodable {
        var role = "main"
        var contentType = "text/plain"
        var value: String
    }
    struct Body: Encodable {
        var role = "main"
        var contentType = "text/plain"
        var value: String
        var charCount: Int?
        var wordCount: Int?
    }
    struct Place: Encodable { var name: String }
    struct Source: Encodable {
        var name: String
        var role = "agency"
    }
    struct AltID: Encodable {
        var role: String
        var value: String
    }
    struct Association: Encodable {
        var name: String
        var uri: String
        var type = "picture"
        var descriptions: [Headline]?
        var by: String?
    }
    struct Standard: Encodable {
        var name = "ninjs"
        var version = "3.1"
        var schema = "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
    }

    var standard = Standard()
    var uri: String
    var type = "text"
    var representationType = "full"
    var version: String?
    var versionCreated: String
    var contentCreated, embargoedUntil: String?
    var pubStatus: String?
    var urgency: Int?
    var headlines: [Headline]?
    var bodies: [Body]?
    var by, slugline, located, edNote, usageTerms, copyrightNotice, language: String?
    var places: [Place]?
    var infoSources: [Source]?
    var altIds: [AltID]
    var associations: [Association]?

    /// - Parameter base: the room's address, such as `http://127.0.0.1:8470`.
    init(_ story: Record, base: String) {
        uri = "\(base)/api/v1/stories/\(story.id)"
        versionCreated = Ninjs.whole(story.received) ?? story.received
        contentCreated = story.contentcreated.flatMap(Ninjs.whole)
        embargoedUntil = story.embargoed.flatMap(Ninjs.whole)
        pubStatus = story.pubstatus
        urgency = story.urgency
        headlines = story.headline.map { [Headline(value: $0)] }
        bodies = story.body.map {
            [Body(value: $0.joined(separator: "\n\n"), charCount: story.charcount, wordCount: story.wordcount)]
        }
        (by, slugline, located, edNote) = (story.byline, story.slugline, story.located, story.ednote)
        (usageTerms, copyrightNotice, language) = (story.usageterms, story.copyrightholder, story.language)
        places = story.located.map { $0.components(separatedBy: ", ").map(Place.init) }
        infoSources = story.infosource.map { $0.map { Source(name: $0.name) } }
        altIds = [
            AltID(role: "family", value: String(story.family ?? story.id)), AltID(role: "file", value: story.name),
        ]
        if let digest = story.sha256 { altIds.append(AltID(role: "sha256", value: digest)) }
        if let place = story.versions?.firstIndex(of: story.id) { version = String(place + 1) }
        let uri = self.uri
        associations = story.pictures.flatMap { pictures in
            pictures.isEmpty
                ? nil
                : pictures.enumerated().map { number, picture in
                    Association(
                        name: "picture-\(number + 1)", uri: "\(uri)#picture-\(number + 1)",
                        descriptions: picture.caption.map { [Headline(role: "caption", value: $0)] }, by: picture.credit
                    )
                }
        }
    }

    /// A time that is known to the second; ninjs takes no other, and none is made up.
    private static func whole(_ time: String) -> String? {
        time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) != nil ? time : nil
    }
}

enum JSON {
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
