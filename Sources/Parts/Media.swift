// Pictures, video and sound by their first bytes: named and kept, never read.

internal import Text

/// Media files.
public enum Media {
    private struct Signature {
        var bytes: [UInt8?]
        var type: String
    }

    /// The media type of a file by its first bytes; nil if it is none.
    public static func type(of head: [UInt8]) -> String? {
        guard let first = head.first else { return nil }
        for signature in byFirst[Int(first)] where begins(head, signature.bytes) { return signature.type }
        return box(head)
    }

    private static func begins(_ head: [UInt8], _ bytes: [UInt8?]) -> Bool {
        guard head.count >= bytes.count else { return false }
        for (index, byte) in bytes.enumerated() { if let byte, head[index] != byte { return false } }
        return true
    }

    /// ISO base media files begin with the length of a box.
    private static func box(_ head: [UInt8]) -> String? {
        guard head.count >= 12, head[0] == 0, Letters.has("ftyp", head, at: 4) else { return nil }
        switch String(decoding: head[8..<12], as: UTF8.self) {
        case "heic", "heix", "mif1", "msf1": return "image/heif"
        case "avif", "avis": return "image/avif"
        case "M4A ", "M4B ": return "audio/mp4"
        case "qt  ": return "video/quicktime"
        default: return "video/mp4"
        }
    }

    private static func signature(_ text: String, _ type: String, _ after: [UInt8?] = []) -> Signature {
        Signature(
            bytes: text.unicodeScalars.map { $0 == "?" ? nil : UInt8(truncatingIfNeeded: $0.value) } + after, type: type
        )
    }

    private static let byFirst: [[Signature]] = {
        let all = [
            signature("\u{FF}\u{D8}\u{FF}", "image/jpeg"), signature("\u{89}PNG\r\n\u{1A}\n", "image/png"),
            signature("GIF87a", "image/gif"), signature("GIF89a", "image/gif"), signature("II*\0", "image/tiff"),
            signature("MM\0*", "image/tiff"), signature("RIFF????WEBP", "image/webp"),
            signature("RIFF????WAVE", "audio/wav"), signature("RIFF????AVI ", "video/x-msvideo"),
            signature("8BPS\0\u{1}", "image/vnd.adobe.photoshop"), signature("BM????\0\0\0\0", "image/bmp"),
            signature("\0\0\u{1}\0", "image/x-icon"), signature("ID3", "audio/mpeg", [nil, nil, nil, nil]),
            signature("\u{FF}\u{FB}", "audio/mpeg"), signature("\u{FF}\u{F3}", "audio/mpeg"),
            signature("\u{FF}\u{F2}", "audio/mpeg"), signature("OggS\0", "application/ogg"),
            signature("fLaC", "audio/flac", [0]), signature("MThd\0", "audio/midi"),
            signature("\u{1A}E\u{DF}\u{A3}", "video/webm"), signature("FLV\u{1}", "video/x-flv"),
            signature("\0\0\u{1}\u{BA}", "video/mpeg"), signature("\0\0\u{1}\u{B3}", "video/mpeg"),
            signature("FORM????AIFF", "audio/aiff"),
        ]
        var byFirst = [[Signature]](repeating: [], count: 256)
        for signature in all { if let first = signature.bytes[0] { byFirst[Int(first)].append(signature) } }
        return byFirst
    }()

    /// The media type that a name's ending stands for, for renditions and attachments.
    public static func type(ofName name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return endings[name[name.index(after: dot)...].lowercased()]
    }

    private static let endings: [String: String] = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "tif": "image/tiff",
        "tiff": "image/tiff", "webp": "image/webp", "svg": "image/svg+xml", "mp4": "video/mp4",
        "mov": "video/quicktime",
        "mp3": "audio/mpeg", "wav": "audio/wav", "pdf": "application/pdf", "txt": "text/plain", "html": "text/html",
        "htm": "text/html", "xml": "application/xml", "json": "application/json",
    ]
}
