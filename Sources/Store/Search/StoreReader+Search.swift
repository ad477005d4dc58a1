// Looking for stories: the door of the search index.

internal import Foundation
internal import GRDB
public import Query
public import Story

/// A search.
public struct SearchRequest: Sendable {
    public var query: SearchQuery
    public var sort: SearchSort
    /// How many are wanted at most, and how many of those before them were seen already.
    public var limit: Int
    public var offset: Int
    /// Whether it is to be told how many there are: counting ends at so many.
    public var countsUpTo: Int?

    public init(
        _ query: SearchQuery, sort: SearchSort = .newest, limit: Int, offset: Int = 0, countsUpTo: Int? = nil
    ) {
        (self.query, self.sort, self.limit, self.offset, self.countsUpTo) = (query, sort, limit, offset, countsUpTo)
    }
}

/// What a search found.
public struct SearchResult: Sendable {
    public var ids: [Int64]
    /// How many there are in all, if that was asked for.
    public var total: Int?
    /// Ledger rows that the index has not reached yet.
    public var behind: Int64
}

extension StoreReader {
    /// Looks for stories.
    public func search(_ request: SearchRequest) throws(StoreError) -> SearchResult {
        let last = try lastID()
        return try readIndex { db in
            let statement = SearchStatement(request.query)
            let ids = try statement.ids(db, by: request.sort, limit: request.limit, offset: request.offset)
            // Who sees the end need not count.
            let isWhole = !ids.isEmpty && ids.count < request.limit
            return SearchResult(
                ids: ids,
                total: try request.countsUpTo.map {
                    isWhole ? request.offset + ids.count : try statement.count(db, atMost: $0)
                },
                behind: max(0, last - (try IndexProgress.fetch(db).upto)))
        }
    }

    /// Ledger rows that the search index has not reached yet.
    public func searchBehind() throws(StoreError) -> Int64 {
        let last = try lastID()
        return try readIndex { db in max(0, last - (try IndexProgress.fetch(db).upto)) }
    }

    /// The words of a query that occur nowhere, each with the nearest one that does; none where nothing is near.
    public func nearestWords(_ query: SearchQuery) throws(StoreError) -> [(typed: String, nearest: String)] {
        let words = query.phrases.filter { !$0.isPrefix }.flatMap(\.words)
        return try readIndex(withVocabulary: true) { db in
            try words.compactMap { word in
                let word = String(decoding: word, as: UTF8.self)
                return try NearWords.nearest(to: word, db).map { (word, $0) }
            }
        }
    }

    /// A few words of a story around what it was found by.
    public static func snippet(of reading: Reading, for query: SearchQuery) -> Snippet? {
        let pieces = IndexedStory.text(of: reading)
        // The headline is told anyway.
        return Snippet(of: pieces.dropFirst().reversed() + pieces.prefix(1), for: query)
    }

    /// The stories that state a status, and the row up to which the list is complete.
    func statusesInIndex() throws(StoreError) -> (stories: [Int64], reached: Int64) {
        try readIndex { db in
            (
                try Int64.fetchAll(db, sql: "SELECT story FROM stated ORDER BY story"),
                try IndexProgress.fetch(db).upto
            )
        }
    }

    func readIndex<T>(withVocabulary: Bool = false, _ body: (Database) throws -> T) throws(StoreError) -> T {
        let directory = (path as NSString).deletingLastPathComponent
        let index = directory + "/" + SearchIndex.fileName
        guard FileManager.default.fileExists(atPath: index) else {
            throw StoreError(
                .missing, "there is no search index in \(directory)",
                hint: "it is built by the service, or by `copytaster verify --rebuild`")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            if withVocabulary { configuration.prepareDatabase { try NearWords.prepare($0) } }
            return try DatabaseQueue(path: index, configuration: configuration).read { db in
                guard try SearchIndex.isOfThisFormat(db) else {
                    throw StoreError(
                        .derived, "the search index was made by another version of this program",
                        hint:
                            "the service makes it again by itself; `copytaster verify --rebuild` does while the service "
                            + "is stopped")
                }
                return try body(db)
            }
        } catch { throw StoreError(error, doing: "searching").ofDerived }
    }
}
