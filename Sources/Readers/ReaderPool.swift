// The processes that read formats, as seen from the daemon. Promises: whatever a file does to a reader process (a crash, a
// hang, a lie), it costs that file alone; each call ends within its limit of time, plus a moment to end the process; what comes
// back keeps to the limits (PartReceiver). A process is used again until it has read so many files, since starting one takes
// milliseconds; one that failed is never used again.

public import Files
internal import Glibc
public import Parts
internal import Story
internal import Synchronization

/// Reader processes, started when they are needed.
public final class ReaderPool: Sendable {
    /// Where the package copytaster-formats puts the program.
    public static let installed = "/usr/libexec/copytaster/copytaster-reader"

    /// The program: built with this one and beside it, or installed with it, below the same prefix.
    public static let program: String = {
        var path = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/").dropLast().map { "/" + $0 }
        let places = [
            folder.joined() + "/copytaster-reader",
            folder.dropLast().joined() + "/libexec/copytaster/copytaster-reader",
        ]
        return places.first { unsafe access($0, X_OK) == 0 } ?? installed
    }()

    public struct Options: Sendable {
        /// The program.
        public var program: String
        /// How many processes are kept when nobody needs them.
        public var idle = 4
        /// After so many files a process is replaced.
        public var filesOfProcess = 1000
        public var limits = ReadLimits()
        /// Formats that are not read.
        public var switchedOff: Set<Format> = []

        public init(program: String = ReaderPool.program) { self.program = program }
    }

    /// What became of a delivery.
    public enum Outcome: Sendable, Equatable {
        /// It was read to its end; nothing of it was wrong as a whole.
        case read
        /// What came before stands, and then the delivery as a whole could not be read on.
        case rejected(PartRejection)
        /// The process that read it failed: nothing that came is to be trusted as complete.
        case failed(PartRejection)
    }

    public let options: Options
    private let idle = Mutex<[ReaderProcess]>([])

    public init(_ options: Options) { self.options = options }

    /// Whether the program is there.
    public var isInstalled: Bool { unsafe access(options.program, X_OK) == 0 }

    /// The formats that the installed program reads.
    public func formats() -> [Format] {
        guard let output = try? ReaderProcess.output(of: options.program, ["--formats"], seconds: 10) else { return [] }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").compactMap {
            Format(rawValue: String($0))
        }
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: an open file; it is read from its start.
    ///   - size: how many of its bytes.
    ///   - format: what ``Recognizer`` says of its first bytes.
    ///   - each: takes the parts, in order, as they come.
    public func read(_ file: Descriptor, size: Int, format: Format, each: (Part) -> Void) -> Outcome {
        if options.switchedOff.contains(format) { return .rejected(.switchedOff(format)) }
        guard isInstalled else { return .rejected(.noReader(format)) }
        if format == .pdf { return readPDF(file, size: size, each) }
        let request = ReadRequest(size: size, format: format, limits: options.limits, switchedOff: options.switchedOff)
        let deadline = ContinuousClock.now + .seconds(options.limits.seconds)
        do throws(FileError) {
            let process = try take()
            switch process.read(file, request, until: deadline, each: { each(self.completed($0, until: deadline)) }) {
            case .success(let rejection):
                giveBack(process)
                return rejection.map { .rejected($0) } ?? .read
            case .failure(let failure): return .failed(.failed(format, failure.description))
            }
        } catch { return .failed(.notStarted(format, "\(error)")) }
    }

    private func readPDF(_ file: Descriptor, size: Int, _ each: (Part) -> Void) -> Outcome {
        do throws(FileError) {
            let bytes = try file.readAll(expected: size, limit: size)
            let deadline = ContinuousClock.now + .seconds(options.limits.seconds)
            let content = pdf(bytes, until: deadline)
            each(
                Part(
                    name: "", format: .pdf, mediaType: "application/pdf", bytes: .range(0..<min(bytes.count, size)),
                    content: content))
            return .read
        } catch { return .failed(.notStarted(.pdf, "\(error)")) }
    }

    /// Ends the processes that nobody uses.
    public func close() {
        let processes = idle.withLock { idle in
            defer { idle = [] }
            return idle
        }
        for process in processes { process.end() }
    }

    private func take() throws(FileError) -> ReaderProcess {
        while let process = idle.withLock({ $0.popLast() }) {
            if process.isAlive { return process }
            process.end()
        }
        return try ReaderProcess(program: options.program, arguments: [])
    }

    private func giveBack(_ process: ReaderProcess) {
        let isKept = idle.withLock { idle in
            guard process.files < options.filesOfProcess, idle.count < options.idle else { return false }
            idle.append(process)
            return true
        }
        if !isKept { process.end() }
    }

    /// A PDF comes back unread, since a program of its own reads it: it is run here, locked in like the rest.
    private func completed(_ part: Part, until deadline: ContinuousClock.Instant) -> Part {
        guard part.format == .pdf, case .kept = part.content, case .own(let bytes) = part.bytes else { return part }
        var part = part
        part.content = pdf(bytes, until: deadline)
        return part
    }

    private func pdf(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) -> Part.Content {
        let left = max(1, Int((deadline - ContinuousClock.now).components.seconds))
        do throws(ReaderFailure) {
            let text = try ReaderProcess.output(
                of: options.program, ["--pdftotext"], input: bytes, most: options.limits.textBytes, seconds: left)
            return .story(PDFText.reading(text))
        } catch {
            return switch error.exitCode {
            case 127: .rejected(.noPDF)
            // pdftotext(1), EXIT CODES.
            case 1, 3: .rejected(.unreadablePDF(isForbidden: error.exitCode == 3))
            default: .rejected(.failed(.pdf, error.description))
            }
        }
    }
}
