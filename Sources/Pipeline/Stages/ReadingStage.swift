// Reading and parsing, which the workers do in parallel.

public import Files
internal import Foundation
internal import Inbox
internal import Parts
internal import Readers
internal import Resemblance
internal import Store
internal import Story

/// A worker: reads what is claimed, and puts it back into the order of claims. What is large has a worker of its own, and
/// its place when it is read.
struct ReadingStage: Stage {
    let reader: CopyReader
    let pulse: Pulse
    let input: BlockingQueue<Claim>
    let output: OrderedBuffer<Delivery>
    /// What is not plain text.
    let formatted: BlockingQueue<FormattedFile>

    /// There are several workers: who stops them closes the output.
    func run() {
        while let claim = input.take() {
            pulse.busy()
            switch reader.look(at: claim) {
            case .read(let delivery) where claim.isLarge: output.put(late: delivery)
            case .read(let delivery): output.put(delivery, at: claim.sequence)
            case .formatted(let file):
                formatted.put(file)
                // Nobody waits for another process: it takes its place when it is read.
                if !claim.isLarge { output.pass(claim.sequence) }
            }
            pulse.idle()
        }
    }
}

/// A worker for files that another process reads: it hands them over and waits.
struct FormatStage: Stage {
    let reader: CopyReader
    let pool: ReaderPool
    let pulse: Pulse
    let input: BlockingQueue<FormattedFile>
    let output: OrderedBuffer<Delivery>

    func run() {
        while let file = input.take() {
            // Not busy: how long it may take is the pool's to see to.
            pulse.waiting("a process that reads \(file.format.name)")
            output.put(late: reader.read(file, pool))
            pulse.idle()
        }
    }
}

/// What a first look at a file comes to.
enum FirstLook {
    case read(Delivery)
    case formatted(FormattedFile)
}

/// Reads and parses claimed files. Each worker has its own.
public struct CopyReader {
    let spool: Spool
    let store: StoreWriter
    let probation: Probation
    let formats: FormatOptions
    let compressor = Compressor()

    init(spool: Spool, store: StoreWriter, probation: Probation, formats: FormatOptions) {
        self.spool = spool
        self.store = store
        self.probation = probation
        self.formats = formats
    }

    /// Reads a plain text, or finds that another process has to.
    func look(at claim: Claim) -> FirstLook {
        if let refusal = claim.refusal {
            return .read(Delivery(claim: claim, content: .refused(RejectionReason(refusal), sha256: nil)))
        }
        guard let file = claim.file else {
            let error = FileError(.open, EIO, path: claim.name.description)
            return .read(Delivery(claim: claim, content: .unreadable(error)))
        }
        if let refusal = probation.examine(file) {
            return .read(Delivery(claim: claim, content: .refused(RejectionReason(refusal), sha256: nil)))
        }
        do throws(FileError) {
            let bytes = try file.readAll(expected: Int(claim.status.size), limit: Int(spool.maximumSize))
            CrashTest.crash(on: bytes)
            let sha256 = SHA256Digest(of: bytes)
            let format = Recognizer.format(
                of: bytes.count <= Recognizer.length ? bytes : Array(bytes[..<Recognizer.length]))
            if format == .text || format == .media {
                return .read(Delivery(claim: claim, content: parse(bytes, sha256)))
            }
            if format.isInProcess {
                let source = claim.name.source?.description
                return .read(
                    Delivery(claim: claim, content: parts.content(ofTelegraph: bytes, format, sha256, from: source)))
            }
            return .formatted(FormattedFile(claim: claim, file: file, bytes: bytes, sha256: sha256, format: format))
        } catch {
            return .read(Delivery(claim: claim, content: .unreadable(error)))
        }
    }

    /// Has a file read by another process, and waits for it.
    func read(_ file: FormattedFile, _ pool: ReaderPool) -> Delivery {
        Delivery(claim: file.claim, content: parts.content(of: file, pool))
    }

    /// Reads a file, whatever it is.
    func read(_ claim: Claim, _ pool: ReaderPool) -> Delivery {
        switch look(at: claim) {
        case .read(let delivery): delivery
        case .formatted(let file): read(file, pool)
        }
    }

