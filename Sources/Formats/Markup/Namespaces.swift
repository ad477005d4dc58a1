// Vocabularies by their URI. The base vocabularies of a format have no prefix here: which one a document is in, its root
// element says.

/// What prefix a vocabulary has in this module's tables.
enum Namespaces {
    /// The canonical prefix of a URI: empty for the base vocabularies, nil for one that is unknown.
    static func prefix(of uri: String) -> String? { table[uri] }

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (prefix, uris) in known { for uri in uris { table[uri] = prefix } }
        return table
    }()

    private static let known: [(String, [String])] = [
        (
            "",
            [
                "http://iptc.org/std/nar/2006-10-01/", "http://iptc.org/std/NITF/2006-10-18/",
                "http://iptc.org/std/NewsML/2003-10-10/", "http://www.w3.org/1999/xhtml",
                "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/",
                "http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
                "http://my.netscape.com/publish/formats/rss-0.91.dtd", "http://backend.userland.com/rss2",
                "http://backend.userland.com/RSS2", "http://blogs.law.harvard.edu/tech/rss",
                "http://backend.userland.com/rss", "http://backend.userland.com/RSS",
            ]
        ),
        ("rdf", ["http://www.w3.org/1999/02/22-rdf-syntax-ns#"]),
        ("xml", ["http://www.w3.org/XML/1998/namespace"]),
        ("xsi", ["http://www.w3.org/2001/XMLSchema-instance"]),
        ("dc", ["http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/"]),
        ("dcterms", ["http://purl.org/dc/terms/"]),
        ("content", ["http://purl.org/rss/1.0/modules/content/"]),
        ("media", ["http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"]),
        ("itunes", ["http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/PodCast-1.0.dtd"]),
        ("wp", (0...9).map { "http://wordpress.org/export/1.\($0)/" }),
        ("excerpt", (0...9).map { "http://wordpress.org/export/1.\($0)/excerpt/" }),
        (
            "prism",
            ["http://prismstandard.org/namespaces/1.2/basic/", "http://prismstandard.org/namespaces/basic/2.0/"]
        ),
        ("app", ["http://www.w3.org/2007/app", "http://purl.org/atom/app#"]),
        ("cc", ["http://web.resource.org/cc/", "http://backend.userland.com/creativeCommonsRssModule"]),
        ("office", ["urn:oasis:names:tc:opendocument:xmlns:office:1.0"]),
        ("text", ["urn:oasis:names:tc:opendocument:xmlns:text:1.0"]),
        ("meta", ["urn:oasis:names:tc:opendocument:xmlns:meta:1.0"]),
        ("table", ["urn:oasis:names:tc:opendocument:xmlns:table:1.0"]),
        ("draw", ["urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"]),
        (
            "w",
            [
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ]
        ),
        ("cp", ["http://schemas.openxmlformats.org/package/2006/metadata/core-properties"]),
        ("apcm", ["http://ap.org/schemas/03/2005/apcm"]),
        ("apxh", ["http://w3.org/1999/xhtml"]),
        ("rtr", ["http://www.reuters.com/ns/2003/08/content"]),
    ]
}
