// What is no text: pictures, archives, programs, documents in formats that need a reader of their own. Told by content,
// never by name. Promises: looks at a bounded part of the bytes, half a microsecond for plain text; text in any encoding
// that this module reads is text, also with a wire's control characters or with some damage. HTML, XML, JSON, RTF, mail
// and WARC are text.

internal import Text

/// What bytes are that are no text.
public enum NotText {
    /// What the bytes are, as one says it (`a JPEG image`), or nil for text. Empty files are texts without words.
    public static func kind(of bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        if let known = Signatures.kind(of: bytes, first) { return known }
        // Box formats and archives have their signature further on.
        if let boxed = Signatures.boxKind(of: bytes) { return boxed }
        guard firstControl(in: bytes.span, below: sampleSize) != nil else { return nil }
        return isText(bytes) ? nil : "binary data"
    }

    /// Compressed data has some hundred control characters among this many bytes, text none.
    private static let sampleSize = 2_048
    /// What is looked at where there are control characters.
    private static let longSample = 1 << 16

    /// The first control character that text does not have, among the first bytes.
    static func firstControl(in span: Span<UInt8>, below limit: Int) -> Int? {
        let end = min(span.count, limit)
        var at = 0
        let high: UInt64 = 0x8080_8080_8080_8080
        let raw = unsafe span.bytes
        while at &+ 8 <= end {
            // Eight bytes from `at` on are inside the span, by the condition above.
            let word = UInt64(
                littleEndian: unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self))
            // The bytes below 0x20, and perhaps some behind one of them.
            var low = (word &- 0x2020_2020_2020_2020) & ~word & high
            while low != 0 {
                let place = at &+ low.trailingZeroBitCount &>> 3
                if isControl(span[place]) { return place }
                low &= low &- 1
            }
            at &+= 8
        }
        while at < end {
            if isControl(span[at]) { return at }
            at += 1
        }
        return nil
    }

    /// Control characters but those that terminals and printers are sent: backspace, tab, line ends, form feed, escape.
    @inline(__always)
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < Byte.space && (1 &<< UInt32(byte)) & 0x0800_3700 == 0
    }

    /// Whether bytes with control characters are text all the same.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        let sample = bytes.count <= longSample ? bytes : Array(bytes[..<longSample])
        if let wide = Detection.wide(sample) { return isPlausible(sample, wide) }
        let counts = Counts(withoutFrame(sample))
        if counts.others == 0 { return false }
        let controls = counts.controls + counts.zeroRuns
        if controls <= max(4, counts.others / 50) { return true }
        // Short messages of a wire: a dozen control characters frame a few lines of ASCII.
        if counts.printable * 100 >= counts.others * 85 {
            return counts.controls * 100 <= counts.others * 12 && counts.zeroRuns <= 4 + counts.others / 20
        }
        // Copy in another script: most bytes are beyond ASCII, and belong to its letters.
        return controls * 100 <= counts.others * 6 && Detection.isCopy(sample)
    }

    /// The bytes without the control characters and the padding that a wire sets before and behind a message.
    private static func withoutFrame(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let start = bytes.firstIndex { !isControl($0) } ?? bytes.endIndex
        return bytes[start..<(bytes.lastIndex { !isControl($0) }.map { $0 + 1 } ?? start)]
    }

    /// Whether UTF-16 or UTF-32 is text: hardly any scalars that no text has.
    private static func isPlausible(_ bytes: [UInt8], _ encoding: TextEncoding) -> Bool {
        // Decoding leaves blanks of two bytes where control characters beyond ASCII were.
        let text = Decoding.decode(Array(bytes.prefix(8_192)), as: encoding)
        var (scalars, strange, blanks) = (0, 0, 0)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            scalars += 1
            if scalar == " " { blanks += 1 }
            switch scalar.properties.generalCategory {
            case .unassigned, .privateUse: strange += 1
            default: if scalar.value == 0xFFFD { strange += 1 }
            }
        }
        return strange * 10 <= scalars && blanks * 2 <= scalars
    }

    /// What kinds of bytes a sample has.
    private struct Counts {
        var controls = 0
        /// Padding is one run, however long.
        var zeroRuns = 0
        var printable = 0
        /// All bytes but zeros.
        var others = 0

        init(_ bytes: ArraySlice<UInt8>) {
            var previous: UInt8 = 1
            for byte in bytes {
                if byte == 0 {
                    if previous != 0 { zeroRuns += 1 }
                } else {
                    others += 1
                    if byte < Byte.firstBeyondASCII, byte >= Byte.space || !NotText.isControl(byte) { printable += 1 }
                    if NotText.isControl(byte) { controls += 1 }
                }
                previous = byte
            }
        }
    }
}

