// The formats that news arrives in. The raw value is what the store, `--json` and a configuration call each.

/// The format of a delivery or of one of its parts.
public enum Format: String, Sendable, CaseIterable {
    /// Plain text, as it is typed: no format at all.
    case text
    // Wire text.
    case iptc7901, anpa
    // Agency XML.
    case nitf
    case newsml1 = "newsml-1"
    case newsmlG2 = "newsml-g2"
    /// XML that no format here knows.
    case xml
    // JSON.
    case ninjs
    case jsonfeed
    /// JSON that no format here knows.
    case json
    // Feeds.
    case rss, atom, rdf
    // Web pages.
    case html
    // Mail.
    case mail, mbox
    // Documents.
    case pdf, docx, odt, rtf
    // Containers.
    case zip, tar, gzip, xz, zstd, bzip2, warc
    /// A picture, a video, a recording: kept and named, not read.
    case media
    /// None of these.
    case unknown

    /// What a person calls it.
    public var name: String {
        switch self {
        case .text: "plain text"
        case .iptc7901: "IPTC 7901"
        case .anpa: "ANPA 1312"
        case .nitf: "NITF"
        case .newsml1: "NewsML 1"
        case .newsmlG2: "NewsML-G2"
        case .xml: "XML"
        case .ninjs: "ninjs"
        case .jsonfeed: "JSON Feed"
        case .json: "JSON"
        case .rss: "RSS"
        case .atom: "Atom"
        case .rdf: "RDF Site Summary"
        case .html: "HTML"
        case .mail: "mail"
        case .mbox: "a mailbox"
        case .pdf: "PDF"
        case .docx: "a Word document"
        case .odt: "an OpenDocument text"
        case .rtf: "RTF"
        case .zip: "a ZIP archive"
        case .tar: "a tar archive"
        case .gzip: "gzip"
        case .xz: "xz"
        case .zstd: "zstd"
        case .bzip2: "bzip2"
        case .warc: "a web archive (WARC)"
        case .media: "media"
        case .unknown: "an unknown format"
        }
    }

    /// Whether it is read in the process that asks: text alone, in memory-safe code.
    public var isInProcess: Bool { self == .text || self == .iptc7901 || self == .anpa }

    /// Whether it holds other files, each of a format of its own.
    public var isContainer: Bool {
        switch self {
        case .zip, .tar, .gzip, .xz, .zstd, .bzip2, .warc, .mail, .mbox: true
        default: false
        }
    }
}
