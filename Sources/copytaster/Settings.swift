// What a person can configure: one typed key each, with what is allowed. Values come from the
// configuration file, the environment and the command line, later ones winning; swift-configuration
// reads them, and this schema refuses what it would let pass: unknown keys and wrong values.

internal import Backup
internal import Configuration
internal import Files
internal import Foundation
internal import Inbox
internal import Logging
internal import Parts
internal import Pipeline
internal import Resemblance

/// Everything that can be configured, with its defaults.
struct Settings: Sendable {
    var spool: String
    var state: String
    var workers = 0
    var inboxPath: String?
    var ignore = NameFilter.defaultPatterns
    var maximumDepth = 16
    var maximumSize = 16 << 20
    /// What `inbox.maxsize` may be at most.
    static let largestFile: Int64 = 1 << 30
    var settle = 2
    var rescan = 60
    var keepsArchive = false
    var removesEmptyDirectories = false
    var logLevel = Logger.Level.info
    var foldAbove = 200
    var thresholds = Thresholds()
    var ownReadSocket: String?
    var storesRedacted = false
    var formats = FormatOptions()
    /// Where `backup --follow` ships to, and a command that takes signed heads.
    var backupTarget: String?
    var anchorCommand: String?
    var waitingFiles = 65_536
    var waitingBytes = 0
    /// The longest normal silence of directories at the inbox's top, in seconds.
    var quiet: [FileName: Int] = [:]

    /// Where the read service of this store is found: `/run/copytaster@NAME/read` for `/var/lib/copytaster@NAME`.
    var readSocket: String { ownReadSocket ?? "/run/\((state as NSString).lastPathComponent)/read" }

    /// The pipeline as configured.
    func pipeline() throws -> Pipeline.Options {
        var spoolOptions = spoolOptions
        spoolOptions.maximumSize = Int64(maximumSize)
        spoolOptions.keepsArchive = keepsArchive
        var pipeline = Pipeline.Options(state: state, spool: spoolOptions, feeder: try feeder())
        if workers > 0 { pipeline.workers = workers }
        pipeline.thresholds = thresholds
        pipeline.storesRedacted = storesRedacted
        pipeline.formats = formats
        return pipeline
    }

    var spoolOptions: Spool.Options { Spool.Options(path: spool, externalInbox: inboxPath) }

    func feeder() throws -> Feeder.Options {
        var feeder = Feeder.Options(filter: try NameFilter(ignore))
        feeder.maximumDepth = maximumDepth
        feeder.settle = Int64(settle) * 1_000_000_000
        feeder.rescan = Int64(rescan) * 1_000_000_000
        feeder.removesEmptyDirectories = removesEmptyDirectories
        feeder.waitingFilesOfSender = waitingFiles
        feeder.waitingBytesOfSender = Int64(waitingBytes)
        feeder.quiet = quiet.mapValues { Int64($0) * 1_000_000_000 }
        return feeder
    }
}

extension Settings {
    /// `wire 3600` and its like; nil if one of them is something else.
    static func quiet(_ lines: [String]) -> [FileName: Int]? {
        var quiet: [FileName: Int] = [:]
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count >= 2, let seconds = Int(words[words.count - 1]), (1...31_536_000).contains(seconds),
                let name = FileName(Array(words.dropLast().joined(separator: " ").utf8))
            else { return nil }
            quiet[name] = seconds
        }
        return quiet
    }
}

/// One configuration key.
struct SettingKey: Sendable {
    var name: String
    var type: ConfigType
    /// What a value may be, in words that follow "allowed is".
    var allowed: String
    /// Whether a new value is in force only after a restart.
    var needsRestart = false
    /// The value of a configuration, as it would be written.
    var show: @Sendable (Settings) -> String = { _ in "" }
    /// Takes the value over; false if it is not allowed.
    var take: @Sendable (ConfigContent, inout Settings) -> Bool

    /// The same key, whose new value is in force only after a restart.
    func afterRestart() -> SettingKey {
        var key = self
        key.needsRestart = true
        return key
    }

    static func text(_ name: String, _ allowed: String, _ path: any WritableKeyPath<Settings, String> & Sendable)
        -> Self
    {
        Self(name: name, type: .string, allowed: allowed, show: { $0[keyPath: path] }) { content, settings in
            guard case .string(let value) = content, value.hasPrefix("/") else { return false }
            settings[keyPath: path] = value
            return true
        }
    }

