// Texts that somebody made to be slow: shapes that grow to any size. Each loop over a text has its enemy among them.

/// A kind of text made to be slow.
public struct HostileText: Sendable, CustomStringConvertible {
    public let name: String
    private let body: @Sendable (Int) -> [UInt8]

    public var description: String { name }

    /// A text of about `size` bytes.
    public func bytes(_ size: Int) -> [UInt8] { body(size) }

    private init(_ name: String, _ body: @escaping @Sendable (Int) -> [UInt8]) {
        self.name = name
        self.body = body
    }

    /// The same unit again and again; `#` in it is another number each time, `~` another name.
    private init(_ name: String, unit: String, after head: String = "") {
        self.init(name) { size in
            var bytes = Array(head.utf8)
            var count = 0
            while bytes.count < size {
                bytes += HostileText.numbered(unit, count).utf8
                count += 1
            }
            return bytes
        }
    }

    private static func numbered(_ unit: String, _ count: Int) -> String {
        guard unit.contains(where: { $0 == "#" || $0 == "~" }) else { return unit }
        var text = ""
        for character in unit {
            switch character {
            case "#": text += String(count)
            case "~": text += name(count)
            default: text.append(character)
            }
        }
        return text
    }

    /// `Bacad`, `Cacad` ...: another for each number.
    private static func name(_ number: Int) -> String {
        var rest = number
        var letters: [UInt8] = [0x42 + UInt8(rest % 20)]
        while rest > 0 {
            letters += [0x61, 0x62 + UInt8(rest % 20)]
            rest /= 20
        }
        return String(decoding: letters + [0x61, 0x6E], as: UTF8.self)
    }

    /// Units that stand alone on a line, in three layouts: run together, line by line, and as a page is cropped.
    private static let lines: [(String, String)] = [
        ("quotes", "\""), ("opening brackets", "("), ("square brackets", "["), ("closing brackets", "said) "),
        ("commas", ","), ("full stops", ". A"), ("dashes", "- "), ("slashes", " / "), ("colons", "a: "),
        ("dates", "Dec. 3, 2024 "), ("numeric dates", "03/04/2024 1/1/"), ("Chinese dates", "2024年12月3日 12月"),
        ("datelines", "BEIJING, Dec. 3 (Xinhua) -- Xi said. "), ("undated datelines", "PARIS (Reuters) - It went on. "),
        ("Chinese datelines", "新华社北京12月3日电（记者 张三、李四）"), ("Korean datelines", "(서울=연합뉴스) 홍길동 기자 = "),
        ("Khmer datelines", "ភ្នំពេញ៖ "), ("places", "PHNOM PENH, "), ("bylines", "By ~ ~son "),
        ("names by dates", "3 December 2024 • ~ ~son "), ("bare names", "~ ~son"), ("names and names", "By ~ ~ and "),
        ("captions", "A man speaks in a hall in Beijing on Tuesday. (Xinhua/Xie Huanchi) "),
        ("captions of their own", "~ ~son speaks in hall # in Beijing on Tuesday. (Xinhua/Xie Huanchi) "),
        ("credits", "Photo: ~ ~son/AP "), ("open credits", "(Xinhua/"), ("copyright", "© 2024 ~ "),
        ("reporters", "(Reporting by ~ ~son; Editing by ~ ~son) "), ("furniture", "Share on Facebook "),
        ("advertisements", "This advertisement has not loaded yet, but # goes on. "),
        ("headlines", "China and Cambodia sign agreement # "), ("the same headline", "China and Cambodia agree"),
        ("update kinds", "UPDATE 2-CORRECTED-"), ("editors' notes", "Editor's note: # is a number. "),
        ("embargoes", "Embargoed until #: "), ("header lines", "title: Headline # "),
        ("date headers", "date 2024-12-03 "),
        ("wire openings", "ZCZC abc#"), ("wire closings", "NNNN"), ("entities", "&amp;&#x41;&"), ("bullets", "* "),
        ("Korean reporters", "홍길동 기자 abc@mk.co.kr "), ("Von", "Von "),
    ]

    /// Every shape.
    public static let all: [HostileText] =
        lines.flatMap { name, unit in
            [
                HostileText(name, unit: unit),
                HostileText(name + ", line by line", unit: unit + "\n", after: "A headline\n"),
                HostileText(name + ", on a page") { size in page(unit, size) },
            ]
        } + runs + encodings + [
            HostileText("all layouts") { size in
                var bytes: [UInt8] = []
                var count = 0
                while bytes.count < size {
                    bytes += (numbered(lines[count % lines.count].1, count) + ["\n", " ", "\n\n"][count % 3]).utf8
                    count += 1
                }
                return bytes
            }
        ]

    private static func page(_ unit: String, _ size: Int) -> [UInt8] {
        let copy =
            "The harbour authority said on Friday that the old mole would be closed to all vessels for three weeks, "
            + "and that boats are to use the eastern basin meanwhile."
        var bytes: [UInt8] = []
        var count = 0
        while bytes.count < size {
            bytes += Array(repeating: 0x20, count: [2, 6, 10, 4][count % 4])
            bytes += (count % 16 == 9 ? copy : numbered(unit, count)).utf8
            bytes += Array((count % 3 == 0 ? "\n" : "\n\n").utf8)
            count += 1
        }
        return bytes
    }

