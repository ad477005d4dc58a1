// What a person sees: text that cannot hurt a terminal, columns, colours where they are wanted.

internal import Files
internal import Foundation
internal import Glibc
internal import ReadProtocol
internal import Supervision
internal import Synchronization

/// Where what a command prints goes, and what it looks like there: this process's own standard output, or a visitor of
/// the read service.
struct Console: Sendable {
    /// Whether the output is a terminal.
    var isInteractive: Bool
    /// Whether the messages go to one: progress bars go there.
    var showsProgress: Bool
    /// https://no-color.org
    var hasColour: Bool
    /// The terminal's width in columns; nil where there is none.
    var columns: Int?
    var timeZone: TimeZone
    /// Takes output, and messages.
    var write: @Sendable ([UInt8]) -> Void
    var tell: @Sendable ([UInt8]) -> Void
    /// Told how far a listing that goes on has come, after what was written before it.
    var mark: @Sendable (Cursor) -> Void
    /// Waits; throws if nobody reads any more.
    var pause: @Sendable (_ time: Duration) throws -> Void

    /// This process's.
    static let own: Console = {
        let isInteractive = isatty(STDOUT_FILENO) == 1
        let mayColour = ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
        return Console(
            isInteractive: isInteractive, showsProgress: isatty(STDERR_FILENO) == 1,
            hasColour: isInteractive && mayColour, columns: width(), timeZone: .current,
            write: { if !Pager.write($0) { writeToStandardOutput($0) } },
            // Where that is a full disk or a closed pipe, what is said is lost, and the exit code still tells:
            // `FileHandle.write(_:)` would end the process there.
            tell: {
                Pager.finish()
                try? FileHandle.standardError.write(contentsOf: Data($0))
            },
            mark: { _ in }, pause: { Files.Process.sleep(for: $0) })
    }()

    private static let current = Mutex(own)

    /// The one in force.
    static var now: Console {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    private static func width() -> Int? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return nil }
        return Int(size.ws_col)
    }

    /// A reader that goes away (`| head`) ends the program by SIGPIPE, quietly.
    static func writeToStandardOutput(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written < 0 && errno != EINTR { exit(EX_IOERR) }
            rest = rest.dropFirst(max(0, written))
        }
    }
}

enum Terminal {
    static var isInteractive: Bool { Console.now.isInteractive }
    static var showsProgress: Bool { Console.now.showsProgress }
    static var hasColour: Bool { Console.now.hasColour }

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case magenta = "35"
        case cyan = "36"
    }

    static func paint(_ text: String, _ style: Style, always: Bool = false) -> String {
        hasColour || always ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Text of strangers without what a terminal would obey and what nobody can see. JSON has it as it is.
    static func safe(_ text: String) -> String { PrintableText.lines(text) }

    /// One line of it, cut to a width in columns; Chinese and its like take two.
    static func line(_ text: String, width: Int = .max) -> String {
        let flat = safe(text).replacing("\n", with: " ").replacing("\t", with: " ")
        guard width < .max else { return flat }
        var used = 0
        var out = ""
        for character in flat {
            let columns = self.columns(of: character)
            if used + columns > width - 1 { return out + "…" }
            used += columns
            out.append(character)
        }
        return out
    }

    static func columns(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
            0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    static func columns(of text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

    static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let used = columns(of: text)
        let space = String(repeating: " ", count: max(0, width - used))
        return right ? space + text : text + space
    }

    /// The terminal's width, or 100 columns where there is none.
    static var width: Int { Console.now.columns ?? 100 }

    /// 1234567 as `1,234,567`.
    static func grouped(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number))
        var out = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != "-" { out.append(",") }
            out.append(digit)
        }
        return out
    }

    /// A date as a story states it: one without a year is `--11-21` (ISO 8601:2000), which no person writes.
    static func statedDate(_ date: String?) -> String? {
        guard let date, date.hasPrefix("--"), let month = Int(date.dropFirst(2).prefix(2)), (1...12).contains(month)
        else {
            return date
        }
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November",
            "December",
        ]
        let day = Int(date.dropFirst(5)).map { "\($0) " } ?? ""
        return "\(day)\(names[month - 1]) (no year)"
    }

    /// A moment in the local time zone, to the minute.
    static func minute(_ microseconds: Int64) -> String { String(time(microseconds).prefix(16)) }

    /// A moment in the local time zone, to the second.
    static func time(_ microseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        return date.formatted(
            Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: Console.now.timeZone)
                .year().month().day().time(includingFractionalSeconds: false))
    }
}

extension Terminal {
    /// Writes to standard error.
    static func tell(_ text: String) { Console.now.tell(Array(text.utf8)) }
}

/// Standard output, buffered.
enum Output {
    private static let buffer = Mutex<[UInt8]>([])

    static func line(_ text: String) { write(Array((text + "\n").utf8)) }

    static func write(_ bytes: [UInt8]) {
        let isFull = buffer.withLock { buffer in
            buffer += bytes
            return buffer.count > 1 << 16
        }
        if isFull { flush() }
    }

    /// To be called at the end, and wherever somebody waits for the output.
    static func flush() {
        let bytes = buffer.withLock { buffer in
            defer { buffer.removeAll(keepingCapacity: true) }
            return buffer
        }
        if !bytes.isEmpty { Console.now.write(bytes) }
    }

    /// What was written so far is complete up to this ledger row: who has it need not read it again.
    static func mark(_ cursor: Cursor) {
        flush()
        Console.now.mark(cursor)
    }
}

/// A bar on a terminal for work that takes a while; silent where nobody watches.
struct ProgressBar {
    private let title: String
    private let began = Date()
    private var last = Date.distantPast

    init(_ title: String) { self.title = title }

    mutating func show(_ done: Int, of total: Int, note: String = "") {
        guard Terminal.showsProgress, Date().timeIntervalSince(last) > 0.1 || done == total else { return }
        last = Date()
        let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
        let filled = Int(share * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let seconds = max(0.001, Date().timeIntervalSince(began))
        let rate = Double(done) / seconds
        let left = rate > 0 ? Int(Double(total - done) / rate) : 0
        let text =
            "\r\(title) \(bar) \(Terminal.grouped(done))/\(Terminal.grouped(total))"
            + "  \(Terminal.grouped(Int(rate)))/s" + (done < total && done > 0 ? "  \(left) s left" : "")
            + "  \(note)\u{1B}[K"
        Terminal.tell(text)
    }

    func end() {
        if Terminal.showsProgress { Terminal.tell("\r\u{1B}[K") }
    }
}
