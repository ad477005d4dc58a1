// The yardstick: resemblance by brute force, in plain Swift that shares nothing with the module.

import Foundation

enum Exact {
    /// Words in lower case; Chinese and Japanese by character.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.precomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            let han = (0x2E80...0x9FFF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
            if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                if han {
                    if !word.isEmpty { words.append(word) }
                    word = ""
                    words.append(String(scalar))
                } else {
                    word.unicodeScalars.append(scalar)
                }
            } else if !word.isEmpty {
                words.append(word)
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    static func shingles(_ text: String) -> Set<String> {
        let words = words(text)
        guard words.count >= 5 else { return words.isEmpty ? [] : [words.joined(separator: " ")] }
        return Set((0...words.count - 5).map { words[$0..<$0 + 5].joined(separator: " ") })
    }

    struct Pair: Hashable {
        var a: Int
        var b: Int
    }

    struct Overlap {
        var resemblance: Double
        var containment: Double
    }

    /// Every pair of texts with the given resemblance or containment of the smaller, or more.
    static func pairs(_ texts: [String], resemblance: Double, containment: Double) -> [Pair: Overlap] {
        var numbers: [String: Int32] = [:]
        var postings: [[Int32]] = []
        let sizes = texts.enumerated().map { index, text in
            let set = shingles(text)
            for shingle in set {
                let number = numbers[shingle, default: Int32(postings.count)]
                if number == postings.count {
                    numbers[shingle] = number
                    postings.append([])
                }
                postings[Int(number)].append(Int32(index))
            }
            return set.count
        }
        var shared: [Pair: Int] = [:]
        for posting in postings where posting.count > 1 {
            for (index, b) in posting.enumerated() {
                for a in posting[..<index] { shared[Pair(a: Int(a), b: Int(b)), default: 0] += 1 }
            }
        }
        var result: [Pair: Overlap] = [:]
        for (pair, count) in shared {
            let overlap = Overlap(
                resemblance: Double(count) / Double(sizes[pair.a] + sizes[pair.b] - count),
                containment: Double(count) / Double(min(sizes[pair.a], sizes[pair.b])))
            if overlap.resemblance >= resemblance || overlap.containment >= containment { result[pair] = overlap }
        }
        return result
    }
}
