// Encodings by the labels that documents, mails and pages declare (WHATWG Encoding Standard, and what older senders write).

public import Text

/// A declared encoding.
public enum Charset: Sendable, Equatable {
    /// One that plain text comes in, too.
    case known(TextEncoding)
    /// A single-byte encoding that is only read where it is declared, by its name in ``upperHalves``.
    case singleByte(String)
    case iso2022jp
    case hz
    case utf7

    /// The encoding that a label means; nil for one that is unknown.
    public init?(label: String) {
        let key = label.lowercased().trimmingBlanks().replacingUnderscores()
        if let encoding = Charset.labels[key] {
            self = .known(encoding)
        } else if let name = Charset.others[key] ?? (Charset.upperHalves[key] != nil ? key : nil) {
            self = .singleByte(name)
        } else {
            switch key {
            case "iso-2022-jp", "csiso2022jp": self = .iso2022jp
            case "hz-gb-2312", "hz": self = .hz
            case "utf-7", "unicode-1-1-utf-7": self = .utf7
            default: return nil
            }
        }
    }

    /// The nearest name for a reading.
    public var textEncoding: TextEncoding { if case .known(let encoding) = self { encoding } else { .utf8 } }

    /// Bytes -> UTF-8 without control characters. Never fails.
    public func decode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .known(let encoding): return Decoding.decode(bytes, as: encoding)
        case .singleByte(let name):
            guard let half = Charset.upperHalves[name] else { return Decoding.decode(bytes, as: .windows1252) }
            var text: [UInt8] = []
            text.reserveCapacity(bytes.count + bytes.count / 2)
            for byte in bytes {
                if byte < 0x80 { text.append(byte) } else { Decoding.append(UInt32(half[Int(byte) - 0x80]), to: &text) }
            }
            return Decoding.withoutControls(text)
        case .iso2022jp: return Decoding.decode(Shifted.eucJP(fromISO2022: bytes), as: .eucJP)
        case .hz: return Decoding.decode(Shifted.gb(fromHZ: bytes), as: .gb18030)
        case .utf7: return Decoding.withoutControls(Shifted.utf8(fromUTF7: bytes))
        }
    }

    private static let others: [String: String] = [
        "latin3": "iso-8859-3", "latin4": "iso-8859-4", "cyrillic": "iso-8859-5", "arabic": "iso-8859-6",
        "greek": "iso-8859-7", "hebrew": "iso-8859-8", "iso-8859-8-i": "iso-8859-8", "latin6": "iso-8859-10",
        "iso8859-3": "iso-8859-3", "iso8859-4": "iso-8859-4", "iso8859-5": "iso-8859-5", "iso8859-6": "iso-8859-6",
        "iso8859-7": "iso-8859-7", "iso8859-8": "iso-8859-8", "iso8859-10": "iso-8859-10",
        "iso8859-13": "iso-8859-13", "iso8859-14": "iso-8859-14", "iso8859-15": "iso-8859-15",
        "iso8859-16": "iso-8859-16", "latin9": "iso-8859-15", "latin-9": "iso-8859-15", "l9": "iso-8859-15",
        "cp866": "ibm866", "866": "ibm866", "mac": "macintosh", "x-mac-roman": "macintosh", "macroman": "macintosh",
        "x-mac-ukrainian": "x-mac-cyrillic", "cp1258": "windows-1258", "cp437": "ibm437", "437": "ibm437",
        "cp850": "ibm850", "850": "ibm850", "cp852": "ibm852", "cp865": "ibm865",
    ]

    private static let labels: [String: TextEncoding] = {
        var labels: [String: TextEncoding] = [:]
        for (encoding, names) in known { for name in names.split(separator: " ") { labels[String(name)] = encoding } }
        return labels
    }()

    private static let known: [(TextEncoding, String)] = [
        (.utf8, "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 x-unicode20utf8"),
        (.utf16LittleEndian, "utf-16 utf-16le utf16 ucs-2 unicode iso-10646-ucs-2 csunicode u16 u-16"),
        (.utf16BigEndian, "utf-16be unicodefffe"), (.utf32LittleEndian, "utf-32 utf-32le u32"),
        (.utf32BigEndian, "utf-32be"),
        (
            .windows1252,
            """
            windows-1252 cp1252 x-cp1252 1252 iso-8859-1 iso8859-1 iso88591 latin1 latin-1 l1 cp819 ibm819 iso-ir-100 us-ascii \
            ascii ansi-x3.4-1968 iso-646 iso-646-us iso-ir-6 8859-1 iso-latin-1 unknown-8bit
            """
        ),
        (.windows1250, "windows-1250 cp1250 x-cp1250 1250"),
        (.windows1251, "windows-1251 cp1251 x-cp1251 1251 win-1251"),
        (.windows1253, "windows-1253 cp1253 1253"),
        (.windows1254, "windows-1254 cp1254 1254 iso-8859-9 iso8859-9 latin5 latin-5 l5"),
        (.windows1255, "windows-1255 cp1255 1255"), (.windows1256, "windows-1256 cp1256 1256"),
        (.windows1257, "windows-1257 cp1257 1257"),
        (.windows874, "windows-874 cp874 tis-620 tis620 iso-8859-11 iso8859-11"),
        (.iso88592, "iso-8859-2 iso8859-2 iso88592 latin2 latin-2 l2"), (.koi8r, "koi8-r koi8 koi koi8r cskoi8r"),
        (.koi8u, "koi8-u koi8-ru"),
        (.gb18030, "gb18030 gbk gb2312 gb-2312 gb-2312-80 cp936 ms936 936 x-gbk euc-cn csgb2312 chinese iso-ir-58"),
        (.big5, "big5 big5-hkscs cn-big5 x-x-big5 cp950 950 csbig5"),
        (.shiftJIS, "shift-jis shiftjis sjis x-sjis ms-kanji windows-31j cp932 932 ms932 csshiftjis"),
        (.eucJP, "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese"),
        (
            .eucKR,
            "euc-kr euckr ks-c-5601-1987 ks-c-5601 ksc5601 ksc-5601 korean windows-949 cp949 949 uhc iso-ir-149 ks-c-5601-1989"
        ),
    ]
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" || first == "\"" || first == "'" {
            text.removeFirst()
        }
        while let last = text.last, last == " " || last == "\t" || last == "\"" || last == "'" { text.removeLast() }
        return String(text)
    }

    fileprivate func replacingUnderscores() -> String { String(map { $0 == "_" ? "-" : $0 }) }
}

