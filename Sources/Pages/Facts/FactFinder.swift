// Facts from a page's markup, in the order of trust: JSON-LD, then the meta elements of the head, then microdata and the
// elements of the page.

internal import Text

struct FactFinder {
    let tree: PageTree
    let zones: [Zone]
    let data: LinkedData
    var facts = Facts()
    /// The meta elements by name or property, the first of each.
    private var metas: [String: [String]] = [:]
    private var titles: [String] = []
    private var firstHeadings: [Int] = []
    private var times: [Int] = []
    /// The letters of all headings.
    private var shown: Set<UInt64> = []
    private var items: [(name: String, node: Int)] = []

    /// - Parameter zones: what each element says of itself.
    static func find(_ tree: PageTree, _ zones: [Zone]) -> Facts {
        var finder = FactFinder(tree: tree, zones: zones, data: LinkedData(tree))
        finder.collect()
        finder.findHeadline()
        finder.findDates()
        finder.findAuthors()
        finder.findRest()
        return finder.facts
    }

    private init(tree: PageTree, zones: [Zone], data: LinkedData) {
        self.tree = tree
        self.zones = zones
        self.data = data
    }

    // MARK: One look at the tree

    private mutating func collect() {
        for index in tree.nodes.indices {
            switch tree.nodes[index].element {
            case .meta: collectMeta(index)
            case .title where titles.isEmpty: titles.append(tree.string(of: index))
            case .h1, .h2: collectHeading(index)
            case .time: times.append(index)
            case .link where tree.has("canonical", in: .rel, of: index):
                if facts.url == nil, let url = tree.value(.href, of: index) {
                    facts.url = Fact(value: url, evidence: "//link[@rel='canonical']/@href")
                }
            default: break
            }
            if let name = tree.attribute(.itemprop, of: index),
                let code = Self.properties.value(of: name, in: tree.values)
            {
                items.append((Self.propertyNames[Int(code)], index))
            }
        }
    }

    private mutating func collectHeading(_ index: Int) {
        if isInNavigation(index) || isLinked(index) { return }
        if tree.nodes[index].element == .h1 { firstHeadings.append(index) }
        shown.insert(Facts.key(tree.characters, tree.text(of: index)))
    }

    /// Whether a heading is an item of a list, a menu or a trail: what comes near it says so.
    private func isInNavigation(_ heading: Int) -> Bool {
        var at = heading
        for _ in 0..<4 where at > 0 {
            let element = tree.nodes[at].element
            if element == .nav || element == .li || zones[at].contains(.navigation) { return true }
            at = Int(tree.nodes[at].parent)
        }
        return false
    }

    /// Whether all of a heading is a link: to another story.
    private func isLinked(_ heading: Int) -> Bool {
        tree.nodes[heading].element != .h1
            && (heading..<Int(tree.nodes[heading].end)).contains { tree.nodes[$0].isLink }
    }

    private static let propertyNames = [
        "headline", "datePublished", "dateModified", "author", "articleSection", "creator",
    ]
    private static let properties = WordTable(propertyNames.enumerated().map { (UInt8($0.offset), $0.element) })

    private mutating func collectMeta(_ index: Int) {
        guard let content = tree.value(.content, of: index) else { return }
        for name in [Attribute.property, .name, .itemprop] {
            guard let key = tree.value(name, of: index)?.lowercased() else { continue }
            if metas[key, default: []].count < 32 { metas[key, default: []].append(content) }
        }
    }

    private func meta(_ names: [String]) -> Fact? {
        for name in names {
            if let value = metas[name]?.first {
                return Fact(value: value, evidence: "//meta[@name='\(name)']/@content")
            }
        }
        return nil
    }

    private func linked(_ name: String) -> Fact? {
        data.string(name).map { Fact(value: $0, evidence: "json-ld /\(name)") }
    }

    private func item(_ name: String) -> Fact? {
        for (found, node) in items where found == name {
            let value = tree.value(.content, of: node) ?? tree.value(.datetime, of: node) ?? tree.string(of: node)
            if !value.isEmpty { return Fact(value: value, evidence: "//*[@itemprop='\(name)']") }
        }
        return nil
    }

    // MARK: Headline

