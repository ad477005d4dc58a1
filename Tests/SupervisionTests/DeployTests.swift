// What the files below deploy/ promise each other. That systemd agrees is for scripts/system-test.sh to show.

import Foundation
import Testing

@testable import Supervision

@Suite("The files that are installed")
struct DeployTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// The settings of a unit file, as `Section.Key=value`, in order.
    private func settings(_ unit: String) throws -> [(key: String, line: String)] {
        var section = ""
        var settings: [(key: String, line: String)] = []
        for line in try text("deploy/\(unit)").split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[") {
                section = String(line)
            } else if let equals = line.firstIndex(of: "=") {
                settings.append((String(line[..<equals]), section + line))
            }
        }
        return settings
    }

    @Test("a second instance differs from the first in its paths alone")
    func unitsAgree() throws {
        let own: Set<String> = [
            "Description", "RequiresMountsFor", "AssertPathExists", "ExecStartPre", "ExecStart", "ExecReload",
            "StateDirectory", "ReadWritePaths", "Wants", "Requires", "ListenStream", "After", "Also", "ExecStopPost",
        ]
        for (unit, count) in [
            ("copytaster.service", 40), ("copytaster-read.service", 40), ("copytaster-read.socket", 8),
            ("copytaster-backup.service", 40), ("copytaster-backup-verify.service", 40),
            ("copytaster-anchor.service", 40), ("copytaster-backup-verify.timer", 4), ("copytaster-anchor.timer", 4),
        ] {
            let first = try settings(unit).filter { !own.contains($0.key) }.map(\.line)
            let name = unit.replacing(".", with: "@.")
            let second = try settings(name).filter { !own.contains($0.key) }.map(\.line)
            #expect(first == second, "\(unit)")
            #expect(first.count > count, "\(unit)")
        }
    }

    @Test("the read service is confined as the daemon is, and more")
    func readServiceIsConfined() throws {
        let daemon = try settings("copytaster.service").map(\.line)
        let reader = Set(try settings("copytaster-read.service").map(\.line))
        let confining = daemon.filter { line in
            ["Protect", "Private", "Restrict", "System", "Lock", "Memory", "NoNew", "IPAddress", "Keyring", "Device"]
                .contains { line.hasPrefix("[Service]" + $0) } && !line.contains("MemoryHigh")
                && !line.contains("MemoryMax")
        }
        #expect(confining.count > 20)
        // What the daemon is admitted beyond that, the read service does not need.
        let admitted = "[Service]SystemCallFilter=setpriority setrlimit prlimit64 seccomp landlock_create_ruleset "
        #expect(confining.filter { !reader.contains($0) }.map { $0.hasPrefix(admitted) } == [true])
        #expect(reader.contains("[Service]CapabilityBoundingSet="))
        #expect(!reader.contains { $0.contains("ReadWritePaths") || $0.contains("StateDirectory") })
    }

    @Test("what ships and signs is confined as the read service is, but for the network, and may not open the store")
    func backupIsConfined() throws {
        let reader = try settings("copytaster-read.service").map(\.line).filter { line in
            ["Protect", "Private", "System", "Lock", "MemoryDeny", "NoNew", "Keyring", "Device", "Capability"]
                .contains { line.hasPrefix("[Service]" + $0) } && !line.contains("PrivateNetwork")
        }
        #expect(reader.count > 20)
        for unit in ["copytaster-backup.service", "copytaster-backup-verify.service", "copytaster-anchor.service"] {
            let lines = Set(try settings(unit).map(\.line))
            #expect(reader.filter { !lines.contains($0) } == [], "\(unit)")
            #expect(lines.contains("[Service]User=copytaster-backup"), "the store is its service's alone")
            #expect(!lines.contains { $0.contains("ReadWritePaths") && $0.contains("/var/lib/copytaster ") })
        }
    }

    @Test("both spools are made alike")
    func spoolsAgree() throws {
        func lines(_ path: String) throws -> [String] {
            try text(path).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.replacing("@@INSTANCE@", with: "").split(separator: " ").joined(separator: " ") }
        }
        let first = try lines("deploy/copytaster.tmpfiles")
        #expect(first == (try lines("deploy/instance.tmpfiles")))
        #expect(first.contains("d /var/spool/copytaster/inbox 3770 copytaster copytaster -"))
    }

    @Test("journald's rate limit leaves room for all that is not folded")
    func rateLimit() throws {
        let settings = try settings("copytaster.service")
        func number(_ key: String) throws -> Int {
            let line = try #require(settings.first { $0.key == key }).line
            return try #require(Int(line.split(separator: "=")[1].filter(\.isNumber)))
        }
        let perSecond = try number("LogRateLimitBurst") / number("LogRateLimitIntervalSec")
        #expect(perSecond >= 4 * 200)
    }
}
