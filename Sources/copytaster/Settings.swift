// What a person can configure: one typed key each, with what is allowed. Values come from the
// configuration file, the environment and the command line, later ones winning; swift-configuration
// reads them, and this schema refuses what it would let pass: unknown keys and wrong values.

internal import Configuration
internal import Files
internal import Foundation
internal import Inbox
internal import Logging
internal import Pipeline
internal import Resemblance
internal import Yams

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
    /// Takes the value over; false if it is not allowed.
    var take: @Sendable (ConfigContent, inout Settings) -> Bool

    static func text(_ name: String, _ allowed: String, _ path: any WritableKeyPath<Settings, String> & Sendable)
        -> Self
    {
        Self(name: name, type: .string, allowed: allowed) { content, settings in
            guard case .string(let value) = content, value.hasPrefix("/") else { return false }
            settings[keyPath: path] = value
            return true
        }
    }

    static func number(
        _ name: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<Settings, Int> & Sendable
    ) -> Self {
        Self(name: name, type: .int, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            guard case .int(let value) = $0, range.contains(value) else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    static func flag(_ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable) -> Self {
        Self(name: name, type: .bool, allowed: "true or false") {
            guard case .bool(let value) = $0 else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    static func share(_ name: String, _ path: any WritableKeyPath<Settings, Double> & Sendable) -> Self {
        Self(name: name, type: .double, allowed: "a number from 0 to 1") {
            guard case .double(let value) = $0, (0...1).contains(value) else { return false }
            $1[keyPath: path] = value
            return true
        }
    }

    static let all: [SettingKey] = [
        .text("spool", "an absolute path", \.spool),
        .text("state", "an absolute path", \.state),
        .number("workers", 0...256, \.workers),
        SettingKey(name: "read.socket", type: .string, allowed: "an absolute path") {
            guard case .string(let value) = $0, value.hasPrefix("/") else { return false }
            $1.ownReadSocket = value
            return true
        },
        SettingKey(name: "inbox.path", type: .string, allowed: "an absolute path") {
            guard case .string(let value) = $0, value.hasPrefix("/") else { return false }
            $1.inboxPath = value
            return true
        },
        SettingKey(
            name: "inbox.ignore", type: .stringArray,
            allowed: "a list of name patterns with at most one '*', at the beginning or the end"
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
            allowed: "a list of directories of the inbox, each with the seconds after which its silence is told"
        ) {
            guard case .stringArray(let value) = $0, let quiet = Settings.quiet(value) else { return false }
            $1.quiet = quiet
            return true
        },
        .number("inbox.settle", 0...3600, \.settle),
        .number("inbox.rescan", 1...86400, \.rescan),
        .flag("inbox.archive", \.keepsArchive),
        SettingKey(name: "inbox.redacted", type: .string, allowed: "reject or store") {
            guard case .string(let value) = $0, value == "reject" || value == "store" else { return false }
            $1.storesRedacted = value == "store"
            return true
        },
        .flag("inbox.removeempty", \.removesEmptyDirectories),
        SettingKey(
            name: "log.level", type: .string,
            allowed: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        ) {
            guard case .string(let value) = $0, let level = Logger.Level(rawValue: value) else { return false }
            $1.logLevel = level
            return true
        },
        .number("log.foldabove", 0...1_000_000, \.foldAbove),
        .share("resemblance.duplicate", \.thresholds.resemblance),
        .share("resemblance.containment", \.thresholds.containment),
        .share("resemblance.related", \.thresholds.related),
        .share("resemblance.othernumbers", \.thresholds.otherNumbers),
        .share("resemblance.othernames", \.thresholds.otherNames),
        .share("resemblance.replaced", \.thresholds.replaced),
        .number("resemblance.distinctive", 0...1000, \.thresholds.distinctive),
        .number("resemblance.standing", 1...1_000_000, \.thresholds.standing),
        .number("resemblance.candidates", 1...1000, \.thresholds.candidates),
        SettingKey(
            name: "backup.target", type: .string,
            allowed: "the absolute path of a directory, or exec: and a command (see copytaster.conf(5))"
        ) {
            guard case .string(let value) = $0, BackupPlace(value) != nil else { return false }
            $1.backupTarget = value
            return true
        },
        SettingKey(name: "anchor.command", type: .string, allowed: "a command that takes a line on its standard input")
        {
            guard case .string(let value) = $0, !value.isEmpty else { return false }
            $1.anchorCommand = value
            return true
        },
    ]
}

/// A mistake in the configuration: which key, which value, and what is allowed.
struct SettingsError: Error, CustomStringConvertible {
    var description: String
    var hint: String

    static func unknown(_ key: String, at place: String) -> SettingsError {
        let nearest = SettingKey.all.map(\.name).min { distance($0, key) < distance($1, key) }
        let guess = nearest.flatMap { distance($0, key) <= 3 ? $0 : nil }
        return SettingsError(
            description: "\(place): there is no key '\(key)'",
            hint: guess.map { "did you mean '\($0)'?" }
                ?? "the keys are " + SettingKey.all.map(\.name).joined(separator: ", "))
    }

    /// Levenshtein's distance, for guessing what was meant.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

/// Reads the configuration.
struct SettingsLoader {
    var environment: [String: String]
    var isRoot: Bool

    /// This process's.
    static var current: SettingsLoader {
        SettingsLoader(environment: ProcessInfo.processInfo.environment, isRoot: geteuid() == 0)
    }

    /// Whether the FHS paths are meant: for root, and for a system service (systemd.exec(5), StateDirectory=).
    private var isSystem: Bool { isRoot || environment["STATE_DIRECTORY"] != nil }

    /// Whether this machine has the system's service.
    static var hasSystemService: Bool {
        let defaults = SettingsLoader(environment: [:], isRoot: true).defaults
        return [defaults.state, (defaults.readSocket as NSString).deletingLastPathComponent]
            .contains(where: FileManager.default.fileExists)
    }

    private func xdg(_ variable: String, _ fallback: String) -> String {
        if let set = environment[variable], set.hasPrefix("/") { return set + "/copytaster" }
        return (environment["HOME"] ?? "/nonexistent") + "/" + fallback + "/copytaster"
    }

    var defaults: Settings {
        guard isSystem else {
            return Settings(
                spool: xdg("XDG_DATA_HOME", ".local/share") + "/spool", state: xdg("XDG_STATE_HOME", ".local/state"))
        }
        let state = environment["STATE_DIRECTORY"].flatMap { $0.split(separator: ":").first.map(String.init) }
        return Settings(spool: "/var/spool/copytaster", state: state ?? "/var/lib/copytaster")
    }

    var defaultPath: String {
        isSystem ? "/etc/copytaster/copytaster.conf" : xdg("XDG_CONFIG_HOME", ".config") + "/copytaster.conf"
    }

    /// Reads all sources.
    ///
    /// - Parameters:
    ///   - path: the configuration file; nil takes the default one, which may be missing.
    ///   - overrides: what the command line says, by key.
    func load(path: String?, overrides: [String: String]) throws -> Settings {
        var settings = defaults
        if let snapshot = try file(path) {
            try take(snapshot.value, from: path ?? defaultPath, into: &settings)
        }
        let prefix = "COPYTASTER_"
        let known = Set(SettingKey.all.map { prefix + $0.name.uppercased().replacing(".", with: "_") })
        for name in environment.keys.sorted() where name.hasPrefix(prefix) && !known.contains(name) {
            if name.hasPrefix("COPYTASTER_TEST_") { continue }
            throw SettingsError.unknown(
                name.dropFirst(prefix.count).lowercased().replacing("_", with: "."), at: "the environment ($\(name))")
        }
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
            .prefixKeys(with: "copytaster")
        try take(variables.value, from: "the environment", into: &settings)
        let arguments = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: overrides.map {
                    (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(.string($0.value), isSecret: false))
                }))
        try take(arguments.value, from: "the command line", into: &settings)
        return settings
    }

    private func take(
        _ lookUp: (AbsoluteConfigKey, ConfigType) throws -> LookupResult, from source: String,
        into settings: inout Settings
    ) throws {
        for key in SettingKey.all {
            let absolute = AbsoluteConfigKey(ConfigKey(key.name))
            let content: ConfigContent?
            do { content = try lookUp(absolute, key.type).value?.content } catch {
                var value: String?
                if case .string(let text)? = try? lookUp(absolute, .string).value?.content { value = text }
                throw wrong(key, value, source)
            }
            if let content, !key.take(content, &settings) { throw wrong(key, "\(content)", source) }
        }
    }

    private func wrong(_ key: SettingKey, _ value: String?, _ source: String) -> SettingsError {
        SettingsError(
            description: "\(source): \(key.name) cannot be \(value.map { "'\($0)'" } ?? "that")",
            hint: "allowed is \(key.allowed)")
    }

    /// The file's snapshot, after its keys were checked; nil if there is none, or nothing in it.
    private func file(_ path: String?) throws -> YAMLSnapshot? {
        let place = path ?? defaultPath
        guard let data = FileManager.default.contents(atPath: place) else {
            if path == nil && !FileManager.default.fileExists(atPath: place) { return nil }
            throw SettingsError(
                description: "\(place) cannot be read", hint: "check the path given with --config, and its permissions")
        }
        do {
            guard let root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) else { return nil }
            try checkKeys(root, prefix: "", place: place)
            let bytes = Array(data)
            return try unsafe YAMLSnapshot(
                data: bytes.span.bytes, providerName: place, parsingOptions: .default)
        } catch let error as SettingsError {
            throw error
        } catch YamlError.parser(_, let problem, let mark, _), YamlError.scanner(_, let problem, let mark, _) {
            throw SettingsError(
                description: "\(place):\(mark.line):\(mark.column) is not valid YAML: \(problem)",
                hint: "see copytaster.conf(5) for its form")
        } catch {
            throw SettingsError(
                description: "\(place) is not valid: \(error)", hint: "see copytaster.conf(5) for its form (YAML)")
        }
    }

    private func checkKeys(_ node: Node, prefix: String, place: String) throws {
        guard let mapping = node.mapping else {
            throw SettingsError(
                description: "\(place): a list of keys and values is expected", hint: "see copytaster.conf(5)")
        }
        for (key, value) in mapping {
            let name = prefix + (key.string ?? "?")
            let line = key.mark.map { ":\($0.line)" } ?? ""
            if SettingKey.all.contains(where: { $0.name == name }) { continue }
            guard SettingKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) else {
                throw SettingsError.unknown(name, at: place + line)
            }
            // `inbox:` with everything below it commented out is an empty section.
            if value.null == nil { try checkKeys(value, prefix: name + ".", place: place) }
        }
    }
}
