// A head of the chain with a signature, kept outside the store. The chain alone shows a row that was changed, but whoever owns
// the store can make the whole chain anew; the heads that were signed before, and lie elsewhere, are then not in it.
//
// Signed by ssh-keygen(1) -Y, in the namespace `copytaster-head`, so that no signature made for another purpose passes.

package import Foundation
package import Store

/// One line of an anchors file.
package struct SignedHead: Codable, Sendable, Equatable {
    package var epoch: String
    package var row: Int64
    package var chain: String
    /// When it was signed, in UTC: `2026-11-24T12:00:00Z`.
    package var at: String
    package var signature: String

    static let namespace = "copytaster-head"

    /// What is signed.
    private var statement: String { "copytaster head 1\nepoch \(epoch)\nrow \(row)\nchain \(chain)\nat \(at)\n" }

    package var line: String { jsonLine(self) }

    /// Signs a head.
    package init(_ head: StoreReader.Head, at: Date, key: String) throws(BackupError) {
        (epoch, row, chain) = (head.epoch, head.row, head.chain)
        self.at = at.formatted(.iso8601)
        signature = ""
        let outcome = ShellCommand.run(
            "/usr/bin/env", ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", Self.namespace],
            input: Array(statement.utf8))
        guard outcome.status == 0 else {
            throw BackupError(
                .unreachable, "the head of the chain cannot be signed: ssh-keygen \(outcome.words)",
                hint: "is \(key) a private key that this user may read, and one without a passphrase?")
        }
        signature = String(decoding: outcome.output, as: UTF8.self)
    }

    /// Whether a key of `signers` (ssh-keygen(1), ALLOWED SIGNERS) signed it; what is wrong, else nil.
    func fault(signers: String) -> String? {
        let file = NSTemporaryDirectory() + "copytaster-signature-\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: file, contents: Data(signature.utf8)) else {
            return "its signature cannot be looked at: \(file) cannot be written"
        }
        defer { try? FileManager.default.removeItem(atPath: file) }
        func keygen(_ arguments: String...) -> ShellCommand.Outcome {
            ShellCommand.run("/usr/bin/env", ["ssh-keygen", "-Y"] + arguments, input: Array(statement.utf8))
        }
        let found = keygen("find-principals", "-s", file, "-f", signers)
        let principals = String(decoding: found.output, as: UTF8.self).split(separator: "\n")
        guard found.status == 0, let principal = principals.first else {
            return "it is signed by no key of \(signers)"
        }
        let verified = keygen(
            "verify", "-f", signers, "-I", String(principal), "-n", Self.namespace, "-s", file,
            "-Overify-time=\(at.filter(\.isNumber))Z")
        return verified.status == 0 ? nil : "its signature is wrong: ssh-keygen \(verified.words)"
    }
}

/// Signed heads, held against a store.
package struct AnchorsProof {
    package static let name = "anchors"

    private let lines: [(number: Int, text: Substring)]
    private let signers: String
    private let path: String

    /// - Parameter path: a file with a signed head a line, or the journal's text with one in each message.
    package init(path: String, signers: String) throws(BackupError) {
        (self.path, self.signers) = (path, signers)
        for file in [path, signers] where !FileManager.default.isReadableFile(atPath: file) {
            throw BackupError(.missing, "\(file) cannot be read", hint: "name a file that is there")
        }
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .compactMap { number, line in line.firstIndex(of: "{").map { (number + 1, line[$0...]) } }
    }

    package var count: Int { lines.count }

    /// Each of them must be signed, and in the chain.
    package func check(_ reader: StoreReader, progress: (Int, Int) -> Void) throws(StoreError) -> Verification.Check {
        var faults: [String] = lines.isEmpty ? ["there is no signed head in \(path)"] : []
        var newest: SignedHead?
        let ended = try reader.endedEpochs()
        let last = try reader.lastID()
        for (place, line) in lines.enumerated() {
            progress(place, lines.count)
            guard let head = try? JSONDecoder().decode(SignedHead.self, from: Data(line.text.utf8)) else {
                faults.append("line \(line.number) of \(path) is no signed head")
                continue
            }
            let what = "the head of row \(head.row) that was signed at \(head.at)"
            if let fault = head.fault(signers: signers) {
                faults.append("\(what) (line \(line.number)): \(fault)")
            } else if head.row > 0, try reader.chain(of: head.row) != head.chain {
                var fault = "\(what) is not in the chain: "
                fault += head.row > last ? "the ledger ends with row \(last)" : "the rows up to there were changed"
                if let end = ended.first(where: { $0.epoch == head.epoch && $0.last < head.row }) {
                    fault +=
                        "; the store says that a backup was put in place then, with rows up to \(end.last): if "
                        + "that is so, take this line out of \(path)"
                }
                faults.append(fault)
            } else if head.row >= newest?.row ?? 0 {
                newest = head
            }
        }
        progress(lines.count, lines.count)
        let extent = newest.map { ", the newest of row \($0.row), signed at \($0.at)" } ?? ""
        let listed = Array(faults.prefix(10)) + (faults.count > 10 ? ["... and \(faults.count - 10) more"] : [])
        return Verification.Check(
            name: Self.name, finding: "\(lines.count) signed heads\(extent)", faults: listed)
    }
}
