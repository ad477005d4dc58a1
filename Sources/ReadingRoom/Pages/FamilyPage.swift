// The versions of one story: who sent what when, and how much each differs.

internal import Foundation

enum FamilyPage {
    /// - Parameter members: the versions, the earliest first.
    static func page(_ members: [Record], all: Int) -> Page {
        let best = members.filter { !$0.isWithdrawn }.max { ($0.wordcount ?? 0, $0.id) < ($1.wordcount ?? 0, $1.id) }
        let title = best?.title ?? members.last?.title ?? ""
        let shown = all > members.count ? Piece.notice("The newest \(members.count) of \(all) versions.") : ""
        return Page(
            title: String(title.prefix(80)), place: .wire,
            body: """
                <h1>\(Display.line(title))</h1>
                <p class="meta">\(Display.count(Int64(all), "version", "versions"))\
                \(best.map { #" · <a href="/story/\#($0.id)">the fullest usable text</a>"# as HTML } ?? "")</p>
                \(shown)
                \(Timeline(members).figure)
                <form action="/diff" class="pair"><fieldset><legend>Any two side by side</legend>
                <div class="wide"><table data-list><thead><tr><th>A</th><th>B</th><th>version</th><th>received</th><th>from</th>
                <th class="number">words</th><th>what it is</th></tr></thead><tbody>\(rows(members))</tbody></table></div>
                <button>Compare A with B</button></fieldset></form>
                """)
    }

    private static func rows(_ members: [Record]) -> HTML {
        HTML(
            members.enumerated().map { number, story in
                let first: HTML = number == 0 ? " checked" : ""
                let last: HTML = number == members.count - 1 ? " checked" : ""
                return """
                    <tr data-id="\(story.id)"><td><input type="radio" name="a" value="\(story.id)" aria-label="A: \(story.id)"\(first)></td>\
                    <td><input type="radio" name="b" value="\(story.id)" aria-label="B: \(story.id)"\(last)></td>\
                    <td>\(Piece.flags(story))<a class="headline" href="/story/\(story.id)"\(Display.language(story.language))>\
                    \(Display.line(story.title, longest: 120))</a></td><td>\(Display.time(story.received))</td>\
                    <td>\(Piece.origin(story))</td><td class="number">\(Display.grouped(Int64(story.wordcount ?? 0)))</td>\
                    <td>\(Piece.verdict(story))\(reason(story))</td></tr>

                    """
            })
    }

    private static func reason(_ story: Record) -> HTML {
        guard let tie = story.relations?.first(where: { $0.kind != "related" }) else { return "" }
        return "<details><summary>why</summary>\(tie.rule)</details>"
    }
}

/// When the versions came, as a picture: one point each, in one row a sender, as large as its text is long.
struct Timeline {
    private static let width = 720.0
    private static let rowHeight = 28.0
    private static let margin = 130.0

    let members: [Record]

    init(_ members: [Record]) { self.members = members }

    private static func seconds(_ iso: String) -> Double {
        (try? Date(String(iso), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))?
            .timeIntervalSince1970 ?? 0
    }

    var figure: HTML {
        let times = members.map { Self.seconds($0.received) }
        guard members.count > 1, let first = times.min(), let last = times.max() else { return "" }
        var senders: [String] = []
        for story in members where !senders.contains(sender(story)) { senders.append(sender(story)) }
        senders = Array(senders.prefix(12))
        let height = Double(senders.count) * Self.rowHeight + 30
        let longest = Double(members.map { $0.wordcount ?? 0 }.max() ?? 1)
        var marks: HTML = ""
        for (row, name) in senders.enumerated() {
            let y = Double(row) * Self.rowHeight + 18
            marks += #"<text x="0" y="\#(place(y + 4))">\#(String(name.prefix(18)))</text>"#
            marks +=
                #"<line x1="\#(place(Self.margin))" x2="\#(place(Self.width))" y1="\#(place(y))" y2="\#(place(y))"/>"#
        }
        for (story, time) in zip(members, times) {
            guard let row = senders.firstIndex(of: sender(story)) else { continue }
            let share = last > first ? (time - first) / (last - first) : 0.5
            let x = Self.margin + 10 + share * (Self.width - Self.margin - 20)
            let radius = 4 + 6 * (Double(story.wordcount ?? 0) / max(1, longest)).squareRoot()
            marks += """
                <circle class="\(story.isWithdrawn ? "withdrawn" : story.verdict)" cx="\(place(x))" \
                cy="\(place(Double(row) * Self.rowHeight + 18))" r="\(place(radius))"><title>\(story.id): \(story.verdict), \
                \(story.wordcount ?? 0) words, \(story.received)</title></circle>
                """
        }
        let y = place(height - 4)
        marks += #"<text x="\#(place(Self.margin))" y="\#(y)">\#(String(members[0].received.prefix(16)))</text>"#
        marks +=
            #"<text x="\#(place(Self.width))" y="\#(y)" text-anchor="end">\#(String(members[members.count - 1].received.prefix(16)))</text>"#
        return """
            <figure class="chart"><svg viewBox="0 0 \(place(Self.width)) \(place(height))" role="img" \
            aria-label="When the versions came, by sender; the table below has the figures">\(marks)</svg></figure>
            """
    }

    private func sender(_ story: Record) -> String {
        story.agency ?? story.name.split(separator: "/").dropLast().first.map(String.init) ?? "unknown"
    }

    private func place(_ number: Double) -> String { String(Int(number.rounded())) }
}