    static func number(
        _ name: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<Settings, Int> & Sendable
    ) -> Self {
        Self(
            name: name, type: .int, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            show: { "\($0[keyPath: path])" }
        ) {
            guard case .int(let value) = $0, range.contains(value) else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    static func flag(_ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable) -> Self {
        Self(name: name, type: .bool, allowed: "true or false", show: { "\($0[keyPath: path])" }) {
            guard case .bool(let value) = $0 else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    static func share(_ name: String, _ path: any WritableKeyPath<Settings, Double> & Sendable) -> Self {
        Self(name: name, type: .double, allowed: "a number from 0 to 1", show: { "\($0[keyPath: path])" }) {
            guard case .double(let value) = $0, (0...1).contains(value) else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    private static func listed(_ values: [String]) -> String {
        "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    static let all: [SettingKey] = [
        .text("spool", "an absolute path", \.spool).afterRestart(),
        .text("state", "an absolute path", \.state).afterRestart(),
        .number("workers", 0...256, \.workers).afterRestart(),
        SettingKey(name: "read.socket", type: .string, allowed: "an absolute path", show: \.readSocket) {
            guard case .string(let value) = $0, value.hasPrefix("/") else { return false }
            $1.ownReadSocket = value
            return true
        },
        SettingKey(
            name: "inbox.path", type: .string, allowed: "an absolute path", needsRestart: true,
            show: { $0.inboxPath ?? "" }
        ) {
            guard case .string(let value) = $0, value.hasPrefix("/") else { return false }
            $1.inboxPath = value
            return true
        },
        SettingKey(
            name: "inbox.ignore", type: .stringArray,
            allowed: "a list of name patterns with at most one '*', at the beginning or the end",
            show: { listed($0.ignore) }
        ) {
            guard case .stringArray(let value) = $0, (try? NameFilter(value)) != nil else { return false }
            $1.ignore = value
            return true
        },
        .number("inbox.maxdepth", 0...1024, \.maximumDepth),
        .number("inbox.maxsize", 1...Int(Settings.largestFile), \.maximumSize),
        .number("inbox.maxwaiting", 64...65_536, \.waitingFiles),
        .number("inbox.maxwaitingbytes", 0...(1 << 50), \.waitingBytes),
        SettingKey(
            name: "inbox.quiet", type: .stringArray,
            allowed: "a list of directories of the inbox, each with the seconds after which its silence is told",
            show: { listed($0.quiet.map { "\(PrintableName($0.key.bytes)) \($0.value)" }.sorted()) }
        ) {
            guard case .stringArray(let value) = $0, let quiet = Settings.quiet(value) else { return false }
            $1.quiet = quiet
            return true
        },
        .number("inbox.settle", 0...3600, \.settle),
        .number("inbox.rescan", 1...86400, \.rescan),
        .flag("inbox.archive", \.keepsArchive),
        SettingKey(
            name: "inbox.redacted", type: .string, allowed: "reject or store",
            show: { $0.storesRedacted ? "store" : "reject" }
        ) {
            guard case .string(let value) = $0, value == "reject" || value == "store" else { return false }
            $1.storesRedacted = value == "store"
            return true
        },
        .flag("inbox.removeempty", \.removesEmptyDirectories),
        SettingKey(
            name: "formats.off", type: .stringArray,
            allowed: "a list of formats, as `copytaster formats` names them, but not text",
            show: { listed($0.formats.switchedOff.map(\.rawValue).sorted()) }
        ) {
            guard case .stringArray(let value) = $0 else { return false }
            let formats = value.compactMap(Format.init(rawValue:))
            guard formats.count == value.count, !formats.contains(.text) else { return false }
            $1.formats.switchedOff = Set(formats)
            return true
        }.afterRestart(),
        .flag("formats.keepcontainers", \.formats.keepsContainers).afterRestart(),
        .number("formats.maxparts", 1...1_000_000, \.formats.mostParts).afterRestart(),
        .number("formats.maxbytes", 1 << 20...1 << 40, \.formats.limits.totalBytes).afterRestart(),
        .number("formats.maxratio", 2...1_000_000, \.formats.limits.ratio).afterRestart(),
        .number("formats.maxdepth", 0...32, \.formats.limits.depth).afterRestart(),
        .number("formats.maxseconds", 1...3600, \.formats.limits.seconds).afterRestart(),
        .number("formats.workers", 1...64, \.formats.workers).afterRestart(),
        .text("formats.reader", "an absolute path", \.formats.reader).afterRestart(),
        SettingKey(
            name: "log.level", type: .string,
            allowed: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
            show: \.logLevel.rawValue
        ) {
            guard case .string(let value) = $0, let level = Logger.Level(rawValue: value) else { return false }
            $1.logLevel = level
            return true
        },
        .number("log.foldabove", 0...1_000_000, \.foldAbove),
        .share("resemblance.duplicate", \.thresholds.resemblance).afterRestart(),
        .share("resemblance.containment", \.thresholds.containment).afterRestart(),
        .share("resemblance.related", \.thresholds.related).afterRestart(),
        .share("resemblance.othernumbers", \.thresholds.otherNumbers).afterRestart(),
        .share("resemblance.othernames", \.thresholds.otherNames).afterRestart(),
        .share("resemblance.replaced", \.thresholds.replaced).afterRestart(),
        .number("resemblance.distinctive", 0...1000, \.thresholds.distinctive).afterRestart(),
        .number("resemblance.standing", 1...1_000_000, \.thresholds.standing).afterRestart(),
        .number("resemblance.candidates", 1...1000, \.thresholds.candidates).afterRestart(),
        SettingKey(
            name: "backup.target", type: .string,
            allowed: "the absolute path of a directory, or exec: and a command (see copytaster.conf(5))",
            show: { $0.backupTarget ?? "" }
        ) {
            guard case .string(let value) = $0, BackupPlace(value) != nil else { return false }
            $1.backupTarget = value
            return true
        },
        SettingKey(
            name: "anchor.command", type: .string, allowed: "a command that takes a line on its standard input",
            show: { $0.anchorCommand ?? "" }
        ) {
            guard case .string(let value) = $0, !value.isEmpty else { return false }
            $1.anchorCommand = value
            return true
        },
    ]
}
