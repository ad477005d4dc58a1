// A command of somebody who may not open the store: asked of the read service.

internal import Files
internal import Foundation
internal import ReadProtocol
internal import Synchronization

/// Who can answer a command that reads.
enum ReadAccess: Equatable {
    /// The store can be opened, or is not there at all.
    case direct
    /// The socket of the read service.
    case service(String)

    init(_ settings: Settings, isForbidden: Bool? = nil) {
        var isClosed = false
        do throws(FileError) { _ = try Directory(path: settings.state) } catch { isClosed = error.isForbidden }
        self = isForbidden ?? isClosed ? .service(settings.readSocket) : .direct
    }
}

/// Asks the read service.
struct ReadClient {
    let path: String
    /// For how long a listing that goes on is taken up again.
    private static let patience: TimeInterval = 60
    /// The pause before it is taken up again.
    private static let retryInterval = Duration.milliseconds(500)

    /// Has a command carried out whose output this process needs; prints its messages.
    func collect(_ arguments: [String]) throws -> (code: Int32, output: [UInt8]) {
        let output = Mutex<[UInt8]>([])
        let (code, _) = try converse(arguments, holding: false, print: { more in output.withLock { $0 += more } }) {}
        guard let code else { throw Self.broken }
        return (code, output.withLock { $0 })
    }

    private static let broken = CommandError(
        "the read service ended without an answer",
        hint: "it may have taken too long: ask for less (--limit, --since); or see journalctl -u copytaster-read",
        code: EX_TEMPFAIL)

    /// Has a command carried out; prints what comes.
    ///
    /// - Returns: its exit code.
    func run(_ arguments: [String]) throws -> Int32 {
        var arguments = ReadClient.withoutPlaces(arguments)
        let goesOn = arguments.contains("--follow")
        var broken: Date?
        while true {
            do {
                let (code, mark) = try converse(arguments, holding: goesOn) { broken = nil }
                if let code { return code }
                if let mark { arguments = ReadClient.goingOn(arguments, after: mark) }
            } catch let error as CommandError {
                guard goesOn, let broken, -broken.timeIntervalSinceNow < Self.patience else { throw error }
            }
            guard goesOn else { throw Self.broken }
            if broken == nil { broken = Date() }
            Files.Process.sleep(for: Self.retryInterval)
        }
    }

    /// One connection; a nil code says that it broke. Where output is held, it is printed only with the mark that
    /// says how far it goes, so that nothing is printed twice after a break.
    private func converse(
        _ arguments: [String], holding: Bool, print: (([UInt8]) -> Void)? = nil, answered: () -> Void
    ) throws -> (code: Int32?, mark: Cursor?) {
        var lines = SocketLines(try connect())
        let console = Console.own
        let print = print ?? console.write
        let request = ReadRequest(
            arguments: arguments,
            terminal: ReadRequest.Shape(
                interactive: console.isInteractive, colour: console.hasColour, columns: console.columns,
                timezone: console.timeZone.identifier))
        // Whoever is turned away is not listened to, but told why.
        try? lines.socket.writeLine(Array(JSONEncoder().encode(request)))
        var held: [UInt8] = []
        var mark: Cursor?
        while let frame = try? ReadFrame.next(&lines) {
            answered()
            switch frame {
            case .out(let bytes) where holding: held += bytes
            case .out(let bytes): print(bytes)
            case .message(let bytes): console.tell(bytes)
            case .mark(let cursor):
                print(held)
                (held, mark) = ([], cursor)
            case .end(let code):
                print(held)
                return (code, mark)
            }
        }
        return (nil, mark)
    }

    func connect() throws -> LocalSocket {
        let folder = (path as NSString).deletingLastPathComponent
        do throws(FileError) {
            return try LocalSocket(
                connecting: Directory(path: folder), name: FileName(ofPath: path) ?? "read")
        } catch {
            if error.isForbidden {
                throw CommandError(
                    "this user may not ask the service of this machine (\(path))",
                    hint: "root and members of the group \(Self.group(of: path)) may; root gives leave by: "
                        + "adduser NAME \(Self.group(of: path)), from the next login on. Whether it runs everybody sees: "
                        + "\(Self.unit(of: path)). A store of your own is named with --state",
                    code: EX_NOPERM)
            }
            throw CommandError(
                "the read service is not there, so this user cannot see how the service is: \(error)",
                hint: "root can start it: systemctl enable --now copytaster-read.socket (for an instance NAME: "
                    + "copytaster-read@NAME.socket). Whether the service itself runs: \(Self.unit(of: path)). A store of "
                    + "your own is named with --state",
                code: EX_UNAVAILABLE)
        }
    }

    /// Whose members may ask.
    private static func group(of path: String) -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.groupOwnerAccountName] as? String ?? "copytaster"
    }

    /// How to see whether the service of a read service's socket runs: `/run/copytaster@NAME/read`.
    private static func unit(of path: String) -> String {
        let folder = ((path as NSString).deletingLastPathComponent as NSString).lastPathComponent
        return "systemctl status \(folder.isEmpty ? "copytaster" : folder)"
    }

    /// The service has its own places: those that were named led to it.
    static func withoutPlaces(_ arguments: [String]) -> [String] {
        var kept: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return kept + ["--"] + rest }
            if ["--config", "--state", "--spool"].contains(argument) {
                rest = rest.dropFirst()
            } else if !["--config=", "--state=", "--spool="].contains(where: argument.hasPrefix) {
                kept.append(argument)
            }
        }
        return kept
    }

    /// The same listing, from the row after `cursor` on.
    static func goingOn(_ arguments: [String], after cursor: Cursor) -> [String] {
        var kept: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if ["--since", "--limit"].contains(argument) {
                rest = rest.dropFirst()
            } else if !["--since=", "--limit="].contains(where: argument.hasPrefix) {
                kept.append(argument)
            }
        }
        return kept + ["--since", "\(cursor)"]
    }
}
