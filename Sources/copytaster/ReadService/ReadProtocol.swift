// Which commands are asked of the read service.

internal import ArgumentParser

/// A command that only reads, and may be asked of the read service.
protocol ServedCommand: ParsableCommand {
    var shared: SharedOptions { get }

    /// Whether this process must carry it out, since it names files of its user.
    var isLocal: Bool { get }
}

extension ServedCommand {
    var isLocal: Bool { false }
}
