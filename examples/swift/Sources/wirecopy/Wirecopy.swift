// What the libraries give to another program: what a file says, which of several files repeat each other, what an archive holds.
//
//     wirecopy FILE...          headline, place, date, agency and length of each file, and what it repeats
//     wirecopy --store DIR      the ten newest stories of an archive

import Foundation
import Resemblance
import Store
import Story

@main
struct Wirecopy {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            if arguments.first == "--store", arguments.count == 2 {
                try printNewest(of: arguments[2])
            } else if arguments.first?.hasPrefix("-") == false {
                try taste(Array(arguments))
            } else {
                complain("usage: wirecopy FILE... | wirecopy --store DIRECTORY", status: 64)
            }
        } catch let error as StoreError {
            // The store's errors say what happened and what to do.
            complain("\(error)", status: 66)
        } catch {
            complain("\(error.localizedDescription)", status: 66)
        }
    }

    /// Reads files in turn, and judges each against the ones before.
    private static func taste(_ files: [String]) throws {
        let judge = Judge()
        var texts: [Int64: ComparableText] = [:]
        for (number, file) in files.enumerated() {
            let id = Int64(number + 1)
            let reading = Reading(of: Array(try Data(contentsOf: URL(filePath: file))))
            let text = ComparableText(of: reading)
            let judgement = judge.judge(text) { texts[$0] }
            texts[id] = text
            judge.insert(text, id: id)

            print("\(id)  \(reading.displayTitle)")
            let stated = [reading.located.first, reading.contentCreated, reading.infosource].compactMap { $0 }
            print("   \((stated + ["\(reading.wordCount) words"]).joined(separator: ", "))")
            if let earlier = judgement.of {
                print("   \(judgement.verdict.rawValue) of \(earlier): \(judgement.relations.first?.rule ?? "")")
            }
        }
    }

    private static func printNewest(of directory: String) throws {
        let store = try StoreReader(directory: directory)
        var newest = StoreReader.Filter()
        newest.newest = 10
        newest.storiesOnly = true
        try store.forEachRow(newest) { row in
            // A text that was redacted has no document any more.
            guard let reading = try store.document(row.id)?.reading() else { return true }
            print("\(row.id)  \(row.verdict.rawValue)  \(reading.displayTitle)")
            return true
        }
    }

    private static func complain(_ sentence: String, status: Int32) {
        FileHandle.standardError.write(Data((sentence + "\n").utf8))
        exit(status)
    }
}
