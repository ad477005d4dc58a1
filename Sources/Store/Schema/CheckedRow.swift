// Rows as a damaged disk may give them: any column may hold anything. GRDB traps when a value is not of the type that
// is asked for; these throw, and name the row.

internal import Foundation
package import GRDB

/// One row of a table, its first column the id.
package struct CheckedRow {
    package let table: String
    package let id: Int64
    private let count: Int
    private let fetch: (Int) -> DatabaseValue

    /// The largest number of a ledger row that composed ids have room for.
    package static let largestID = Int64.max / Schema.revisions - 1

    package init(_ row: Row, _ table: String) throws(StoreError) {
        guard case .int64(let id) = (row[0] as DatabaseValue).storage, id > 0 else {
            throw StoreError(damaged: "a row of \(table) has no number")
        }
        (self.table, self.id, count) = (table, id, row.count)
        fetch = { row[$0] }
    }

    /// A row that did not come through SQLite; the first value stands for the id.
    package init(id: Int64, _ values: [DatabaseValue], _ table: String) {
        (self.table, self.id, count) = (table, id, values.count)
        fetch = { values[$0] }
    }

    private func value(_ column: Int) throws(StoreError) -> DatabaseValue.Storage {
        guard column < count else { throw damaged }
        return fetch(column).storage
    }

    package var damaged: StoreError { StoreError(damaged: "row \(id) of \(table) is not what was written") }

    package func integer(_ column: Int) throws(StoreError) -> Int64 {
        guard case .int64(let value) = try value(column) else { throw damaged }
        return value
    }

    package func integerOrNull(_ column: Int) throws(StoreError) -> Int64? {
        if case .null = try value(column) { return nil }
        return try integer(column)
    }

    package func real(_ column: Int) throws(StoreError) -> Double {
        switch try value(column) {
        case .double(let value): return value
        // As the disk has a whole number; SQLite itself gives a real back.
        case .int64(let value): return Double(value)
        default: throw damaged
        }
    }

    package func text(_ column: Int) throws(StoreError) -> String {
        guard case .string(let value) = try value(column) else { throw damaged }
        return value
    }

    package func textOrNull(_ column: Int) throws(StoreError) -> String? {
        if case .null = try value(column) { return nil }
        return try text(column)
    }

    package func blob(_ column: Int) throws(StoreError) -> [UInt8] {
        guard case .blob(let value) = try value(column) else { throw damaged }
        return Array(value)
    }

    package func blobOrNull(_ column: Int) throws(StoreError) -> [UInt8]? {
        if case .null = try value(column) { return nil }
        return try blob(column)
    }

    /// The integer in a column, within the numbers that ledger rows can have.
    package func story(_ column: Int) throws(StoreError) -> Int64 {
        let value = try integer(column)
        guard value > 0, value <= Self.largestID else { throw damaged }
        return value
    }

    /// Throws unless the row is as it was written.
    package func check(_ column: Int, _ expected: Int64) throws(StoreError) {
        guard try integer(column) == expected else { throw damaged }
    }
}

extension StoreError {
    /// The store is damaged: what is wrong, with the one advice that fits all damage.
    package init(damaged message: String, file: String = #fileID, line: UInt = #line) {
        self.init(.damaged, message, hint: StoreError.damageHint, file: file, line: line)
    }

    static let damageHint = """
        stop the service and keep a copy of the store's directory; `copytaster verify` shows the extent; then restore \
        the last backup, or have `copytaster recover` bring every readable story into a new store
        """
}

extension Schema {
    /// The composed ids (of readings, of relations) that belong to a story; none for a number that no story can have.
    package static func ids(of story: Int64) -> ClosedRange<Int64> {
        guard story > 0, story <= CheckedRow.largestID else { return -1 ... -1 }
        return story * revisions...(story * revisions + revisions - 1)
    }
}