    private static let runs: [HostileText] = [
        HostileText("marks in mixed classes") { size in
            [0x61] + Array(String(repeating: "\u{301}", count: size / 4).utf8)
                + Array(String(repeating: "\u{316}", count: size / 4).utf8)
        },
        HostileText("marks in turns", unit: "\u{301}\u{316}\u{327}\u{345}", after: "a"),
        HostileText("marks of class 0 between", unit: "\u{903}\u{301}\u{316}", after: "a"),
        HostileText("thirty marks a letter", unit: "a" + String(repeating: "\u{301}\u{316}", count: 15)),
        HostileText("marks on Hangul", unit: "\u{1112}\u{1161}\u{301}\u{316}"),
        HostileText("an endless line", unit: "It went on and on with number # and others. "),
        HostileText("one word", unit: "abcdefghij"), HostileText("one word of digits", unit: "0123456789"),
        HostileText("one letter", unit: "a"), HostileText("blanks", unit: " "), HostileText("line ends", unit: "\n"),
        HostileText("blank lines", unit: " \n\t\n\u{3000}\n", after: "Headline\n"),
        HostileText("carriage returns", unit: "a\r"),
        HostileText("line separators", unit: "a\u{2028}"), HostileText("no-break spaces", unit: "\u{A0}"),
        HostileText("soft hyphens", unit: "a\u{AD}"), HostileText("zero width", unit: "\u{200B}\u{200D}\u{FEFF}"),
        HostileText("two words in turns", unit: "yes no "), HostileText("numbers", unit: "# "),
        HostileText("names", unit: "~ "), HostileText("small words", unit: "a b c d e f g "),
        HostileText("Chinese without stops", unit: "北京举行会议讨论经济发展"),
        HostileText("Chinese sentences", unit: "北京举行会议讨论第#项议题。"), HostileText("Thai", unit: "กำลังพัฒนา"),
        HostileText("Japanese", unit: "東京で会議が開かれた。"), HostileText("letters of many words", unit: "\u{FDFA} x "),
        HostileText("squared words", unit: "\u{3322}\u{3307}"), HostileText("emoji", unit: "👩‍👩‍👧‍👦🇰🇭"),
        HostileText("words of a megabyte") { size in
            Array(repeating: 0x61, count: size / 2) + [0x20] + Array(repeating: 0x62, count: size / 2)
        },
        HostileText("wrapped at 70", unit: "The harbour authority said on Friday that the old northern mole would\n"),
        HostileText("wire frames", unit: "ZCZC\nHeadline #\n\nSome copy of story #.\nNNNN\n"),
        HostileText("depths") { size in
            var bytes: [UInt8] = []
            var count = 0
            while bytes.count < size {
                bytes += Array(repeating: 0x20, count: count % 200) + Array("Line \(count) of it ends here.\n\n".utf8)
                count += 1
            }
            return bytes
        },
    ]

    private static let encodings: [HostileText] = [
        HostileText("NULs") { size in Array(repeating: 0, count: size) },
        HostileText("NULs among letters") { size in (0..<size).map { $0 % 3 == 0 ? 0 : 0x61 } },
        HostileText("control characters") { size in (0..<size).map { UInt8($0 % 32) } },
        HostileText("invalid bytes") { size in Array(repeating: 0x80, count: size) },
        HostileText("lone lead bytes") { size in (0..<size).map { $0 % 2 == 0 ? 0xE4 : 0xB8 } },
        HostileText("invalid among valid") { size in
            Array((0..<size / 8).map { _ in Array("中国".utf8) + [0xE4, 0x20] }.joined())
        },
        HostileText("all bytes") { size in (0..<size).map { UInt8(truncatingIfNeeded: $0) } },
        HostileText("any bytes") { size in
            var state: UInt64 = 7
            return (0..<size).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
        },
        HostileText("GB18030") { size in
            repeated([0xB1, 0xB1, 0xBE, 0xA9, 0xBE, 0xD9, 0xD0, 0xD0, 0xBB, 0xE1, 0xD2, 0xE9], size)
        },
        HostileText("Shift_JIS") { size in repeated([0x82, 0xBD, 0x82, 0xCC, 0x93, 0x8C, 0x8B, 0x9E, 0x82, 0xAA], size)
        },
        HostileText("Big5") { size in repeated([0xA5, 0x5F, 0xA8, 0xCA, 0xC1, 0x7C, 0xA6, 0xE6, 0xB7, 0x7C], size) },
        HostileText("EUC-KR") { size in repeated([0xBC, 0xAD, 0xBF, 0xEF, 0xC0, 0xC7, 0x20], size) },
        HostileText("half a letter") { size in Array(repeating: 0x20, count: 8) + Array(repeating: 0xE9, count: size) },
        HostileText("KOI8-R") { size in repeated([0xCD, 0xCF, 0xD3, 0xCB, 0xD7, 0xC1, 0x20], size) },
        HostileText("windows-1252") { size in repeated(Array("caf".utf8) + [0xE9, 0x20], size) },
        HostileText("encoded twice", unit: "Ã© â€™ "),
        HostileText("UTF-16") { size in [0xFF, 0xFE] + repeated([0x41, 0, 0x20, 0, 0x17, 0x53], size) },
        HostileText("UTF-16 without a mark") { size in repeated([0x41, 0, 0x20, 0], size) },
        HostileText("lone surrogates") { size in [0xFF, 0xFE] + repeated([0x00, 0xD8, 0x41, 0x00], size) },
        HostileText("UTF-32") { size in [0xFF, 0xFE, 0, 0] + repeated([0x17, 0x53, 0, 0], size) },
    ]

    private static func repeated(_ unit: [UInt8], _ size: Int) -> [UInt8] {
        Array((0..<max(1, size / unit.count)).map { _ in unit }.joined())
    }
}
