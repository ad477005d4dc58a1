// Where a backup lies, as it is written in the configuration and on the command line.

internal import ArgumentParser
internal import Backup
internal import Foundation
internal import Store

/// A directory or a command that followed backups go to, or a file.
enum BackupPlace: Equatable {
    case path(String)
    case command(String)

    static let prefix = "exec:"

    /// `/path`, or `exec:COMMAND`; nil for what is neither.
    init?(_ text: String) {
        if text.hasPrefix(Self.prefix) {
            let command = text.dropFirst(Self.prefix.count).trimmingCharacters(in: .whitespaces)
            guard !command.isEmpty else { return nil }
            self = .command(command)
        } else {
            guard text.hasPrefix("/") else { return nil }
            self = .path(text)
        }
    }

    /// What was named on the command line, or else is configured.
    init(named text: String?, _ settings: Settings) throws {
        if let text, let place = BackupPlace(text.hasPrefix(Self.prefix) ? text : SharedOptions.absolute(text)) {
            self = place
        } else if let configured = settings.backupTarget.flatMap({ BackupPlace($0) }) {
            self = configured
        } else {
            throw CommandError(
                "it is not said where the backup lies", hint: "name a target, or set backup.target: copytaster.conf(5)",
                code: EX_USAGE)
        }
    }

    var description: String {
        switch self {
        case .path(let path): path
        case .command(let command): Self.prefix + command
        }
    }

    /// The place as a target of followed backups.
    func target() throws(BackupError) -> any BackupTarget {
        switch self {
        case .path(let path): try DirectoryTarget(path: path)
        case .command(let command): CommandTarget(command)
        }
    }

    var isDirectory: Bool {
        guard case .path(let path) = self else { return false }
        var isDirectory: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// A file that `backup FILE` made, or the newest of a directory of such files; nil if there is none.
    var newestFile: String? {
        guard case .path(let path) = self else { return nil }
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard isDirectory else { return path }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return files.filter { $0.hasSuffix(".sqlite") }.map { path + "/" + $0 }.max { Self.age($0) < Self.age($1) }
    }

    static func age(_ file: String) -> Date {
        ((try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date) ?? .distantPast
    }
}