    /// What readers see counts: the heading of first rank, unless JSON-LD has a headline that the page shows, too.
    private mutating func findHeadline() {
        let shared = meta(["og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title"])
        let title = titles.first.map(Self.withoutSite)
        let linked = data.isStory ? self.linked("headline") ?? self.linked("name") : nil
        let seen = seenHeadline(linked?.value, shared?.value, title)
        let heading = seen?.value
        let posted = shared.map { Fact(value: Self.withoutSite($0.value), evidence: $0.evidence) }
        if let linked {
            let isShown = shown.contains(Facts.key(linked.value))
            // A heading may have a line above its headline in it.
            let isPart =
                [heading, shared?.value].compactMap { $0 }.first.map { self.isPart(linked.value, of: $0) } ?? true
            facts.headline = isShown || isPart ? linked : seen ?? posted ?? linked
        } else {
            facts.headline =
                seen ?? item("headline") ?? posted ?? title.map { Fact(value: $0, evidence: "//title") }
        }
        for text in [
            linked?.value, heading, shared?.value, posted?.value, facts.headline?.value,
            title,
        ] {
            if let text { facts.headlines.insert(Facts.key(text)) }
        }
    }

    /// The headline among the headings of the page: the only one of first rank, or the one that is like what the page states.
    private func seenHeadline(_ linked: String?, _ shared: String?, _ title: String?) -> Fact? {
        let firsts = firstHeadings.map { tree.string(of: $0) }.filter { $0.utf8.count > 3 }
        if firsts.count == 1, let only = firsts.first {
            // A short one that nothing else says is the name of the site, or of a section.
            let other = linked ?? shared
            if only.utf8.count >= 24 || other == nil || isLike(only, other, title) {
                return Fact(value: only, evidence: "//h1")
            }
        } else if let first = firsts.first(where: { isLike($0, shared, title, linked) })
            ?? firsts.first(where: { $0.utf8.count > 30 })
        {
            return Fact(value: first, evidence: "//h1")
        }
        for (name, node) in items where name == "headline" && tree.nodes[node].element == .h2 && !isLinked(node) {
            return Fact(value: tree.string(of: node), evidence: "//h2[@itemprop='headline']")
        }
        return nil
    }

    private func isPart(_ text: String, of whole: String) -> Bool { Self.letters(whole).contains(Self.letters(text)) }

    private static func letters(_ text: String) -> String {
        String(decoding: text.utf8.filter(LetterSet.isLetter), as: UTF8.self)
    }

    /// Whether a heading is in the title that the page gives itself.
    private func isLike(_ heading: String, _ titles: String?...) -> Bool {
        titles.contains { title in title.map { $0.contains(heading) || heading.contains($0) } ?? false }
    }

    /// A title without the name of the site that follows it.
    static func withoutSite(_ title: String) -> String {
        for separator in [" | ", " — ", " – ", " - ", " :: ", " « ", " » "] {
            if let range = title.range(ofLast: separator) {
                let head = title[..<range]
                let tail = title[range...].split(separator: " ").dropFirst()
                if head.utf8.count * 2 > title.utf8.count, tail.count <= 3 { return String(head) }
            }
        }
        return title
    }

    // MARK: Dates

    private mutating func findDates() {
        let published = [
            linked("datePublished"), meta(Self.publishedNames), item("datePublished"), timeElement(),
            linked("dateCreated"),
        ]
        facts.published = published.lazy.compactMap(Self.date).first
        let modified = [linked("dateModified"), meta(Self.modifiedNames), item("dateModified")]
        facts.modified = modified.lazy.compactMap(Self.date).first
    }

    private static let publishedNames = [
        "article:published_time", "article:published", "og:published_time", "og:article:published_time",
        "datepublished",
        "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "publish-date", "publish_date",
        "publishdate",
        "published-date", "pubdate", "published", "dc.date.issued", "dcterms.created", "dc.date.created",
        "dcterms.date",
        "dc.date", "dcterms.issued", "date", "article.published", "article.created", "displaydate",
        "originalpublicationdate",
        "citation_publication_date", "citation_online_date", "publication_date", "date_published",
        "article_date_original",
        "bt:pubdate", "shareaholic:article_published_time", "rnews:datepublished", "timestamp", "created",
        "datecreated",
    ]
    private static let modifiedNames = [
        "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "dc.date.modified",
        "last-modified",
        "lastmod", "article:updated",
    ]

