// The lock behind which everything that strangers sent is read.

internal import sandbox_shim

/// What this process may still do once it has locked itself in.
enum Sandbox {
    /// Bytes of address space, and seconds of processor time in all.
    static let memory: UInt64 = 3 << 30
    static let processor: UInt64 = 900

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Locks this process in for good; there is no way back.
    ///
    /// - Parameter runsProgram: a program of the system is started next, which may read what is installed.
    /// - Returns: whether Landlock is in force, too.
    @discardableResult
    static func enter(runsProgram: Bool = false) throws(Failure) -> Bool {
        var limits = ct_sandbox(
            memory: memory, processor: runsProgram ? 60 : processor, output: 0, files: runsProgram ? 64 : 16,
            runs_program: runsProgram ? 1 : 0)
        var failed: UnsafePointer<CChar>?
        var landlock: Int32 = 0
        let result = unsafe ct_sandbox_enter(&limits, CommandLine.unsafeArgv, &failed, &landlock)
        guard result >= 0 else {
            let step = unsafe failed.map { unsafe String(cString: $0) } ?? "?"
            throw Failure(description: "cannot lock itself in: \(step) fails with errno \(-result)")
        }
        return landlock != 0
    }

    /// Becomes another program; returns only if that fails, with an errno.
    static func become(_ program: String, _ arguments: [String]) -> Int32 {
        var copies = unsafe ([program] + arguments).map { unsafe UnsafePointer<CChar>(duplicate($0)) }
        unsafe copies.append(nil)
        return unsafe -ct_sandbox_exec(program, copies)
    }

    private static func duplicate(_ text: String) -> UnsafeMutablePointer<CChar>? {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { unsafe copy[index] = byte }
        return unsafe copy
    }
}
