// The real program against a model that fits a screen: random deliveries, kills, restarts, full disks, damage to what is
// derived, redactions, requeues and re-readings. The model is the state table: a file that was delivered lies in the
// inbox, in work/ or in the ledger at every moment, and in the ledger once, with the right verdict, in the end.
//
//   COPYTASTER_MODEL_SECONDS=3600 swift test --filter ModelTests     as long as wanted (`make torture`)
//   COPYTASTER_MODEL_SEED=12345 swift test --filter ModelTests       one run again: the same steps; their timing is the
//                                                                    machine's

import Foundation
import TestSupport
import Testing

/// What must be true, whatever happens.
private struct Model {
    /// The text that was delivered under each name; nil for what can only be rejected.
    var delivered: [String: Int?] = [:]
    /// How often each name must be in the ledger.
    var rows: [String: Int] = [:]
    var redacted: Set<Int> = []
}

/// One run: a program, its model, and the steps so far.
private final class ModelRun {
    private let program = Program()
    private var model = Model()
    private var numbers: SplitMix64
    private(set) var steps: [String] = []
    private var isRunning = false

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    private func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }

    private static func text(_ number: Int) -> [UInt8] {
        let words = (0..<80).map { "w\((number &* 7919 &+ $0 &* 104_729) % 90_000)" }.joined(separator: " ")
        return Array("Headline \(number)\n\n\(words)\n".utf8)
    }

    // MARK: Steps

    func step() throws {
        if !isRunning, pick(0...3) > 0 { return try start() }
        switch pick(0...13) {
        case 0...4: deliver()
        case 5: deliverLink()
        case 6, 7: try kill()
        case 8: try stop()
        case 9: try fillTheDisk()
        case 10: try damageTheIndex()
        case 11: try redact()
        case 12: try requeue()
        default: try reparse()
        }
    }

    private func start() throws {
        steps.append("start")
        try program.start()
        isRunning = true
    }

    private func stop() throws {
        guard isRunning else { return }
        steps.append("stop")
        isRunning = false
        let status = program.stop()
        #expect(status == 0, "a clean stop, after \(steps)\n\(program.log.suffix(400))")
        try checkNothingIsLost()
    }

    private func kill() throws {
        guard isRunning else { return }
        let delay = pick(0...40)
        steps.append("kill after \(delay) ms")
        usleep(UInt32(delay) * 1000)
        program.kill()
        isRunning = false
        try checkNothingIsLost()
    }

    private func deliver() {
        let count = pick(1...12)
        steps.append("deliver \(count)")
        for _ in 0..<count {
            let number = pick(1...60)
            let name = "\(pick(0...2) == 0 ? "wire/" : "")\(model.delivered.count).txt"
            model.delivered[name] = .some(number)
            model.rows[name] = 1
            program.deliver(Self.text(number), as: name)
        }
    }

    private func deliverLink() {
        let name = "link\(model.delivered.count)"
        steps.append("deliver \(name)")
        model.delivered[name] = .some(nil)
        model.rows[name] = 1
        mkdir(program.scratch.path("spool"), 0o755)
        mkdir(program.inbox, 0o755)
        symlink("/nowhere", program.inbox + "/" + name)
    }

    /// The daemon may not make its files larger for a while (RLIMIT_FSIZE stands for the full disk).
    private func fillTheDisk() throws {
        guard isRunning, let daemon = program.daemon else { return }
        steps.append("no room for a while")
        func limit(_ size: String) throws {
            let prlimit = Process()
            prlimit.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
            prlimit.arguments = ["--pid", "\(daemon.processIdentifier)", "--fsize=\(size):unlimited"]
            try prlimit.run()
            prlimit.waitUntilExit()
        }
        try limit("\(pick(1...40) * 8192)")
        deliver()
        usleep(UInt32(pick(50...400)) * 1000)
        try limit("unlimited")
        if !daemon.isRunning { isRunning = false }
    }

    private func damageTheIndex() throws {
        let path = program.scratch.path("state/search.sqlite")
        guard FileManager.default.fileExists(atPath: path) else { return }
        if isRunning { try stop() }
        steps.append("damage the search index")
        switch pick(0...2) {
        case 0: unlink(path)
        case 1: truncate(path, off_t(pick(0...20_000)))
        default:
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: UInt64(pick(0...8000)))
            try handle.write(contentsOf: Data((0..<64).map { _ in UInt8(truncatingIfNeeded: pick(0...255)) }))
            try handle.close()
        }
    }

    private func redact() throws {
        guard let story = try stories().randomElement(using: &numbers), !model.redacted.contains(story) else { return }
        steps.append("redact \(story)")
        let result = try program.run("redact", "\(story)", "--reason", "model")
        #expect(result.status == 0, "\(result.errors) after \(steps)")
        model.redacted.insert(story)
    }

    private func requeue() throws {
        let rejected = try program.ledger().filter { $0["verdict"] as? String == "rejected" }
        guard let row = rejected.randomElement(using: &numbers), let id = row["id"] as? Int,
            let name = row["name"] as? String
        else { return }
        steps.append("requeue \(id)")
        let result = try program.run("requeue", "\(id)")
        // It may have been requeued before, or its file may still be on its way.
        if result.status == 0 { model.rows[name, default: 0] += 1 }
        #expect([0, EX_NOINPUT, EX_TEMPFAIL].contains(result.status), "\(result.errors) after \(steps)")
    }

    private func reparse() throws {
        guard let story = try stories().randomElement(using: &numbers), !model.redacted.contains(story) else { return }
        steps.append("reparse \(story)")
        let result = try program.run("reparse", "\(story)")
        #expect(result.status == 0, "\(result.errors) after \(steps)")
    }

    private func stories() throws -> [Int] {
        try program.ledger().filter { $0["verdict"] as? String == "new" }.compactMap { $0["id"] as? Int }
    }

    // MARK: What must hold

    private func names(below station: String) -> Set<String> {
        let root = program.scratch.path("spool/" + station)
        let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return Set(all)
    }

    /// What the files in work/ are called, by the claims journal.
    private func namesInWork() -> Set<String> {
        let files = names(below: "work")
        let journal = FileManager.default.contents(atPath: program.scratch.path("spool/work/.claims")) ?? Data()
        return Set(
            String(decoding: journal, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard words.count == 3, files.contains(String(words[0])) else { return nil }
                return words[1].removingPercentEncoding
            })
    }

    /// At every moment: a row of the state table.
    private func checkNothingIsLost() throws {
        let ledger = Set(try program.ledger().compactMap { $0["name"] as? String })
        let (inbox, work) = (names(below: "inbox"), namesInWork())
        for name in model.delivered.keys {
            #expect(
                ledger.contains(name) || inbox.contains(name) || work.contains(name),
                "\(name) is nowhere after \(steps)")
        }
    }

    /// In the end: each file once, with the right verdict, and the proof.
    func finish() throws {
        if !isRunning { try start() }
        steps.append("finish")
        let expected = model.rows.values.reduce(0, +)
        let isDone = try eventually(within: 60) {
            if program.daemon?.isRunning == false { try program.start() }
            return try program.lastRow() >= expected
        }
        let last = try program.lastRow()
        #expect(isDone, "\(last) of \(expected) rows after \(steps)\n\(program.log.suffix(600))")
        #expect(program.stop() == 0)
        try checkLedger()
        let verified = try program.run("verify", "--search", "--json")
        #expect(verified.status == 0, "\(verified.text) after \(steps)")
        #expect(verified.records.first?["delivered"] as? Int == expected, "\(steps)")
    }

    private func checkLedger() throws {
        let ledger = try program.ledger()
        let counts = Dictionary(grouping: ledger) { $0["name"] as? String ?? "" }.mapValues(\.count)
        #expect(counts == model.rows, "each as often as it was delivered, after \(steps)")
        var first: [Int: Int] = [:]
        for row in ledger {
            guard let id = row["id"] as? Int, let name = row["name"] as? String,
                let verdict = row["verdict"] as? String, let delivered = model.delivered[name]
            else { continue }
            guard let number = delivered else {
                #expect(verdict == "rejected")
                continue
            }
            if let story = first[number] {
                // What was redacted is not taken again, from then on.
                if model.redacted.contains(story), row["reasoncode"] as? String == "redacted" { continue }
                #expect(verdict == "identical" && row["of"] as? Int == story, "\(row), after \(steps)")
                continue
            }
            first[number] = id
            #expect(verdict == "new", "row \(id), after \(steps)")
            let raw = try program.run("show", "\(id)", "--raw")
            if model.redacted.contains(id) {
                #expect(raw.status == EX_NOINPUT)
            } else {
                #expect(raw.output == Data(Self.text(number)), "row \(id), after \(steps)")
            }
        }
    }
}

@Suite(.serialized)
struct ModelTests {
    @Test func randomStepsKeepTheModel() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["COPYTASTER_MODEL_SEED"].flatMap { UInt64($0) }
        let end = Date(timeIntervalSinceNow: environment["COPYTASTER_MODEL_SECONDS"].flatMap { Double($0) } ?? 20)
        var (runs, steps) = (0, 0)
        repeat {
            let seed = seed ?? UInt64.random(in: 1...UInt64(UInt32.max))
            print("model: COPYTASTER_MODEL_SEED=\(seed)")
            let run = ModelRun(seed: seed)
            for _ in 0..<30 { try run.step() }
            try run.finish()
            runs += 1
            steps += run.steps.count
        } while seed == nil && Date() < end
        print("model: \(runs) runs, \(steps) steps")
    }
}