/// The first bytes by which formats are known.
private enum Signatures {
    struct Signature {
        var bytes: [UInt8]
        var kind: String
        /// Letters alone may begin a text, too: then only bytes that no text has make it the format.
        var needsProof: Bool
    }

    /// `bytes` in hexadecimal, or as they are after an apostrophe.
    private static func signature(_ bytes: String, _ kind: String) -> Signature {
        var found: [UInt8] = []
        for part in bytes.split(separator: " ") {
            if part.hasPrefix("'") {
                found += part.utf8.dropFirst()
            } else {
                found.append(UInt8(part, radix: 16) ?? 0)
            }
        }
        let isASCII = found.allSatisfy {
            $0 >= Byte.space && $0 < Byte.delete || $0 == Byte.lineFeed || $0 == Byte.carriageReturn
        }
        return Signature(bytes: found, kind: kind, needsProof: isASCII && kind != "a PDF document")
    }

    static let all: [Signature] = [
        signature("FF D8 FF", "a JPEG image"), signature("89 'PNG 0D 0A 1A 0A", "a PNG image"),
        signature("'GIF87a", "a GIF image"), signature("'GIF89a", "a GIF image"),
        signature("'II 2A 00", "a TIFF image"),
        signature("'MM 00 2A", "a TIFF image"), signature("'BM", "a BMP image"),
        signature("'8BPS", "a Photoshop image"),
        signature("00 00 01 00", "an icon"), signature("00 00 00 0C 'jP 20 20", "a JPEG 2000 image"),
        signature("C5 D0 D3 C6", "an Encapsulated PostScript image"), signature("'%PDF-", "a PDF document"),
        signature("'PK 03 04", "a ZIP archive"), signature("'PK 05 06", "a ZIP archive"),
        signature("1F 8B 08", "a gzip archive"), signature("'BZh", "a bzip2 archive"),
        signature("FD '7zXZ 00", "an xz archive"), signature("28 B5 2F FD", "a zstd archive"),
        signature("04 22 4D 18", "an LZ4 archive"), signature("'LZIP", "an lzip archive"),
        signature("1F 9D", "a compressed file"), signature("'7z BC AF 27 1C", "a 7z archive"),
        signature("'Rar! 1A 07", "a RAR archive"), signature("'MSCF 00", "a cabinet archive"),
        signature("7F 'ELF", "an ELF program"), signature("'MZ", "a Windows program"),
        signature("CF FA ED FE", "a macOS program"), signature("CE FA ED FE", "a macOS program"),
        signature("CA FE BA BE", "a Java class"), signature("00 'asm", "a WebAssembly program"),
        signature("ED AB EE DB", "an RPM package"), signature("'!<arch> 0A", "an ar archive or a Debian package"),
        signature("D0 CF 11 E0 A1 B1 1A E1", "an Office document of the older kind"),
        signature("'SQLite 20 'format 20 '3 00", "an SQLite database"), signature("'PAR1", "a Parquet file"),
        signature("89 'HDF 0D 0A 1A 0A", "an HDF5 file"), signature("'ID3", "an MP3 recording"),
        signature("FF FB", "an MP3 recording"), signature("FF F3", "an MP3 recording"),
        signature("FF F2", "an MP3 recording"), signature("'OggS 00", "an Ogg recording"),
        signature("'fLaC 00", "a FLAC recording"), signature("'MThd 00", "a MIDI file"),
        signature("1A 45 DF A3", "a Matroska or WebM video"), signature("'FLV 01", "a Flash video"),
        signature("00 00 01 BA", "an MPEG video"), signature("00 00 01 B3", "an MPEG video"),
        signature("30 26 B2 75 8E 66 CF 11", "a Windows Media file"), signature("'wOFF", "a web font"),
        signature("'wOF2", "a web font"), signature("'OTTO 00", "an OpenType font"),
        signature("00 01 00 00 00", "a TrueType font"), signature("'ttcf 00", "a font collection"),
        signature("'AT&TFORM", "a DjVu document"), signature("D4 C3 B2 A1", "a capture of network packets"),
    ]

