// Every delivery, and what became of it.

enum LedgerPage {
    static let perPage = 100
    static let verdicts = ["new", "identical", "same-text", "near-duplicate", "excerpt", "expansion", "rejected"]

    static func page(_ rows: [Record], verdict: String?, source: String?) -> Page {
        let options = verdicts.map { name -> HTML in
            #"<option\#(name == verdict ? " selected" : "")>\#(name)</option>"#
        }
        return Page(
            title: "The ledger", place: .ledger,
            body: """
                <h1>The ledger</h1>
                <p>Every file that was delivered, the newest first. None is lost: <code>copytaster verify</code> proves it.</p>
                <form action="/ledger" class="search"><p><label for="l-verdict">Verdict</label>
                <select id="l-verdict" name="verdict"><option value="">any</option>\(options)</select></p>
                <p><label for="l-source">Source</label><input id="l-source" name="source" value="\(source ?? "")"></p>
                <p><button>Show</button></p></form>
                \(rows.isEmpty ? Piece.notice("There is no such row.") : table(rows))
                """)
    }

    private static func table(_ rows: [Record]) -> HTML {
        let lines = rows.map { row -> HTML in
            let story: HTML =
                row.verdict == "rejected"
                ? #"<span class="reason">\#(row.reason ?? "")</span><br><span class="hint">\#(row.hint ?? "")</span>"#
                : #"<a class="headline" href="/story/\#(row.id)" dir="auto">\#(Display.line(row.title, longest: 120))</a>"#
            return """
                <tr data-id="\(row.id)"><td class="number">\(row.id)</td><td>\(Display.time(row.received))</td>\
                <td>\(Piece.verdict(row))</td><td>\(Display.line(row.name, longest: 120))</td><td>\(story)</td></tr>

                """
        }
        return """
            <div class="wide"><table data-list><thead><tr><th class="number">row</th><th>received</th><th>verdict</th><th>file</th><th>story</th></tr></thead>
            <tbody>\(lines)</tbody></table></div>
            """
    }
}
