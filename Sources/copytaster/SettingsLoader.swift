// Reads the configuration from its sources, and tells all that is wrong with it at once, each mistake with its place.

internal import Configuration
internal import Foundation
internal import Glibc
internal import Query
internal import Yams

/// A mistake in the configuration: which key, which value, and what is allowed.
struct SettingsError: Error, CustomStringConvertible {
    var description: String
    var hint: String

    static func unknown(_ key: String, at place: String) -> SettingsError {
        let nearest = SettingKey.all.map(\.name).min { EditDistance.between($0, key) < EditDistance.between($1, key) }
        let guess = nearest.flatMap { EditDistance.between($0, key) <= 3 ? $0 : nil }
        return SettingsError(
            description: "\(place): there is no key '\(key)'",
            hint: guess.map { "did you mean '\($0)'?" }
                ?? "the keys are " + SettingKey.all.map(\.name).joined(separator: ", "))
    }

    static func wrong(_ key: SettingKey, _ value: String?, at place: String) -> SettingsError {
        SettingsError(
            description: "\(place): \(key.name) cannot be \(value.map { "'\($0)'" } ?? "that")",
            hint: "allowed is \(key.allowed)")
    }
}

/// All that is wrong with a configuration; at least one.
struct SettingsFaults: Error {
    var faults: [SettingsError]
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
    var isSystem: Bool { isRoot || environment["STATE_DIRECTORY"] != nil }

    /// The store of the system's service, unless it is configured elsewhere.
    static var systemStore: String { SettingsLoader(environment: [:], isRoot: true).defaults.state }

    /// Whether this machine has the system's service.
    static var hasSystemService: Bool {
        let defaults = SettingsLoader(environment: [:], isRoot: true).defaults
        return [systemStore, (defaults.readSocket as NSString).deletingLastPathComponent]
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
    /// - Throws: ``SettingsFaults``, with everything that is wrong.
    func load(path: String?, overrides: [String: String]) throws -> Settings {
        var settings = defaults
        var faults: [SettingsError] = []
        if let file = ConfigurationFile(path ?? defaultPath, mayBeMissing: path == nil, faults: &faults) {
            take(file.snapshot.value, from: file.place(of:), into: &settings, faults: &faults)
        }
        let prefix = "COPYTASTER_"
        let known = Set(SettingKey.all.map { prefix + $0.name.uppercased().replacing(".", with: "_") })
        for name in environment.keys.sorted() where name.hasPrefix(prefix) && !known.contains(name) {
            if name.hasPrefix("COPYTASTER_TEST_") { continue }
            let key = name.dropFirst(prefix.count).lowercased().replacing("_", with: ".")
            faults.append(.unknown(key, at: "the environment ($\(name))"))
        }
        let variables = EnvironmentVariablesProvider(environmentVariables: environment)
            .prefixKeys(with: "copytaster")
        take(variables.value, from: { _ in "the environment" }, into: &settings, faults: &faults)
        let arguments = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: overrides.map {
                    (AbsoluteConfigKey(ConfigKey($0.key)), ConfigValue(.string($0.value), isSecret: false))
                }))
        take(arguments.value, from: { _ in "the command line" }, into: &settings, faults: &faults)
        guard faults.isEmpty else { throw SettingsFaults(faults: faults) }
        return settings
    }

    private func take(
        _ lookUp: (AbsoluteConfigKey, ConfigType) throws -> LookupResult, from place: (String) -> String,
        into settings: inout Settings, faults: inout [SettingsError]
    ) {
        for key in SettingKey.all {
            let absolute = AbsoluteConfigKey(ConfigKey(key.name))
            let content: ConfigContent?
            do { content = try lookUp(absolute, key.type).value?.content } catch {
                var value: String?
                if case .string(let text)? = try? lookUp(absolute, .string).value?.content { value = text }
                faults.append(.wrong(key, value, at: place(key.name)))
                continue
            }
            if let content, !key.take(content, &settings) {
                faults.append(.wrong(key, Self.text(content), at: place(key.name)))
            }
        }
    }

    /// A value as it was written.
    private static func text(_ content: ConfigContent) -> String {
        switch content {
        case .string(let value): value
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .stringArray(let values): "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        default: "\(content)"
        }
    }
}

/// A configuration file whose form and keys were looked at.
private struct ConfigurationFile {
    let snapshot: YAMLSnapshot
    private let path: String
    /// On which line each key stands.
    private var lines: [String: Int] = [:]

    /// Where a key's value stands, as `FILE:LINE`.
    func place(of key: String) -> String { lines[key].map { "\(path):\($0)" } ?? path }

    /// Reads it; nil if there is none, or nothing in it, or its form is so wrong that no value can be read.
    init?(_ path: String, mayBeMissing: Bool, faults: inout [SettingsError]) {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            if mayBeMissing && !FileManager.default.fileExists(atPath: path) { return nil }
            faults.append(
                SettingsError(
                    description: "\(path) cannot be read",
                    hint: "check the path given with --config, and its permissions"))
            return nil
        }
        do {
            guard let root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) else { return nil }
            let found = faults.count
            var lines: [String: Int] = [:]
            Self.look(at: root, prefix: "", path: path, lines: &lines, faults: &faults)
            self.lines = lines
            let bytes = Array(data)
            do {
                snapshot = try unsafe YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: .default)
            } catch {
                // What is wrong with its form was told already, with the line.
                guard faults.count == found else { return nil }
                throw error
            }
        } catch YamlError.parser(_, let problem, let mark, _), YamlError.scanner(_, let problem, let mark, _) {
            faults.append(
                SettingsError(
                    description: "\(path):\(mark.line):\(mark.column) is not valid YAML: \(problem)",
                    hint: "see copytaster.conf(5) for its form"))
            return nil
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            faults.append(
                SettingsError(
                    description: "\(path):\(context.mark.line): \(keys.joined(separator: ", ")) stands there twice",
                    hint: "put what belongs to one key together"))
            return nil
        } catch {
            faults.append(
                SettingsError(
                    description: "\(path) is not valid: \(error)", hint: "see copytaster.conf(5) for its form (YAML)"))
            return nil
        }
    }

    private static func look(
        at node: Node, prefix: String, path: String, lines: inout [String: Int], faults: inout [SettingsError]
    ) {
        guard let mapping = node.mapping else {
            faults.append(
                SettingsError(
                    description:
                        "\(path)\(node.mark.map { ":\($0.line)" } ?? ""): a list of keys and values is expected"
                        + (prefix.isEmpty ? "" : " below \(prefix.dropLast())"),
                    hint: "see copytaster.conf(5)"))
            return
        }
        for (key, value) in mapping {
            let name = prefix + (key.string ?? "?")
            lines[name] = key.mark?.line
            if SettingKey.all.contains(where: { $0.name == name }) { continue }
            guard SettingKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) else {
                faults.append(.unknown(name, at: path + (key.mark.map { ":\($0.line)" } ?? "")))
                continue
            }
            // `inbox:` with everything below it commented out is an empty section.
            if value.null == nil {
                look(at: value, prefix: name + ".", path: path, lines: &lines, faults: &faults)
            }
        }
    }
}