    private func timeElement() -> Fact? {
        let inArticle = times.first { tree.attribute(.pubdate, of: $0) != nil } ?? times.first
        return inArticle.flatMap { tree.value(.datetime, of: $0) }.map { Fact(value: $0, evidence: "//time/@datetime") }
    }

    private static func date(_ fact: Fact?) -> Fact? {
        guard let fact, let date = Moments.iso(fact.value) else { return nil }
        return Fact(value: date, evidence: fact.evidence)
    }

    // MARK: The rest

    private mutating func findAuthors() {
        let stated = data.names("author") + data.names("creator")
        facts.authors = Authors.list(stated.map { ($0.name, "json-ld /author") })
        facts.areAuthorsPeople = stated.contains { $0.isPerson && !isPublisher($0.name) }
        if facts.areAuthorsPeople { return }
        // Where JSON-LD names but the publisher, a person in the head counts more.
        for name in Self.authorNames {
            let found = Authors.list((metas[name] ?? []).map { ($0, "//meta[@name='\(name)']/@content") })
            let arePeople = found.contains {
                !isPublisher($0.value) && (facts.authors.isEmpty || Authors.isStrictName($0.value))
            }
            if facts.authors.isEmpty || arePeople { facts.authors = found }
            if arePeople {
                facts.areAuthorsPeople = true
                return
            }
        }
    }

    private static let authorNames = [
        "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "twitter:creator",
    ]

    /// Whether a name is that of the site or its publisher.
    private func isPublisher(_ name: String) -> Bool {
        let key = Facts.key(name)
        let publishers =
            data.names("publisher").map(\.name) + (metas["og:site_name"] ?? []) + (metas["application-name"] ?? [])
        return publishers.contains { Facts.key($0) == key || Self.letters($0).contains(Self.letters(name)) }
    }

    private mutating func findRest() {
        facts.summary = linked("description") ?? meta(["og:description", "description", "twitter:description"])
        for text in [data.string("description"), metas["og:description"]?.first, metas["description"]?.first] {
            guard let bytes = text.map({ Array($0.utf8) }) else { continue }
            facts.summaries.insert(bytes, 0..<bytes.count)
        }
        for author in facts.authors { facts.authorKeys.insert(Facts.key(author.value)) }
        facts.body = data.body.map { Fact(value: $0, evidence: "json-ld /articleBody") }
        facts.site =
            data.names("publisher").first.map { Fact(value: $0.name, evidence: "json-ld /publisher") }
            ?? meta(["og:site_name", "application-name", "dc.publisher", "publisher"])
        facts.section = linked("articleSection") ?? meta(["article:section", "section"]) ?? item("articleSection")
        facts.language =
            linked("inLanguage") ?? tree.value(.lang, of: 0).map { Fact(value: $0, evidence: "/html/@lang") }
            ?? meta(["og:locale", "content-language", "language", "dc.language"])
        if facts.url == nil { facts.url = meta(["og:url"]) ?? linked("url") }
        let keywords = meta(["news_keywords", "keywords", "parsely-tags", "article:tag"])
        facts.keywords = (keywords?.value.split(separator: ",") ?? []).prefix(64).map {
            Fact(value: $0.trimmingBlanks(), evidence: keywords?.evidence ?? "")
        }.filter { !$0.value.isEmpty }
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    func trimmingBlanks() -> String {
        var slice = Substring(self)
        while let first = slice.unicodeScalars.first, first.properties.isWhitespace {
            slice.unicodeScalars.removeFirst()
        }
        while let last = slice.unicodeScalars.last, last.properties.isWhitespace { slice.unicodeScalars.removeLast() }
        return String(slice)
    }
}

extension String {
    /// Where the last occurrence of `text` starts, if it is neither at the start nor at the end.
    func range(ofLast text: String) -> String.Index? {
        let (bytes, other) = (Array(utf8), Array(text.utf8))
        guard bytes.count > other.count else { return nil }
        for start in stride(from: bytes.count - other.count - 1, to: 0, by: -1)
        where bytes[start] == other[0] && bytes[start..<start + other.count].elementsEqual(other) {
            return utf8.index(utf8.startIndex, offsetBy: start)
        }
        return nil
    }
}
