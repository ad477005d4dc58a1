// Who a user is, in words for a person.

/// Names of users, by /etc/passwd alone: libc's look-up (getpwuid(3)) may ask a directory service and wait for it, which
/// the thread that feeds the pipeline must not.
public enum UserNames {
    /// The user's name as setfacl(1) and chown(1) take it; the number where the file has none.
    public static func name(of user: UInt32) -> String { name(of: user, in: "/etc") }

    static func name(of user: UInt32, in folder: String) -> String {
        let bytes = try? Directory(path: folder).open("passwd").readAll(expected: 4096, limit: 4 << 20)
        for line in (bytes ?? []).split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count >= 3, String(decoding: fields[2], as: UTF8.self) == "\(user)", !fields[0].isEmpty else {
                continue
            }
            return PrintableName(Array(fields[0])).text
        }
        return "\(user)"
    }
}
