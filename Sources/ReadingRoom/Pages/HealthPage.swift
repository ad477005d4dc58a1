// Is all well? Arrivals, verdicts, and who has gone silent: pictures, with their figures as tables.

enum HealthPage {
    static func page(_ status: Status, _ figures: Figures, now: String, trouble: String?) -> Page {
        Page(
            title: "Health", place: .health,
            body: """
                <h1>Health</h1>
                \(trouble.map { Piece.notice("Nothing new can come at the moment: \($0)") } ?? "")
                \(state(status))
                <h2>Arrivals an hour, the last day (UTC)</h2>\(arrivals(figures, now: now))
                <h2>Verdicts of the whole archive</h2>\(verdicts(status))
                <h2>Sources of the last day</h2>\(sources(figures))
                """)
    }

    private static func state(_ status: Status) -> HTML {
        let running: HTML =
            status.running
            ? "<strong>the service runs</strong>" : #"<strong class="flag kill">the service does not run</strong>"#
        return """
            <p>\(running) · \(Display.count(status.rows, "delivery", "deliveries")) · \
            \(Display.grouped(status.waiting ?? 0)) waiting · \(Display.grouped(status.rejections ?? 0)) rejected and kept · \
            search index \(Display.grouped(status.searchbehind ?? 0)) behind · \
            store \(Display.grouped((status.storebytes ?? 0) / 1_000_000)) MB</p>
            """
    }

    private static func arrivals(_ figures: Figures, now: String) -> HTML {
        let hours = figures.hours.sorted { $0.key < $1.key }.suffix(24)
        let most = Double(hours.map(\.value.arrivals).max() ?? 1)
        guard !hours.isEmpty else { return Piece.notice("Nothing came since yesterday.") }
        var bars: HTML = ""
        for (number, hour) in hours.enumerated() {
            let height = Int((Double(hour.value.arrivals) / most * 100).rounded(.up))
            bars += """
                <rect x="\(number * 30 + 2)" y="\(110 - height)" width="26" height="\(height)"><title>\(hour.key):00: \
                \(hour.value.arrivals)</title></rect>
                """
            if number % 4 == 0 {
                bars += #"<text x="\#(number * 30 + 2)" y="124">\#(String(hour.key.suffix(2)))h</text>"#
            }
        }
        let rows = hours.map { hour in
            "<tr><td>\(hour.key):00</td><td class=\"number\">\(Display.grouped(hour.value.arrivals))</td></tr>" as HTML
        }
        return """
            <figure class="chart"><svg viewBox="0 0 720 130" role="img" aria-label="Arrivals an hour; the table has the figures">\
            \(bars)</svg><details><summary>as a table</summary><table><thead><tr><th>hour</th><th class="number">arrivals</th></tr></thead>\
            <tbody>\(rows)</tbody></table></details></figure>
            """
    }

    private static func verdicts(_ status: Status) -> HTML {
        let all = max(1, status.verdicts.values.reduce(0, +))
        let rows = status.verdicts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { verdict, count -> HTML in
            let share = Int((Double(count) / Double(all) * 100).rounded())
            return """
                <tr><th>\(verdict)</th><td class="number">\(Display.grouped(count))</td><td class="number">\(share) %</td>\
                <td><svg viewBox="0 0 100 10" class="bar" aria-hidden="true"><rect width="\(share)" height="10"/></svg></td></tr>
                """
        }
        return #"<table class="fields"><tbody>\#(rows)</tbody></table>"#
    }

    private static func sources(_ figures: Figures) -> HTML {
        // Who has been silent for longest comes first.
        let rows = figures.sources.sorted { ($0.value.last, $0.key) < ($1.value.last, $1.key) }.map {
            name, source -> HTML in
            """
            <tr><th>\(name.isEmpty ? "(the top of the inbox)" : name)</th><td class="number">\(Display.grouped(source.deliveries))</td>\
            <td>\(Display.time(source.last))</td></tr>
            """
        }
        guard !rows.isEmpty else { return Piece.notice("Nothing came since yesterday.") }
        return """
            <table><thead><tr><th>source</th><th class="number">deliveries</th><th>last one</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }
}
