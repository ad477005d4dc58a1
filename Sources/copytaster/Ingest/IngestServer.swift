// How `ingest` passes open files to a running service: over the control socket, a batch of names a line with the open files
// beside it. The service reads them where they lie, whatever its own user may open, and answers each line with one that
// says which ledger rows they got, once these are durable.

internal import Files
internal import Foundation
internal import Inbox
internal import Pipeline
internal import Synchronization

/// One line of files.
struct PassedFileNames: Codable {
    /// Their names in the archive, as bytes.
    var names: [Data]

    /// So many go together at most.
    static let most = min(64, LocalSocket.mostPassed)
    /// So many lines may wait for their answers.
    static let linesAhead = 8
    /// A line's length at most: so many of the longest names.
    static let longestLine = 1 << 20
}

/// What became of one of them.
struct PassedFileAnswer: Codable {
    /// Its ledger row.
    var row: Int64?
    /// Why it could not be read.
    var error: String?
    var hint: String?
    // Neither: it has to be delivered like any other.
}

/// The service's side.
struct IngestServer: Sendable {
    private let pipeline: Pipeline

    init(_ pipeline: Pipeline) { self.pipeline = pipeline }

    /// Takes what a visitor passes until he goes away, in a thread of its own.
    func serve(_ lines: sending SocketLines) {
        let handed = Mutex<SocketLines?>(lines)
        let thread = Thread { [self] in
            guard var lines = handed.withLock({ $0.take() }) else { return }
            // Who sends what cannot be understood, or went away, is not answered any more.
            try? take(&lines)
        }
        thread.name = "passed-files"
        thread.start()
    }

    private func take(_ lines: inout SocketLines) throws {
        let visitor = lines.socket
        let answers = DispatchQueue(label: "copytaster.passed-files")
        let room = DispatchSemaphore(value: PassedFileNames.linesAhead)
        while let line = try lines.next(limit: PassedFileNames.longestLine) {
            let names = try JSONDecoder().decode(PassedFileNames.self, from: Data(line)).names
            guard let files = lines.takeFiles(names.count) else { return }
            room.wait()
            let slip = LoanSlip(names.count) { ends in
                // Not in the pipeline's thread: whoever passes them may be slow to listen.
                answers.async {
                    try? visitor.writeLine(Array((try? JSONEncoder().encode(ends)) ?? Data()))
                    room.signal()
                }
            }
            for (place, (name, file)) in zip(names, files).enumerated() {
                guard let name = RelativePath(Array(name)) else {
                    slip.note(.abandoned, at: place)
                    continue
                }
                do throws(FileError) {
                    let isTaken = try pipeline.pass(file, as: name) { slip.note($0, at: place) }
                    if !isTaken { slip.note(.abandoned, at: place) }
                } catch {
                    slip.note(.unreadable(error), at: place)
                }
            }
        }
    }
}

/// Collects what became of the files of one line.
private final class LoanSlip: Sendable {
    private let state: Mutex<(ends: [PassedFileAnswer], open: Int)>
    private let finish: @Sendable ([PassedFileAnswer]) -> Void

    init(_ count: Int, finish: @escaping @Sendable ([PassedFileAnswer]) -> Void) {
        state = Mutex((Array(repeating: PassedFileAnswer(), count: count), count))
        self.finish = finish
        if count == 0 { finish([]) }
    }

    func note(_ end: PassedFile.End, at place: Int) {
        let all: [PassedFileAnswer]? = state.withLock { state in
            switch end {
            case .recorded(let row): state.ends[place].row = row
            case .unreadable(let error):
                state.ends[place].error = error.description
                state.ends[place].hint = error.hint
            case .abandoned: break
            }
            state.open -= 1
            return state.open == 0 ? state.ends : nil
        }
        if let all { finish(all) }
    }
}
