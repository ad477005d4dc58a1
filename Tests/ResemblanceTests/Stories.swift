// Stories for the tests, made by hand.

import Resemblance
import Story
import Text
import TestSupport

/// A story with a headline and paragraphs; `date` is what it states for itself.
func story(_ headline: String, _ paragraphs: [String], date: String? = nil) -> ComparableText {
    var text = Array(headline.utf8)
    var fields = [Field(.headline, 0..<text.count, rule: "test")]
    if let date { fields.append(Field(.contentcreated, 0..<0, rule: "test", value: date)) }
    for paragraph in paragraphs {
        text += Array("\n\n".utf8)
        fields.append(Field(.paragraph, text.count..<text.count + paragraph.utf8.count, rule: "test"))
        text += Array(paragraph.utf8)
    }
    return ComparableText(of: Reading(text: text, encoding: .utf8, fields: fields))
}

func story(_ headline: String, _ paragraphs: String..., date: String? = nil) -> ComparableText {
    story(headline, paragraphs, date: date)
}

let harbour = [
    "The harbour authority said on Friday that the old northern mole would be closed to all vessels for three weeks.",
    "Divers had found cracks in the foundations below the lighthouse, the director of works told reporters.",
    "Fishing boats are asked to use the eastern basin, where a temporary fuel station is being set up by volunteers.",
    "The ferry to the islands will leave from the coal pier, and travellers should allow an additional half hour.",
    "Repairs are expected to cost some 4 million crowns, of which the county has promised to carry one half.",
]

let orchard = [
    "Growers in the valley expect the smallest apple harvest in a generation after frost struck the blossom twice.",
    "The cooperative has asked the regional government for bridging passedFiles and for permission to press imported fruit.",
    "Cider makers said prices would rise before the winter unless the autumn stays dry.",
]

/// Paragraphs of words that no other seed's paragraphs share, five to a sentence's dozen.
func inventedParagraphs(_ count: Int, seed: UInt64) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
        (0..<25).map { _ in
            String(decoding: (0..<6).map { _ in UInt8.random(in: 97...122, using: &random) }, as: UTF8.self)
        }.joined(separator: " ") + "."
    }
}