    /// Does with a file all that is done with it before it is judged, and forgets it: for a process that may end of it.
    public static func rehearse(_ file: Descriptor, maximumSize: Int64) throws(FileError) {
        let bytes = try file.readAll(expected: Int(clamping: file.status().size), limit: Int(maximumSize))
        CrashTest.crash(on: bytes)
        guard Recognizer.format(of: Array(bytes.prefix(Recognizer.length))).isInProcess, NotText.kind(of: bytes) == nil
        else { return }
        let reading = Reading(of: bytes)
        let text = ComparableText(of: reading)
        _ = (reading.encoded(), text.fingerprint.encoded(), reading.versionKey, reading.displayTitle)
        _ = compare(text, text, thresholds: Thresholds())
    }

    /// Why bytes can be no story, whatever they say; nil if they are read.
    static func notText(_ bytes: [UInt8]) -> RejectionReason? {
        NotText.kind(of: bytes).map { RejectionReason(notText: $0, size: bytes.count) }
    }

    /// A text without parts: what a worker makes of it.
    static func parse(
        _ bytes: [UInt8], by compressor: Compressor, _ dictionary: CompressionDictionary?
    ) -> Delivery.Content {
        let sha256 = SHA256Digest(of: bytes)
        return notText(bytes).map { .refused($0, sha256: sha256) }
            ?? .story(ReadStory(bytes, sha256, by: compressor, dictionary))
    }

    private func parse(_ bytes: [UInt8], _ sha256: SHA256Digest) -> Delivery.Content {
        if let reason = Self.notText(bytes) { return .refused(reason, sha256: sha256) }
        let stories = Reading.stories(in: bytes)
        guard stories.count > 1 else { return .story(story(bytes, sha256)) }
        return parts.content(ofWire: stories, in: bytes, sha256)
    }

    /// A plain text, read.
    func story(_ bytes: [UInt8], _ sha256: SHA256Digest) -> ReadStory {
        ReadStory(bytes, sha256, by: compressor, store.dictionary)
    }

    private var parts: PartsReading { PartsReading(reader: self, options: formats) }
}

extension ReadStory {
    /// A plain text.
    init(
        _ bytes: [UInt8], _ sha256: SHA256Digest, by compressor: Compressor, _ dictionary: CompressionDictionary?
    ) {
        let reading = Reading(of: bytes)
        let text = ComparableText(of: reading)
        let content = StoryContent(
            compressed: compressor.compress(bytes, by: dictionary), fields: reading.encoded(),
            parser: Reading.parserVersion,
            fingerprint: text.fingerprint.encoded(), version: reading.versionKey, relations: [])
        self.init(
            sha256: sha256, headline: reading.displayTitle, text: text,
            updateKind: reading.isVersion ? reading.updateKind : nil, content: content, size: Int64(bytes.count))
    }
}

extension RejectionReason {
    init(notText kind: String, size: Int) {
        self.init(
            code: "not-text",
            sentence:
                "this is \(kind) (\(size.formatted(.number.locale(Locale(identifier: "en_US")))) bytes), not text",
            hint: "deliver the copy as text: a file without readable words is no story")
    }

    init(_ refusal: Refusal) {
        self.init(code: refusal.code, sentence: refusal.sentence, hint: refusal.hint)
    }
}

/// In debug builds, a file that holds the text of COPYTASTER_TEST_CRASH ends the process as a bug in the
/// reader would, and one that holds that of COPYTASTER_TEST_HANG never comes out of it. Release builds have no such
/// door.
enum CrashTest {
    #if DEBUG
        private static let environment = ProcessInfo.processInfo.environment
        private static let crashing = environment["COPYTASTER_TEST_CRASH"].map { Array($0.utf8) }
        private static let hanging = environment["COPYTASTER_TEST_HANG"].map { Array($0.utf8) }

        static func crash(on bytes: [UInt8]) {
            if let crashing, bytes.firstRange(of: crashing) != nil { kill(getpid(), SIGKILL) }
            if let hanging, bytes.firstRange(of: hanging) != nil { while true { sleep(60) } }
        }
    #else
        @inline(__always) static func crash(on bytes: [UInt8]) {}
    #endif
}