/// Seven-bit encodings that shift between sets.
private enum Shifted {
    /// ISO-2022-JP (RFC 1468) as EUC-JP.
    static func eucJP(fromISO2022 bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        enum Mode { case ascii, kana, double }
        var mode = Mode.ascii
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x1B, at + 2 < bytes.count {
                switch (bytes[at + 1], bytes[at + 2]) {
                case (0x28, 0x42), (0x28, 0x4A): mode = .ascii
                case (0x28, 0x49): mode = .kana
                case (0x24, 0x40), (0x24, 0x42): mode = .double
                default: break
                }
                at += 3
                continue
            }
            let byte = bytes[at]
            if byte < 0x21 { mode = byte == 0x0A ? .ascii : mode }
            if mode == .double, byte >= 0x21, at + 1 < bytes.count {
                out.append(byte | 0x80)
                out.append(bytes[at + 1] | 0x80)
                at += 2
            } else {
                if mode == .kana, byte >= 0x21 { out.append(0x8E) }
                out.append(mode == .kana && byte >= 0x21 ? byte | 0x80 : byte)
                at += 1
            }
        }
        return out
    }

    /// HZ (RFC 1843) as GB 2312.
    static func gb(fromHZ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var isDouble = false
        var at = 0
        while at < bytes.count {
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            if bytes[at] == UInt8(ascii: "~") {
                switch next {
                case UInt8(ascii: "{"): isDouble = true
                case UInt8(ascii: "}"): isDouble = false
                case UInt8(ascii: "~"): out.append(next)
                default: break
                }
                at += 2
            } else if isDouble, bytes[at] >= 0x21, next >= 0x21 {
                out.append(bytes[at] | 0x80)
                out.append(next | 0x80)
                at += 2
            } else {
                out.append(bytes[at])
                at += 1
            }
        }
        return out
    }

    /// UTF-7 (RFC 2152), which old mail programs send.
    static func utf8(fromUTF7 bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "+") else {
                out.append(bytes[at] < 0x80 ? bytes[at] : UInt8(ascii: "?"))
                at += 1
                continue
            }
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "-") {
                out.append(UInt8(ascii: "+"))
                at += 1
                continue
            }
            let (units, end) = base64Units(bytes, at)
            var index = 0
            while index < units.count {
                var scalar = UInt32(units[index])
                index += 1
                if scalar & 0xFC00 == 0xD800, index < units.count, units[index] & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + UInt32(units[index]) & 0x3FF
                    index += 1
                }
                Decoding.append(scalar, to: &out)
            }
            at = end
            if at < bytes.count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        }
        return out
    }

    private static func base64Units(_ bytes: [UInt8], _ start: Int) -> ([UInt16], Int) {
        var units: [UInt16] = []
        var (bits, count, at) = (UInt32(0), 0, start)
        while at < bytes.count, let value = Base64.value(bytes[at]) {
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 16 {
                count -= 16
                units.append(UInt16(truncatingIfNeeded: bits >> UInt32(count)))
                bits &= (1 << UInt32(count)) - 1
            }
            at += 1
        }
        return (units, at)
    }
}
