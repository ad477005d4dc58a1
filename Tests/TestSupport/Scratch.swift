// What the tests share: scratch directories, the real program, and waiting for a condition without sleeping
// longer than it takes.

public import Foundation

/// A directory that is removed when the value goes.
public final class Scratch: Sendable {
    public let path: String

    public init() {
        path = NSTemporaryDirectory() + "copytaster-test-" + UUID().uuidString
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch { preconditionFailure("no scratch directory can be made: \(error)") }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public func path(_ name: String) -> String { path + "/" + name }

    @discardableResult
    public func write(_ text: String, to name: String) -> String { write(Array(text.utf8), to: name) }

    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) -> String {
        let full = path(name)
        let folder = (full as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: full))
        } catch { preconditionFailure("\(full) cannot be written: \(error)") }
        return full
    }

    public func names(in directory: String = "") -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path(directory)))?.sorted() ?? []
    }

    public func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

/// The tree that the tests were built from.
public enum Checkout {
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    public static func seed(_ prefix: String) -> [UInt8] {
        let folder = root.appendingPathComponent("seeds")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path),
            let name = names.first(where: { $0.hasPrefix(prefix) }),
            let data = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
        else { preconditionFailure("there is no seed \(prefix)") }
        return Array(data)
    }

    /// The program, beside the test bundle.
    public static var program: String { built("copytaster") }

    /// The program that reads formats.
    public static var reader: String { built("copytaster-reader") }

    private static func built(_ name: String) -> String {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0])
        return bundle.deletingLastPathComponent().appendingPathComponent(name).path
    }
}

/// Tries until `condition` holds; false after `seconds`.
public func eventually(within seconds: Double = 20, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
        if try condition() { return true }
        usleep(5_000)
    }
    return try condition()
}