    /// The signatures by their first byte.
    private static let byFirst: [[Signature]] = {
        var byFirst = [[Signature]](repeating: [], count: 256)
        for signature in all { byFirst[Int(signature.bytes[0])].append(signature) }
        return byFirst
    }()

    static func kind(of bytes: [UInt8], _ first: UInt8) -> String? {
        if first == UInt8(ascii: "R") || first == UInt8(ascii: "F"), let container = containerKind(bytes) {
            return container
        }
        let signatures = byFirst[Int(first)]
        for index in signatures.indices where begins(bytes, with: signatures[index].bytes) {
            let signature = signatures[index]
            if signature.needsProof, NotText.firstControl(in: bytes.span, below: 4_096) == nil { continue }
            return signature.kind == "a ZIP archive" ? zipKind(bytes) : signature.kind
        }
        return nil
    }

    private static func begins(_ bytes: [UInt8], with signature: [UInt8]) -> Bool {
        guard bytes.count >= signature.count else { return false }
        for index in signature.indices where bytes[index] != signature[index] { return false }
        return true
    }

    /// RIFF and IFF files name what they hold in bytes 8 to 11.
    private static func containerKind(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 12 else { return nil }
        if has("RIFF", bytes, 0), bytes[4..<8].contains(where: { $0 < Byte.space || $0 >= Byte.firstBeyondASCII }) {
            if has("WEBP", bytes, 8) { return "a WebP image" }
            if has("WAVE", bytes, 8) { return "a WAV recording" }
            if has("AVI ", bytes, 8) { return "an AVI video" }
        }
        return has("FORM", bytes, 0) && (has("AIFF", bytes, 8) || has("AIFC", bytes, 8)) ? "an AIFF recording" : nil
    }

    /// MP4 and its relatives begin with the size of a box, tar with a name.
    static func boxKind(of bytes: [UInt8]) -> String? {
        guard bytes.count >= 12 else { return nil }
        if bytes[0] == 0, has("ftyp", bytes, 4) {
            if has("heic", bytes, 8) || has("heix", bytes, 8) || has("mif1", bytes, 8) { return "an HEIF image" }
            if has("avif", bytes, 8) { return "an AVIF image" }
            return has("M4A ", bytes, 8) ? "an MPEG-4 recording" : "an MP4 video"
        }
        if bytes.count >= 512, bytes[257] == UInt8(ascii: "u"), has("ustar", bytes, 257), bytes[..<257].contains(0) {
            return "a tar archive"
        }
        if bytes[0] == UInt8(ascii: "G"), bytes.count > 376, bytes[188] == UInt8(ascii: "G"),
            bytes[376] == UInt8(ascii: "G"),
            NotText.firstControl(in: bytes.span, below: 376) != nil
        {
            return "an MPEG video"
        }
        return nil
    }

    /// What a ZIP archive is a form of, by the names of its first members.
    private static func zipKind(_ bytes: [UInt8]) -> String {
        let head = Array(bytes.prefix(4_096))
        if Letters.has("mimetype", bytes, at: 30) {
            if Letters.has("application/epub+zip", bytes, at: 38) { return "an EPUB book" }
            return Letters.has("application/vnd.oasis.opendocument", bytes, at: 38)
                ? "an OpenDocument file" : "a ZIP archive"
        }
        let ends = head + bytes.suffix(16_384)
        let isOffice = contains("[Content_Types].xml", ends)
        if isOffice, contains("word/", ends) { return "a Word document" }
        if isOffice, contains("xl/", ends) { return "an Excel workbook" }
        if isOffice, contains("ppt/", ends) { return "a PowerPoint presentation" }
        return contains("META-INF/MANIFEST.MF", head) ? "a Java archive" : "a ZIP archive"
    }

    private static func has(_ word: StaticString, _ bytes: [UInt8], _ at: Int) -> Bool {
        Letters.has(word, bytes, at: at)
    }

    private static func contains(_ word: StaticString, _ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { Letters.has(word, bytes, at: $0) }
    }
}
