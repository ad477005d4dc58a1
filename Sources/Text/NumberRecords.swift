// Generated tables: how they are written into a Swift file, and read back.

package enum NumberRecords {
    /// Calls `body` with the numbers of each record; records end in `;`, numbers are hexadecimal, perhaps with a sign.
    package static func forEach(_ text: StaticString, _ body: ([Int]) -> Void) {
        var fields: [Int] = []
        var number = 0
        var digits = 0
        var sign = 1
        func close() {
            if digits > 0 { fields.append(number * sign) }
            (number, digits, sign) = (0, 0, 1)
        }
        for byte in text.description.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                (number, digits) = (number * 16 + Int(byte - UInt8(ascii: "0")), digits + 1)
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                (number, digits) = (number * 16 + Int(byte - UInt8(ascii: "a")) + 10, digits + 1)
            case UInt8(ascii: "-"):
                sign = -1
            case UInt8(ascii: ";"):
                close()
                body(fields)
                fields.removeAll(keepingCapacity: true)
            default:
                close()
            }
        }
    }
}
