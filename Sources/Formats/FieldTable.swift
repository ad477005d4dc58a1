// What a format's own file consists of, mainly: a table that says which field stands where.
//
//     static let table = FieldTable("nitf", [
//         .line(.headline, "body/body.head/hedline/hl1", "head/title"),
//         .value(.urgency, "head/docdata/urgency/@ed-urg"),
//         .values(.keyword, "head/docdata/key-list/keyword/@key"),
//         .date(.versioncreated, "head/docdata/date.issue/@norm"),
//     ])
//
// Of several paths the first that leads to a value counts.

internal import Parts
internal import Story

/// One row of a table.
struct FieldRule: Sendable {
    var kind: Field.Kind
    var paths: [Path]
    /// Whether it is a line of the text, as headlines are, or a value beside it.
    var isLine = false
    /// Whether all values count, or the first.
    var isMany = false
    /// From what stands there to the value; nil if it is none.
    var convert: (@Sendable (String) -> String?)?
    /// Takes an element rather than its text: for names with codes, and the like.
    var describe: (@Sendable (Element) -> String?)?

    static func line(_ kind: Field.Kind, _ paths: String...) -> FieldRule {
        FieldRule(kind: kind, paths: paths.map(Path.init), isLine: true)
    }
    static func lines(_ kind: Field.Kind, _ paths: String...) -> FieldRule {
        FieldRule(kind: kind, paths: paths.map(Path.init), isLine: true, isMany: true)
    }
    static func value(_ kind: Field.Kind, _ paths: String..., convert: (@Sendable (String) -> String?)? = nil)
        -> FieldRule
    {
        FieldRule(kind: kind, paths: paths.map(Path.init), convert: convert)
    }
    static func values(_ kind: Field.Kind, _ paths: String..., convert: (@Sendable (String) -> String?)? = nil)
        -> FieldRule
    {
        FieldRule(kind: kind, paths: paths.map(Path.init), isMany: true, convert: convert)
    }
    static func date(_ kind: Field.Kind, _ paths: String...) -> FieldRule {
        FieldRule(kind: kind, paths: paths.map(Path.init), convert: { Stamp.iso($0) ?? $0 })
    }
    static func described(_ kind: Field.Kind, _ paths: String..., by describe: @escaping @Sendable (Element) -> String?)
        -> FieldRule
    {
        FieldRule(kind: kind, paths: paths.map(Path.init), isMany: true, describe: describe)
    }
}

/// The fields of a format.
struct FieldTable: Sendable {
    let format: String
    private let rules: [FieldRule]

    init(_ format: String, _ rules: [FieldRule]) {
        self.format = format
        self.rules = rules
    }

    /// Reads the fields that stand below `element`.
    func read(_ element: Element, into builder: inout ReadingBuilder) {
        for rule in rules { read(rule, element, &builder) }
    }

    private func read(_ rule: FieldRule, _ element: Element, _ builder: inout ReadingBuilder) {
        for path in rule.paths {
            var found = false
            var seen: Set<String> = []
            for place in path.elements(from: element) {
                let stated: String?
                if let describe = rule.describe {
                    stated = describe(place)
                } else if let attribute = path.attribute {
                    stated = place.attribute(attribute).map {
                        String(decoding: WhiteSpace.collapsed(Array($0.utf8)), as: UTF8.self)
                    }
                } else {
                    stated = place.string
                }
                guard let stated, !stated.isEmpty else { continue }
                guard let value = rule.convert == nil ? stated : rule.convert?(stated), !value.isEmpty,
                    seen.insert(value).inserted
                else { continue }
                let evidence = "\(format)/\(rule.kind.rawValue) \(place.xpath)\(path.attribute.map { "/@" + $0 } ?? "")"
                if rule.isLine {
                    builder.write(rule.kind, value, rule: evidence)
                } else {
                    builder.state(rule.kind, value, rule: evidence)
                }
                found = true
                if !rule.isMany { break }
            }
            if found { return }
        }
    }
}
